"""Pages of the hall: people, how the town is set up, the audit trail."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST

from plein.town.roles import Right
from plein_web.town import people as hall
from plein_web.town import words
from plein_web.town.access import OWN_FORM, Actor, actor_for
from plein_web.town.forms import ROLE_NAMES, AddressesForm, AuditFilter, InviteForm, RoleForm, TownForm
from plein_web.town.links import INVITATION_SECONDS, LINK_SECONDS, one_time_link
from plein_web.town.models import AuditRow, Membership, Person, Town


def _administrator(request: HttpRequest, town: str) -> Actor:
    return actor_for(request.user, town, Right.WRITE, "town")


@login_required
@never_cache
def people(request: HttpRequest, town: str) -> HttpResponse:
    """Who works here, and the form to invite somebody."""
    actor = _administrator(request, town)
    form = InviteForm(request.POST if request.method == "POST" else None, town=actor.town)
    if request.method == "POST" and form.is_valid():
        invited = hall.invite(actor=actor, **form.cleaned_data)
        return _people(request, actor, InviteForm(town=actor.town), invited, _invitation(actor, invited))
    return _people(request, actor, form)


def _invitation(actor: Actor, invited: Person) -> str:
    """Return the link for somebody who cannot sign in yet; who already works elsewhere gets none here."""
    if invited.has_usable_password() or not hall.may_have_link(actor, invited):
        return ""
    return one_time_link(invited, seconds=INVITATION_SECONDS)


def _people(
    request: HttpRequest, actor: Actor, form: InviteForm, who: Person | None = None, link: str = ""
) -> HttpResponse:
    members = Membership.objects.filter(town=actor.town).select_related("person").order_by("person__name")
    context = {"form": form, "members": members, "roles": ROLE_NAMES, "who": who, "link": link}
    return render(request, "town/people.html", context)


@login_required
@never_cache
@require_POST
def person(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Change somebody's role, make a link for them, or let them go."""
    actor = _administrator(request, town)
    membership = get_object_or_404(Membership.objects.select_related("person"), town=actor.town, pk=pk)
    if request.POST.get("do") == "link":
        return _new_link(request, actor, membership)
    try:
        _change(request, actor, membership)
    except hall.LastAdministrator:
        messages.error(request, _("There has to be an administrator. Make somebody else administrator first."))
    return redirect("people", town)


def _new_link(request: HttpRequest, actor: Actor, membership: Membership) -> HttpResponse:
    """Make a way in for a colleague, and write down that it was made."""
    who = membership.person
    if not hall.may_have_link(actor, who):
        messages.error(
            request,
            _("%(name)s works elsewhere in Plein too. Only who runs Plein can make a sign-in link.") % {"name": who},
        )
        return redirect("people", actor.town.slug)
    hall.note_link(actor=actor, person=who)
    seconds = LINK_SECONDS if who.has_usable_password() else INVITATION_SECONDS
    return _people(request, actor, InviteForm(town=actor.town), who, one_time_link(who, seconds=seconds))


def _change(request: HttpRequest, actor: Actor, membership: Membership) -> None:
    if request.POST.get("do") == "remove":
        hall.remove(actor=actor, membership=membership)
        messages.success(request, _("%(name)s no longer has a role here.") % {"name": membership.person})
        return
    form = RoleForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        hall.change_role(actor=actor, membership=membership, role=given["role"])
        hall.let_answer_requests(actor=actor, membership=membership, answers=given["answers_requests"])
        messages.success(request, _("The role of %(name)s has been changed.") % {"name": membership.person})


@login_required
@cache_control(**OWN_FORM)
def town_settings(request: HttpRequest, town: str) -> HttpResponse:
    """How the town is called and which rooms it shows."""
    actor = _administrator(request, town)
    initial = {name: getattr(actor.town, name) for name in ("name", "language", "preset", "rooms")}
    form = TownForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        hall.change_town(actor=actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        tell_renamed(request, form.data["name"], actor.town)
        return redirect("town", town)
    return _settings(request, actor, form=form)


def tell_renamed(request: HttpRequest, typed: str, town: Town) -> None:
    """Say that the word for a municipality was left out of its name."""
    if town.name != typed.strip():
        words = _("“%(typed)s” is called %(name)s here: Plein looks for it as the name of a place.")
        messages.info(request, words % {"typed": typed.strip(), "name": town.name})


@login_required
@require_POST
def addresses(request: HttpRequest, town: str) -> HttpResponse:
    """Allow channels to reach private addresses."""
    actor = _administrator(request, town)
    form = AddressesForm(request.POST)
    if not form.is_valid():
        return _settings(request, actor, addresses=form)
    hall.allow_addresses(actor=actor, addresses=form.cleaned_data["addresses"])
    messages.success(request, _("Saved."))
    return redirect("town", town)


def _settings(request: HttpRequest, actor: Actor, **forms) -> HttpResponse:
    initial = {name: getattr(actor.town, name) for name in ("name", "language", "preset", "rooms")}
    context = {
        "form": TownForm(initial=initial),
        "addresses": AddressesForm(initial={"addresses": "\n".join(actor.town.allowed_addresses)}),
    }
    return render(request, "town/settings.html", context | forms)


@login_required
@require_GET
def audit_trail(request: HttpRequest, town: str) -> HttpResponse:
    """Who did what, newest first, and what has not been sealed yet."""
    actor = actor_for(request.user, town, Right.READ, "audit")
    form = AuditFilter(request.GET)
    rows = AuditRow.objects.filter(town=actor.town).order_by("-id").select_related("seal")
    rows = rows.filter(**form.conditions()) if form.is_valid() else rows.none()
    unsealed = AuditRow.objects.filter(town=actor.town, seal=None).count()
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"form": form, "page": page, "unsealed": unsealed, "words": words, "query": query.urlencode()}
    return render(request, "town/audit.html", context)

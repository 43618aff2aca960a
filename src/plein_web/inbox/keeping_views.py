"""What goes and when: the terms, the holds, and the proof that it went."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plein.town.retention import TERMS, Kind
from plein.town.roles import Right
from plein_web.inbox import keeping_shown as shown
from plein_web.inbox.keeping_forms import HoldForm, TermForm
from plein_web.town import keeping
from plein_web.town.access import Actor, actor_for
from plein_web.town.models import DeletionProof, LegalHold

PAGE = 30
CHOSEN = tuple(kind for kind in Kind if TERMS[kind].chosen_by_town)
WHY_NOT = {
    "reason": ("reason", lambda: _("Say why it has to stay.")),
    "until": ("until", lambda: _("Choose a day from today on, at most five years away.")),
    "twice": ("subject", lambda: _("This is held already. Lift that hold first if it has to end on another day.")),
}


@login_required
@require_GET
def deletions(request: HttpRequest, town: str) -> HttpResponse:
    """Show what is kept how long, what is held, and what went with its proof."""
    return _page(request, actor_for(request.user, town, Right.READ, "audit"))


@login_required
@require_POST
def term(request: HttpRequest, town: str, kind: str) -> HttpResponse:
    """Choose another number of days."""
    actor = _officer(request, town)
    chosen = next((one for one in CHOSEN if one == kind), None)
    if chosen is None:
        return redirect("deletions", town)
    form = TermForm(request.POST, town=actor.town, kind=chosen)
    if not form.is_valid():
        return _page(request, actor, terms={chosen: form})
    keeping.choose_term(actor=actor, kind=chosen, **form.cleaned_data)
    messages.success(request, _("Saved. What has had its time by now goes within ten minutes."))
    return redirect("deletions", town)


@login_required
@require_POST
def legal_hold(request: HttpRequest, town: str) -> HttpResponse:
    """Keep something from being deleted."""
    actor = _officer(request, town)
    form = HoldForm(request.POST, town=actor.town)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("subject", "reason", "until")}
        try:
            keeping.place_hold(actor=actor, now=timezone.now(), **given)
        except keeping.CannotHold as refused:
            field, words = WHY_NOT[str(refused)]
            form.add_error(field, words())
        else:
            messages.success(request, _("This stays until that day, whatever its term."))
            return redirect("deletions", town)
    return _page(request, actor, hold_form=form)


@login_required
@require_POST
def legal_hold_lift(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Let a term have its way again."""
    actor = _officer(request, town)
    keeping.lift_hold(actor=actor, hold=get_object_or_404(LegalHold, town=actor.town, pk=pk), now=timezone.now())
    messages.success(request, _("Lifted. What has had its time by now goes within ten minutes."))
    return redirect("deletions", town)


def _officer(request: HttpRequest, town: str) -> Actor:
    actor = actor_for(request.user, town, Right.READ, "audit")
    if not keeping.may_hold(actor):
        raise PermissionDenied("audit")
    return actor


def _page(request: HttpRequest, actor: Actor, *, terms: dict | None = None, hold_form: HoldForm | None = None) -> HttpResponse:
    now, town = timezone.now(), actor.town
    page = Paginator(DeletionProof.objects.filter(town=town).order_by("-at", "-id"), PAGE).get_page(request.GET.get("page"))
    context = {
        "actor": actor,
        "town": town,
        "terms": shown.terms(town),
        "own_terms": shown.own_terms(town),
        "holds_kept": shown.holds(town, now),
        "page": page,
        "proofs": shown.proofs(town, list(page.object_list)),
        "backups": shown.backups(town, now),
        "may_hold": keeping.may_hold(actor),
        "day": shown.day,
    }
    if context["may_hold"]:
        given = terms or {}
        context["term_forms"] = [
            (kind, str(shown.KINDS[kind]), given.get(kind) or TermForm(town=town, kind=kind)) for kind in CHOSEN
        ]
        context["hold_form"] = hold_form or HoldForm(town=town)
    return render(request, "keeping/deletions.html", context)

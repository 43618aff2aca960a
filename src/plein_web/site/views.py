"""Pages that belong to no room: signing in, the first set-up, one's own account."""

from __future__ import annotations

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from plein.town.roles import Right
from plein_web.inbox.models import Conversation
from plein_web.site import accounts
from plein_web.site.forms import FirstPersonForm, MeForm, PasswordForm, TownForm
from plein_web.site.middleware import LANGUAGE_COOKIE
from plein_web.site.shell import LAST_TOWN
from plein_web.site.theme import stylesheet
from plein_web.town.access import OWN_FORM
from plein_web.town.models import Membership, Person, Town
from plein_web.town.people import found_town
from plein_web.town.views import tell_renamed

YEAR = 365 * 24 * 3600


def is_new() -> bool:
    """Whether this installation has no town yet."""
    return not Town.objects.exists()


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Go where one was last; on a new installation, to the first set-up."""
    if is_new():
        return redirect("setup")
    if not request.user.is_authenticated:
        return redirect("sign_in")
    towns = list(Town.objects.served_by(request.user))
    if not towns:
        return render(request, "no_town.html")
    last = request.session.get(LAST_TOWN)
    town = next((town for town in towns if town.slug == last), _busiest(towns))
    membership = Membership.objects.get(person=request.user, town=town)
    return redirect("inbox" if membership.may(Right.READ, "inbox") else "privacy", town.slug)


def _busiest(towns: list[Town]) -> Town:
    """Return the town in which most residents wait for an answer."""
    return max(towns, key=lambda town: Conversation.objects.of(town).to_do().counted())


@require_GET
def healthy(request: HttpRequest) -> HttpResponse:
    """Say that we run and that the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def theme(request: HttpRequest) -> HttpResponse:
    """Give the roles that follow from the municipality's own tokens."""
    return HttpResponse(stylesheet(), content_type="text/css", headers={"Cache-Control": "max-age=3600"})


@never_cache
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button, so that a preview of the link does not use it up; the button signs in."""
    try:
        person = accounts.person_of_link(token)
    except accounts.LinkError:
        return render(request, "account/link_ended.html", status=410)
    if request.method != "POST":
        return render(request, "account/enter.html", {"who": person})
    accounts.enter(request, person)
    return redirect("home" if person.has_usable_password() else "account_set_password")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose a language before signing in; afterwards one's own goes first."""
    response = redirect("sign_in")
    if request.POST.get("language") in dict(settings.LANGUAGES):
        response.set_cookie(
            LANGUAGE_COOKIE,
            request.POST["language"],
            max_age=YEAR,
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@require_GET
def forgotten(request: HttpRequest) -> HttpResponse:
    """Say who can let you in when you forgot your password."""
    return render(request, "account/forgotten.html")


@never_cache
@sensitive_post_parameters("password")
def setup(request: HttpRequest) -> HttpResponse:
    """The first set-up: only while there is no town, and only with the code from the terminal."""
    if not is_new():
        return redirect("home")
    code = request.POST.get("code") or request.GET.get("code", "")
    signed_in = request.user.is_authenticated
    if not signed_in and not accounts.is_setup_code(code):
        too_many = ratelimit.consume_or_429(request, action="setup") if code else None
        return too_many or render(request, "setup/code.html", {"wrong": bool(code)})
    form = (TownForm if signed_in else FirstPersonForm)(request.POST if "name" in request.POST else None)
    if form.is_valid():
        actor = _set_up(request, form.cleaned_data)
        tell_renamed(request, form.data["name"], actor.town)
        return redirect(f"{reverse('connect', args=[actor.town.slug])}?first=1")
    return render(request, "setup/town.html", {"form": form, "code": code})


@transaction.atomic
def _set_up(request: HttpRequest, given: dict):
    person = request.user
    if not person.is_authenticated:
        person = Person.objects.create_user(given["email"], given["password"], name=given["person_name"])
    actor = found_town(name=given["name"], preset=given["preset"], administrator=person)
    if not request.user.is_authenticated:
        accounts.enter(request, person)
    return actor


@login_required
@cache_control(**OWN_FORM)
def me(request: HttpRequest) -> HttpResponse:
    """How Plein looks and behaves for one person."""
    form = MeForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("me")
    return render(request, "me.html", {"form": form})


@login_required
def help_page(request: HttpRequest) -> HttpResponse:
    """The keys, and where to find what."""
    return render(request, "help.html")


@login_required
@never_cache
@sensitive_post_parameters("old", "new")
def password_change(request: HttpRequest) -> HttpResponse:
    """Change one's password, or choose the first; other devices have to sign in again."""
    too_many = ratelimit.consume_or_429(request, action="change_password") if request.method == "POST" else None
    if too_many:
        return too_many
    form = PasswordForm(request.POST or None, person=request.user)
    if form.is_valid():
        request.user.set_password(form.cleaned_data["new"])
        request.user.save(update_fields=["password"])
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password has been changed."))
        return redirect("home" if "old" not in form.fields else "me")
    return render(request, "account/password.html", {"form": form})


password_set = password_change

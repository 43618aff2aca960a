"""The public register: a page, and the same for machines. Nobody signs in, and nothing on it depends on who looks."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plein.listening.register import SCHEMA, State, as_csv, as_data
from plein.town.retention import Kind
from plein_web.listening.rights.registering import register_of
from plein_web.listening.rights.words import GROUNDS, NEVER
from plein_web.town.keeping import days_kept
from plein_web.town.models import Town
from plein_web.town.moments import day_inside

# An hour-old register misleads nobody; a busy day costs the database one look a minute.
CACHE = {"Cache-Control": "public, max-age=60"}
# The same as the front sets for who did not sign in; that room is to our right.
LANGUAGE_COOKIE = "language"
JSON = {"json_dumps_params": {"ensure_ascii": False, "indent": 2}}


@require_safe
def register(request: HttpRequest, town: str) -> HttpResponse:
    """Show what a town listens for, in the language that the address or the cookie asks for, else in the town's own."""
    found = get_object_or_404(Town, slug=town)
    language = request.GET.get("lang") or request.COOKIES.get(LANGUAGE_COOKIE) or found.language
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        content = render_to_string("register/register.html", _context(found))
        return HttpResponse(content, headers=CACHE | {"Content-Language": translation.get_language(), "Vary": "Cookie"})


def _context(town: Town) -> dict[str, object]:
    told = register_of(town, timezone.now())
    return {
        "town": town,
        "register": told,
        "running": [entry for entry in told.entries if entry.state is not State.ENDED],
        "ended": [entry for entry in told.entries if entry.state is State.ENDED],
        "days": days_kept(town, Kind.OVERHEARD),
        "languages": settings.LANGUAGES,
        "grounds": GROUNDS,
        "never": NEVER,
        "day_of": partial(day_inside, today=timezone.localdate()),
        "html_class": settings.PLEIN_THEME_CLASS,
        "themed": bool(settings.PLEIN_THEME_CSS),
    }


@require_safe
def register_json(request: HttpRequest, town: str) -> JsonResponse:
    """Give the register to machines; the words of kinds of source are in the town's language."""
    return JsonResponse(_data(town), headers=CACHE | {"Access-Control-Allow-Origin": "*"}, **JSON)


@require_safe
def register_csv(request: HttpRequest, town: str) -> HttpResponse:
    """Give the watches of the register to a spreadsheet."""
    found = get_object_or_404(Town, slug=town)
    with translation.override(found.language):
        content = as_csv(register_of(found, timezone.now()))
        name = _("register of %(town)s") % {"town": found.slug}
    named = {"Content-Disposition": f'attachment; filename="{name.replace(" ", "-")}.csv"'}
    return HttpResponse("\ufeff" + content, content_type="text/csv; charset=utf-8", headers=CACHE | named)


@require_safe
def register_schema(request: HttpRequest) -> JsonResponse:
    """Give the form that every register fits."""
    headers = CACHE | {"Access-Control-Allow-Origin": "*"}
    return JsonResponse(SCHEMA, content_type="application/schema+json", headers=headers, **JSON)


def _data(slug: str) -> dict[str, object]:
    town = get_object_or_404(Town, slug=slug)
    with translation.override(town.language):
        return as_data(register_of(town, timezone.now()))

"""Listening: the watches of a town, and what they heard."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plein.channels.lexicon import web_address
from plein.listening.query.errors import QueryError
from plein.listening.query.writing import in_words_of
from plein.town.retention import Kind
from plein.town.roles import Right
from plein.town.vault import WrongKey
from plein_web.channels import words
from plein_web.listening import actions, shown
from plein_web.listening.access import mention_for, watch_for
from plein_web.listening.checking import Checked, check, wrong
from plein_web.listening.elsewhere.shown import tabs_of
from plein_web.listening.forms import (
    LINES,
    LINES_FIRST,
    QUERY,
    WatchForm,
    asked,
    empty_form,
    form_again,
    form_of,
    in_lines,
    reader,
    ready_made,
)
from plein_web.listening.keeping.forgetting import subject_of
from plein_web.listening.lawful import approval
from plein_web.listening.models import Watch
from plein_web.town.access import Actor, actor_for
from plein_web.town.keeping import days_kept
from plein_web.town.noting import note_look, note_search
from plein_web.town.queries import newest_event

ROOM = "listening"


@login_required
@require_GET
def listening(request: HttpRequest, town: str) -> HttpResponse:
    """Show the watches, and what we can and cannot hear."""
    actor = actor_for(request.user, town, Right.READ, ROOM)
    return _page(request, actor, "listening/listening.html", show="list")


@login_required
@require_GET
def watch(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Show a watch: what it says about itself, its figures, its mentions; these alone for a page that has the rest."""
    actor = actor_for(request.user, town, Right.READ, ROOM)
    chosen = watch_for(actor, pk)
    asked, now = request.GET.get("q", "")[:200], timezone.now()
    note_look(actor=actor, action="watch.viewed", subject=subject_of(chosen), now=now)
    note_search(actor, "listening.searched", subject_of(chosen), asked, now)
    mentions, more = shown.page_of(actor, chosen, asked, request.GET.get("before", ""))
    context = {"watch": chosen, "mentions": mentions, "more": more, "asked": asked}
    if request.htmx.target == "heard":
        only = {"town": actor.town, "sources": shown.sources_of(actor.town), "may_write": actor.may(Right.WRITE, ROOM)}
        return render(request, "listening/heard.html", context | only)
    figures = {
        "ground": shown.ground(chosen),
        "wide": shown.wide_chart(chosen),
        "pieces": shown.pieces(in_words_of(reader(), chosen.query)),
        "judged": any(one.level for one in mentions),
        "lawful": approval.about(actor, chosen),
    }
    return _page(request, actor, "listening/watch.html", **context, **figures)


@login_required
def watch_new(request: HttpRequest, town: str) -> HttpResponse:
    """Ask what to search for and why, and start."""
    actor = actor_for(request.user, town, Right.WRITE, ROOM)
    form = WatchForm(_typed(request), town=actor.town) if request.method == "POST" else _first_form(request, actor)
    if _is_final(request) and form.is_valid():
        try:
            made = actions.make_watch(actor=actor, **form.values())
        except actions.NotAllowed as refused:
            form.object_to(refused.objections)
        else:
            approval.tell_asked(request, made)
            return redirect("watch", actor.town.slug, made.pk)
    return _form_page(request, actor, form, None)


@login_required
def watch_change(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Change a watch; what it heard stays."""
    actor = actor_for(request.user, town, Right.WRITE, ROOM)
    chosen = watch_for(actor, pk, Right.WRITE)
    if chosen.stopped_at:
        messages.warning(request, _("This watch was stopped, so nothing in it can be changed. Make a new one."))
        return redirect("watch", actor.town.slug, chosen.pk)
    form = WatchForm(_typed(request), town=actor.town) if request.method == "POST" else form_of(chosen)
    if _is_final(request) and form.is_valid():
        try:
            actions.change_watch(actor=actor, watch=chosen, **form.values())
        except actions.NotAllowed as refused:
            form.object_to(refused.objections)
        else:
            approval.tell_asked(request, chosen)
            return redirect("watch", actor.town.slug, chosen.pk)
    return _form_page(request, actor, form, chosen)


def _first_form(request: HttpRequest, actor: Actor) -> WatchForm:
    """Return the form of a new watch; asked `from` another, one that asks for the same."""
    again = request.GET.get("from", "")
    if again.isdecimal():
        return form_again(watch_for(actor, int(again[:15]), Right.WRITE))
    return empty_form(actor.town, request.GET.get("ready", ""))


@login_required
@require_POST
def query_check(request: HttpRequest, town: str) -> HttpResponse:
    """Show what a query says and would have caught, while it is typed. Nothing is kept."""
    actor = actor_for(request.user, town, Right.WRITE, ROOM)
    return render(request, "listening/checked.html", {"town": actor.town, "checked": _checked(actor, request.POST), "apart": True})


@login_required
def query_try(request: HttpRequest, town: str) -> HttpResponse:
    """Try a query on what passes now (POST), and show what it caught so far."""
    actor = actor_for(request.user, town, Right.WRITE, ROOM)
    trial = shown.trial_of(actor)
    if request.method == "POST":
        try:
            trial = actions.try_query(actor=actor, query=asked(request.POST))
        except (QueryError, actions.NotAllowed):
            return render(request, "listening/tried.html", {"town": actor.town, "refused": True})
    return render(request, "listening/tried.html", {"town": actor.town, "trial": trial, **shown.caught_by(trial)})


def _is_final(request: HttpRequest) -> bool:
    """Whether somebody pressed the button that keeps, and not one that only looks."""
    return request.method == "POST" and not {"look", "mend", "how_now"} & set(request.POST)


def _typed(request: HttpRequest) -> QueryDict:
    """Return what was typed; a suggestion that somebody took stands in the place of their query."""
    typed = request.POST.copy()
    if "mend" in typed:
        typed["query"] = typed["mend"]
        typed.update(in_lines(typed["mend"]) or {"how": QUERY})
    if "how_now" in typed:
        _turn(typed)
    return typed


def _turn(typed: QueryDict) -> None:
    """Write what was typed the other way; a query that says more than lines can stays a query."""
    with suppress(QueryError):
        typed["query"] = asked(typed)
    lines = in_lines(typed["query"]) if typed.get("query") else {}
    if typed["how_now"] == LINES and lines is None:
        return
    for name, value in (lines or {}).items():
        typed[name] = value
    typed["how"] = typed["how_now"]


def _checked(actor: Actor, typed: Mapping[str, str]) -> Checked:
    try:
        return check(actor.town, asked(typed))
    except QueryError as error:
        return wrong(error)


def _form_page(request: HttpRequest, actor: Actor, form: WatchForm, watch: Watch | None) -> HttpResponse:
    if form.is_bound and not _is_final(request):
        form = WatchForm(town=actor.town, initial={name: form[name].value() for name in form.fields})
    given = {name: form[name].value() for name in form.fields}
    if "mend" in request.POST:
        form.fields[LINES_FIRST if given["how"] == LINES else "query"].widget.attrs["autofocus"] = True
    stays = request.POST.get("how_now") == LINES and given["how"] == QUERY
    more = {"form": form, "checked": _checked(actor, given), "stays": stays, "ready": [] if watch or form.is_bound else ready_made()}
    return _page(request, actor, "listening/form.html", watch=watch, **more)


@login_required
def watch_stop(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Say what stopping means, and stop searching."""
    actor = actor_for(request.user, town, Right.WRITE, ROOM)
    chosen = watch_for(actor, pk, Right.WRITE)
    if request.method != "POST":
        return _page(request, actor, "listening/stop.html", watch=chosen, days=_days_kept(actor, chosen))
    actions.stop_watch(actor=actor, watch=chosen)
    told = _("Stopped. Each message that was found is deleted within %(days)d days after we found it.")
    messages.success(request, told % {"days": _days_kept(actor, chosen)})
    return redirect("watch", actor.town.slug, pk)


def _days_kept(actor: Actor, watch: Watch) -> int:
    return days_kept(actor.town, Kind.OVERHEARD, subject_of(watch)) or 0


@login_required
@require_POST
def mention_about(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Take down that a mention is, or is not, about us: from now on we listen better."""
    actor = actor_for(request.user, town, Right.WRITE, ROOM)
    mention = actions.say_about(actor=actor, mention=mention_for(actor, pk), about=request.POST.get("about") == "yes")
    if request.htmx:
        context = {"town": actor.town, "heard": shown.heard(mention, by_me=True), "may_write": True}
        return render(request, "listening/mention.html", context)
    messages.success(request, _("Noted: from now on we listen better."))
    return redirect(reverse("watch", args=[actor.town.slug, mention.watch_id]) + f"#mention-{mention.pk}")


@login_required
@require_POST
def mention_open(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Show where a mention stands, after writing down who asked."""
    actor = actor_for(request.user, town, Right.READ, ROOM)
    mention = mention_for(actor, pk)
    try:
        uri = actions.open_place(actor=actor, mention=mention)
    except WrongKey:
        uri = ""
    address = web_address(uri) or uri
    return _page(
        request, actor, "listening/place.html", watch=mention.watch, heard=shown.heard(mention),
        address=address if address.startswith(("https://", "http://")) else "", uri=uri,
    )  # fmt: skip


def _page(
    request: HttpRequest, actor: Actor, template: str, *, watch: Watch | None = None, show="main", **more
) -> HttpResponse:
    """Render a page of the room: the list of watches stands beside everything."""
    now, seen = timezone.now(), newest_event(actor.town)
    rows = shown.listed(actor.town, now)
    context = {
        "actor": actor,
        "town": actor.town,
        "rows": rows,
        "watch": watch,
        "row": next((row for row in rows if watch and row.watch.pk == watch.pk), None),
        "may_write": actor.may(Right.WRITE, ROOM),
        "sources": shown.sources_of(actor.town),
        "kind": words.kind,
        "show": show,
        "seen": seen,
        "tabs": tabs_of(actor.town),
    }
    return render(request, template, context | more)

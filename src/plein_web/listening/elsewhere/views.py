"""Here you can help: the queue, a place, what can be chosen there, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plein.town.roles import Right
from plein_web.listening.elsewhere import actions, shown, words
from plein_web.listening.elsewhere.access import choice_for, place_for
from plein_web.listening.elsewhere.forms import AskForm, HandOverForm
from plein_web.listening.elsewhere.measured import PERIODS, measure
from plein_web.listening.elsewhere.models import ConversationPlace, PlaceChoice
from plein_web.town.access import Actor, actor_for

ROOM = "listening"


def chosen_by_post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send a visit to the address of a button on to its place: signing in again leads there."""

    @wraps(view)
    def answer(request: HttpRequest, town: str, pk: int) -> HttpResponse:
        return view(request, town, pk) if request.method == "POST" else redirect("place", town, pk)

    return answer


@login_required
@require_GET
def queue(request: HttpRequest, town: str) -> HttpResponse:
    """Show where the town can help, best first, with the first place opened beside it."""
    actor = actor_for(request.user, town, Right.READ, ROOM)
    listed = shown.queue_of(actor, _page_of(request))
    if request.htmx.target == "queue":
        return render(request, "listening/queue.html", {"town": actor.town, "queue": listed, "opened": None})
    first = next(iter([*listed.handed, *listed.waiting]), None)
    return _room(request, actor, listed, first.place if first else None, show="list")


@login_required
@require_GET
def place(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Show one place: why it stands here, what was said, what we cannot see, and what can be done."""
    actor = actor_for(request.user, town, Right.READ, ROOM)
    opened = place_for(actor, pk)
    listed = shown.queue_of(actor, _page_of(request))
    if request.htmx.target == "queue":
        return render(request, "listening/queue.html", {"town": actor.town, "queue": listed, "opened": opened})
    return _room(request, actor, listed, opened)


@login_required
@chosen_by_post
def join(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Join: the engine brings the conversation here, and who joined goes to it."""
    actor = actor_for(request.user, town, Right.READ, ROOM)
    opened = place_for(actor, pk)
    account = request.POST.get("account", "")
    channel = next(
        (one for one in actions.accounts_on(actor.town, opened.network_code) if str(one.pk) == account), None
    )
    uri_hash = request.POST.get("message", "")[:32] or opened.asking
    try:
        choice = actions.join(actor=actor, place=opened, uri_hash=uri_hash, channel=channel)
    except ValidationError as refused:
        return _refused(request, actor, opened, refused)
    return redirect("place_joined", actor.town.slug, choice.pk)


@login_required
@require_GET
def joined(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Wait until a joined conversation is here, then go to it; or say why it will not come."""
    actor = actor_for(request.user, town, Right.READ, ROOM)
    choice = choice_for(actor, pk)
    if choice.fetch == PlaceChoice.Fetch.HERE and choice.post_id:
        address = reverse("conversation_of_post", args=[actor.town.slug, choice.post_id])
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": address})
        return redirect(address)
    context = {"actor": actor, "town": actor.town, "choice": choice, "tabs": shown.tabs_of(actor.town)}
    return render(request, "listening/joining.html" if request.htmx else "listening/joined.html", context)


@login_required
@chosen_by_post
def choose(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Say that a place is not ours, or leave it alone."""
    actor = actor_for(request.user, town, Right.READ, ROOM)
    opened = place_for(actor, pk)
    try:
        choice = actions.put_away(actor=actor, place=opened, choice=request.POST.get("choice", ""))
    except ValidationError as refused:
        return _refused(request, actor, opened, refused)
    return _to_queue(actor, choice)


@login_required
@chosen_by_post
def hand_over(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Hand a place over to a colleague, with a note."""
    actor = actor_for(request.user, town, Right.WRITE, "inbox")
    opened = place_for(actor, pk)
    form = HandOverForm(request.POST, colleagues=shown.colleagues_of(actor))
    if not form.is_valid():
        return _room(request, actor, shown.queue_of(actor), opened, hand=form)
    try:
        choice = actions.hand_over(actor=actor, place=opened, **form.cleaned_data)
    except ValidationError as refused:
        return _refused(request, actor, opened, refused)
    return _to_queue(actor, choice)


@login_required
@chosen_by_post
def ask(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Ask something under a hashtag, as the town."""
    actor = actor_for(request.user, town, Right.WRITE, "inbox")
    opened = place_for(actor, pk)
    form = AskForm(request.POST, place=opened, accounts=actions.accounts_on(actor.town, opened.network_code, "posts"))
    if not form.is_valid():
        return _room(request, actor, shown.queue_of(actor), opened, asking=form)
    try:
        actions.ask_there(actor=actor, place=opened, **form.cleaned_data)
    except ValidationError as refused:
        return _refused(request, actor, opened, refused)
    messages.success(request, _("Your question is being sent. Who reacts to it stands in the inbox."))
    return redirect("place", actor.town.slug, opened.pk)


@login_required
@require_POST
def undo(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Take a choice back."""
    actor = actor_for(request.user, town, Right.READ, ROOM)
    choice = choice_for(actor, pk)
    try:
        actions.undo(actor=actor, choice=choice)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Undone. The place waits in the queue again."))
    if choice.place_id:
        return redirect("place", actor.town.slug, choice.place_id)
    return redirect("here_you_can_help", actor.town.slug)


@login_required
@require_GET
def places(request: HttpRequest, town: str) -> HttpResponse:
    """Show all places where people talk, the newest first."""
    actor = actor_for(request.user, town, Right.READ, ROOM)
    kind, page = request.GET.get("kind", ""), _page_of(request)
    rows, pages, total = shown.places_page(actor.town, kind, page)
    context = {
        "rows": rows,
        "pages": pages,
        "page": min(page, pages),
        "total": total,
        "kind": kind,
        "kinds": words.KINDS,
        "actor": actor,
        "town": actor.town,
        "states": words.STATES,
        "tabs": shown.tabs_of(actor.town),
    }
    return render(request, "listening/places.html", context)


@login_required
@require_GET
def measured(request: HttpRequest, town: str) -> HttpResponse:
    """Show taking part in figures, each with what it means beside it."""
    actor = actor_for(request.user, town, Right.READ, ROOM)
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdecimal() and asked in map(str, PERIODS) else PERIODS[1]
    context = {
        "figures": measure(actor.town, days, timezone.now()),
        "periods": PERIODS,
        "tabs": shown.tabs_of(actor.town),
    }
    return render(request, "listening/measured.html", context | {"actor": actor, "town": actor.town})


def _room(
    request: HttpRequest,
    actor: Actor,
    listed: shown.Queue,
    opened: ConversationPlace | None,
    *,
    show: str = "main",
    **forms,
) -> HttpResponse:
    """Render the queue with a place opened beside it."""
    detail = shown.detail_of(actor, opened) if opened else None
    undoable = shown.undoable_by(actor, request.GET.get("chosen", ""), timezone.now())
    context = {
        "actor": actor,
        "town": actor.town,
        "queue": listed,
        "opened": opened,
        "detail": detail,
        "show": show,
        "states": words.STATES,
        "tabs": shown.tabs_of(actor.town),
        "hand": HandOverForm(colleagues=detail.colleagues) if detail else None,
        "asking": AskForm(place=opened, accounts=detail.speakers) if detail and detail.speakers else None,
        "undo": undoable,
        "undo_says": shown.said_of(undoable) if undoable else "",
        "watching": shown.watching(actor.town),
        "seen": listed.seen,
    }
    return render(request, "listening/help.html", context | forms)


def _refused(request: HttpRequest, actor: Actor, opened: ConversationPlace, refused: ValidationError) -> HttpResponse:
    messages.warning(request, " ".join(refused.messages))
    return redirect("place", actor.town.slug, opened.pk)


def _to_queue(actor: Actor, choice: PlaceChoice) -> HttpResponse:
    return redirect(reverse("here_you_can_help", args=[actor.town.slug]) + f"?chosen={choice.pk}")


def _page_of(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return int(asked[:6]) if asked.isdecimal() else 1

"""The inbox: the list, a conversation, an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from plein.channels.posts import Visibility
from plein.town.roles import Right
from plein_web.channels import actions as channels
from plein_web.channels.models import Post
from plein_web.inbox import actions, composing, listing, overview
from plein_web.inbox.access import colleagues_of, conversation_for, number_of
from plein_web.inbox.models import Conversation, Draft
from plein_web.inbox.queries import was_just_sent
from plein_web.inbox.shown import network_name, thread
from plein_web.town.access import Actor, actor_for
from plein_web.town.moments import milliseconds
from plein_web.town.noting import note_look, note_search
from plein_web.town.queries import newest_event

UNDO_FOR = timedelta(minutes=1)


def only_posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send a visit to the address of a button on to its conversation: signing in again leads there."""

    @wraps(view)
    def answer(request: HttpRequest, town: str, pk: int, **more: int) -> HttpResponse:
        if request.method == "POST":
            return view(request, town, pk, **more)
        return redirect(reverse("conversation", args=[town, pk]) + _kept(request))

    return answer


@login_required
@require_GET
def inbox(request: HttpRequest, town: str) -> HttpResponse:
    """Show the list; on its own for a page that only wants the rows anew."""
    actor = actor_for(request.user, town)
    now, seen = timezone.now(), newest_event(actor.town)
    context = {"actor": actor, "town": actor.town, "list": listing.of(actor, request.GET, now)}
    if request.htmx.target == "list":
        return render(None, "inbox/list.html", context)
    note_search(actor, "inbox.searched", "inbox", request.GET.get("q", ""), now)
    context |= {"undo": _undo(actor, request.GET.get("closed"), now), "seen": seen}
    return render(request, "inbox/inbox.html", context)


@login_required
@require_GET
def conversation(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Show a conversation; only the parts that change by themselves for a page that has the rest already."""
    actor = actor_for(request.user, town)
    shown = conversation_for(actor, pk)
    note_look(actor=actor, action="conversation.viewed", subject=f"conversation:{shown.pk}", now=timezone.now())
    if request.htmx.target == "thread":
        context = _thread_context(request, actor, shown)
        return render(None, "inbox/parts.html", context)
    return _page(request, actor, shown)


@login_required
@only_posted
def answer(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Send an answer, or say at the field what is in the way."""
    actor = actor_for(request.user, town, Right.WRITE)
    shown = conversation_for(actor, pk)
    composer = composing.of(actor, shown, timezone.now(), request.POST)
    if composer.form is None or not composer.form.is_valid():
        return _page(request, actor, shown, composer)
    try:
        sent = actions.send_answer(actor=actor, conversation=shown, **composer.form.cleaned_data)
    except ValidationError as refused:
        composer.form.add_error(None, refused)
        return _page(request, actor, shown, composer)
    return _to(actor, shown, request, f"#answer-{sent.pk}")


@login_required
@only_posted
def draft(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Keep what somebody is writing, and say when."""
    actor = actor_for(request.user, town, Right.WRITE)
    shown = conversation_for(actor, pk)
    if was_just_sent(shown, actor.person, request.POST.get("text", ""), timezone.now()):
        return HttpResponse()
    given = _as_given(request, shown)
    newer, written = composing.draft_of(actor, shown), number_of(request.POST.get("written", ""))
    if newer and newer.text != given["text"] and 0 < written < milliseconds(newer.saved_at):
        return JsonResponse(composing.as_fields(newer), status=HTTPStatus.CONFLICT)
    kept = actions.save_draft(actor=actor, conversation=shown, written=written or 0, **given)
    return render(None, "inbox/saved.html", {"saved_at": kept.saved_at})


@login_required
@only_posted
def preview(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Show an answer as the network will; as a whole page (and a kept draft) without JavaScript."""
    actor = actor_for(request.user, town, Right.WRITE)
    shown = conversation_for(actor, pk)
    composer = composing.of(actor, shown, timezone.now(), request.POST)
    if request.htmx:
        return render(None, "inbox/preview.html", {"actor": actor, "composer": composer, "fresh": True})
    kept = actions.save_draft(actor=actor, conversation=shown, **_as_given(request, shown))
    composer.saved_at = kept.saved_at
    return _page(request, actor, shown, composer)


@login_required
@only_posted
def write(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Go to the composer, where a phone shows it alone, with the message that was chosen in the thread."""
    actor = actor_for(request.user, town, Right.WRITE)
    shown = conversation_for(actor, pk)
    query = urlencode(_place(request) | {"write": "1", "to": number_of(request.POST.get("post", "")) or ""})
    return redirect(f"{reverse('conversation', args=[town, shown.pk])}?{query}#answer-text")


@login_required
@only_posted
def status(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Close, reopen, or put aside until the resident answers."""
    actor = actor_for(request.user, town, Right.WRITE)
    moved = conversation_for(actor, pk)
    below = listing.below(actor, moved, request.GET)
    act = {"done": actions.close, "waiting": actions.wait, "open": actions.reopen}
    wanted = request.POST.get("to", "")
    if wanted not in act:
        return _to(actor, moved, request)
    act[wanted](actor=actor, conversation=moved)
    if wanted == "open":
        return _to(actor, moved, request)
    asked = {**request.GET.dict(), "closed": moved.pk, "focus": below}
    return redirect(f"{reverse('inbox', args=[town])}?{urlencode({k: v for k, v in asked.items() if v})}")


@login_required
@only_posted
def assign(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Take on a conversation, give it to a colleague, or let it go."""
    actor = actor_for(request.user, town, Right.WRITE)
    given = conversation_for(actor, pk)
    wanted = request.POST.get("person", "")
    person = next((one for one in colleagues_of(actor) if str(one.pk) == wanted), None)
    if wanted and person is None:
        raise Http404(wanted)
    actions.assign(actor=actor, conversation=given, person=person)
    if person and person != actor.person:
        messages.success(request, _("Given to %(name)s.") % {"name": person.name})
    return _to(actor, given, request)


@login_required
@only_posted
def sending(request: HttpRequest, town: str, pk: int, outgoing: int) -> HttpResponse:
    """Say what became of an answer, take it back before it leaves, or write it anew."""
    actor = actor_for(request.user, town, Right.WRITE)
    shown = conversation_for(actor, pk)
    found = get_object_or_404(shown.answers.select_related("outgoing"), outgoing_id=outgoing).outgoing
    act = {"arrived": _arrived, "absent": _absent, "again": channels.try_again, "rewrite": actions.rewrite_answer}
    wanted = act.get(request.POST.get("do", ""))
    try:
        made = wanted(actor=actor, outgoing=found) if wanted else None
    except ValidationError as too_late:
        messages.warning(request, " ".join(too_late.messages))
    else:
        if isinstance(made, Draft) and made.text != found.text:
            messages.warning(request, _("Your answer stands below what you were writing. Look well who gets it."))
    return _to(actor, shown, request, "#answer-text" if wanted is actions.rewrite_answer else f"#answer-{found.pk}")


def _as_given(request: HttpRequest, shown: Conversation) -> dict:
    """Return a draft as it was sent to us; a post of another conversation is none."""
    chosen, level = number_of(request.POST.get("post", "")), request.POST.get("visibility", "")
    return {
        "text": request.POST.get("text", ""),
        "post": Post.objects.filter(entry__conversation=shown, pk=chosen).first(),
        "visibility": level if level in Visibility.__members__.values() else "",
        "content_warning": request.POST.get("content_warning", "")[:300],
    }


def _arrived(**who_and_what) -> None:
    channels.settle_by_hand(arrived=True, **who_and_what)


def _absent(**who_and_what) -> None:
    channels.settle_by_hand(arrived=False, **who_and_what)


@login_required
@require_GET
def outgoing(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Go from something that we sent, or are to send, to its place in a conversation."""
    actor = actor_for(request.user, town)
    shown = get_object_or_404(Conversation.objects.of(actor.town), answers__outgoing=pk)
    return _to(actor, shown, request, f"#answer-{pk}")


@login_required
@require_GET
def post(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Go from a post to its conversation, ready to answer it."""
    actor = actor_for(request.user, town)
    shown = get_object_or_404(Conversation.objects.of(actor.town), entries__post=pk)
    return redirect(f"{reverse('conversation', args=[town, shown.pk])}?{urlencode({'write': '1', 'to': pk})}#answer-text")


@login_required
@require_GET
def digest(request: HttpRequest, town: str) -> HttpResponse:
    """Show the day at a glance, for a town that looks once a day."""
    actor = actor_for(request.user, town)
    return render(
        request, "inbox/digest.html", {"actor": actor, "town": actor.town, **overview.of(actor, timezone.now())}
    )


def _page(request: HttpRequest, actor: Actor, shown: Conversation, composer=None) -> HttpResponse:
    # Asked before anything is read: what comes in while the page is made, is told to it.
    now, seen = timezone.now(), newest_event(actor.town)
    context = _thread_context(request, actor, shown, composer)
    context |= {
        "list": listing.of(actor, request.GET, now, selected=shown),
        "show": "write" if request.GET.get("write") or composer else "main",
        "seen": seen,
    }
    return render(request, "inbox/conversation.html", context)


def _thread_context(request: HttpRequest, actor: Actor, shown: Conversation, composer=None) -> dict:
    now = timezone.now()
    tree = thread(shown, actor, now)
    composer = composer or composing.of(actor, shown, now, None, wanted=request.GET.get("to"), tree=tree)
    return {
        "actor": actor,
        "town": actor.town,
        "conversation": shown,
        "network": network_name(shown.network_code),
        "thread": tree,
        "people": colleagues_of(actor) if actor.may(Right.WRITE, "inbox") else [],
        "composer": composer,
        "kept": _kept(request),
        "back": _back(request),
        "csrf_token": get_token(request),
    }


def _undo(actor: Actor, closed: str | None, now: datetime) -> Conversation | None:
    """Return the conversation that was put away less than a minute ago: it may come back."""
    if not closed or not actor.may(Right.WRITE, "inbox"):
        return None
    moved = Conversation.objects.of(actor.town).filter(pk=number_of(closed)).exclude(status="open").first()
    return moved if moved and now - moved.changed_at < UNDO_FOR else None


def _kept(request: HttpRequest) -> str:
    """Return the part of the address that keeps the reader's place in the list."""
    kept = _place(request)
    return f"?{urlencode(kept)}" if kept else ""


def _back(request: HttpRequest) -> str:
    """Return the part of the address that leads back from the composer: with the message that was chosen."""
    chosen = number_of(request.GET.get("to", ""))
    query = urlencode(_place(request) | ({"to": chosen} if chosen else {}))
    return f"?{query}" if query else ""


def _place(request: HttpRequest) -> dict[str, str]:
    return {key: request.GET[key] for key in ("tab", "q") if request.GET.get(key)}


def _to(actor: Actor, shown: Conversation, request: HttpRequest, part: str = "#thread") -> HttpResponseRedirect:
    return redirect(reverse("conversation", args=[actor.town.slug, shown.pk]) + _kept(request) + part)

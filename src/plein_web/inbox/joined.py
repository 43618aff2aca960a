"""Conversations that were found elsewhere and joined: whose they are, and what becomes of them when that is undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from plein_web.channels.models import Post
from plein_web.inbox.models import Answer, Conversation
from plein_web.listening.models import PlaceChoice
from plein_web.town.models import Event

JOINED, LEFT = "place.joined", "place.left"
OF_PLACES = frozenset({JOINED, LEFT})


def posts_joined(events: Iterable[Event]) -> list[Post]:
    """Return the posts around which somebody joined or left a conversation."""
    return [choice.post for choice in _choices(events, OF_PLACES) if choice.post]


def give_to_who_joined(events: Iterable[Event], now: datetime) -> None:
    """Give a conversation to the colleague who joined it, unless somebody has it already."""
    for choice in _choices(events, JOINED):
        if choice.post and choice.undone_at is None:
            _of(choice).filter(assignee=None).update(assignee=choice.person_id, changed_at=now)


def close_what_was_left(events: Iterable[Event], now: datetime) -> None:
    """Put away a conversation that somebody joined by mistake, unless we spoke in it."""
    for choice in _choices(events, LEFT):
        silent = (
            _of(choice).exclude(pk__in=Answer.objects.values("conversation"))
            if choice.post
            else Conversation.objects.none()
        )
        silent.update(status="done", closed_at=now, handled_at=now, unseen=0, waiting_since=None, changed_at=now)


def _choices(events: Iterable[Event], kinds: str | frozenset[str]) -> list[PlaceChoice]:
    wanted = {kinds} if isinstance(kinds, str) else kinds
    subjects = [event.subject for event in events if event.kind in wanted]
    return list(PlaceChoice.objects.filter(pk__in=subjects).select_related("post").order_by("id")) if subjects else []


def _of(choice: PlaceChoice):
    return Conversation.objects.of(choice.town_id).filter(
        network_code=choice.post.network_code, root_uri=choice.post.root_uri
    )

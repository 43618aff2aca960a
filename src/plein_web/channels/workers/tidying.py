"""Throw away what was only kept for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from plein_web.channels.models import Gone, Post, Unread
from plein_web.town.actions import consume_together
from plein_web.town.search import press

# How long input that nobody could read is kept for a colleague to look at.
KEEP_UNREAD = timedelta(days=14)
# Pressing the index holds SQLite's only pen for as long as it takes: not after every deletion.
PRESS_EVERY = timedelta(minutes=10)
EVENTS_AT_ONCE = 5_000

_pressed_at = datetime.min.replace(tzinfo=UTC)


def tidy(now: datetime) -> int:
    """Delete what has had its time; returns how many rows went."""
    press_index(now)
    unread, _ = Unread.objects.filter(last_at__lt=now - KEEP_UNREAD).delete()
    gone, _ = Gone.objects.filter(until__lt=now).delete()
    return unread + gone


def press_index(now: datetime) -> bool:
    """Press the words of deleted posts out of the search index, once in a while; returns whether it was done."""
    global _pressed_at
    if now - _pressed_at < PRESS_EVERY:
        return False
    deleted: list[int] = []
    kinds = frozenset({"post.deleted"})
    while consume_together(consumer="press", kinds=kinds, apply=deleted.extend, limit=EVENTS_AT_ONCE) == EVENTS_AT_ONCE:
        pass
    if deleted:
        press(Post._meta.db_table)
        _pressed_at = now
    return bool(deleted)

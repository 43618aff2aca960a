"""Who looked at what: one row of audit a person, thing and hour, so that reading costs next to nothing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime

from plein_web.town.access import Actor
from plein_web.town.actions import audit

# A process remembers so many looks; one that it forgot is written once more, never too seldom.
MOST = 10_000
_looked: OrderedDict[tuple, None] = OrderedDict()
_lock = threading.Lock()


def note_look(
    *, actor: Actor, action: str, subject: str, now: datetime, details: dict | None = None, again: str = ""
) -> bool:
    """Write that somebody looked, unless this process wrote so in the same hour. `again` tells looks apart."""
    key = (actor.town.pk, actor.person.pk, action, subject, again, now.strftime("%Y%m%d%H"))
    with _lock:
        if key in _looked:
            return False
        _looked[key] = None
        while len(_looked) > MOST:
            _looked.popitem(last=False)
    audit(town=actor.town, actor=actor.person, action=action, subject=subject, details=details)
    return True


def note_search(actor: Actor, action: str, subject: str, asked: str, now: datetime) -> None:
    """Write that somebody searched, and for what: whether colleagues look people up is what a reader wants to see."""
    if asked := " ".join(asked.split())[:200]:
        note_look(actor=actor, action=action, subject=subject, now=now, details={"words": asked}, again=asked)


def forget_looks() -> None:
    """Forget who looked at what: another database."""
    with _lock:
        _looked.clear()

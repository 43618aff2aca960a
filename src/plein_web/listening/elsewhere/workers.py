"""What keeps the places up to date: find them, weigh them, bring in what was joined, forget what is gone."""

from __future__ import annotations

from datetime import datetime

from plein_web.listening.elsewhere.discovering import discover
from plein_web.listening.elsewhere.fetching import fetch_joined
from plein_web.listening.elsewhere.weighing import forget_places, look_again, weigh_places
from plein_web.town.actions import consume_together


def run_once(now: datetime) -> int:
    """Find places in what was heard, and weigh those that changed; returns how much there was to do."""
    reached = consume_together(consumer="places_inbox", kinds=frozenset({"post.arrived"}), apply=look_again)
    return reached + discover(now) + weigh_places(now)


def join(now: datetime) -> int:
    """Bring in what was joined; returns how many conversations are here, or never will be."""
    return fetch_joined(now)


def forget(now: datetime) -> int:
    """Forget what is gone; returns how much. The next round has time enough for what is left."""
    forget_places(now)
    return 0

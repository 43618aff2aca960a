"""The watches of all towns as they stand now, shared by everything in a process that listens."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime
from time import monotonic

from django.db.models import Max
from django.utils import timezone

from plein.listening import matching
from plein.listening.hearing import Keys, Listener
from plein_web.listening.actions import CHANGED
from plein_web.listening.compiling import compiled
from plein_web.listening.models import Watch
from plein_web.town.actions import vault
from plein_web.town.models import Event

LOOK_SECONDS = 0.5


def live_watches(now: datetime) -> Iterable[matching.Watch]:
    """Yield the watches that collect now or will, of every town."""
    for row in Watch.objects.to_come_or_live(now).select_related("town").order_by("id"):
        yield compiled(row, timezone.localdate(now))


class Standing:
    """Keeps one engine, and makes a new one when a watch was made, changed or stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: matching.FastEngine | None = None
        self._event = 0
        self._looked = 0.0
        self._keys: Keys | None = None

    def listener(self, town: int | None = None) -> Listener:
        """Return a listener with the watches of this moment; `town` for a source of one town."""
        with self._lock:
            if self._engine is None or self._changed():
                self._engine = matching.FastEngine(live_watches(timezone.now()))
            self._keys = self._keys or Keys(vault().derive)
            return Listener(self._engine, self._keys, town)

    def forget(self) -> None:
        """Start anew: another database or another key file."""
        with self._lock:
            self._engine = self._keys = None
            self._event = 0

    def _changed(self) -> bool:
        if monotonic() - self._looked < LOOK_SECONDS:
            return False
        self._looked = monotonic()
        before, self._event = self._event, Event.objects.aggregate(last=Max("id"))["last"] or 0
        return Event.objects.filter(kind=CHANGED, id__gt=before, id__lte=self._event).exists()


STANDING = Standing()

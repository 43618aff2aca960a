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
from plein.listening.places.judging import PlaceJudges
from plein_web.listening.actions import CHANGED
from plein_web.listening.compiling import Compiled, compiled
from plein_web.listening.models import Watch
from plein_web.town.actions import vault
from plein_web.town.models import Event

LOOK_SECONDS = 0.5


def live_watches(now: datetime) -> Iterable[Compiled]:
    """Yield the watches that collect now or will, of every town."""
    for row in Watch.objects.to_come_or_live(now).select_related("town").order_by("id"):
        yield compiled(row, timezone.localdate(now))


class Standing:
    """Keeps one engine, and makes a new one when a watch was made, changed or stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: matching.FastEngine | None = None
        self._judges: dict[int, PlaceJudges] = {}
        self._event = 0
        self._looked = 0.0
        self._keys: Keys | None = None

    def listener(self, town: int | None = None) -> Listener:
        """Return a listener with the watches of this moment; `town` for a source of one town."""
        with self._lock:
            if self._engine is None or self._changed():
                live = list(live_watches(timezone.now()))
                self._engine = matching.FastEngine(one.watch for one in live)
                self._judges = {one.watch.id: one.judges for one in live if one.judges}
            self._keys = self._keys or Keys(vault().derive)
            return Listener(self._engine, self._keys, town, self._judges)

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

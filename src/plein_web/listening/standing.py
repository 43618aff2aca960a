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
from plein.listening.lawful.states import may_collect
from plein.listening.places.judging import PlaceJudges
from plein.listening.unheard import Unheard
from plein_web.channels.models import Channel
from plein_web.listening.actions import CHANGED, TRIED
from plein_web.listening.compiling import Compiled, compiled, tried
from plein_web.listening.lawful.standing import mandated_towns, standing_of
from plein_web.listening.models import Trial, Watch
from plein_web.listening.rights.actions import OBJECTED
from plein_web.listening.rights.standing import unheard
from plein_web.town.actions import vault
from plein_web.town.models import Event

# A look is one number from the database; a tenth of a second is what a new query may take until it counts.
LOOK_SECONDS = 0.05


def live_watches(now: datetime, town: int | None = None) -> Iterable[Compiled]:
    """Yield the approved watches that collect now or will, and the queries that somebody tries: of every town, or of one."""
    watches, trials = Watch.objects.to_come_or_live(now), Trial.objects.filter(until__gt=now)
    if town is not None:
        watches, trials = watches.filter(town=town), trials.filter(town=town)
    today, mandated = timezone.localdate(now), mandated_towns(now)
    for row in watches.select_related("town").order_by("id"):
        if may_collect(standing_of(row, mandated), now):
            yield compiled(row, today)
    for row in trials.select_related("town"):
        yield tried(row, today)


class Standing:
    """Keeps one engine for all towns, and changes in it what a town changed, while posts go on passing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: matching.FastEngine | None = None
        self._judges: dict[int, PlaceJudges] = {}
        self._own: dict[int, set[tuple[str, str]]] = {}
        self._unheard: dict[int, Unheard] = {}
        self._event = 0
        self._looked = 0.0
        self._keys: Keys | None = None

    def listener(self, town: int | None = None) -> Listener:
        """Return a listener with the watches of this moment; `town` for a source of one town."""
        with self._lock:
            if self._engine is None:
                self._start()
            elif monotonic() - self._looked >= LOOK_SECONDS:
                self._catch_up()
            self._keys = self._keys or Keys(vault().derive)
            return Listener(self._engine, self._keys, town, self._judges, self._own, self._unheard)

    def forget(self) -> None:
        """Start anew: another database or another key file."""
        with self._lock:
            self._engine = self._keys = None
            self._judges, self._event = {}, 0

    def _start(self) -> None:
        self._looked, self._event = monotonic(), _newest_event()
        live = list(live_watches(timezone.now()))
        self._engine = matching.FastEngine(one.watch for one in live)
        self._judges = {one.watch.id: one.judges for one in live if one.judges}
        self._own, self._unheard = _own_accounts(), unheard()

    def _catch_up(self) -> None:
        self._looked, before, self._event = monotonic(), self._event, _newest_event()
        if self._event == before:
            return
        since = Event.objects.filter(id__gt=before, id__lte=self._event)
        for town in since.filter(kind__in=(CHANGED, TRIED)).values_list("town", flat=True).distinct():
            self._reload(town)
        if since.filter(kind="channel.changed").exists():
            self._own = _own_accounts()
        if since.filter(kind=OBJECTED).exists():
            self._unheard = unheard()

    def _reload(self, town: int) -> None:
        live = {one.watch.id: one for one in live_watches(timezone.now(), town)}
        for number in [number for number, watch in self._engine.watches.items() if watch.town == town]:
            if number not in live:
                self._engine.drop(number)
                self._judges.pop(number, None)
        for number, one in live.items():
            if self._engine.watches.get(number) != one.watch:
                self._engine.put(one.watch)
            if one.judges:
                self._judges[number] = one.judges
            else:
                self._judges.pop(number, None)


def _own_accounts() -> dict[int, set[tuple[str, str]]]:
    """Return the accounts of every town."""
    found: dict[int, set[tuple[str, str]]] = {}
    for town, network, identity in Channel.objects.values_list("town", "network_code", "identity"):
        found.setdefault(town, set()).add((network, identity))
    return found


def _newest_event() -> int:
    return Event.objects.aggregate(last=Max("id"))["last"] or 0


STANDING = Standing()

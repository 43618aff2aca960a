"""`/live`: server-sent events that tell an open page that something changed in its town.

An event is only a hint: it names kinds and ids, the page fetches what it needs by the ordinary
addresses, with their ordinary checks. One thread per process watches the event rows for all
connections; Django's own threads are never held by a waiting browser.

    GET /live?town=waterdam&after=4711
    event: changed
    id: 4712
    data: {"kinds":["conversation.changed"],"ids":[12]}
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import parse_qs

import msgspec
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q
from django.http import Http404, parse_cookie

from plein_web.inbox.access import number_of
from plein_web.town.access import actor_for
from plein_web.town.models import Event

LOOK_EVERY = 0.2
LOOK_AFTER_ERROR = 5.0
KEEP_ALIVE = 15.0
# A connection is ended after this long, so that somebody who lost their role stops hearing.
LIFETIME = 600.0
# Events that one browser may have waiting; a slower one is told to look at everything.
WAITING = 64
READ_AT_ONCE = 500
# How long, and how far back, a number that lacks is looked for: no transaction of ours takes longer.
LATE = 10.0
LATE_NUMBERS = 200
MISSED = "missed"

log = logging.getLogger(__name__)
_door = ThreadPoolExecutor(2, thread_name_prefix="live-door")


class Watcher:
    """Reads new event rows in one thread and hands them to the connections of their town."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._told = 0
        self._listeners: dict[int, set[Listener]] = defaultdict(set)

    def join(self, listener: Listener, since: int) -> None:
        """Let a connection hear of its town; the first one starts the thread, from event `since`.

        What was told to others between that event and now is told as missed.
        """
        with self._lock:
            self._listeners[listener.town].add(listener)
            if self._thread is not None and self._told > since:
                listener.tell(frame(0, {MISSED}, set()))
            if self._thread is None:
                self._told = since
                self._thread = threading.Thread(target=self._watch, args=[since], name="live", daemon=True)
                self._thread.start()

    def leave(self, listener: Listener) -> None:
        """Forget a connection."""
        with self._lock:
            self._listeners[listener.town].discard(listener)
            if not self._listeners[listener.town]:
                del self._listeners[listener.town]

    def _watch(self, since: int) -> None:
        pause = threading.Event()
        seen: Seen | None = None
        while not self._nobody_left():
            try:
                seen = seen or Seen(since)
                self._tell(seen.look())
                since = seen.last
            except Exception:  # the outermost loop of a worker: the next look may succeed
                log.exception("live: could not read the events")
                seen = None
                pause.wait(LOOK_AFTER_ERROR)
            pause.wait(LOOK_EVERY)
        connection.close()

    def _nobody_left(self) -> bool:
        with self._lock:
            if self._listeners:
                return False
            self._thread = None
            return True

    def _tell(self, events: list[tuple[int, int, str, int]]) -> None:
        if not events:
            return
        by_town: dict[int, list[tuple[int, int, str, int]]] = defaultdict(list)
        for event in events:
            by_town[event[1]].append(event)
        with self._lock:
            self._told = max(self._told, *(event[0] for event in events))
            listeners = {town: list(self._listeners.get(town, ())) for town in by_town}
        for town, theirs in by_town.items():
            told = frame(theirs[-1][0], {event[2] for event in theirs}, {event[3] for event in theirs})
            for listener in listeners[town]:
                listener.tell_from_thread(told)


class Seen:
    """How far the watcher has read, and on SQLite whether reading is worth the trouble.

    PostgreSQL gives numbers when a row is written and shows it when it is committed, so that a lower
    number may come after a higher one: numbers that lack are looked for a while longer.
    """

    def __init__(self, last: int) -> None:
        connection.close()
        self.last = max(last - LATE_NUMBERS, 0)
        self._lacking: dict[int, float] = {}
        self._version: int | None = None
        self._took(set(Event.objects.filter(id__gt=self.last, id__lte=last).values_list("id", flat=True)), last)

    def look(self) -> list[tuple[int, int, str, int]]:
        """Return the events (id, town, kind, subject) that came since the last look."""
        version = self._data_version()
        if version is not None and version == self._version:
            return []
        self._version = version
        fresh = Event.objects.filter(Q(id__gt=self.last) | Q(id__in=list(self._lacking))).order_by("id")
        events = list(fresh.values_list("id", "town_id", "kind", "subject")[:READ_AT_ONCE])
        if events:
            self._took({event[0] for event in events}, max(self.last, events[-1][0]))
            self._version = None if len(events) == READ_AT_ONCE else version
        return events

    def _took(self, numbers: set[int], last: int) -> None:
        now = time.monotonic()
        kept = {number: until for number, until in self._lacking.items() if until > now}
        for number in range(max(self.last, last - LATE_NUMBERS) + 1, last):
            kept[number] = now + LATE
        self._lacking = {number: until for number, until in kept.items() if number not in numbers}
        self.last = last

    @staticmethod
    def _data_version() -> int | None:
        """Return SQLite's counter of other connections' commits: far cheaper than a query."""
        if connection.vendor != "sqlite":
            return None
        with connection.cursor() as cursor:
            return cursor.execute("PRAGMA data_version").fetchone()[0]


class Listener:
    """One open page: a queue of ready frames. Full means: look at everything."""

    def __init__(self, town: int, loop: asyncio.AbstractEventLoop) -> None:
        self.town = town
        self._loop = loop
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(WAITING)

    def tell_from_thread(self, told: bytes) -> None:
        """Queue a frame, from the watcher's thread; a loop that has ended hears nothing."""
        try:
            self._loop.call_soon_threadsafe(self.tell, told)
        except RuntimeError:
            return

    def tell(self, told: bytes) -> None:
        """Queue a frame, in the loop."""
        if self._queue.full():
            while not self._queue.empty():
                self._queue.get_nowait()
            told = frame(0, {MISSED}, set())
        self._queue.put_nowait(told)

    async def next(self) -> bytes:
        """Return the next frame, or a sign of life when nothing happens for a while."""
        try:
            return await asyncio.wait_for(self._queue.get(), KEEP_ALIVE)
        except TimeoutError:
            return b": still here\n\n"


watcher = Watcher()


def newest_event(town: int | None = None) -> int:
    """Return the id of the newest event, of one town or of all (0: none yet)."""
    events = Event.objects.all() if town is None else Event.objects.filter(town_id=town)
    return events.order_by("-id").values_list("id", flat=True).first() or 0


def frame(number: int, kinds: set[str], ids: set[int]) -> bytes:
    """Return one event as it goes over the wire.

    >>> frame(7, {"post.arrived"}, {3})
    b'event: changed\\nid: 7\\ndata: {"kinds":["post.arrived"],"ids":[3]}\\n\\n'
    """
    data = msgspec.json.encode({"kinds": sorted(kinds), "ids": sorted(ids)})
    number_line = f"id: {number}\n".encode() if number else b""
    return b"event: changed\n" + number_line + b"data: " + data + b"\n\n"


async def live(scope: dict, receive, send) -> None:
    """Answer one request for `/live`: 401 without a session, 404 for a town that is not theirs."""
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    loop = asyncio.get_running_loop()
    after = asked.get("after", [""])[0]
    admitted = await loop.run_in_executor(_door, _admit, _session_key(scope), asked.get("town", [""])[0])
    if isinstance(admitted, int):
        return await _refuse(send, admitted)
    listener = Listener(admitted.town, loop)
    watcher.join(listener, admitted.newest)
    try:
        if after.isdecimal() and number_of(after) < admitted.newest_of_town:
            listener.tell(frame(admitted.newest_of_town, {MISSED}, set()))
        await _serve(listener, receive, send)
    finally:
        watcher.leave(listener)


async def _serve(listener: Listener, receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send(_part(b"event: hello\ndata: {}\n\n"))
    gone = asyncio.ensure_future(_hung_up(receive))
    ends = asyncio.get_running_loop().time() + LIFETIME * random.uniform(0.8, 1.2)  # only spreads
    try:
        while asyncio.get_running_loop().time() < ends:
            told = asyncio.ensure_future(listener.next())
            await asyncio.wait({told, gone}, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                told.cancel()
                return
            await send(_part(told.result()))
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()


async def _hung_up(receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


def _part(body: bytes) -> dict:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def _refuse(send, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _session_key(scope: dict) -> str:
    for name, value in scope["headers"]:
        if name == b"cookie":
            return parse_cookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")
    return ""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whom we let in: their town, and the newest events at that moment."""

    town: int
    newest: int
    newest_of_town: int


def _admit(session_key: str, slug: str) -> Admitted | int:
    """Let somebody in by the same rules as every page; an int is the status of the refusal."""
    try:
        person = get_user(SimpleNamespace(session=SessionStore(session_key or None)))
        if not person.is_authenticated:
            return 401
        town = actor_for(person, slug).town.pk
        return Admitted(town, newest_event(), newest_event(town))
    except (Http404, PermissionDenied):
        return 404
    finally:
        connection.close()

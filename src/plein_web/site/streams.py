"""A thread for every source that streams, started and stopped as the rows of sources change."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connections

from plein_web.channels.models import Source

log = logging.getLogger("plein.streams")

# A stream that ended is taken up again after this many seconds, longer every time in a row.
AFTER_END = (1, 2, 5, 15, 30, 60)
STEADY = 120.0
Follow = Callable[[Source, threading.Event], None]


@dataclass
class Following:
    """A source that is being followed."""

    source: Source
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None


def streaming_sources() -> list[Source]:
    """Return the sources that are followed live: those in use whose network streams them."""
    from plein_web.channels.workers import streaming as addressed
    from plein_web.listening.workers import streaming as overheard

    return [*addressed(), *overheard()]


def follow(source: Source, stop: threading.Event) -> None:
    """Follow a source until it ends: addressed posts go to channels, overheard ones to listening."""
    if source.channel_id:
        from plein_web.channels.workers import follow as following
    else:
        from plein_web.listening.workers import follow as following
    following(source, stop)


class Streams:
    """Keeps one thread per streaming source."""

    def __init__(
        self, *, wanted: Callable[[], list[Source]] = streaming_sources, follow: Follow = follow, rests=AFTER_END
    ) -> None:
        self._wanted = wanted
        self._follow = follow
        self._rests = rests
        self._running: dict[tuple, Following] = {}

    def tend(self, now: datetime) -> int:
        """Start what should run and stop what should not. Returns 0: there is never more to do."""
        wanted = {_identity(source): source for source in self._wanted()}
        for identity in [key for key in self._running if key not in wanted]:
            self._running.pop(identity).stop.set()
        for identity, source in wanted.items():
            if identity not in self._running:
                self._running[identity] = self._begin(source)
        return 0

    def stop(self) -> None:
        """Tell every stream to end."""
        for following in self._running.values():
            following.stop.set()

    def _begin(self, source: Source) -> Following:
        following = Following(source)
        following.thread = threading.Thread(
            target=self._keep, args=[following], name=f"stream-{source.pk}", daemon=True
        )
        following.thread.start()
        return following

    def _keep(self, following: Following) -> None:
        falls = 0
        while not following.stop.is_set():
            began = time.monotonic()
            try:
                following.source.refresh_from_db()
                self._follow(following.source, following.stop)
            except Exception:  # the outermost loop of a stream
                log.exception("stream %s failed", following.source)
            connections.close_all()
            falls = 1 if time.monotonic() - began > STEADY else falls + 1
            following.stop.wait(self._rests[min(falls, len(self._rests)) - 1])


def _identity(source: Source) -> tuple:
    """Return what makes a stream another one: a changed address means a new connection."""
    return (source.pk, source.kind, source.address, repr(sorted(source.settings.items())), source.channel_id)

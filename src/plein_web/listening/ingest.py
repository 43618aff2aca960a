"""From what comes in to rows, in one go: what the followers of streams do, and what the bench measures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from plein.channels.jetstream import gap_between
from plein.channels.posts import Batch
from plein.listening.hearing import Harvest, Listener
from plein_web.channels.models import Gap, Source
from plein_web.listening import store

# While nothing is heard, the cursor is still stored every so many seconds.
CURSOR_SECONDS = 5.0
# Further behind than this we are catching up, and nobody waits for the newest.
BEHIND_SECONDS = 30.0
HOLD_SECONDS = 2.0


class Ingestion:
    """What passes through one source, with the writes that can wait put together.

    A batch that holds nothing of ours is not worth a transaction: its count and cursor go along
    with the next that does, or after some seconds.
    """

    def __init__(self, source: Source, *, keeps_cursor: bool = True) -> None:
        self.source = source
        self._keeps_cursor = keeps_cursor
        self._waiting = Harvest()
        self._saved_at: datetime | None = None
        self._begun = False

    def ingest(self, lines: Iterable[bytes], listener: Listener, now: datetime) -> Harvest:
        """Decode lines of Jetstream, match them, store what was asked for and the cursor behind it."""
        harvest = listener.hear_lines(lines, now)
        if harvest.first_us and not self._begun:
            self._begun = True
            if words := gap_between(self.source.cursor, harvest.first_us):
                self.tell_gap(words, str(harvest.first_us), now)
        return self._take(harvest, now, behind=_behind(harvest, now))

    def take_batch(self, batch: Batch, listener: Listener, now: datetime) -> Harvest:
        """Take posts of any network, and tell of a gap before them."""
        if batch.gap:
            self.tell_gap(batch.gap, batch.cursor or "", now)
        harvest = listener.hear_items(batch.items, now)
        harvest.cursor = batch.cursor if self._keeps_cursor else None
        return self._take(harvest, now)

    def tell_gap(self, words: str, after: str, now: datetime) -> None:
        """Make a gap a visible row."""
        before = self.source.cursor or ""
        Gap.objects.get_or_create(source=self.source, before=before, after=after, defaults={"at": now, "words": words})

    def flush(self, now: datetime) -> None:
        """Store what waits."""
        store.save(self.source, self._waiting, now, hurry=_behind(self._waiting, now))
        self._waiting, self._saved_at = Harvest(), now

    def _take(self, harvest: Harvest, now: datetime, *, behind: bool = False) -> Harvest:
        if self._waiting.seen or self._waiting.writes:
            self._waiting = self._waiting.followed_by(harvest)
        else:
            self._waiting = harvest
        self.source.cursor = harvest.cursor or self.source.cursor
        if not self._may_wait(now, behind):
            self.flush(now)
        return harvest

    def _may_wait(self, now: datetime, behind: bool) -> bool:
        """Whether it can wait: nothing of ours, or so far behind that a larger transaction is worth more."""
        if self._saved_at is None:
            return behind and self._waiting.writes < store.SMALL
        passed = (now - self._saved_at).total_seconds()
        if behind and passed < HOLD_SECONDS:
            return self._waiting.writes < store.SMALL
        return not self._waiting.writes and passed < CURSOR_SECONDS


def _behind(harvest: Harvest, now: datetime) -> bool:
    return harvest.last_at is not None and (now - harvest.last_at).total_seconds() > BEHIND_SECONDS

"""A clock that can be set back, so that weeks of history are lived through in seconds.

The history of the demo goes in by the same actions as any message. They ask Django what time
it is; while a story is played, Django is told the story's time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo

from django.utils import timezone


class Clock:
    """Says what time it is in the story."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    @contextmanager
    def rules(self) -> Iterator[Clock]:
        """Let Django believe this clock until the block ends."""
        clock = self

        class Told(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:
                return clock.now.astimezone(tz) if tz else clock.now.replace(tzinfo=None)

        real = timezone.datetime
        timezone.datetime = Told
        try:
            yield self
        finally:
            timezone.datetime = real

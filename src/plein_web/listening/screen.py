"""What `plein listen` shows: a line that keeps up to date in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from rich.console import Console
from rich.live import Live
from rich.text import Text

from plein.listening.hearing import Harvest, Overheard
from plein.listening.marking import marked

# Without a terminal, how it goes is told on the error output every so many seconds.
STATUS_SECONDS = 10.0


@dataclass
class Tally:
    """How much passed. `matched` counts posts, `cursor` is where the source stands."""

    seen: int = 0
    matched: int = 0
    unread: int = 0
    cursor: str = ""
    began: float = field(default_factory=time.monotonic)
    _recent: list[tuple[float, int]] = field(default_factory=list)

    def add(self, harvest: Harvest, matched: int) -> None:
        """Count what a look brought."""
        self.seen += harvest.seen
        self.matched += matched
        self.unread += len(harvest.unread)
        self.cursor = harvest.cursor or self.cursor
        now = time.monotonic()
        self._recent = [(at, number) for at, number in self._recent if at > now - 10] + [(now, harvest.seen)]

    @property
    def rate(self) -> float:
        """Return posts a second, over the last ten seconds."""
        span = min(10.0, max(1.0, time.monotonic() - self.began))
        return sum(number for _, number in self._recent) / span


class Screen:
    """Plain lines, for a file or a pipe: a status line now and then on the error output."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self._told = time.monotonic()

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def show(self, posts: list[list[Overheard]]) -> None:
        """Show posts, and from time to time how it goes."""
        for rows in posts:
            self.post(rows)
        if time.monotonic() - self._told > STATUS_SECONDS:
            self._told = time.monotonic()
            print(self.status(), file=sys.stderr, flush=True)

    def post(self, rows: list[Overheard]) -> None:
        """Show one post on one line."""
        row = rows[0]
        phrases = ", ".join(dict.fromkeys(one.phrase for one in rows))
        print(f"{_clock(row)}\t{row.network}\t{phrases}\t{' '.join(row.text.split())}", flush=True)

    def tell(self, words: str) -> None:
        """Tell of trouble."""
        print(words, file=sys.stderr, flush=True)

    def status(self) -> str:
        """Return how it goes, in one line."""
        return _("%(rate).0f posts a second, %(matched)d matched of %(seen)d, cursor %(cursor)s") % {
            "rate": self.tally.rate,
            "matched": self.tally.matched,
            "seen": self.tally.seen,
            "cursor": self.tally.cursor or "–",
        }


class LiveScreen(Screen):
    """A terminal: posts scroll by above a line that keeps up to date."""

    def __init__(self, tally: Tally, title: str) -> None:
        super().__init__(tally)
        self.console = Console()
        self.title = title
        self._live = Live(console=self.console, get_renderable=self._line, refresh_per_second=4)

    def __enter__(self) -> LiveScreen:
        self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._live.stop()

    def show(self, posts: list[list[Overheard]]) -> None:
        """Show posts above the line."""
        for rows in posts:
            self.post(rows)

    def post(self, rows: list[Overheard]) -> None:
        """Show one post, with the words that brought it marked."""
        row = rows[0]
        before, hit, after = marked(row.text, row.phrase)
        head = Text(
            f"{_clock(row)} {row.network} · {', '.join(dict.fromkeys(one.phrase for one in rows))}", style="dim"
        )
        self.console.print(head)
        self.console.print(Text.assemble(before, (hit, "bold reverse"), after), soft_wrap=False)

    def tell(self, words: str) -> None:
        """Tell of trouble."""
        self.console.print(Text(words, style="yellow"))

    def _line(self):
        return Text(f"{self.title}: {self.status()}", style="bold")


def _clock(row: Overheard) -> str:
    return row.posted_at.astimezone().strftime("%H:%M:%S")

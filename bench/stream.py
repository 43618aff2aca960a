"""From stream to store, through the production function, as a multiple of what the machine must do anyway.

At 1 % hits that is a typed decode of the same lines; at 100 % hits it is an `executemany` of the
same rows, made beforehand, into the same tables with all their indexes and the search index.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.posts import Writer, any_of, jetstream

PHRASES = 1_000
WATCHES = 100
# As many lines as a subscription hands over at a time.
CHUNK = 400
MOST_DECODES = 8.0
LEAST_SHARE = 1 / 3
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds for a number of lines, on both sides."""

    lines: int
    ours: float
    other: float

    @property
    def ratio(self) -> float:
        return self.ours / self.other


@contextmanager
def database(folder: str) -> Iterator[None]:
    """Set Plein up on a database of its own."""
    os.environ["PLEIN_HOME"] = folder
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "plein_web.site.settings"
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0)
    yield
    connections.close_all()


def town_with_watches(phrases: list[str]):
    """Return a source for all towns, with the phrases spread over a town's watches."""
    from plein_web.channels.models import Source
    from plein_web.listening.models import Watch
    from plein_web.town.models import Town

    town = Town.objects.create(name="Waterdam", slug="waterdam")
    for number in range(WATCHES):
        Watch.objects.create(
            town=town,
            name=f"Watch {number}",
            query=any_of(phrases[number::WATCHES]),
            purpose="bench",
            legal_ground="public_task",
            starts_at=NOW - timedelta(days=30),
            ends_at=NOW + timedelta(days=3650),
            review_at=NOW + timedelta(days=3650),
            approved_at=NOW - timedelta(days=30),
        )
    return Source.objects.create(network_code="bluesky", kind="jetstream")


def side_by_side(ours: Callable[[], None], other: Callable[[], None], rounds: int) -> tuple[float, float]:
    """Return the seconds of the quickest round of each, taken in turns, each round on a fresh database."""
    times: dict[str, list[float]] = {"ours": [], "other": []}
    for _ in range(rounds):
        for name, run in (("other", other), ("ours", ours)):
            fresh_database()
            gc.collect()
            started = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - started)
    return min(times["ours"]), min(times["other"])


def chunks(lines: list[bytes]) -> list[list[bytes]]:
    """Return lines as a subscription hands them over."""
    return [lines[at : at + CHUNK] for at in range(0, len(lines), CHUNK)]


def fresh_database() -> None:
    """Put the database back as it was before anything was heard: a search index remembers what was deleted."""
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    file = Path(settings.DATABASES["default"]["NAME"])
    kept = file.with_suffix(".kept")
    if not kept.exists():
        shutil.copy(file, kept)
    for old in file.parent.glob(f"{file.name}*"):
        old.unlink()
    shutil.copy(kept, file)
    connections["default"].ensure_connection()


def ingest(source, lines: list[bytes]) -> None:
    """Take lines in as the follower of a stream does."""
    from plein_web.listening.ingest import Ingestion
    from plein_web.listening.standing import STANDING

    ingestion = Ingestion(source)
    for chunk in chunks(lines):
        ingestion.ingest(chunk, STANDING.listener(), NOW)
    ingestion.flush(NOW)


def against_decode(source, lines: list[bytes], rounds: int) -> Result:
    """Measure stream to store beside a typed decode of the same lines."""
    from plein.channels.jetstream import decode

    def decode_all() -> None:
        for chunk in chunks(lines):
            decode(chunk)

    return Result(len(lines), *side_by_side(lambda: ingest(source, lines), decode_all, rounds))


def against_executemany(source, lines: list[bytes], rounds: int) -> Result:
    """Measure stream to store beside an executemany of the very rows."""
    from django.db import connection, transaction

    from plein_web.listening import store
    from plein_web.listening.standing import STANDING

    harvest = STANDING.listener().hear_lines(lines, NOW)
    rows = [store._plain_times(row) for row in harvest.rows]
    insert = f"INSERT INTO {store.TABLE} ({', '.join(store.COLUMNS)}) VALUES ({', '.join('?' * len(store.COLUMNS))})"

    def write() -> None:
        for at in range(0, len(rows), CHUNK):
            with transaction.atomic():
                connection.connection.executemany(insert, rows[at : at + CHUNK])

    result = Result(len(lines), *side_by_side(lambda: ingest(source, lines), write, rounds))
    _same_number(len(rows))
    return result


def _same_number(expected: int) -> None:
    from plein_web.listening.models import Mention

    stored = Mention.objects.count()
    if stored != expected:
        raise SystemExit(f"stream to store: {stored} rows are stored, {expected} were expected")


def main(lines: int = 60_000, rounds: int = 3) -> bool:
    """Measure, print, and return whether both bounds were kept."""
    with tempfile.TemporaryDirectory(prefix="plein-bench-") as folder, database(folder):
        writer = Writer(seed=1)
        phrases = writer.phrases(PHRASES)
        source = town_with_watches(phrases)
        few = against_decode(source, list(jetstream(writer, lines, phrases=phrases, hits=0.01)), rounds)
        many = against_executemany(source, list(jetstream(writer, lines // 5, phrases=phrases, hits=1.0)), rounds)
        size = sum(path.stat().st_size for path in Path(folder).glob("plein.sqlite3"))
    share = 1 / many.ratio
    print(f"stream to store, {PHRASES} phrases, SQLite, one process")
    print(
        f"  1 % hits    {few.ratio:5.2f} times a typed decode (at most {MOST_DECODES:.0f})"
        f"   {few.lines / few.ours:>9,.0f} posts/s, decode {few.lines / few.other:,.0f} lines/s"
    )
    print(
        f"  100 % hits  {share:5.0%} of executemany of the same rows (at least {LEAST_SHARE:.0%})"
        f"   {many.lines / many.ours:>9,.0f} posts/s, executemany {many.lines / many.other:,.0f} rows/s"
        f", {size / many.lines:,.0f} bytes a row on disk"
    )
    return few.ratio <= MOST_DECODES and share >= LEAST_SHARE


if __name__ == "__main__":
    sys.exit(0 if main() else 1)

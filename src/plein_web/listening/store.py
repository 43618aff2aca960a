"""Writes what was overheard, by the thousand: the only place with raw SQL that writes.

A batch is one transaction: deletions first, then rows, what was left unread, the cursor of the
source, and the events. Unique keys make it safe to do twice.

Three things keep disorder from bringing back what is gone:
- a deletion leaves the keyed hash of its uri for 72 hours, whether we held the post or not;
- an edit leaves one that stops the unedited text, which may still be under way;
- a row is only replaced by a newer version.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F

from plein.channels.merging import REMEMBER_GONE
from plein.channels.posts import Unreadable
from plein.listening.hearing import Harvest, Overheard
from plein.listening.joining.discovering import KIND_OF_SOURCE
from plein_web.channels.models import Gone, Source, Unread
from plein_web.listening.models import Mention, Sample, Trial
from plein_web.town.actions import ask_to_press, emit

# A transaction holds the only pen of SQLite: no more rows than this unless nobody is waiting.
SMALL = 100
LARGE = 2_000
# What a try shows of what it caught.
SAMPLES = 12
EDITED = "e"
LOCK = 0x504C4D45

TABLE = Mention._meta.db_table
COLUMNS = tuple(Mention._meta.get_field(name).column for name in (
    "town", "watch", "period", "uri_hash", "network_code", "author", "locator", "text", "language", "phrase",
    "posted_at", "version_at", "heard_at", "search", "sure", "why", "thread", "parent", "tags", "source",
))  # fmt: skip
TYPES = ("bigint", "bigint", *["text"] * 8, *["timestamptz"] * 3, "text", "double precision", *["text"] * 4, "bigint")
NEWER = f"""ON CONFLICT (town_id, watch_id, period, uri_hash) DO UPDATE SET
    text = excluded.text, language = excluded.language, phrase = excluded.phrase, version_at = excluded.version_at,
    search = excluded.search, sure = excluded.sure, why = excluded.why, tags = excluded.tags
    WHERE excluded.version_at > {TABLE}.version_at"""
ONE_BY_ONE = f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) {NEWER}"
BY_COLUMN = (
    f"INSERT INTO {TABLE} ({', '.join(COLUMNS)})"
    f" SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in TYPES)}) {NEWER}"
)
LEAVE_HASH = f"INSERT INTO {Gone._meta.db_table} (digest, until) VALUES (%s, %s) ON CONFLICT (digest) DO NOTHING"
LEAVE_HASHES = (
    f"INSERT INTO {Gone._meta.db_table} (digest, until)"
    " SELECT * FROM unnest(%s::text[], %s::timestamptz[]) ON CONFLICT (digest) DO NOTHING"
)


class Held(NamedTuple):
    """A row that is there already."""

    town: int
    watch: int
    period: str
    uri_hash: str
    version_at: datetime

    @property
    def key(self) -> tuple[int, int, str, str]:
        return self[:4]


def save(source: Source | None, harvest: Harvest, now: datetime, *, hurry: bool = False) -> int:
    """Store a harvest and the cursor behind it; return how many mentions are new.

    Small transactions, the cursor in the last, unless `hurry`: then large ones.
    """
    keep_samples(harvest.samples)
    pieces = list(_pieces(harvest, LARGE if hurry else SMALL))
    new = sum(_save_piece(source, piece, now) for piece in pieces[:-1])
    return new + _save_piece(source, pieces[-1], now, harvest)


def keep_samples(rows: Sequence[Overheard]) -> None:
    """Count what queries on trial caught, and keep the newest few to show."""
    for number, caught in _by_watch(rows).items():
        trial = Trial.objects.filter(pk=-number).first()
        if trial is None:
            continue
        with transaction.atomic():
            Trial.objects.filter(pk=trial.pk).update(caught=F("caught") + len(caught))
            Sample.objects.bulk_create([_sample(trial, row) for row in caught[-SAMPLES:]])
            kept = trial.samples.order_by("-id").values_list("pk", flat=True)[:SAMPLES]
            trial.samples.exclude(pk__in=list(kept)).delete()


def _by_watch(rows: Iterable[Overheard]) -> dict[int, list[Overheard]]:
    found: dict[int, list[Overheard]] = {}
    for row in rows:
        found.setdefault(row.watch, []).append(row)
    return found


def _sample(trial: Trial, row: Overheard) -> Sample:
    return Sample(
        trial=trial,
        network_code=row.network,
        text=row.text,
        phrase=row.phrase,
        sure=row.sure,
        posted_at=row.posted_at,
    )


def forget(hashes: Iterable[str], now: datetime) -> int:
    """Delete all mentions of deleted posts and remember for 72 hours that they are gone."""
    hashes = list(hashes)
    with transaction.atomic():
        _one_at_a_time()
        deleted = sum(_delete(portion) for portion in _portions(hashes))
        _remember(hashes, now)
    return deleted


def write_rows(rows: Sequence[Overheard]) -> None:
    """Write rows; one that is there already is replaced when this one is newer."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(BY_COLUMN, [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(ONE_BY_ONE, [_plain_times(row) for row in rows])


def _save_piece(source: Source | None, piece: Harvest, now: datetime, whole: Harvest | None = None) -> int:
    town = source.town_id if source else None
    with transaction.atomic():
        _one_at_a_time()
        for hashes in _portions(piece.gone):
            _delete(hashes)
        _remember([*piece.gone, *(EDITED + hashed for hashed in piece.edited)], now)
        new = _write(piece, town, source.pk if source and source.kind in KIND_OF_SOURCE else None)
        if source:
            _count_unread(source, piece.unread, now)
            if whole:
                _move_on(source, whole, now)
        for town_id, watches in _by_town(new).items():
            _tell(town_id, watches, now)
    return len(new)


def _one_at_a_time() -> None:
    """Let a deletion by one source and the post by another not pass each other. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _write(piece: Harvest, town: int | None, place: int | None = None) -> list[Overheard]:
    """Write the rows of a piece, take away those that an edit undid, and return the rows that are new.

    `place` is the source that brought them, where people talk in that source itself.
    """
    wanted = _newest(piece)
    hashes = list({row.uri_hash for row in wanted} | set(piece.edited))
    if not hashes:
        return []
    held = {row.key: row for portion in _portions(hashes) if _any_held(portion) for row in _held(portion)}
    gone = {digest for portion in _portions(hashes) for digest in _gone(portion)}
    known = _watches_by_post(held.values())
    rows = [row for row in wanted if _may_stand(row, gone) and _asked(row, town, known)]
    _take_away(piece.edited, rows, held.values())
    if rows:
        written = [_in_place(row, known) for row in rows]
        write_rows([row._replace(source=place) for row in written] if place else written)
    return [row for row in rows if (row.town, row.watch, row.uri_hash) not in known]


def _newest(piece: Harvest) -> list[Overheard]:
    """Return one row a key, the newest version, and none of an older version than an edit in this piece."""
    newest: dict[tuple, Overheard] = {}
    for row in piece.rows:
        before = newest.get(row.key)
        if before is None or row.version_at > before.version_at:
            newest[row.key] = row
    return [
        row
        for row in newest.values()
        if row.uri_hash not in piece.edited or row.version_at >= piece.edited[row.uri_hash]
    ]


def _watches_by_post(held: Iterable[Held]) -> dict[tuple[int, int, str], Held]:
    return {(row.town, row.watch, row.uri_hash): row for row in held}


def _may_stand(row: Overheard, gone: set[str]) -> bool:
    """Whether a row was not deleted, nor is the first text of a post that was edited since."""
    if row.uri_hash in gone:
        return False
    return row.version_at > row.posted_at or EDITED + row.uri_hash not in gone


def _asked(row: Overheard, town: int | None, known: dict[tuple[int, int, str], Held]) -> bool:
    """Whether a row may come from this source: its own town's, or one that is held already."""
    return town in (None, row.town) or (row.town, row.watch, row.uri_hash) in known


def _in_place(row: Overheard, known: dict[tuple[int, int, str], Held]) -> Overheard:
    """Keep the period in which a post was first heard, should an edit give it another date."""
    held = known.get((row.town, row.watch, row.uri_hash))
    return row._replace(period=held.period) if held and held.period != row.period else row


def _take_away(edited: dict[str, datetime], rows: list[Overheard], held: Iterable[Held]) -> None:
    """Delete the rows of edited posts whose new text does not hold the phrase any more."""
    if not edited:
        return
    kept = {(row.town, row.watch, row.uri_hash) for row in rows}
    stale = [
        row
        for row in held
        if row.uri_hash in edited
        and row.version_at < edited[row.uri_hash]
        and (row.town, row.watch, row.uri_hash) not in kept
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"DELETE FROM {TABLE} WHERE town_id = %s AND watch_id = %s AND period = %s AND uri_hash = %s",
            [row.key for row in stale],
        )
    if stale:
        ask_to_press(TABLE)


def _held(hashes: list[str]) -> list[Held]:
    rows = Mention.objects.filter(uri_hash__in=hashes)
    return [Held(*row) for row in rows.values_list("town_id", "watch_id", "period", "uri_hash", "version_at")]


def _gone(hashes: list[str]) -> set[str]:
    asked = [*hashes, *(EDITED + hashed for hashed in hashes)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT digest FROM {Gone._meta.db_table} WHERE digest IN ({_places(asked)})", asked)
        return {digest for (digest,) in cursor.fetchall()}


def _any_held(hashes: list[str]) -> bool:
    """Whether there is a row of any of these posts. Nearly always there is none, and it is cheap to ask."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {TABLE} WHERE uri_hash IN ({_places(hashes)}) LIMIT 1", hashes)
        return cursor.fetchone() is not None


def _places(values: list[str]) -> str:
    return ", ".join(["%s"] * len(values))


def _delete(hashes: list[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE uri_hash IN ({_places(hashes)})", hashes)
        deleted = cursor.rowcount
    if deleted:
        ask_to_press(TABLE)
    return deleted


def _remember(digests: list[str], now: datetime) -> None:
    if not digests:
        return
    until = now + REMEMBER_GONE
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(LEAVE_HASHES, [sorted(digests), [until] * len(digests)])
        else:
            until_text = _plain_time(until)
            cursor.executemany(LEAVE_HASH, [(digest, until_text) for digest in digests])


def _count_unread(source: Source, unread: Iterable[Unreadable], now: datetime) -> None:
    """Count input that nobody could read, by its digest: of a public stream nothing more is kept."""
    for digest, (error, count) in _digests(unread).items():
        row, made = Unread.objects.get_or_create(
            source=source,
            digest=digest,
            defaults={"error": error, "count": count, "first_at": now, "last_at": now},
        )
        if not made:
            Unread.objects.filter(pk=row.pk).update(count=F("count") + count, last_at=now)


def _digests(unread: Iterable[Unreadable]) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for one in unread:
        digest = hashlib.sha256(one.raw).hexdigest()
        found[digest] = (one.error[:500], found.get(digest, ("", 0))[1] + 1)
    return found


def _move_on(source: Source, harvest: Harvest, now: datetime) -> None:
    changes: dict = {"last_ok_at": now, "failures": 0, "error": "", "posts": F("posts") + harvest.seen}
    if harvest.cursor is not None:
        changes["cursor"] = harvest.cursor
    if harvest.last_at is not None:
        changes["last_post_at"] = harvest.last_at
    Source.objects.filter(pk=source.pk).update(**changes)


def _by_town(rows: list[Overheard]) -> dict[int, Counter[int]]:
    towns: dict[int, Counter[int]] = {}
    for row in rows:
        towns.setdefault(row.town, Counter())[row.watch] += 1
    return dict(sorted(towns.items()))


def _tell(town: int, watches: Counter[int], now: datetime) -> None:
    """One event a town and batch; `watch` is the one that brought most."""
    payload = {
        "watch": watches.most_common(1)[0][0],
        "count": watches.total(),
        "watches": {str(watch): count for watch, count in sorted(watches.items())},
    }
    emit(town=town, kind="mention.arrived", payload=payload, at=now)


def _pieces(harvest: Harvest, size: int) -> Iterator[Harvest]:
    """Cut a harvest; deletions and edits go first, so that they hold for all rows behind them."""
    if harvest.writes <= size:
        yield harvest
        return
    yield Harvest(gone=harvest.gone, unread=harvest.unread)
    yield Harvest(
        rows=[row for row in harvest.rows if row.uri_hash in harvest.edited],
        edited=harvest.edited,
    )
    rest = iter([row for row in harvest.rows if row.uri_hash not in harvest.edited])
    while rows := list(islice(rest, size)):
        yield Harvest(rows=rows)


def _portions(hashes: list[str], size: int = 400) -> Iterator[list[str]]:
    """Cut a list to what one statement can ask for."""
    for start in range(0, len(hashes), size):
        yield hashes[start : start + size]


def _plain_times(row: Overheard) -> tuple:
    """Return a row as SQLite keeps it: Django stores moments there as text, in UTC without a zone."""
    posted = _plain_time(row.posted_at)
    version = posted if row.version_at is row.posted_at else _plain_time(row.version_at)
    return (*row[:10], posted, version, _plain_time(row.heard_at), *row[13:])


@lru_cache(maxsize=256)
def _plain_time(moment: datetime) -> str:
    return str(moment.astimezone(UTC).replace(tzinfo=None))


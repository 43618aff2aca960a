"""Delete what was overheard when its time has come, count what goes, and prove it.

A portion is one transaction: rows, counts and proof go together, so that a round may be killed anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from plein.listening.places.judge import ABOUT
from plein.listening.remaining import day_counts
from plein.town.retention import Kind, is_held
from plein_web.listening.keeping.models import DayCount
from plein_web.listening.models import Mention, Watch
from plein_web.town.actions import ask_to_press, vault
from plein_web.town.keeping import chosen_terms, digest_of, due_day, end_of, held, note_deletion
from plein_web.town.models import DeletionProof, Town
from plein_web.town.proving import Traces, prove

AT_ONCE = 500
TABLE = Mention._meta.db_table


@dataclass(slots=True)
class Gone:
    """What a round deleted, and what to look for afterwards. `names` are of the rows, as their digests are made."""

    proofs: list[DeletionProof] = field(default_factory=list)
    traces: Traces = field(default_factory=Traces)
    rows: list[int] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Return how many rows went."""
        return sum(proof.number for proof in self.proofs)


def forget_overheard(now: datetime) -> int:
    """Delete in every town what had its time, and look whether it is gone. Returns how many texts went."""
    gone = Gone()
    for town in Town.objects.order_by("pk"):
        for watch, day in due_watches(town, now):
            # Asked first: a transaction of ours makes every other writer wait.
            while _due(watch, day).exists():
                _forget_portion(watch, day, now, gone)
    if gone.proofs:
        prove(gone.proofs, TABLE, gone.traces, now, stayed=Mention.objects.filter(pk__in=gone.rows[-AT_ONCE:]).exists())
    _prove_interrupted(now)
    return gone.number


def due_watches(town: Town, now: datetime) -> list[tuple[Watch, date]]:
    """Return the watches of a town of which texts have to go, with the day up to which; what is held is passed by."""
    chosen, holds = chosen_terms(town), held(town, now)
    found = []
    for watch in Watch.objects.filter(town=town).order_by("pk"):
        day = due_day(town, Kind.OVERHEARD, now, subject_of(watch), chosen)
        if day is not None and not is_held(subject_of(watch), holds):
            found.append((watch, day))
    return found


def subject_of(watch: Watch) -> str:
    """Return how holds, terms and proofs name a watch."""
    return f"watch:{watch.pk}"


def name_of(mention: Mention) -> str:
    """Return what names a mention for good, for its digest."""
    return f"mention:{mention.watch_id}:{mention.uri_hash}"


def _due(watch: Watch, day: date):
    return Mention.objects.filter(watch=watch, heard_at__lte=end_of(day))


@transaction.atomic
def _forget_portion(watch: Watch, day: date, now: datetime, gone: Gone) -> None:
    """Delete a portion, small enough not to hold up whoever else wants to write."""
    rows = list(_due(watch, day).defer("text", "why").order_by("heard_at")[:AT_ONCE])
    if not rows:
        return
    proof = delete(rows, town=watch.town_id, subject=subject_of(watch), up_to=day, now=now)
    gone.proofs.append(proof)
    gone.rows += [row.pk for row in rows]
    gone.traces = gone.traces.joined(traces_of(rows))


def delete(
    rows: Sequence[Mention], *, town: int, subject: str, up_to: date | None, now: datetime, why: str = "term"
) -> DeletionProof:
    """Delete mentions of one watch, count them where time took them, and write the proof. Inside a transaction."""
    if why == "term":
        _count(rows)
    Mention.objects.filter(pk__in=[row.pk for row in rows]).delete()
    ask_to_press(TABLE)
    return note_deletion(
        town=town,
        kind=Kind.OVERHEARD,
        subject=subject,
        number=len(rows),
        what=map(name_of, rows),
        up_to=up_to,
        now=now,
        why=why,
    )


def traces_of(rows: Sequence[Mention]) -> Traces:
    """Return what only these rows held: their encrypted addresses, and the words of their index."""
    return Traces.of([row.locator for row in rows], [row.search.partition(" ")[2] for row in rows])


def _count(rows: Sequence[Mention]) -> None:
    """Add to the numbers that remain what the charts counted."""
    counted = [row for row in rows if _counts(row)]
    if not counted:
        return
    found = day_counts((timezone.localdate(row.posted_at), row.language) for row in counted)
    for (day, language), number in sorted(found.items()):
        key = {"town_id": rows[0].town_id, "watch_id": rows[0].watch_id, "day": day, "language": language}
        kept, _made = DayCount.objects.get_or_create(**key)
        DayCount.objects.filter(pk=kept.pk).update(number=F("number") + number)


def _counts(row: Mention) -> bool:
    return row.about is not False and (row.sure is None or row.sure >= ABOUT or row.about is True)


def _prove_interrupted(now: datetime) -> None:
    """Press and look once more for rounds that were killed before they could: their words are not known any more."""
    waiting = list(DeletionProof.objects.filter(kind=Kind.OVERHEARD, checked_at=None))
    if waiting:
        digests = {digest for proof in waiting for digest in proof.digests}
        prove(waiting, TABLE, Traces(), now, stayed=_any_stayed({proof.subject for proof in waiting}, digests))


def _any_stayed(subjects: set[str], digests: set[str]) -> bool:
    watches, key = [int(subject.partition(":")[2]) for subject in subjects], vault()
    rows = Mention.objects.filter(watch__in=watches).only("watch_id", "uri_hash")
    return any(digest_of(name_of(row), key) in digests for row in rows.iterator())


def forget_known(known: frozenset[str], now: datetime) -> int:
    """Delete the mentions of which a digest is known: after a restore, what was deleted since the backup."""
    gone, key = 0, vault()
    for watch in Watch.objects.order_by("pk"):
        rows = [row for row in Mention.objects.filter(watch=watch) if digest_of(name_of(row), key) in known]
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            with transaction.atomic():
                delete(part, town=watch.town_id, subject=subject_of(watch), up_to=None, now=now, why="restore")
            gone += len(part)
    _prove_interrupted(now)
    return gone

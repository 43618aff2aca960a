"""What the page of deletions shows: terms with what goes next, holds with what they keep, proofs, and backups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from plein.town.retention import TERMS, Kind, days_of
from plein_web.channels.models import Unread
from plein_web.inbox.keeping import due_conversations
from plein_web.inbox.models import Conversation, Draft
from plein_web.listening.models import Mention, Watch
from plein_web.town.keeping import chosen_terms, days_kept, due_day, end_of, standing_holds
from plein_web.town.models import BackupMade, DeletionProof, LegalHold, Town

KINDS = {
    Kind.OVERHEARD: lazy("Overheard messages"),
    Kind.CONVERSATION: lazy("Conversations with residents"),
    Kind.OWN: lazy("What the municipality says itself"),
    Kind.DRAFT: lazy("Drafts that were not sent"),
    Kind.UNREADABLE: lazy("Messages to us that could not be read"),
    Kind.TRIAL: lazy("What a trial of a watch caught"),
    Kind.DELETED: lazy("The mark of a message that its author deleted"),
    Kind.AUDIT: lazy("The audit trail"),
    Kind.BACKUP: lazy("Backups"),
}
SINCE = {
    "heard": lazy("after it was found"),
    "last_message": lazy("after the last message"),
    "sent": lazy("assessed by the archivist"),
    "saved": lazy("after it was saved"),
    "tried": lazy("after the trial"),
    "deleted": lazy("after its author deleted it"),
    "done": lazy("a chain that may not be broken"),
    "made": lazy("after it was made"),
}
WHY = {
    "term": lazy("its time had come"),
    "network": lazy("its author deleted it or does not want to be read by strangers"),
    "request": lazy("a resident asked for it"),
    "restore": lazy("a backup had brought it back"),
}
PLACES = {
    "rows": lazy("rows"),
    "index": lazy("search index"),
    "file": lazy("database file"),
    "log": lazy("log of the database"),
}
VERDICTS = {
    "absent": lazy("gone"),
    "present": lazy("STILL THERE"),
    "not_looked": lazy("cleaned, nothing left to look for"),
    "not_ours": lazy("cleaned; files of the database server are not ours to read"),
}


@dataclass(frozen=True, slots=True)
class TermRow:
    """A kind of data: how long, and when something of it goes next."""

    kind: Kind
    name: str
    days: str
    since: str
    chosen: bool
    next_day: date | None


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold, and how much of what it keeps had its time."""

    hold: LegalHold
    about: str
    kept: str


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A proof in words."""

    proof: DeletionProof
    kind: str
    about: str
    why: str
    looks: tuple[str, ...]
    level: str


def day(given: date) -> str:
    """Return a day as one reads it, with its year."""
    return date_format(given, "j F Y")


def terms(town: Town) -> list[TermRow]:
    """Return every kind of data with its term, and when something of it goes next."""
    chosen, begins = chosen_terms(town), _oldest(town)
    rows = []
    for kind in Kind:
        days = days_kept(town, kind, chosen=chosen)
        began = begins.get(kind)
        next_day = began + timedelta(days=days) if began and days is not None else None
        if kind is Kind.OVERHEARD:
            next_day = _next_overheard(town, chosen)
        words = _days(days) if days is not None else _("for good")
        rows.append(TermRow(kind, str(KINDS[kind]), words, str(SINCE[TERMS[kind].since]), (kind, "") in chosen, next_day))
    return rows


def _days(days: int) -> str:
    return ngettext("%(num)d day", "%(num)d days", days) % {"num": days} if days else _("a quarter of an hour")


def _oldest(town: Town) -> dict[Kind, date]:
    """Return the day on which the oldest of each kind began."""
    moments = {
        Kind.CONVERSATION: Conversation.objects.of(town).aggregate(first=Min("last_post_at"))["first"],
        Kind.DRAFT: Draft.objects.filter(conversation__town=town).aggregate(first=Min("saved_at"))["first"],
        Kind.UNREADABLE: Unread.objects.filter(source__town=town).aggregate(first=Min("last_at"))["first"],
    }
    return {kind: timezone.localdate(at) for kind, at in moments.items() if at}


def _next_overheard(town: Town, chosen: Mapping) -> date | None:
    rows = Mention.objects.of(town).values("watch").annotate(first=Min("heard_at")).order_by()
    days = [
        timezone.localdate(row["first"])
        + timedelta(days=days_kept(town, Kind.OVERHEARD, f"watch:{row['watch']}", dict(chosen)))
        for row in rows
    ]
    return min(days, default=None)


def own_terms(town: Town) -> list[tuple[str, int]]:
    """Return the watches that have a term of their own, with its days."""
    names = _watch_names(town)
    found = [(subject, days) for (_kind, subject), days in chosen_terms(town).items() if subject]
    return sorted((names.get(subject, subject), days_of(Kind.OVERHEARD, days)) for subject, days in found)


def holds(town: Town, now: datetime) -> list[HoldRow]:
    """Return the holds that stand, with what they keep."""
    names = _watch_names(town)
    return [HoldRow(row, _about(row.subject, names), _kept(town, row.subject, now)) for row in standing_holds(town, now)]


def _kept(town: Town, subject: str, now: datetime) -> str:
    word, _colon, number = subject.partition(":")
    if word == "watch":
        until = end_of(due_day(town, Kind.OVERHEARD, now, subject))
        count = Mention.objects.of(town).filter(watch=number, heard_at__lte=until).count()
    else:
        count = due_conversations(town, now)[0].filter(pk=number).count()
    if not count:
        return _("Nothing that it keeps has had its time yet.")
    return ngettext(
        "%(num)d that had its time was passed by.", "%(num)d that had their time were passed by.", count
    ) % {"num": count}


def proofs(town: Town, page: list[DeletionProof]) -> list[ProofRow]:
    """Return proofs in words."""
    names = _watch_names(town)
    return [_proof(proof, names) for proof in page]


def _proof(proof: DeletionProof, names: Mapping[str, str]) -> ProofRow:
    looks = tuple(f"{PLACES.get(place, place)}: {VERDICTS.get(found, found)}" for place, found in proof.found.items())
    level = "amber" if not proof.checked_at else "red" if "present" in proof.found.values() else "green"
    kind = str(KINDS.get(proof.kind, proof.kind))
    return ProofRow(proof, kind, _about(proof.subject, names), str(WHY.get(proof.why, proof.why)), looks, level)


def _about(subject: str, names: Mapping[str, str]) -> str:
    word, _colon, number = subject.partition(":")
    if word == "conversation":
        return _("Conversation %(number)s") % {"number": number}
    return names.get(subject, subject)


def _watch_names(town: Town) -> dict[str, str]:
    return {f"watch:{pk}": name for pk, name in Watch.objects.filter(town=town).values_list("pk", "name")}


def backups(town: Town, now: datetime) -> list[tuple[BackupMade, bool]]:
    """Return the backups that may still hold what was deleted here since, and whether each should be gone by now."""
    newest = DeletionProof.objects.filter(town=town).aggregate(last=Max("at"))["last"]
    rows = BackupMade.objects.filter(destroyed_at=None).order_by("made_at")
    today = timezone.localdate(now)
    return [(row, row.gone_by < today) for row in rows if row.gone_by < today or (newest and row.made_at <= newest)]

"""What a town may search for, and what every search has to say about itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from plein.listening.places.gazetteer import is_ambiguous
from plein.listening.query.errors import QueryError
from plein.listening.query.linting import lint
from plein.listening.query.parsing import parse
from plein.listening.query.remarks import Severity

LONGEST = timedelta(days=366)
RETENTION = timedelta(days=90)


class Ground(StrEnum):
    """The legal grounds of the GDPR (article 6.1) on which a municipality may listen."""

    PUBLIC_TASK = "public_task"
    LEGAL_DUTY = "legal_duty"
    VITAL_INTEREST = "vital_interest"


class Fault(StrEnum):
    """What is wrong with a proposed watch. The screens hold the sentence for each."""

    NAME_MISSING = "name_missing"
    QUERY_MISSING = "query_missing"
    QUERY_WRONG = "query_wrong"
    PURPOSE_MISSING = "purpose_missing"
    GROUND_MISSING = "ground_missing"
    OWNER_MISSING = "owner_missing"
    END_MISSING = "end_missing"
    END_PAST = "end_past"
    END_TOO_FAR = "end_too_far"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A watch as somebody wants it. `ends_at` is an aware datetime or None."""

    name: str
    query: str
    purpose: str
    legal_ground: str
    owner: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Objection:
    """A fault, the field it belongs to, and the words it is about."""

    field: str
    fault: Fault
    about: str = ""


def objections(proposal: Proposal, now: datetime) -> tuple[Objection, ...]:
    """Return everything that stands in the way of a watch; nothing when it may run."""
    return (
        *_required(proposal),
        *query_objections(proposal.query),
        *_end_objections(proposal.ends_at, now),
    )


def query_objections(query: str) -> Iterator[Objection]:
    """Yield what is wrong with what is searched for: it is no query, or one that may not run."""
    if not query.strip():
        yield Objection("query", Fault.QUERY_MISSING)
        return
    try:
        remarks = lint(parse(query), query, is_ordinary=is_ambiguous)
    except QueryError as error:
        yield Objection("query", Fault.QUERY_WRONG, error.words)
        return
    for remark in remarks:
        if remark.severity is Severity.STOP:
            yield Objection("query", Fault.QUERY_WRONG, remark.words)


def _required(proposal: Proposal) -> Iterator[Objection]:
    if not proposal.name.strip():
        yield Objection("name", Fault.NAME_MISSING)
    if not proposal.purpose.strip():
        yield Objection("purpose", Fault.PURPOSE_MISSING)
    if proposal.legal_ground not in set(Ground):
        yield Objection("legal_ground", Fault.GROUND_MISSING)
    if not proposal.owner.strip():
        yield Objection("owner", Fault.OWNER_MISSING)


def _end_objections(ends_at: datetime | None, now: datetime) -> Iterator[Objection]:
    if ends_at is None:
        yield Objection("ends_at", Fault.END_MISSING)
    elif ends_at <= now:
        yield Objection("ends_at", Fault.END_PAST)
    elif ends_at > now + LONGEST:
        yield Objection("ends_at", Fault.END_TOO_FAR, str(LONGEST.days))

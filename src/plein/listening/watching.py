"""What a town may search for, and what every search has to say about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from plein.listening.masking import points_at_somebody
from plein.listening.persons.allowing import Allowance
from plein.listening.persons.judging import seeks_somebody
from plein.listening.places.gazetteer import find, is_ambiguous
from plein.listening.query.errors import QueryError
from plein.listening.query.linting import lint
from plein.listening.query.parsing import parse
from plein.listening.query.remarks import Remark, Severity
from plein.listening.query.terms import person_words
from plein.listening.query.weighing import tells_something
from plein.town.saying import own

LONGEST = timedelta(days=366)
RETENTION = timedelta(days=90)


class Ground(StrEnum):
    """The legal ground of the GDPR (article 6.1) on which a municipality may listen: there is one."""

    PUBLIC_TASK = "public_task"


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
    PURPOSE_CODE_MISSING = "purpose_code_missing"
    ARTICLE_MISSING = "article_missing"
    REVIEW_MISSING = "review_missing"
    APPROVER_MISSING = "approver_missing"
    APPROVER_IS_OWNER = "approver_is_owner"
    APPROVER_ADVISES = "approver_advises"
    OWNER_ADVISES = "owner_advises"
    NO_MANDATE = "no_mandate"
    PUBLIC_ORDER_TOO_LONG = "public_order_too_long"
    DIRECTED = "directed"
    NO_ADVICE = "no_advice"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A watch as somebody wants it. Moments are aware datetimes or None; owner, maker and approver are addresses."""

    name: str
    query: str
    purpose: str
    legal_ground: str
    owner: str
    ends_at: datetime | None
    purpose_code: str = ""
    article: str = ""
    review_at: datetime | None = None
    maker: str = ""
    approver_name: str = ""
    approver_email: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """A fault, the field it belongs to, and the words it is about."""

    field: str
    fault: Fault
    about: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """What is known of places: whether there is one of a name, and which is most like a name that is none."""

    knows: Callable[[str], bool]
    like: Callable[[str], str]


def objections(proposal: Proposal, now: datetime, places: Places | None = None) -> tuple[Objection, ...]:
    """Return everything that stands in the way of a watch; nothing when it may run."""
    return (
        *_required(proposal),
        *query_objections(proposal.query, places),
        *_end_objections(proposal.ends_at, now),
    )


def query_objections(
    query: str, places: Places | None = None, allowances: Iterable[Allowance] = ()
) -> Iterator[Objection]:
    """Yield what is wrong with what is searched for: it is no query, or one that may not run.

    `allowances` are the exceptions for persons that hold today (`plein.listening.persons.allowing.holds`).
    """
    if not query.strip():
        yield Objection("query", Fault.QUERY_MISSING)
        return
    try:
        remarks = remarks_on(query, places, allowances)
    except QueryError as error:
        yield Objection("query", Fault.QUERY_WRONG, error.words)
        return
    for remark in remarks:
        if remark.severity is Severity.STOP:
            field = "places" if remark.code == "unknown_place" else "query"
            yield Objection(field, Fault.QUERY_WRONG, remark.words)


def remarks_on(
    query: str, places: Places | None = None, allowances: Iterable[Allowance] = ()
) -> tuple[Remark, ...]:
    """Return what is remarkable about a query, with what is known of places; raises QueryError."""
    known = {"knows_place": places.knows, "place_like": places.like} if places else {}
    return lint(parse(query), query, is_ordinary=is_ambiguous, allowances=allowances, **known)


def name_objection(name: str) -> str:
    """Return why something may not be a name of a town's own, in a sentence of ours; nothing when it may.

    A name finds messages by itself: that of a person would follow a person.

    >>> name_objection("De Kathedraal"), bool(name_objection("@best")), bool(name_objection("Jan"))
    ('', True, True)
    """
    parts = name.split()
    if "@" in name or "＠" in name or points_at_somebody(name):
        return person_words(name)
    if find(name):
        return ""
    if seeks_somebody(name):
        return own("“{0}” looks like a person. Named after one? Write it whole, such as Jan Steenplein.", name)
    if not any(map(tells_something, parts)):
        return own("“{0}” stands in very many messages. Write a name that says more.", name)
    return ""


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

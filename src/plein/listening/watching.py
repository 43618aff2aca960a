"""What a town may search for, and what every search has to say about itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from plein.listening.masking import points_at_somebody
from plein.listening.query.wordlists import COMMON
from plein.town.words import words

LONGEST = timedelta(days=366)
RETENTION = timedelta(days=90)
MAX_PHRASES = 500
MAX_PHRASE = 120
MIN_LETTERS = 3


class Ground(StrEnum):
    """The legal grounds of the GDPR (article 6.1) on which a municipality may listen."""

    PUBLIC_TASK = "public_task"
    LEGAL_DUTY = "legal_duty"
    VITAL_INTEREST = "vital_interest"


class Fault(StrEnum):
    """What is wrong with a proposed watch. The screens hold the sentence for each."""

    NAME_MISSING = "name_missing"
    PHRASES_MISSING = "phrases_missing"
    PHRASES_TOO_MANY = "phrases_too_many"
    PHRASE_TOO_SHORT = "phrase_too_short"
    PHRASE_TOO_LONG = "phrase_too_long"
    PHRASE_TOO_COMMON = "phrase_too_common"
    PHRASE_IS_PERSON = "phrase_is_person"
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
    phrases: tuple[str, ...]
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
        *phrase_objections(proposal.phrases),
        *_end_objections(proposal.ends_at, now),
    )


def phrase_objections(phrases: Iterable[str]) -> Iterator[Objection]:
    """Yield what is wrong with words and phrases."""
    phrases = tuple(phrases)
    for phrase in phrases:
        if fault := phrase_fault(phrase):
            yield Objection("phrases", fault, phrase)
    if len(phrases) > MAX_PHRASES:
        yield Objection("phrases", Fault.PHRASES_TOO_MANY, str(MAX_PHRASES))


def phrase_fault(phrase: str) -> Fault | None:
    """Return what is wrong with one phrase.

    >>> phrase_fault("@jan@plein.example")
    <Fault.PHRASE_IS_PERSON: 'phrase_is_person'>
    >>> phrase_fault("sluisbrug dicht")
    """
    parts = words(phrase)
    if points_at_somebody(phrase) or "@" in phrase:
        return Fault.PHRASE_IS_PERSON
    if sum(map(len, parts)) < MIN_LETTERS:
        return Fault.PHRASE_TOO_SHORT
    if len(phrase) > MAX_PHRASE:
        return Fault.PHRASE_TOO_LONG
    return Fault.PHRASE_TOO_COMMON if all(map(_says_nothing, parts)) else None


def _says_nothing(word: str) -> bool:
    return word in COMMON or (len(word) < MIN_LETTERS and word.isalpha())


def tidy(lines: str) -> tuple[str, ...]:
    """Return the phrases that somebody wrote one a line, each once.

    >>> tidy("sluisbrug\\n\\n  brug   dicht \\nSluisbrug")
    ('sluisbrug', 'brug dicht')
    """
    phrases: dict[tuple[str, ...], str] = {}
    for line in lines.splitlines():
        if phrase := " ".join(line.split()):
            phrases.setdefault(tuple(words(phrase)) or (phrase,), phrase)
    return tuple(phrases.values())


def delete_after(ended_at: datetime) -> datetime:
    """Return until when the mentions of a watch may be kept after it ended."""
    return ended_at + RETENTION


def _required(proposal: Proposal) -> Iterator[Objection]:
    if not proposal.name.strip():
        yield Objection("name", Fault.NAME_MISSING)
    if not proposal.phrases:
        yield Objection("phrases", Fault.PHRASES_MISSING)
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

"""The public register: what a municipality listens for, why, how long, and what it does not do.

It tells of a watch whatever a resident needs to judge it, and never its words: who reads those knows how to stay
out of sight, and some name a street where one family lives. Names and e-mail addresses of colleagues are left out too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum

VERSION = "1.0"
CANNOT = (
    "follow_persons",
    "make_profiles",
    "rank_authors",
    "read_closed_groups",
    "use_disguised_accounts",
    "use_for_fraud_or_investigation",
    "decide_by_machine",
)


class State(StrEnum):
    """Whether a watch collects."""

    COMING = "coming"
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Entry:
    """A watch as everybody may read it. What nobody wrote down is None, and said to be so."""

    number: int
    name: str
    topic: str
    purpose: str
    legal_ground: str
    article: str
    owner: str
    state: State
    since: date
    until: date
    approved_on: date | None
    review_on: date | None
    retention_days: int
    deleted_on: date
    public_order: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """All of one municipality. `made_at` is aware."""

    municipality: str
    address: str
    made_at: datetime
    contact: str
    officer: str
    processor: str
    networks: tuple[str, ...]
    entries: tuple[Entry, ...]


def is_listed(approved: bool, collected: bool) -> bool:
    """Whether a watch stands in the register: one that may collect or ever did; a plan in the making does not.

    >>> is_listed(approved=True, collected=False), is_listed(approved=False, collected=False)
    (True, False)
    """
    return approved or collected


def as_data(register: Register) -> dict[str, object]:
    """Return the register as it is exported; it fits SCHEMA."""
    return {
        "$schema": f"{register.address}/register.schema.json",
        "version": VERSION,
        "municipality": register.municipality,
        "made_at": register.made_at.isoformat(timespec="seconds"),
        "contact": register.contact or None,
        "data_protection_officer": register.officer or None,
        "processor": register.processor or None,
        "networks": list(register.networks),
        "cannot": list(CANNOT),
        "watches": [_entry(entry) for entry in register.entries],
    }


def as_csv(register: Register) -> str:
    """Return the watches of the register as a table for a spreadsheet."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in _entry(entry).values()] for entry in register.entries)
    return file.getvalue()


COLUMNS = tuple(field.name for field in fields(Entry))


def _entry(entry: Entry) -> dict[str, object]:
    return {name: _plain(getattr(entry, name)) for name in COLUMNS}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return None if value == "" else value


def _cell(value: object) -> str:
    """Return a value for a cell; a spreadsheet does not take it for a formula."""
    if isinstance(value, list):
        value = "; ".join(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _text(about: str) -> dict[str, object]:
    return {"type": "string", "description": about}


def _text_or_none(about: str) -> dict[str, object]:
    return {"type": ["string", "null"], "description": about}


def _day(about: str, *, known: bool = True) -> dict[str, object]:
    return {"type": "string" if known else ["string", "null"], "format": "date", "description": about}


def _texts(about: str) -> dict[str, object]:
    return {"type": "array", "items": {"type": "string"}, "description": about}


def _object(properties: dict[str, dict], **more: object) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False, **more}


def _choice(codes: Iterable[str], about: str) -> dict[str, object]:
    return {"type": "string", "enum": list(codes), "description": about}


WATCH = _object(
    {
        "number": {"type": "integer", "description": "the same as long as the watch exists"},
        "name": _text_or_none("what the municipality calls it; left out of one for public order while it runs"),
        "topic": _text_or_none("what kind of matter it is about"),
        "purpose": _text("what for"),
        "legal_ground": _choice(("public_task", "legal_duty", "vital_interest"), "ground of the GDPR, article 6.1"),
        "article": _text_or_none("the article of law that gives the task; null: not written down"),
        "owner": _text_or_none("the function of who answers for it, never a person's name; null: not written down"),
        "state": _choice(State, "coming, running or ended"),
        "since": _day("first day"),
        "until": _day("last day"),
        "approved_on": _day("when the process owner approved; null: not written down", known=False),
        "review_on": _day("when it is looked at again; null: not written down", known=False),
        "retention_days": {"type": "integer", "minimum": 0, "description": "how long overheard texts are kept"},
        "deleted_on": _day("by when the last overheard text is deleted"),
        "public_order": {"type": "boolean", "description": "whether it is in the class for public order"},
        "sources": _texts("where it listens"),
    }
)
SCHEMA: dict[str, object] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What a municipality listens for",
    **_object(
        {
            "$schema": _text("where this schema stands"),
            "version": {"const": VERSION, "description": "of this form; its first figure changes when a field goes"},
            "municipality": _text("who is responsible (controller)"),
            "made_at": {"type": "string", "format": "date-time", "description": "of which moment this is"},
            "contact": _text_or_none("where residents ask or object; null: not written down"),
            "data_protection_officer": _text_or_none("where the officer can be reached; null: not written down"),
            "processor": _text_or_none("who keeps the data for the municipality; null: not written down"),
            "networks": _texts("networks on which the municipality listens"),
            "cannot": {"type": "array", "items": _choice(CANNOT, "a thing"), "description": "what the software refuses"},
            "watches": {"type": "array", "items": WATCH, "description": "running and ended ones"},
        }
    ),
}

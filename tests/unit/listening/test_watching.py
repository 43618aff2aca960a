"""What may be searched for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from plein.listening.watching import Fault, Proposal, objections

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
GOOD = Proposal(
    name="Sluisbrug dicht",
    query='sluisbrug OR "brug dicht"',
    purpose="Vragen over de afsluiting beantwoorden",
    legal_ground="public_task",
    owner="sanne.bos@waterdam.example",
    ends_at=NOW + timedelta(days=90),
)


def faults(proposal: Proposal) -> list[tuple[str, Fault]]:
    return [(one.field, one.fault) for one in objections(proposal, NOW)]


def test_a_watch_with_everything_may_run():
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("change", "field", "fault"),
    [
        ({"name": "  "}, "name", Fault.NAME_MISSING),
        ({"query": " "}, "query", Fault.QUERY_MISSING),
        ({"purpose": ""}, "purpose", Fault.PURPOSE_MISSING),
        ({"legal_ground": ""}, "legal_ground", Fault.GROUND_MISSING),
        ({"legal_ground": "curiosity"}, "legal_ground", Fault.GROUND_MISSING),
        ({"owner": ""}, "owner", Fault.OWNER_MISSING),
        ({"ends_at": None}, "ends_at", Fault.END_MISSING),
        ({"ends_at": NOW}, "ends_at", Fault.END_PAST),
        ({"ends_at": NOW + timedelta(days=400)}, "ends_at", Fault.END_TOO_FAR),
        ({"query": "(brug"}, "query", Fault.QUERY_WRONG),
        ({"query": "het"}, "query", Fault.QUERY_WRONG),
        ({"query": "@jan"}, "query", Fault.QUERY_WRONG),
    ],
)
def test_what_is_missing_is_told_at_its_field(change, field, fault):
    assert faults(replace(GOOD, **change)) == [(field, fault)]


def test_everything_that_is_wrong_is_told_at_once():
    empty = Proposal("", "", "", "", "", None)
    assert len(faults(empty)) == 6

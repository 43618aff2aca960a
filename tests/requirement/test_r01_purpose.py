"""R1: no watch without purpose, ground, owner and end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from plein.listening.watching import Fault, Proposal, objections

pytestmark = pytest.mark.requirement
NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def test_a_watch_without_a_purpose_is_refused():
    proposal = Proposal("Glas", '"glasbak"', "", "public_task", "sanne@waterdam.example", NOW + timedelta(days=90))
    assert [one.fault for one in objections(proposal, NOW)] == [Fault.PURPOSE_MISSING]


def test_a_watch_without_an_owner_is_refused():
    proposal = Proposal("Glas", '"glasbak"', "Vragen", "public_task", "", NOW + timedelta(days=90))
    assert [one.fault for one in objections(proposal, NOW)] == [Fault.OWNER_MISSING]

"""How long things are kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from plein.town.retention import TERMS, Kind, days_of, has_had_its_time, is_held, last_due_day

TODAY = date(2026, 4, 2)


def test_every_kind_has_a_term_and_says_where_it_comes_from() -> None:
    assert set(TERMS) == set(Kind)
    assert all(term.source and term.since for term in TERMS.values())


def test_overheard_texts_are_kept_thirty_to_ninety_days_and_ninety_unless_a_town_chooses() -> None:
    assert days_of(Kind.OVERHEARD) == 90
    assert [days_of(Kind.OVERHEARD, days) for days in (1, 30, 45, 90, 91)] == [30, 30, 45, 90, 90]


@pytest.mark.parametrize("kind", [kind for kind in Kind if TERMS[kind].days is not None])
def test_nothing_is_kept_longer_than_its_term_nor_shorter(kind: Kind) -> None:
    days = days_of(kind)
    due = last_due_day(days, TODAY)
    assert has_had_its_time(due, days, TODAY)
    assert not has_had_its_time(due + timedelta(days=1), days, TODAY)


def test_what_is_kept_for_good_is_never_due() -> None:
    assert last_due_day(days_of(Kind.OWN), date(2126, 1, 1)) is None
    assert last_due_day(days_of(Kind.OWN, 30), date(2126, 1, 1)) is None


def test_a_hold_keeps_only_what_it_names() -> None:
    assert is_held("watch:5", {"watch:5", "conversation:5"})
    assert not is_held("watch:55", {"watch:5", "conversation:5"})

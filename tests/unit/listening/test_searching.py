"""For what is searched beside a stream, and from when on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from plein.listening.query.parsing import parse
from plein.listening.searching import AWAY, BACK, EVERY, MOST_TERMS, OVERLAP, search_from, terms_of

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("sluisbrug", ("sluisbrug",)),
        ('"brug dicht"', ('"brug dicht"',)),
        ("#Sluisbrug", ("#sluisbrug",)),
        ("sluisbrug AND de", ("sluisbrug",)),
        ("(sluisbrug OR havenbrug) AND NOT feest", ("sluisbrug", "havenbrug")),
        ("sluis*", None),
        (" OR ".join(f"brug{letter}" for letter in "abcdefghijklmnop"), None),
    ],
)
def test_every_match_holds_one_of_the_terms_or_it_is_not_searched(query, terms):
    assert terms_of(parse(query)) == terms
    assert terms is None or len(terms) <= MOST_TERMS


def test_a_new_watch_looks_back_some_days_whether_the_stream_runs_or_not():
    assert search_from(None, NOW, NOW) == search_from(None, None, NOW) == NOW - BACK


def test_while_the_stream_runs_nothing_is_searched():
    assert search_from(NOW - 3 * EVERY, NOW - AWAY + MINUTE, NOW) is None


@pytest.mark.parametrize("heard_at", [None, NOW - AWAY])
def test_without_a_stream_it_is_searched_now_and_then_with_some_overlap(heard_at):
    assert search_from(NOW - EVERY + MINUTE, heard_at, NOW) is None
    assert search_from(NOW - EVERY, heard_at, NOW) == NOW - EVERY - OVERLAP

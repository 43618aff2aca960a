"""A place in a list that is not quite in order: nothing is lost, nothing comes twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from plein.channels import lookback
from plein.channels.lookback import Key, Place, read

START = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def key(name: str, seconds: float, version: str = "1") -> Key:
    return Key(f"at://{name}", version, (START + timedelta(seconds=seconds)).isoformat())


def look(entries: list[Key], cursor: str | None, now: float, size: int = 5) -> tuple[list[str], str]:
    """Look at a list as the client does: page by page, the cursor written down after each."""
    listed = sorted(entries, key=lambda entry: entry.at, reverse=True)
    found: list[str] = []
    start = 0
    while True:
        place = msgspec.json.decode(cursor, type=Place) if cursor else None
        start = int(place.page) if place and place.page else 0
        page = listed[start : start + size]
        following = str(start + size) if start + size < len(listed) else ""
        new, place = read(place, page, following, now)
        found += [page[one.index].uri for one in new]
        cursor = msgspec.json.encode(place).decode()
        if not place.page:
            return found, cursor


def test_the_first_look_reads_one_page():
    found, _ = look([key(str(n), n) for n in range(20)], None, 0.0)
    assert len(found) == 5


def test_what_was_seen_does_not_come_again():
    entries = [key("a", 1), key("b", 2)]
    _, cursor = look(entries, None, 0.0)
    assert look(entries, cursor, 3.0)[0] == []


def test_more_than_a_page_of_news_is_read_to_the_end():
    _, cursor = look([key("a", 0)], None, 0.0)
    entries = [key("a", 0), *(key(str(n), 1 + n) for n in range(37))]
    assert len(look(entries, cursor, 3.0)[0]) == 37


def test_a_look_that_breaks_off_goes_on_at_the_next_page():
    _, cursor = look([key("a", 0)], None, 0.0)
    listed = sorted([key("a", 0), *(key(str(n), 1 + n) for n in range(12))], key=lambda one: one.at, reverse=True)
    place = msgspec.json.decode(cursor, type=Place)
    first, place = read(place, listed[:5], "5", 3.0)
    second, place = read(place, listed[5:10], "10", 3.0)
    third, place = read(place, listed[10:], "", 3.0)
    assert (len(first), len(second), len(third), place.page) == (5, 5, 2, "")


def test_an_entry_dated_back_is_found_below_newer_ones():
    entries = [key(str(n), n * 10) for n in range(9)]
    _, cursor = look(entries, None, 0.0)
    found, _ = look([*entries, key("late", 45)], cursor, 3.0)
    assert "at://late" in found


def test_an_entry_dated_back_an_hour_is_found_by_the_deep_look():
    entries = [key(str(n), 3600 + n * 60) for n in range(15)]
    _, cursor = look(entries, None, 0.0, size=100)
    late = [*entries, key("late", 0)]
    assert look(late, cursor, 3.0)[0] == []
    _, cursor = look(late, cursor, 3.0)
    assert look(late, cursor, lookback.DEEP_EVERY + 1)[0] == ["at://late"]


def test_another_version_is_told_as_changed():
    _, place = read(None, [key("a", 1)], "", 0.0)
    new, _ = read(place, [key("a", 1, "2")], "", 3.0)
    assert [(one.index, one.changed) for one in new] == [(0, True)]


def test_what_is_remembered_stays_small():
    _, place = read(None, [key(str(n), n) for n in range(3 * lookback.KEEP)], "", 0.0)
    assert len(place.seen) == lookback.KEEP


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.floats(-300, 5), max_size=12), min_size=1, max_size=8))
def test_whatever_comes_between_looks_within_ten_minutes_comes_exactly_once(rounds):
    """Each number is how many seconds before its arrival an entry claims to be written."""
    entries: list[Key] = [key("start", -1)]
    heard, cursor = look(entries, None, 0.0)
    for number, claims in enumerate(rounds):
        now = 60.0 * number
        entries += [key(f"{number}-{place}", now + claim) for place, claim in enumerate(claims)]
        found, cursor = look(entries, cursor, now)
        heard += found
    assert sorted(heard) == sorted(entry.uri for entry in entries)

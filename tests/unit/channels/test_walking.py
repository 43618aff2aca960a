"""Reading a list that grows at the top: everything is told once, each version of it, whatever the server."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plein.channels.posts import Author, Post, Unreadable
from plein.channels.walking import REMEMBERED, Entry, Place, is_news, step
from plein.town.saying import plain

START = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
PAGE = 5


def post(number: int, at: datetime = START) -> Post:
    return Post("mastodon", f"uri:{number}", str(number), Author("a", "a"), "", at)


@dataclass
class Server:
    """A list, and a server that shows it as well as it can."""

    heeds_since: bool = True
    entries: list[Entry] = field(default_factory=list)
    now: datetime = START

    def add(self, number: int, at: datetime | None = None) -> None:
        self.entries.append(Entry(str(number), post(number, at or self.now)))
        self.entries.sort(key=lambda entry: int(entry.id))

    def edit(self, index: int) -> None:
        if self.entries:
            self.now += timedelta(seconds=2)
            at = index % len(self.entries)
            entry = self.entries[at]
            self.entries[at] = replace(entry, item=replace(entry.item, edited_at=self.now))

    def page(self, place: Place) -> list[Entry]:
        found = self.entries
        if place.below:
            found = [entry for entry in found if int(entry.id) < int(place.below)]
        if self.heeds_since and place.seen and not place.looks_whole:
            found = [entry for entry in found if int(entry.id) > int(place.seen)]
        return found[::-1][:PAGE]


def look(server: Server, cursor: str | None, told: list[Entry]) -> tuple[str, bool]:
    """Look once, as a client does."""
    place = Place.read(cursor)
    page = server.page(place)
    told += [entry for entry in page if is_news(entry, place, server.now)]
    after, _ = step(place, page, PAGE, None)
    return after.written(), bool(after.below)


def look_all(server: Server, cursor: str | None, told: list[Entry]) -> str:
    cursor, more = look(server, cursor, told)
    while more:
        cursor, more = look(server, cursor, told)
    return cursor


@given(st.lists(st.sampled_from(["post", "look"]), max_size=60), st.booleans(), st.randoms())
@settings(deadline=None)
def test_whatever_the_order_every_post_is_told_once(steps: list[str], heeds_since: bool, chance) -> None:
    server, told, number = Server(heeds_since), [], 0
    cursor = look_all(server, None, told)
    for what in steps:
        if what == "post":
            number += chance.randint(1, 3)
            server.add(number)
        elif chance.random() < 0.5:
            cursor, _ = look(server, cursor, told)
        else:
            cursor = look_all(server, cursor, told)
    # The first finishes the walk that was going on, the second sees what came during it.
    look_all(server, look_all(server, cursor, told), told)
    assert sorted(entry.id for entry in told) == sorted(entry.id for entry in server.entries)


@pytest.mark.parametrize("heeds_since", [True, False])
def test_more_than_a_page_between_two_looks_is_read_to_the_last(heeds_since: bool) -> None:
    server, told = Server(heeds_since), []
    server.add(1)
    cursor = look_all(server, None, told)
    for number in range(2, 40):
        server.add(number)
    cursor, more = look(server, cursor, told)
    assert more
    # Stopped here, the process starts again from what was stored; something new came meanwhile.
    server.add(40)
    look_all(server, look_all(server, cursor, told), told)
    assert {int(entry.id) for entry in told} == set(range(1, 41))


def test_an_entry_that_got_its_number_before_it_was_there_is_told_later() -> None:
    server, told = Server(), []
    server.add(1)
    cursor = look_all(server, None, told)
    server.add(3)
    cursor = look_all(server, cursor, told)
    server.add(2)
    for _ in range(10):
        cursor = look_all(server, cursor, told)
    assert [entry.id for entry in told] == ["1", "3", "2"]


def test_an_edit_of_a_recent_entry_is_told_once() -> None:
    server, told = Server(), []
    for number in (1, 2):
        server.add(number)
    cursor = look_all(server, None, told)
    server.edit(0)
    for _ in range(20):
        cursor = look_all(server, cursor, told)
    assert [entry.id for entry in told] == ["2", "1", "1"]
    assert told[-1].item.edited_at == server.now


def test_a_first_look_brings_only_what_is_recent_and_the_rest_stays_away() -> None:
    server, told = Server(), []
    server.add(1, START - timedelta(days=30))
    server.add(2)
    cursor = look_all(server, None, told)
    for _ in range(10):
        cursor = look_all(server, cursor, told)
    assert [entry.id for entry in told] == ["2"]


def test_a_line_that_cannot_be_read_is_told_once_and_does_not_stop_the_rest() -> None:
    broken = Entry("", Unreadable(b"{", "no"))
    place, told = Place(), []
    for _ in range(10):
        page = [broken, Entry("1", post(1))]
        told += [entry for entry in page if is_news(entry, place, START)]
        place, _ = step(place, page, PAGE, None)
    assert told == [broken, Entry("1", post(1))]


def test_a_public_list_that_ran_too_far_ahead_leaves_a_gap_that_says_so() -> None:
    server = Server()
    server.add(1)
    cursor = look_all(server, None, [])
    for number in range(2, 100):
        server.add(number)
    place, gap = Place.read(cursor), ""
    while not gap:
        place, gap = step(place, server.page(place), PAGE, 3)
    assert "15 posts" in plain(gap)
    assert (place.seen, place.below) == ("99", "")


def test_the_cursor_stays_small() -> None:
    place = Place()
    for number in range(0, 5000, PAGE):
        place, _ = step(place, [Entry(str(one), post(one)) for one in range(number, number + PAGE)], PAGE, None)
    assert len(place.known) == REMEMBERED
    assert len(place.written()) < 4000

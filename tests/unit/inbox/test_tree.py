"""A thread on one page: whatever a network sends, every message has one place."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from plein.inbox.tree import DEEPEST, Leaf, arrange

START = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def leaf(uri: str, parent: str = "", minute: int = 0) -> Leaf:
    return Leaf(uri, parent, START + timedelta(minutes=minute))


def drawn(*leaves: Leaf) -> list[str]:
    return ["." * place.depth + place.uri for place in arrange(leaves)]


def test_answers_stand_below_what_they_answer_the_oldest_first():
    leaves = (leaf("a"), leaf("late", "a", 9), leaf("early", "a", 2), leaf("under early", "early", 12))
    assert drawn(*leaves) == ["a", ".early", "..under early", ".late"]


def test_an_answer_that_came_before_its_parent_is_still_below_it():
    assert drawn(leaf("b", "a", 0), leaf("a", "", 5)) == ["a", ".b"]


def test_a_message_whose_parent_nobody_has_stands_on_its_own_and_says_so():
    (place,) = arrange([leaf("b", "gone")])
    assert (place.depth, place.orphan) == (0, True)


def test_a_ring_of_answers_is_shown_once_each():
    places = arrange([leaf("a", "b"), leaf("b", "a"), leaf("c", "c"), leaf("d")])
    assert sorted(place.uri for place in places) == ["a", "b", "c", "d"]


def test_a_thread_of_thousands_of_answers_to_answers_keeps_its_width():
    chain = [leaf("0")] + [leaf(str(n), str(n - 1), n) for n in range(1, 5000)]
    places = arrange(chain)
    assert [place.uri for place in places] == [str(n) for n in range(5000)]
    assert max(place.depth for place in places) == DEEPEST


def test_lines_run_to_the_last_brother_or_sister_and_no_further():
    places = {p.uri: p for p in arrange([leaf("a"), leaf("b", "a", 1), leaf("c", "b", 2), leaf("d", "a", 3)])}
    assert places["b"].last is False
    assert places["d"].last is True
    assert places["c"].lines == (True,)
    assert places["c"].last is True
    assert places["d"].lines == ()


@pytest.mark.parametrize("number", range(20))
def test_any_bundle_of_messages_is_shown_whole_once_and_the_same_in_any_order(number, seed):
    chance = random.Random(seed + number)
    leaves = [leaf(str(n), str(chance.randrange(-2, 40)), chance.randrange(50)) for n in range(30)]
    places = arrange(leaves)
    assert sorted(place.uri for place in places) == sorted(one.uri for one in leaves)
    assert all(len(place.lines) == max(0, place.depth - 1) for place in places)
    chance.shuffle(leaves)
    assert arrange(leaves) == places

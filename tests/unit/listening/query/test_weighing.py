"""What follows from what: the linter never says so when a post could show otherwise."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plein.listening.meaning import holds, meant
from plein.listening.query.parsing import parse
from plein.listening.query.tree import Node, Place, Word, replaced
from plein.listening.query.weighing import asks, clash, compared, follows, tells
from plein.listening.tokens import Line
from plein.listening.watches import Said
from tests.unit.listening.query.making import any_trees, words

posts = st.builds(
    lambda parts, language, network: Said(" ".join(parts), language=language, network=network),
    st.lists(st.one_of(words, st.sampled_from(["#best", "bruggen", "A2", "cafe", "best"])), max_size=7),
    st.sampled_from(["nl", "fy", ""]),
    st.sampled_from(["mastodon", "feed"]),
)
without_places = any_trees.map(
    lambda tree: replaced(tree, lambda leaf: Word("best") if isinstance(leaf, Place) else leaf)
)


def matches(tree: Node, post: Said) -> bool:
    return holds(meant(tree), post, Line(post.text))


@settings(max_examples=100, deadline=None)
@given(without_places, without_places, st.lists(posts, min_size=1, max_size=8))
def test_what_follows_does_so_for_every_post(one, other, some):
    if follows(compared(one), compared(other)):
        assert all(matches(other, post) for post in some if matches(one, post))
    if clash(compared(one), compared(other)):
        assert not any(matches(one, post) and matches(other, post) for post in some)


@settings(max_examples=100, deadline=None)
@given(without_places)
def test_a_query_that_asks_for_something_never_matches_a_post_with_nothing(tree):
    assume(asks(tree))
    assert not matches(tree, Said(""))


@settings(max_examples=100, deadline=None)
@given(without_places, posts)
def test_comparing_takes_nothing_from_the_meaning(tree, post):
    assert matches(tree, post) == matches(compared(tree), post)


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("brug", "brug", True),
        ("BRUG", "brüg", True),
        ("brug", "dicht", False),
        ("sluisbrug", "sluis*", True),
        ("sluis*", "sluisbrug", False),
        ("sluisb*", "sluis*", True),
        ('"brug dicht"', "brug", True),
        ('"brug dicht"', "dich*", True),
        ('"de brug dicht"', '"brug dicht"', True),
        ('"de brug dicht"', '"brug de"', False),
        ('"brug dich*"', "dicht", False),
        ('"brug dicht*"', "dich*", True),
        ('"brug dich*"', "brug", True),
        ("brug NEAR/3 dicht", "dicht", True),
        ("brug AND dicht", "dicht", True),
        ("brug OR dicht", "dicht", False),
        ("brug OR dicht", "dicht OR brug OR weg", True),
        ("brug AND dicht AND weg", "weg AND brug", True),
        ("lang:nl", "x NOT lang:fy", False),
        ("#best", "best", False),
    ],
)
def test_what_follows_is_seen(one, other, answer):
    assert follows(compared(parse(one)), compared(parse(other))) is answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [("het", False), ("brug", True), ("het OR brug", False), ("het brug", True), ('"van het"', False), ("lang:nl", False),
     ("link:a.nl", True), ("plaats:best", True), ("#nu", True), ("a1", True), ("1", False), ("😀", True), ("de NEAR/2 het", False)],
)  # fmt: skip
def test_what_says_nothing_about_a_subject_is_known(text, answer):
    assert tells(parse(text)) is answer

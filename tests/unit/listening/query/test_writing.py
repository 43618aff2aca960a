"""From tree to text."""

from __future__ import annotations

import pytest

from plein.listening.query.parsing import parse
from plein.listening.query.tree import And, Filter, Near, Not, Or, Phrase, Place, Prefix, Tag, Word
from plein.listening.query.writing import write

A, B, C = map(Word, "abc")


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Or((And((A, B)), C)), "(a AND b) OR c"),
        (And((Or((A, B)), C)), "(a OR b) AND c"),
        (And((A, And((B, C)))), "a AND (b AND c)"),
        (Not(Near(A, B, 2)), "NOT (a NEAR/2 b)"),
        (Not(Not(A)), "NOT NOT a"),
        (Near(Or((A, B)), Phrase(("b", "c")), 9), '(a OR b) NEAR/9 "b c"'),
        (Word("NIET"), '"NIET"'),
        (Word("NEAR"), '"NEAR"'),
        (Word("niet"), "niet"),
        (Prefix("AND"), "AND*"),
        (Phrase(("a", "b"), open_ended=True), '"a b*"'),
        (Tag("Best"), "#Best"),
        (Filter("link", "a.nl/b_(c)"), 'link:"a.nl/b_(c)"'),
        (Place("Best"), "place:Best"),
        (Place("Berg en Dal"), 'place:"Berg en Dal"'),
    ],
)
def test_a_tree_is_written_with_the_parentheses_and_quotes_it_needs(tree, text):
    assert write(tree) == text


def test_what_is_no_tree_is_not_written():
    with pytest.raises(TypeError):
        write("brug")


def test_a_prefix_that_looks_like_an_operator_is_read_back():
    assert parse(write(Prefix("AND"))) == Prefix("AND")

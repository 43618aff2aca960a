"""A look that was made ready says what `reason` says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plein.listening.looking import Look
from plein.listening.meaning import meant, reason
from plein.listening.query.tree import Or, Phrase, Prefix, Tag, Word
from plein.listening.tokens import Line
from plein.listening.watches import Said

WORDS = st.sampled_from(["brug", "sluis", "sluisbrug", "dicht", "de", "😡", "!"])
TERMS = st.one_of(
    WORDS.map(Word),
    WORDS.map(Tag),
    st.sampled_from(["s", "sluis", "brug"]).map(Prefix),
    st.builds(Phrase, st.lists(WORDS, min_size=1, max_size=3).map(tuple), st.booleans()),
)
TEXTS = st.lists(st.one_of(WORDS, st.just("#sluisbrug")), max_size=8).map(" ".join)


@given(st.lists(TERMS, min_size=1, max_size=6), TEXTS)
def test_a_look_says_what_reason_says(terms, text):
    tree = meant(Or(tuple(terms)))
    said = Said(text)
    assert Look(tree).reason(said, Line(text)) == reason(tree, said, Line(text))


def test_of_several_terms_the_first_in_the_query_is_the_reason():
    tree = meant(Or((Phrase(("de", "sluis")), Word("dicht"), Word("brug"))))
    assert Look(tree).reason(Said(""), Line("Brug dicht, de deur ook")) == "dicht"
    assert Look(tree).reason(Said(""), Line("open")) is None

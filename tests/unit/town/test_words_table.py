"""Folding looks at one character at a time: others may keep a table of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plein.town.words import fold, fold_to_bytes


@given(st.text(st.characters(), max_size=40))
def test_a_text_folds_to_its_characters_folded(text):
    assert fold(text) == "".join(map(fold, text))


def test_every_character_folds_to_something_that_stays():
    everything = [chr(code) for code in range(0x30000)]
    folded = [fold(one) for one in everything]
    assert [fold(one) for one in folded] == folded
    assert fold("".join(everything)) == "".join(folded)
    assert fold_to_bytes("".join(everything)) == "".join(folded).encode("utf-8", "surrogatepass")

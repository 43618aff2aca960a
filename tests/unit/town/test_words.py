"""One spelling for what people write in many."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.town.words import fold, search_line, words


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Café", "cafe"),
        ("SÚDWEST-FRYSLÂN", "sudwest-fryslan"),
        ("ﬁets", "fiets"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("e\u0301e\u0301n", "een"),
    ],
)
def test_case_and_accents_do_not_matter(written, seen):
    assert fold(written) == seen


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_a_search_line_never_gains_a_town_from_what_people_write(one, two):
    first, *rest = search_line(12, one, two).split(" ")
    assert first == "town12"
    assert rest == [*words(one), *words(two)]


def test_signs_are_not_words():
    assert words("#Waterdam_Noord! @gemeente 'n 24/7") == ["waterdam", "noord", "gemeente", "n", "24", "7"]


def test_no_combining_mark_of_unicode_is_left_out() -> None:
    # The iota below (U+0345) is a letter to those who write it, and folds to one.
    marks = "".join(chr(code) for code in range(0x110000) if unicodedata.combining(chr(code)) and code != 0x345)
    assert fold(f"a{marks}b") == "ab"

"""Length as readers and networks count it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.channels.contract import Counting
from plein.channels.counting import graphemes, length


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", 0),
        ("brug", 4),
        ("cafe\u0301", 4),
        ("🇳🇱🇧🇪", 2),
        ("👍🏽", 1),
        ("👩‍👩‍👧‍👦", 1),
        ("❤️", 1),
        ("1️⃣", 1),
        ("a\r\nb", 3),
        ("한국", 2),
        ("각", 1),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 1),
        ("நி", 1),
    ],
)
def test_a_reader_sees_so_many_characters(text, seen):
    assert graphemes(text) == seen


@given(st.text())
def test_there_are_never_more_characters_to_see_than_there_are(text):
    assert 0 <= graphemes(text) <= len(text)


@given(st.text(alphabet=st.characters(max_codepoint=127, exclude_characters="\r\n")), st.text(alphabet="abc"))
def test_plain_text_counts_letter_by_letter(one, other):
    assert graphemes(one + other) == graphemes(one) + graphemes(other)


def test_a_link_and_a_handle_from_elsewhere_count_as_the_network_says():
    text = "@jan@elders.example zie https://waterdam.example/een/heel/lang/adres?met=vragen"
    assert length(text, Counting.MASTODON, 23) == len("@jan zie ") + 23
    assert length(text, Counting.CHARACTERS) == len(text)
    assert length(text, Counting.NONE) == 0

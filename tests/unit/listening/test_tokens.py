"""What a word is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plein.listening.tokens import PICTOGRAPHS, Line, Span, tag_of, tokens
from plein.town.words import fold, words

GLUE = list("ab1#_'’ \u20e3\u200d\ufe0f\u0301\U0001f3fd") + [
    "🙂",
    "❤️",
    "🇳",
    "🇱",
    "🏴",
    "\U000e0067",
    "É",
    "\ud800",
    "\0",
]
texts = st.lists(st.one_of(st.sampled_from(GLUE), st.characters()), max_size=14).map("".join)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("brug🙂dicht", ["brug", "🙂", "dicht"]),
        ("👍🏽👍", ["👍", "👍"]),
        ("❤️ ❤", ["❤", "❤"]),
        ("👨‍👩‍👧🙂", ["👨‍👩‍👧", "🙂"]),
        ("🇳🇱🇧🇪", ["🇳🇱", "🇧🇪"]),
        ("🇳🇱🇧", ["🇳🇱", "🇧"]),
        ("12️⃣3", ["1", "2\u20e3", "3"]),
        ("#️⃣", ["#\u20e3"]),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿!", ["🏴󠁧󠁢󠁥󠁮󠁧󠁿"]),
        ("foto's foto’s 'n", ["fotos", "fotos", "n"]),
        ("Ⓜ️ ™ ㊗️", ["m", "tm", "祝"]),
        ("", []),
        ("\0\ud800", []),
    ],
)
def test_emoji_are_words_of_their_own(text, seen):
    assert tokens(text) == seen


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("de #Sluisbrug dicht", {"sluisbrug": [Span(1, 1)]}),
        ("#sluis_brug", {"sluisbrug": [Span(0, 1)]}),
        ("a#b ##c #_d_ #'e #🙂f #1⃣", {"c": [Span(2, 2)], "d": [Span(3, 3)]}),
        ("🙂#best", {"best": [Span(1, 1)]}),
        ("#foto’s", {"fotos": [Span(0, 0)]}),
        ("＃Ｂｅｓｔ", {"best": [Span(0, 0)]}),
    ],
)
def test_a_hashtag_is_its_words_and_a_tag(text, tags):
    assert Line(text).tags == tags


@given(texts)
def test_without_emoji_words_are_what_search_sees(text):
    usual = text.replace("\u20e3", " ")
    assert [word for word in tokens(usual) if word.isalnum()] == words(usual)


@settings(max_examples=400)
@given(texts, texts)
def test_a_space_keeps_words_apart_and_a_tag_is_made_of_its_words(one, other):
    line = Line(f"{one} {other}")
    assert line.words == tokens(one) + tokens(other)
    for tag, spans in line.tags.items():
        for first, last in spans:
            assert "".join(line.words[first : last + 1]) == tag == tag_of(tag)


def test_no_pictograph_is_folded_or_is_a_letter():
    for first, last in PICTOGRAPHS:
        for code in range(first, last + 1):
            assert fold(chr(code)) == chr(code)
            assert not chr(code).isalnum()


def test_a_very_long_text_is_read_in_no_time():
    assert len(tokens("brug🙂 " * 100_000)) == 200_000

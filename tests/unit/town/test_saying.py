"""Own sentences are kept as text and said in the reader's language; a network's words stay."""

from __future__ import annotations

import pytest

from plein.channels.errors import Refused, TryLater
from plein.town.saying import own, plain, told

DUTCH = {
    "The text is {0} characters too long.": "De tekst is {0} tekens te lang.",
    "{0} cannot be reached: {1}": "{1}: {0} is niet te bereiken",
    "Give the network a name.": "Geef het netwerk een naam.",
}


def dutch(text: str) -> str:
    return DUTCH.get(text, text)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (own("The text is {0} characters too long.", 3), "De tekst is 3 tekens te lang."),
        (own("{0} cannot be reached: {1}", "a.example", "no route {0}"), "no route {0}: a.example is niet te bereiken"),
        (own("Give the network a name."), "Geef het netwerk een naam."),
        ("We do not like {0} and {braces}.", "We do not like {0} and {braces}."),
        (own("Nobody translated {0} yet.", "this"), "Nobody translated this yet."),
        ("", ""),
    ],
)
def test_an_own_sentence_is_said_in_the_readers_language_and_others_words_stay(sentence, expected) -> None:
    assert told(sentence, dutch) == expected


def test_a_sentence_inside_a_sentence_keeps_its_words() -> None:
    inner = own("{0} cannot be reached: {1}", "a.example", "no route")
    assert plain(own("The stream did not open: {0}", inner)) == (
        "The stream did not open: a.example cannot be reached: no route"
    )


def test_an_error_reads_plainly_in_a_log_and_keeps_its_form_for_the_screen() -> None:
    error = TryLater(own("{0} cannot be reached: {1}", "a.example", "no route"))
    assert str(error) == "a.example cannot be reached: no route"
    assert told(error.words, dutch) == "no route: a.example is niet te bereiken"
    assert str(Refused("Their own words.")) == Refused("Their own words.").words

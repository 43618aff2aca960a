"""R12: what leaves a conversation is masked, and reports leave quotes out: they are found back with a search engine."""

from __future__ import annotations

import pytest

from plein.listening.leaving import outside, quote

pytestmark = pytest.mark.requirement
SAID = {
    "Bel me op 020 624 1111": "Bel me op [tel.]",
    "Mail jan.bos@post.example": "Mail [e-mail]",
    "Mijn bsn is 111222333": "Mijn bsn is [bsn]",
    "Vraag het @joke": "Vraag het [account]",
}


@pytest.mark.parametrize("text", SAID)
def test_what_leaves_does_not_point_at_somebody(text):
    assert outside(text) == SAID[text]


def test_a_report_does_not_quote_by_default():
    assert quote("De brug is alweer dicht, zucht") == ""


def test_who_chooses_to_quote_gets_it_masked():
    assert quote("Bel me op 020 624 1111", chosen=True) == "Bel me op [tel.]"

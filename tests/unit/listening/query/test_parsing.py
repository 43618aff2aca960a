"""From text to tree: what binds what, where things stand, and how much is too much."""

from __future__ import annotations

import pytest

from plein.channels.registry import codes
from plein.listening.query.errors import QueryError
from plein.listening.query.parsing import located, parse
from plein.listening.query.tree import And, Filter, Near, Not, Or, Phrase, Place, Prefix, Tag, Word
from plein.listening.query.vocabulary import (
    FILTERS,
    LANGUAGE_NAMES,
    LANGUAGES,
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_PIECES,
    MEANT,
)
from plein.town.saying import plain

A, B, C, D = map(Word, "abcd")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a b", And((A, B))),
        ("a b c", And((A, B, C))),
        ("a OR b OR c", Or((A, B, C))),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a OR b c", Or((A, And((B, C))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a (b c)", And((A, And((B, C))))),
        ("a NOT b c", And((A, Not(B), C))),
        ("a NOT (b c)", And((A, Not(And((B, C)))))),
        ("a NEAR/3 b c", And((Near(A, B, 3), C))),
        ("c NOT a NEAR/3 b", And((C, Not(Near(A, B, 3))))),
        ("a NEAR/3 (b OR (c OR d))", Near(A, Or((B, Or((C, D)))), 3)),
        ("a -b OR c", Or((And((A, Not(B))), C))),
        ("NOT a b", And((Not(A), B))),
        ('"a bcd*"', Phrase(("a", "bcd"), True)),
        ("abc*", Prefix("abc")),
        ("#abc", Tag("abc")),
        ("link:a.nl", Filter("link", "a.nl")),
        ("plaats:a", Place("a")),
    ],
)
def test_near_binds_closest_then_not_then_and_then_or(text, tree):
    assert parse(text) == tree


def test_a_query_may_take_several_lines():
    assert parse("a\r\nOR\n\tb") == Or((A, B))


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("a\nOR OR b", 2, 1), ("a OR\n  (b", 2, 3), ("😀 OR\r\n é #x-y", 2, 4), ("\n\n", 1, 1), ("a\n\n  AND", 3, 3)],
)
def test_a_mistake_is_told_with_its_line_and_column(text, line, column):
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_everything_in_a_query_is_found_back_in_the_text():
    query = located('brug NABIJ/4 (dicht OF "weg af") -klas')
    found = {path: where.words for path, where in query.spots.items()}
    assert found == {
        (): 'brug NABIJ/4 (dicht OF "weg af") -klas',
        (0,): 'brug NABIJ/4 (dicht OF "weg af")',
        (0, 0): "brug",
        (0, 1): '(dicht OF "weg af")',
        (0, 1, 0): "dicht",
        (0, 1, 1): '"weg af"',
        (1,): "-klas",
        (1, 0): "klas",
    }


def refusal(text: str) -> str:
    with pytest.raises(QueryError) as caught:
        parse(text)
    return plain(caught.value.words)


@pytest.mark.parametrize("sign", ["(", "NOT ", "NOT (", "-("])
def test_a_query_that_is_too_deep_is_refused_and_one_that_is_not_is_read(sign):
    def nested(times: int) -> str:
        return "a " + sign * times + "b" + ")" * times * sign.count("(")

    pieces = 2 if len(sign) > 1 and "(" in sign else 1
    assert len(located(nested(MAX_DEPTH // pieces)).spots) > 1
    assert "too deep" in refusal(nested(MAX_DEPTH // pieces + 1))


def test_a_list_of_five_hundred_long_phrases_is_a_query():
    phrases = [f'"{"brug " * 22}{number}"' for number in range(500)]
    assert len(parse(" OR ".join(phrases)).parts) == 500


def test_a_query_that_is_too_long_is_refused():
    assert "longer than" in refusal("brug " * (MAX_LENGTH // 5) + "brug")
    assert "too many words" in refusal("a " * (MAX_PIECES + 1))
    assert "longer than 120 characters" in refusal("a" * 121)
    assert "longer than 120 characters" in refusal(f'plaats:"{"a" * 121}"')
    assert "longer than 120 characters" in refusal(f"link:a.nl/{'a' * 121}")


@pytest.mark.parametrize("code", codes())
def test_every_network_can_be_asked_for(code):
    assert parse(f"netwerk:{code}") == Filter("network", code)


def test_what_is_suggested_exists():
    assert set(FILTERS.values()) == {"lang", "network", "tag", "link", "place"}
    assert set(MEANT.values()) <= set(FILTERS)
    assert set(LANGUAGE_NAMES.values()) <= LANGUAGES
    assert all(len(code) == 2 for code in LANGUAGES - {"und"})
    assert len(LANGUAGES) == 184


@pytest.mark.parametrize(
    "filter_",
    ["van:jan", "from:jan", "auteur:jan", 'account:"jan"', "@jan", "link:x.com/@jan", "tag:@jan", '"a @jan"', "-@jan"],
)
def test_there_is_no_way_to_ask_for_a_person(filter_):
    assert "people" in refusal(f"brug {filter_}")

"""What a query looks for, what an editor colours, and small things."""

from __future__ import annotations

import pytest

from plein.listening.query.highlighting import marks
from plein.listening.query.linting import lint, may_run
from plein.listening.query.looking import phrases_of, terms
from plein.listening.query.nearest import distance, nearest
from plein.listening.query.parsing import parse
from plein.listening.query.tree import Phrase, Prefix, Tag, Word
from plein.town.saying import plain


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("brug OR sluis* OR brug", (Word("brug"), Prefix("sluis"))),
        ("brug NOT (dicht OR open)", (Word("brug"),)),
        ("brug NOT (dicht AND NOT open)", (Word("brug"), Word("open"))),
        ('lang:nl plaats:Best #goes "a b"', (Tag("goes"), Phrase(("a", "b")))),
        ("a NEAR/2 (b OR c)", (Word("a"), Word("b"), Word("c"))),
        ("lang:nl", ()),
    ],
)
def test_what_is_looked_for_is_known_without_what_is_refused(text, found):
    assert terms(parse(text)) == found


def test_phrases_are_shown_as_a_list_for_people_has_them():
    text = 'plaats:"Berg en Dal" (brug OR "weg open*" OR #goes OR sluis*) NOT klas taal:nl'
    assert phrases_of(parse(text)) == ("place:Berg en Dal", "brug", "weg open*", "#goes", "sluis*")


@pytest.mark.parametrize(
    ("text", "coloured"),
    [
        ("brug OF sluis*", [("brug", "word"), ("OF", "operator"), ("sluis*", "prefix")]),
        ('-"a b"', [("-", "not"), ('"a b"', "phrase")]),
        ("(#a 😀)", [("(", "parenthesis"), ("#a", "tag"), ("😀", "emoji"), (")", "parenthesis")]),
        ('plaats:"Berg en Dal"', [("plaats:", "filter"), ('"Berg en Dal"', "value")]),
        ("tag:a", [("tag:", "filter"), ("a", "value")]),
        ("plek:a", [("plek:", "error"), ("a", "error")]),
        ("taal:", [("taal:", "error")]),
        ("a NEAR/3 b", [("a", "word"), ("NEAR/3", "operator"), ("b", "word")]),
        ("a NEAR b", [("a", "word"), ("NEAR", "error"), ("b", "word")]),
        ("NOT AND", [("NOT", "not"), ("AND", "operator")]),
        ("a) (b", [("a", "word"), (")", "error"), ("(", "error"), ("b", "word")]),
        ('a "b c', [("a", "word"), ('"b c', "error")]),
        ("*a @b", [("*a", "error"), ("@b", "error")]),
        ('"a"', [('"a"', "phrase")]),
        (" \n", []),
        ("", []),
    ],
)
def test_an_editor_colours_what_is_there_also_while_it_is_no_query(text, coloured):
    assert [(text[one.start : one.end], one.kind) for one in marks(text)] == coloured


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [("netwrok", ["network", "tag"], "network"), ("tga", ["tag", "lang"], "tag"), ("talal", ["taal"], "taal"),
     ("xyz", ["tag"], ""), ("", ["tag"], ""), ("lnag", ["lang", "link"], "lang")],
)  # fmt: skip
def test_a_typing_error_is_forgiven_and_another_word_is_not(typed, known, meant):
    assert nearest(typed, known) == meant


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("brug", "burg", 1), ("brug", "brg", 1), ("brug", "sluis", 4)],
)
def test_typing_errors_are_counted(one, other, errors):
    assert distance(one, other) == distance(other, one) == errors


def test_with_a_stop_a_watch_may_not_run_and_with_advice_it_may():
    assert not may_run(lint(parse("brug OR het")))
    assert may_run(lint(parse("brug dicht OR weg")))


def test_a_long_list_is_looked_at_in_no_time_and_its_duplicates_are_found():
    tree = parse(" OR ".join([*(f"woord{number}" for number in range(1000)), "Woord7"]))
    assert [one.code for one in lint(tree)] == ["duplicate"]


def test_a_known_place_that_looks_like_a_person_is_a_place():
    assert not lint(parse('"Wim Kan"'), knows_place=lambda name: name == "wim kan")
    assert [one.code for one in lint(parse('"Wim Kan"'))] == ["person"]


def test_an_ordinary_word_that_is_no_place_is_left_alone():
    def codes(**known) -> list[str]:
        return [one.code for one in lint(parse("sluis"), is_ordinary=lambda name: True, **known)]

    assert codes(knows_place=lambda name: False) == []
    assert codes(knows_place=lambda name: True) == codes() == ["ordinary_word"]


def test_a_place_that_nobody_knows_stops_and_the_nearest_one_is_offered():
    found = lint(parse("place:Bst"), knows_place=lambda name: False, place_like=lambda name: "Best")
    (stop,) = [one for one in found if one.code == "unknown_place"]
    assert not may_run(found)
    assert plain(stop.words) == "Plein knows no place called “Bst”. Do you mean Best?"
    assert stop.suggestion == "place:Best"

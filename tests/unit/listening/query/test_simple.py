"""The form builds the same queries, and shows the ones it can."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plein.listening.query.errors import QueryError
from plein.listening.query.parsing import parse
from plein.listening.query.simple import SimpleForm, form_of, tree_of
from plein.listening.query.writing import write
from plein.town.saying import plain

lines = st.lists(
    st.sampled_from(["brug", "brug dicht", "sluis*", "#Best", "foto's", "AND", "😀", "weg open*"]),
    max_size=4,
    unique=True,
).map(tuple)
places = st.lists(st.sampled_from(["Best", "Berg en Dal"]), max_size=2, unique=True).map(tuple)
forms = st.builds(SimpleForm, lines, lines, lines, places).filter(
    lambda form: form.any_of or form.all_of or form.places
)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (SimpleForm(any_of=("brug",)), "brug"),
        (SimpleForm(any_of=("brug", "", "  sluis  dicht ")), 'brug OR "sluis dicht"'),
        (SimpleForm(any_of=('"brug dicht"', "“weg af”")), '"brug dicht" OR "weg af"'),
        (SimpleForm(("brug", "sluis"), ("dicht",), ("klas", "open*"), ("Best", "Buren")),
         "(place:Best OR place:Buren) AND (brug OR sluis) AND dicht AND NOT klas AND NOT open*"),
        (SimpleForm(places=("Berg en Dal",), none_of=("dal",)), 'place:"Berg en Dal" AND NOT dal'),
        (SimpleForm(any_of=("lang:nl",)), '"lang nl"'),
        (SimpleForm(any_of=('"brug OF sluis"',)), '"brug OF sluis"'),
        (SimpleForm(any_of=("station, zwembad;sport", "1,5 meter")), 'station OR zwembad OR sport OR "1 5 meter"'),
        (SimpleForm(places=("Gemeente Best, Oirschot",)), "place:Best OR place:Oirschot"),
    ],
)  # fmt: skip
def test_a_form_asks_what_its_fields_say(form, text):
    assert write(tree_of(form)) == text
    assert parse(text) == tree_of(form)


@settings(max_examples=100, deadline=None)
@given(forms)
def test_a_form_comes_back_from_its_query(form):
    tree = tree_of(form)
    again = form_of(parse(write(tree)))
    assert again is not None
    assert tree_of(again) == tree
    assert form_of(tree_of(again)) == again


@pytest.mark.parametrize(
    "text",
    ['"raad EN college"', '"raad" NOT "a OF b"'],
)
def test_a_phrase_with_words_of_the_language_comes_back(text):
    assert tree_of(form_of(parse(text))) == parse(text)


@pytest.mark.parametrize(
    "text",
    ["brug NEAR/3 dicht", "(a b) OR c", "a NOT (b OR c)", "lang:nl brug", "a (b c)", "(a OR b) (c OR d)", "plaats:a OR b", "NOT NOT a",
     "a NOT plaats:b", "plaats:a plaats:b"],
)  # fmt: skip
def test_a_query_that_says_more_than_the_form_can_is_left_alone(text):
    assert form_of(parse(text)) is None


@pytest.mark.parametrize(
    ("form", "field", "line", "words"),
    [
        (SimpleForm(any_of=("brug", "", "@jan")), "any_of", 3, "“@jan” points at a person"),
        (SimpleForm(any_of=("brug",), none_of=("br*g",)), "none_of", 1, "A star only stands at the end"),
        (SimpleForm(places=("...",)), "places", 1, "There is no word in “...”."),
        (SimpleForm(any_of=("brug", "station EN zwembad")), "any_of", 2, "EN joins nothing in a form."),
        (SimpleForm(any_of=("(brug",)), "any_of", 1, "“(” does nothing in a form."),
        (SimpleForm(any_of=("-brug",)), "any_of", 1, "“-” does nothing in a form."),
        (SimpleForm(none_of=("brug",)), "none_of", 1, "This matches everything without “brug”."),
        (SimpleForm(any_of=(" ", "")), "", 1, "Write at least one word"),
    ],
)
def test_a_mistake_in_a_form_is_told_with_its_field_and_line(form, field, line, words):
    with pytest.raises(QueryError) as caught:
        tree_of(form)
    assert (caught.value.field, caught.value.line) == (field, line)
    assert plain(caught.value.words).startswith(words)

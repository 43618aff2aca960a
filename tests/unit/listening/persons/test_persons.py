"""Whom a watch may not look for: attempts and legitimate watches as data, a line each.

Adding a case is adding a line. The files `*_held_out.txt` were written before the rules and looked at once, at the end.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plein.listening.persons.allowing import Allowance, Why, holds
from plein.listening.persons.judging import Kind, seeks_somebody, sought
from plein.listening.places.gazetteer import all_municipalities
from plein.listening.query.parsing import located
from plein.listening.watching import name_objection, query_objections
from plein.town.saying import plain

HERE = Path(__file__).parent


def lines(*names: str) -> list[str]:
    return [line for name in names for line in (HERE / f"{name}.txt").read_text("utf-8").splitlines() if line]


ATTEMPTS = lines("attempts", "attempts_held_out")
LEGITIMATE = lines("legitimate", "legitimate_held_out")
MISSED = set(lines("missed"))
WRONGLY_REFUSED = set(lines("wrongly_refused"))


def refused(query: str) -> list[str]:
    return [plain(one.about) for one in query_objections(query)]


def test_there_are_as_many_cases_as_were_asked_for():
    assert len(set(ATTEMPTS) - MISSED) >= 200
    assert len(set(LEGITIMATE) - WRONGLY_REFUSED) >= 200


@pytest.mark.parametrize("query", [one for one in ATTEMPTS if one not in MISSED])
def test_nobody_is_watched(query):
    assert refused(query)


@pytest.mark.parametrize("query", [one for one in LEGITIMATE if one not in WRONGLY_REFUSED])
def test_a_subject_a_street_a_place_or_an_organisation_may_be_looked_for(query):
    assert refused(query) == []


@pytest.mark.parametrize("query", ['"Jan de Vries"', "VVD", '"actiegroep azc"'])
def test_a_refusal_says_what_is_possible_instead(query):
    assert "Search for the subject" in refused(query)[0]


@pytest.mark.parametrize(
    ("query", "kind"),
    [('"Sanne Bakker"', Kind.PERSON), ('"Leefbaar Waterdam"', Kind.PARTY), ('"bewoners tegen azc"', Kind.GROUP)],
)
def test_a_person_a_party_and_an_action_group_each_have_a_sentence(query, kind):
    assert [one.kind for one in sought(located(query))] == [kind]


def test_what_is_left_out_is_not_looked_for():
    assert sought(located('zwembad NOT "Jan de Vries"')) == ()
    assert sought(located('zwembad NOT (NOT "Jan de Vries")'))


def test_a_place_that_is_known_to_the_town_is_no_person():
    assert sought(located('"Wim Kan"'))
    assert sought(located('"Wim Kan"'), lambda name: name == "wim kan") == ()


def test_all_municipalities_and_villages_may_be_looked_for():
    every = all_municipalities().values()
    names = {name for one in every for name in (one.name, *one.villages)}
    assert [name for name in names if seeks_somebody(name)] == []


@pytest.mark.parametrize("name", ["Jan", "Jan de Vries", "@best", "Sannе Bakker", "VVD", "#jandevries"])
def test_a_name_of_a_towns_own_is_no_persons(name):
    assert name_objection(name)


OFFICE = Allowance(
    "Sanne van der Laak", Why.IN_OFFICE, "Open letter to the mayor", "a@x.example", "b@x.example", date(2026, 12, 31)
)


def test_an_exception_lets_one_name_through_and_no_other():
    assert list(query_objections('"burgemeester Sanne van der Laak"', allowances=[OFFICE])) == []
    assert list(query_objections('"Sanne van der Laak" OR "Jan de Vries"', allowances=[OFFICE]))
    assert list(query_objections("Sanne", allowances=[OFFICE]))


@pytest.mark.parametrize(
    "change",
    [
        {"reason": " "},
        {"approved_by": ""},
        {"approved_by": "A@x.example"},
        {"until": date(2026, 1, 1)},
        {"why": "resident"},
    ],
)
def test_an_exception_needs_a_reason_and_a_second_pair_of_eyes_and_ends(change):
    from dataclasses import replace

    assert holds(OFFICE, date(2026, 5, 1))
    assert not holds(replace(OFFICE, **change), date(2026, 5, 1))

"""R2: nobody is watched, by any way there is to a watch. An exception has a reason and a second pair of eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plein.listening.persons.allowing import Allowance, Why, holds
from plein.listening.persons.judging import sought
from plein.listening.query.parsing import located
from plein.listening.watching import name_objection, query_objections

pytestmark = pytest.mark.requirement
MAYOR = Allowance("Sanne van der Laak", Why.IN_OFFICE, "Open letter", "a@x.example", "b@x.example", date(2026, 12, 31))
ON = date(2026, 5, 1)


@pytest.mark.parametrize(
    "query",
    ['"Jan de Vries"', '"Jan" AND "de Vries"', "(Jan OR Johan) de Vries", "Jаn de Vriеs", "#JanDeVries", "J4n de Vr1es",
     "Jans* Vri*", '"de Vries, J."', "mevrouw Jansen", "link:jandevries.nl", 'brug OR "Sanne Bakker"'],
)  # fmt: skip
def test_a_person_is_refused(query):
    assert sought(located(query))
    assert list(query_objections(query))


@pytest.mark.parametrize(
    "query", ["@jan", "@jan@mastodon.example", "from:jan", "link:mastodon.example/@jan", "jan.bsky.social"]
)
def test_an_account_is_refused(query):
    assert list(query_objections(query))


@pytest.mark.parametrize("query", ['"actiegroep azc"', '"bewoners tegen windmolens"', '"Extinction Rebellion"'])
def test_an_action_group_is_refused(query):
    assert list(query_objections(query))


@pytest.mark.parametrize("query", ['"Jan Steenplein"', '"De Vries"', "azc", '"protest tegen azc"', '"Albert Heijn"'])
def test_a_subject_a_street_and_a_shop_are_not(query):
    assert list(query_objections(query)) == []


def test_a_persons_name_is_no_name_of_a_place_of_the_towns_own():
    assert name_objection("Jan de Vries")


def test_an_exception_has_a_reason_a_second_pair_of_eyes_and_an_end():
    assert holds(MAYOR, ON)
    for change in ({"reason": ""}, {"approved_by": ""}, {"approved_by": MAYOR.asked_by}, {"until": date(2026, 4, 30)}):
        assert not holds(replace(MAYOR, **change), ON)
    assert sought(located('"Sanne van der Laak"'), allowances=[MAYOR]) == ()

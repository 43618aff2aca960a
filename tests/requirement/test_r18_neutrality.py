"""R18: no watch on a party, on those who stand for one, or on councillors; the subject itself may be looked for."""

from __future__ import annotations

import pytest

from plein.listening.persons.evidence import said
from plein.listening.persons.judging import Kind, sought
from plein.listening.persons.parties import party_in
from plein.listening.query.parsing import located
from plein.listening.watching import query_objections

pytestmark = pytest.mark.requirement


@pytest.mark.parametrize(
    "query",
    ["VVD", "d66", '"Partij voor de Dieren"', "PvdA AND zwembad", "#cdautrecht", '"Leefbaar Waterdam"', "Gemeentebelangen",
     '"Lokaal Belang"', '"Hart voor Den Haag"', "lijsttrekker", "raadsleden OR statenleden"],
)  # fmt: skip
def test_a_party_and_who_stands_for_it_are_refused(query):
    assert [one.kind for one in sought(located(query))][:1] == [Kind.PARTY]
    assert list(query_objections(query))


@pytest.mark.parametrize("query", ["raadslid Pietersen", '"lijsttrekker Bakker"', '"wethouder Bos"', '"Geert Wilders"'])
def test_a_councillor_and_a_candidate_are_refused(query):
    assert list(query_objections(query))


@pytest.mark.parametrize(
    "query",
    [
        "verkiezingen",
        "gemeenteraad",
        '"leefbaar centrum"',
        '"lokaal nieuws"',
        "wethouder AND bezuiniging",
        '"denk mee"',
    ],
)
def test_a_subject_is_not(query):
    assert list(query_objections(query)) == []


def test_a_local_party_is_known_by_its_shape():
    assert party_in([said("Leefbaar"), said("Oeverloo")], lambda name: False) == (0, 2)

"""Whether the manual of the query language is true."""

from __future__ import annotations

import re

import pytest

from plein.listening.query.linting import lint, may_run
from plein.listening.query.parsing import parse
from plein.listening.query.vocabulary import FILTERS
from tests.docs.pages import page

MANUAL = "handleiding/zoektaal.md"


def examples() -> list[str]:
    """Return what stands in blocks: whole queries."""
    return re.findall(r"```\n(.+?)\n```", page(MANUAL), re.DOTALL)


def first_look() -> list[str]:
    """Return what stands in the left column of the first table."""
    table = page(MANUAL).split("## Woorden")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [query for cell in cells for query in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize("query", examples())
def test_every_example_is_a_query_that_may_run_as_it_stands(query):
    remarks = lint(parse(query), query)
    assert may_run(remarks)
    assert not [one for one in remarks if one.severity == "warning"]


@pytest.mark.parametrize("query", first_look())
def test_everything_at_first_look_can_be_typed(query):
    parse(query)


def test_there_are_examples_and_every_filter_is_explained():
    assert len(examples()) >= 6 and len(first_look()) >= 12
    for name in FILTERS:
        assert f"`{name}:" in page(MANUAL)

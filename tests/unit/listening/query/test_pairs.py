"""What advisers type, and what comes of it: `read.txt`, `refused.txt` and `remarked.txt`.

Adding a case is adding its lines: the text as typed, and below it, indented,

read      the query as Plein writes it
refused   the column and the sentence; behind `>` the text with the suggestion in it
remarked  severity, rule and the words it is about; behind `>` the text with the suggestion in it
"""

from __future__ import annotations

import pytest

from plein.listening.query.errors import QueryError
from plein.listening.query.linting import lint
from plein.listening.query.parsing import parse
from plein.listening.query.writing import write
from plein.town.saying import plain
from tests.unit.listening.query.pairs import pairs

ORDINARY = {"best", "buren", "berg en dal"}
PLACES = {"best", "den haag", "berg en dal", "waterdam"}


@pytest.mark.parametrize(("typed", "written"), pairs("read.txt"))
def test_what_is_typed_is_read(typed, written):
    assert [write(parse(typed))] == written


@pytest.mark.parametrize(("typed", "said"), pairs("refused.txt"))
def test_what_is_no_query_is_refused_with_a_place_and_a_remedy(typed, said):
    with pytest.raises(QueryError) as caught:
        parse(typed)
    error = caught.value
    mended = [f"> {error.mended(typed)}"] if error.suggestion else []
    assert [f"{error.column} {plain(error.words)}", *mended] == said
    assert error.line == 1


# A text with two mistakes has the second left.
STILL_WRONG = {"&", "!", "NOT AND sluisbrug", "wmo AND NIET"}
WITH_REMEDY = [typed for typed, said in pairs("refused.txt") if len(said) > 1 and typed not in STILL_WRONG]


@pytest.mark.parametrize("typed", WITH_REMEDY)
def test_a_suggestion_makes_a_query_of_it(typed):
    with pytest.raises(QueryError) as caught:
        parse(typed)
    parse(caught.value.mended(typed))


@pytest.mark.parametrize(("typed", "said"), pairs("remarked.txt"))
def test_what_will_disappoint_is_remarked_on(typed, said):
    remarks = lint(parse(typed), typed, is_ordinary=ORDINARY.__contains__, knows_place=PLACES.__contains__)
    assert [
        f"{one.severity} {one.code}: {typed[one.start : one.end]}"
        + (f" > {one.mended(typed)}" if one.suggestion else "")
        for one in remarks
    ] == said


@pytest.mark.parametrize("typed", [typed for typed, _ in pairs("remarked.txt")])
def test_a_query_stays_a_query_with_any_suggestion_in_it(typed):
    for one in lint(parse(typed), typed, is_ordinary=ORDINARY.__contains__, knows_place=PLACES.__contains__):
        parse(one.mended(typed))

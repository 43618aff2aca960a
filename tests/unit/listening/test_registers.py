"""What the open registers give, a page at a time or as a file."""

from __future__ import annotations

import json

import pytest

from plein.listening.places.registers import AT_A_TIME, Unreadable, asking, kind_of, page_of, places_in

WFS = {
    "type": "FeatureCollection",
    "numberMatched": 3,
    "features": [
        {"properties": {"buurtcode": "BU07530001", "buurtnaam": "Centrum", "gemeentecode": "GM0753"}},
        {"properties": {"buurtcode": "BU07539999", "buurtnaam": "", "gemeentecode": "GM0753"}},
    ],
}
STREETS = {
    "response": {
        "numFound": 1,
        "docs": [
            {"id": "weg-1", "openbareruimte_id": "0753300000000001", "straatnaam": "Hoofdstraat", "woonplaatsnaam": "Best",
             "gemeentecode": "0753"}
        ],
    }
}  # fmt: skip


def test_a_page_of_neighbourhoods_counts_rows_without_a_name_but_keeps_none() -> None:
    page = page_of("neighbourhood", WFS, 0)
    assert [(one.code, one.name, one.kind, one.municipality) for one in page.places] == [
        ("BU07530001", "Centrum", "neighbourhood", "gm0753")
    ]
    assert (page.reached, page.total, page.is_last) == (2, 3, False)


def test_a_page_of_streets_is_read_as_the_locatieserver_writes_it() -> None:
    page = page_of("street", STREETS, 0)
    assert [(one.code, one.name, one.municipality) for one in page.places] == [
        ("0753300000000001", "Hoofdstraat", "gm0753")
    ]
    assert page.is_last


def test_a_register_that_stops_giving_ends_the_asking() -> None:
    assert page_of("village", {"response": {"numFound": 500, "docs": []}}, 300).is_last


@pytest.mark.parametrize("answer", [{}, "no", None, {"response": []}, {"features": 1}, ["x"], {"error": "closed"}])
def test_an_answer_that_is_something_else_is_not_read_as_nothing(answer: object) -> None:
    with pytest.raises(Unreadable):
        page_of("village", answer, 0)


def test_what_is_asked_goes_on_where_it_was() -> None:
    assert asking("neighbourhood", 2000)["startIndex"] == "2000"
    assert asking("village", 300) | {"start": "300", "fq": "type:woonplaats"} == asking("village", 300)
    assert "gemeentecode:0753" in asking("street", 0, "gm0753")["fq"]
    assert asking("street", 0, "gm0753")["rows"] == str(AT_A_TIME["street"])


def test_a_csv_of_neighbourhoods_is_read_with_either_separator_and_without_the_number_of_a_district() -> None:
    for mark in ",;\t":
        text = f"\ufeffwijkcode{mark}wijknaam\r\nWK075301{mark}Wijk 01 Centrum\r\n"
        found = list(places_in("wijken.csv", text, {}))
        assert [(one.name, one.municipality, one.kind) for one in found] == [("Centrum", "gm0753", "neighbourhood")]


def test_streets_of_a_file_find_their_municipality_by_their_village() -> None:
    text = "identificatie,openbareruimtenaam,woonplaatscode\n1,Hoofdstraat,2250\n"
    assert [one.municipality for one in places_in("or.csv", text, {"2250": "gm0753"})] == ["gm0753"]
    with pytest.raises(Unreadable) as problem:
        list(places_in("or.csv", text, {}))
    assert problem.value.line == 2


def test_a_geojson_a_list_and_a_saved_answer_read_alike() -> None:
    row = {"woonplaatscode": "2250", "woonplaatsnaam": "Best", "gemeentecode": "0753"}
    for saved in ({"features": [{"properties": row}]}, [row], {"response": {"numFound": 1, "docs": [row]}}):
        assert [one.name for one in places_in("x.json", json.dumps(saved), {})] == ["Best"]


def test_a_municipality_that_was_merged_is_the_one_of_today() -> None:
    text = "buurtcode,buurtnaam\nBU08560001,Hoevenseveld\n"
    assert [one.municipality for one in places_in("b.csv", text, {})] == ["gm1991"]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("b.csv", "buurtcode,buurtnaam\nBU07530001,Centrum\nBU07530002,Noord,Zuid\n", 3),
        ("b.csv", "buurtcode,buurtnaam\nBU07530001\n", 2),
        ("b.csv", "buurtcode,buurtnaam\n,Centrum\n", 2),
        ("b.csv", "buurtcode,buurtnaam\nBU99990001,Centrum\n", 2),
        ("b.csv", "colour,size\nred,1\n", 2),
        ("b.json", "{", 1),
        ("b.json", '[{"colour": "red"}]', 1),
    ],
)
def test_a_row_that_cannot_be_read_is_an_error_with_its_line(name: str, text: str, line: int) -> None:
    with pytest.raises(Unreadable) as problem:
        list(places_in(name, text, {}))
    assert problem.value.line == line


def test_the_kind_is_seen_from_the_columns_or_given() -> None:
    assert [kind_of({name: "x"}) for name in ("buurtnaam", "straatnaam", "woonplaats", "naam")] == [
        "neighbourhood", "street", "village", "",
    ]  # fmt: skip
    text = "identificatie,woonplaats,gemeentecode\n7,Best,0753\n"
    assert [one.kind for one in places_in("x.csv", text, {}, "village")] == ["village"]

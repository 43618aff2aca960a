"""The municipalities as facts, and what people call them."""

from __future__ import annotations

from datetime import date

import pytest

from plein.listening.places import gazetteer
from plein.listening.places.gazetteer import (
    Place,
    all_municipalities,
    find,
    is_ambiguous,
    municipalities,
    names_of,
    size_class,
    successors,
)

PROVINCES = {
    "Drenthe", "Flevoland", "Fryslân", "Gelderland", "Groningen", "Limburg",
    "Noord-Brabant", "Noord-Holland", "Overijssel", "Utrecht", "Zeeland", "Zuid-Holland",
}  # fmt: skip
TODAY = date(2026, 6, 1)


def texts(code: str, on: date = TODAY, **more) -> set[str]:
    return {name.text for name in names_of(all_municipalities()[code], on, **more)}


def test_there_are_342_municipalities_in_twelve_provinces_and_they_count_the_country() -> None:
    assert len(municipalities()) == 342
    assert {one.province for one in municipalities().values()} == PROVINCES
    assert 17_900_000 < sum(one.inhabitants_in(2026) or 0 for one in municipalities().values()) < 18_400_000


def test_every_municipality_has_a_code_a_village_and_neighbours_who_know_it() -> None:
    for code, one in municipalities().items():
        assert one.code == code and len(code) == 6 and code[2:].isdigit()
        assert one.villages and "" not in one.villages, one.name
        assert one.neighbours or one.name in {"Ameland", "Schiermonnikoog", "Terschelling", "Texel", "Vlieland"}, (
            one.name
        )
        for neighbour in one.neighbours:
            assert code in municipalities()[neighbour].neighbours, (one.name, neighbour)


def test_every_former_municipality_ended_and_leads_to_one_of_today() -> None:
    former = [one for one in all_municipalities().values() if one.until]
    assert len(former) == 90
    for one in former:
        assert one.into and all(all_municipalities()[code].exists_on(one.until) for code in one.into), one.name
        assert all(two.until is None for two in successors(one.code))


def test_a_merger_has_its_day() -> None:
    uden, maashorst = all_municipalities()["gm0856"], all_municipalities()["gm1991"]
    assert uden.exists_on(date(2021, 12, 31)) and not uden.exists_on(date(2022, 1, 1))
    assert maashorst.exists_on(date(2022, 1, 1)) and not maashorst.exists_on(date(2021, 12, 31))
    assert "Uden" in texts("gm1991")
    assert "Weesp" in texts("gm0363", date(2023, 1, 1))


def test_a_former_name_counts_for_the_heir_from_the_day_of_the_merger_only() -> None:
    kinds = {name.text: name.kind for name in names_of(municipalities()["gm1982"], date(2021, 12, 31))}
    assert "Boxmeer" not in kinds or kinds["Boxmeer"] == "village"
    assert {name.text: name.kind for name in names_of(municipalities()["gm1982"], TODAY)}["Boxmeer"] == "former"


def test_a_municipality_that_was_split_leaves_its_name_to_the_village() -> None:
    assert [one.name for one in find("Haaren")] == ["Oisterwijk"]
    assert {one.name for one in successors("gm0788")} == {"Boxtel", "Oisterwijk", "Tilburg", "Vught"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("best", "Best"),
        ("BERGEN (nh)", "Bergen (NH)"),
        ("Den Bosch", "'s-Hertogenbosch"),
        ("’s-hertogenbosch", "'s-Hertogenbosch"),
        ("'s-Gravenhage", "Den Haag"),
        ("Sudwest-Fryslan", "Súdwest-Fryslân"),
        ("Mokum", "Amsterdam"),
        ("040", "Eindhoven"),
        ("Ljouwert", "Leeuwarden"),
        ("Oeteldonk", "'s-Hertogenbosch"),
        ("Kaatsheuvel", "Loon op Zand"),
        ("Weesp", "Amsterdam"),
        ("Hoofddorp", "Haarlemmermeer"),
        ("De Friese Meren", "De Fryske Marren"),
    ],
)
def test_a_name_is_found_however_it_is_written(said: str, meant: str) -> None:
    assert [one.name for one in find(said)] == [meant]


def test_a_name_that_two_have_finds_both_and_an_unknown_one_nobody() -> None:
    assert [one.name for one in find("Bergen")] == ["Bergen (NH)", "Bergen (L)"]
    assert find("Oz") == find("") == ()


def test_an_alias_counts_only_while_it_is_valid() -> None:
    assert find("Weesp", on=date(2024, 1, 1)) and find("Groesbeek", on=date(2014, 5, 1))[0].name == "Berg en Dal"


def test_names_of_every_municipality_are_found_back() -> None:
    for one in municipalities().values():
        assert one in find(one.name), one.name


@pytest.mark.parametrize(
    "name", ["Best", "Buren", "Leiden", "Goes", "Echt", "Een", "Vries", "010", "Ee", "Nederland", "best"]
)
def test_a_name_that_is_an_ordinary_word_or_a_number_is_ambiguous(name: str) -> None:
    assert is_ambiguous(name)


@pytest.mark.parametrize(
    "name", ["Zaltbommel", "Amsterdam", "Eindhoven", "Den Bosch", "Hilversum", "Aa en Hunze", "Son en Breugel"]
)
def test_a_name_that_is_only_a_name_is_not_ambiguous(name: str) -> None:
    assert not is_ambiguous(name)


def test_a_town_s_own_names_and_places_count_while_they_hold_and_only_its_own() -> None:
    own = [Place("", "Het Huis", "building", "gm0753")]
    places = [
        Place("BU07530001", "Wilhelminadorp", "neighbourhood", "gm0753"),
        Place("1", "Oudeweg-Zuid", "street", "gm0753", valid_until=date(2020, 1, 1)),
        Place("2", "Elders", "street", "gm0772"),
        Place("3", "Kerkstraat", "street", "gm0753"),
        Place("4", "Salderes", "neighbourhood", "gm0753", shared=True),
    ]
    found = {name.text: name for name in names_of(municipalities()["gm0753"], TODAY, own=own, places=places)}
    assert set(found) == {"Best", "Klompengat", "Het Huis", "Wilhelminadorp", "Kerkstraat", "Salderes"}
    assert found["Kerkstraat"].ambiguous and found["Salderes"].ambiguous and found["Best"].ambiguous
    assert not found["Wilhelminadorp"].ambiguous and found["Het Huis"].kind == "building"


def test_the_size_class_follows_the_year() -> None:
    assert [size_class(number) for number in (0, 49_999, 50_000, 99_999, 100_000)] == ["S", "S", "M", "M", "L"]
    one = gazetteer.Municipality("gm0000", "Waterdam", "Zeeland", {2014: 48_000, 2024: 51_000})
    assert [size_class(one.inhabitants_in(year) or 0) for year in (2010, 2014, 2023, 2024, 2030)] == list("SSSMM")
    assert all_municipalities()["gm0457"].inhabitants_in(2020) is None


def test_a_village_that_lies_in_two_municipalities_is_ambiguous() -> None:
    names = {name.text: name for name in names_of(municipalities()["gm0060"], TODAY)}
    assert names["Nes"].ambiguous and names["Hollum"].ambiguous is False

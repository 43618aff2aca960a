"""Is a text about a town? The judge, untrained, on texts that are not among its sentences."""

from __future__ import annotations

import pytest

from plein.listening.places.gazetteer import municipalities
from plein.listening.places.judge import ABOUT, Judge
from plein.listening.places.knowledge import TownKnowledge
from plein.listening.places.reasons import reasons
from plein.town.saying import plain

ABOUT_US = [
    ("Best", "de wethouder van best kwam niet opdagen vanavond"),
    ("Best", "Politie in Best zoekt getuigen van een inbraak"),
    ("Buren", "in de gemeente Buren worden de kliko's te laat geleegd"),
    ("Leiden", "vanuit Leiden naar Den Haag, trein valt uit"),
    ("Houten", "Inwoners van Houten klagen over het zwembad"),
    ("Hoorn", "station hoorn, lift stuk"),
    ("Huizen", "Burgemeester Huizen opent haven"),
    ("Weert", "#gemeenteweert waarom is het loket dicht"),
    ("Bergen (NH)", "stroomstoring in Schoorl en Egmond aan Zee"),
    ("Zaltbommel", "zaltbommel, wat een regen"),
]
NOT_ABOUT_US = [
    ("Best", "Best lastig om hier een afspraak te maken"),
    ("Buren", "mijn buren hebben een nieuwe hond"),
    ("Leiden", "dit zal leiden tot lange wachttijden bij de gemeente"),
    ("Houten", "Houten bankje kapot"),
    ("Hoorn", "Hoorn van de auto zit vast"),
    ("Goes", "here goes my weekend, what a day"),
    ("Bergen (NH)", "vakantie in Bergen, Noorwegen, fjorden en regen"),
    ("Bergen (NH)", "Bergen op Zoom krijgt een theater"),
    ("Asten", "Kim van Asten heeft de prijs gewonnen"),
    ("Emmen", "FC Emmen verliest met 0-3, trainer boos"),
    ("Gouda", "een plak gouda op brood"),
]


@pytest.mark.parametrize(("place", "text"), ABOUT_US)
def test_a_text_about_a_town_is_about_it(place: str, text: str) -> None:
    assert Judge(TownKnowledge(place)).judge(text).about


@pytest.mark.parametrize(("place", "text"), NOT_ABOUT_US)
def test_a_text_with_the_ordinary_word_a_person_a_club_or_another_place_is_not(place: str, text: str) -> None:
    assert not Judge(TownKnowledge(place)).judge(text).about


@pytest.mark.parametrize("place", ["Best", "Buren", "Hoorn", "Huizen", "Goes", "Delft", "Putten", "Soest", "Hulst"])
@pytest.mark.parametrize("written", [str.title, str.lower, str.upper])
def test_an_ambiguous_name_alone_never_counts(place: str, written) -> None:
    verdict = Judge(TownKnowledge(place)).judge(written(place))
    assert not verdict.about
    assert verdict.sure < ABOUT


def test_a_text_that_names_nothing_of_the_town_is_not_about_it() -> None:
    verdict = Judge(TownKnowledge("Best")).judge("De wethouder opent een zwembad")
    assert (verdict.about, verdict.why) == (False, ())


def test_every_municipality_is_judged_by_its_name_alone() -> None:
    missed = [
        one.name
        for one in municipalities().values()
        if not Judge(TownKnowledge(one.name))
        .judge(f"De gemeente {one.name.split(' (')[0]} haalt vandaag geen afval op")
        .about
    ]
    assert missed == []


def test_a_place_that_no_register_knows_is_judged_by_its_name() -> None:
    judge = Judge(TownKnowledge("Waterdam"))
    assert judge.judge("in Waterdam is de brug dicht").about
    assert not judge.judge("Piet van Waterdam speelt piano").about


def test_what_a_town_tells_of_itself_counts() -> None:
    text = "huizen aan de Meidoornlaan zonder stroom, ook bij het Kraaiennest"
    told = TownKnowledge("Huizen", streets=("Meidoornlaan",), buildings=("Kraaiennest",))
    assert Judge(told).judge(text).sure > Judge(TownKnowledge("Huizen")).judge(text).sure
    assert Judge(TownKnowledge("Waterdam", neighbourhoods=("Kraaienhoek",))).judge("rook in Kraaienhoek").about


def test_a_street_alone_does_not_make_a_text_about_the_town() -> None:
    town = TownKnowledge("Best", streets=("Nieuwstraat",), buildings=("De Kern",))
    assert not Judge(town).judge("ongeluk in de Nieuwstraat bij De Kern").about


def test_a_street_of_the_town_that_no_other_town_has_is_enough() -> None:
    judge = Judge(TownKnowledge("Best", streets=("Oirschotseweg", "Vleutje", "Akkerwinde"), buildings=("Kwadenpoel",)))
    found = judge.judge("Oirschotseweg weer dicht, waar kan ik nu langs?")
    assert found.about
    assert "the street Oirschotseweg" in [plain(sentence) for sentence in reasons(found.why)]
    assert judge.judge("weer herrie bij Kwadenpoel vannacht").about


@pytest.mark.parametrize(
    "text", ["wat een akkerwinde in mijn tuin", "lekker vleutje gegeten", "daar is zo'n kwadenpoel"]
)
def test_an_own_street_or_building_that_is_written_as_an_ordinary_word_is_not_enough(text: str) -> None:
    judge = Judge(TownKnowledge("Best", streets=("Vleutje", "Akkerwinde"), buildings=("Kwadenpoel",)))
    assert not judge.judge(text).about


@pytest.mark.parametrize(
    ("place", "said", "about"),
    [
        ("Best", "De beste kapper van Best zit in de Hoofdstraat", True),
        ("Best", "Fijn dorp, dat Best", True),
        ("Putten", "De mooiste kerk van Putten staat in de steigers", True),
        ("Best", "BEST WEL DRUK BIJ HET STATION VAN EINDHOVEN", False),
        ("Best", "Er stonden drie eiken in Eindhoven, twee hadden er best kunnen blijven", False),
        ("Best", "naar best vermogen doet de gemeente dat", False),
        ("Best", "in best geval wordt de weg in maart geopend", False),
        ("Best", "Best gemeente, waarom is de stoep kapot", False),
        ("Best", "NEC Nijmegen wil Best halen uit Eindhoven", False),
        ("Best", "Ik sta in best lange file bij Eindhoven", False),
        ("Echt-Susteren", "we stonden in echt lange files bij Sittard", False),
    ],
)
def test_what_the_name_itself_stands_in_outweighs_what_stands_elsewhere(place: str, said: str, about: bool) -> None:
    assert Judge(TownKnowledge(place)).judge(said).about is about


def test_what_is_said_around_a_text_makes_it_surer() -> None:
    judge = Judge(TownKnowledge("Best"))
    text = "in best is dat nooit gebeurd"
    assert judge.judge(text, near=["Nieuws uit Best"]).sure > judge.judge(text).sure


def test_another_language_makes_it_less_sure() -> None:
    judge = Judge(TownKnowledge("Best"))
    assert judge.judge("Best to see", language="en").sure < judge.judge("Best to see").sure


def test_the_reasons_name_the_words_that_decided() -> None:
    verdict = Judge(TownKnowledge("Best")).judge("burgemeester van Best opent gemeentehuis")
    said = " ".join(plain(sentence) for sentence in reasons(verdict.why))
    assert "burgemeester van Best" in said
    assert all(cue.weight > 0 for cue in verdict.why)
    small = Judge(TownKnowledge("Best")).judge("de gemeente best was kort in best")
    assert not any("written" in plain(sentence) for sentence in reasons(small.why))
    against = Judge(TownKnowledge("Gouda")).judge("tosti met gouda")
    assert all(cue.weight < 0 for cue in against.why)
    assert "tosti" in " ".join(cue.words for cue in against.why)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "😀" * 300, "#", "best" * 5000, "Best " * 300, "\ud800 Best", "In İstanbul"]
)
def test_no_text_is_too_strange_to_judge(text: str) -> None:
    assert 0 <= Judge(TownKnowledge("Best")).judge(text).sure <= 1

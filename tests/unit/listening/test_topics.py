"""What a message is about. The held-out messages were written for these tests; nothing is fitted on them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.listening import topics
from plein.listening.topics import EMPTY, TOPICS, by_keywords, telling, topic_of

FOLDER = Path(topics.__file__).parent
HELD_OUT = [json.loads(line) for line in Path(__file__).with_name("topics_held_out.jsonl").read_text().splitlines()]
LEARNED = [line.split("\t") for line in (FOLDER / "learned.tsv").read_text().splitlines()[1:]]


def macro_f1(answers: list[str]) -> float:
    true = [one["topic"] for one in HELD_OUT]
    found = []
    for topic in TOPICS:
        hits = sum(one == other == topic for one, other in zip(true, answers, strict=True))
        found.append(2 * hits / (true.count(topic) + answers.count(topic) or 1))
    return sum(found) / len(found)


def test_every_topic_has_sixty_messages_to_learn_from_and_fifteen_held_out_and_none_twice() -> None:
    for topic in TOPICS:
        assert sum(one == topic for one, _ in LEARNED) >= 60, topic
        assert sum(one["topic"] == topic for one in HELD_OUT) >= 15, topic
    seen = {" ".join(telling(text)) for _, text in LEARNED}
    assert not [one["text"] for one in HELD_OUT if " ".join(telling(one["text"])) in seen]
    assert {topic for topic, _ in LEARNED} == set(TOPICS)


def test_held_out_messages_get_their_topic_more_often_than_by_keywords() -> None:
    ours = macro_f1([topic_of(one["text"]).code for one in HELD_OUT])
    keywords = macro_f1([by_keywords(one["text"]) for one in HELD_OUT])
    assert ours >= 0.75
    assert ours >= keywords + 0.08
    assert keywords > 5 / len(TOPICS)


@pytest.mark.parametrize(
    ("text", "topic", "word"),
    [
        ("De kliko's in onze straat zijn weer niet geleegd", "afval", "klikos"),
        ("mn paspoort is verlopen, hoe lang duurt een nieuwe", "burgerzaken", "paspoort"),
        ("weer hogere ozb, en de woz ook", "belastingen", "woz"),
        ("komt er nu een azc of niet", "asiel-en-opvang", "azc"),
        ("Windturbines achter mijn huis, nee!", "energie-en-klimaat", "windturbines"),
        ("hele fijne kermis weer dit jaar", "evenementen", "kermis"),
    ],
)
def test_the_words_that_decided_are_told(text: str, topic: str, word: str) -> None:
    found = topic_of(text)
    assert found.code == topic
    assert word in found.words


def test_a_compound_that_was_never_learned_is_recognised_by_its_parts() -> None:
    learned = {word for _, text in LEARNED for word in telling(text)}
    for word, topic in (("afvalbrengstation", "afval"), ("parkeerdek", "verkeer-en-parkeren")):
        assert word not in learned
        assert topic_of(word).code == topic


@pytest.mark.parametrize("text", ["", "😀", "12:30", "https://", "de het een", "hallo daar"])
def test_a_message_that_says_nothing_of_a_topic_is_anders_without_much_of_a_reason(text: str) -> None:
    assert topic_of(text).code == "anders"


def test_keywords_that_tie_are_anders() -> None:
    assert by_keywords("kliko") == "afval" and by_keywords("paspoort") == "burgerzaken"
    assert by_keywords("kliko paspoort") == by_keywords("") == "anders"


def test_words_that_stand_in_every_message_are_no_reason() -> None:
    for one in HELD_OUT:
        assert not set(topic_of(one["text"]).words) & EMPTY


@given(st.text(max_size=300))
def test_anything_gets_a_topic_with_a_share_from_nothing_to_all(text: str) -> None:
    found = topic_of(text)
    assert found.code in TOPICS and 0 < found.sure <= 1 and len(found.words) <= 3


def test_saying_the_same_longer_does_not_make_it_certain() -> None:
    assert topic_of("kliko " * 500).sure == topic_of("kliko").sure

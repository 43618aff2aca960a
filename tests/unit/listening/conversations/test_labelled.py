"""The places that were labelled by hand: the held-out ones were written first, and nothing is fitted on them."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path

from plein.listening import conversations
from plein.listening.conversations.messages import Message, newest
from plein.listening.conversations.weighed import Kind, Weighed
from plein.listening.conversations.weighing import weigh

FILES = (Path(conversations.__file__).with_name("built_on.jsonl"), Path(__file__).with_name("held_out.jsonl"))
BUILT_ON, HELD_OUT = ([json.loads(line) for line in file.read_text("utf-8").splitlines()] for file in FILES)


def weighed(place: dict) -> Weighed:
    messages = [
        Message(one["text"], datetime.fromisoformat(one["at"]), one["author"], one["reply_to"])
        for one in place["messages"]
    ]
    return weigh(place["place"], messages, newest(messages))


def test_there_are_places_of_every_label_and_none_is_in_both_files() -> None:
    assert len(BUILT_ON) >= 160 and len(HELD_OUT) >= 60
    for places in (BUILT_ON, HELD_OUT):
        counted = Counter(one["worth_joining"] for one in places)
        assert all(counted[label] >= 12 for label in (0, 1, 2, 3))
    texts = [
        {one["text"] for place in places for one in place["messages"] if len(one["text"]) > 30}
        for places in (BUILT_ON, HELD_OUT)
    ]
    assert not texts[0] & texts[1]


def test_of_the_first_twenty_held_out_places_four_fifths_are_welcome_and_none_is_grief_or_quarrel() -> None:
    first = sorted(HELD_OUT, key=lambda place: -weighed(place).score)[:20]
    assert sum(place["worth_joining"] >= 2 for place in first) >= 16
    assert min(place["worth_joining"] for place in first) > 0


def test_grief_and_quarrel_of_the_places_built_on_stay_at_the_bottom() -> None:
    away = {"grief", "quarrel", "insults", "conspiracy"}
    found = [(place, weighed(place)) for place in BUILT_ON if place["kind"] in away and not place["worth_joining"]]
    assert len(found) >= 30
    assert all(one.score < 1 and one.asked == () for _place, one in found)
    told = [one.kind for place, one in found if place["kind"] == "grief"]
    assert told.count(Kind.GRIEF) >= 0.8 * len(told)

"""Each choice of a colleague teaches the ranking of a town, and only counts are kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from plein.listening.conversations.messages import Message
from plein.listening.conversations.teaching import Choice, Taught, taught_from
from plein.listening.conversations.weighing import weigh

NOW = datetime(2026, 5, 4, 15, tzinfo=UTC)
CONTAINER = [Message("Wanneer wordt de container geleegd?", NOW, "a"), Message("Geen idee, hij zit vol", NOW, "b")]
PASSPORT = [Message("Hoe vraag ik een paspoort aan?", NOW, "a"), Message("Geen idee, aan de balie?", NOW, "b")]
GRIEF = [Message("Mijn moeder is overleden", NOW, "a"), Message("gecondoleerd", NOW, "b")]


def after(choice: str, times: int = 3) -> Taught:
    taught = Taught()
    for _ in range(times):
        taught = taught.learn(weigh("#a", CONTAINER, NOW), choice)
    return taught


def score(messages: list[Message], taught: Taught | None = None) -> float:
    return weigh("#b", messages, NOW, taught=taught).score


def test_what_was_not_ours_goes_down_with_its_topic_and_other_topics_stay() -> None:
    taught = after("not_ours")
    assert score(CONTAINER, taught) < score(CONTAINER) - 0.2
    assert score(PASSPORT, taught) == score(PASSPORT)


def test_what_was_left_goes_down_and_a_little_so_does_its_kind() -> None:
    taught = after("leave")
    assert score(CONTAINER, taught) < score(PASSPORT, taught) < score(PASSPORT)


def test_what_was_joined_goes_up_but_grief_never() -> None:
    taught = Taught()
    for _ in range(30):
        taught = taught.learn(weigh("#a", GRIEF, NOW), Choice.JOIN)
    assert score(GRIEF, taught) <= 0.2
    assert score(CONTAINER, after("join")) > score(CONTAINER)


def test_one_choice_shifts_gently_and_a_hundred_do_not_decide_alone() -> None:
    assert 0 < score(CONTAINER) - score(CONTAINER, after("leave", 1)) < 0.3
    assert score(CONTAINER) - score(CONTAINER, after("leave", 100)) <= 0.9 + 1e-9


def test_what_two_colleagues_taught_is_added_up_and_kept_as_counts_without_texts() -> None:
    both = after("join", 2).with_all(after("leave", 1))
    assert taught_from(json.loads(json.dumps(both.as_data()))) == both
    assert both.counts["kind:question"] == (2, 1) and both.counts["topic:afval"] == (2, 0)
    assert all("container" not in pattern for pattern in both.counts)


def test_an_unknown_choice_is_refused() -> None:
    with pytest.raises(ValueError):
        after("misschien", 1)

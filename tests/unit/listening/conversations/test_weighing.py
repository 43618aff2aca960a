"""How much a municipality could contribute in a place where people talk, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from plein.listening.conversations.messages import Message, in_order
from plein.listening.conversations.weighing import weigh

NOW = datetime(2026, 5, 4, 15, tzinfo=UTC)


def said(*lines: tuple) -> list[Message]:
    """Return messages an hour apart, the last an hour ago: (author, text) or (author, text, reply_to)."""
    first = NOW - timedelta(hours=len(lines))
    return [
        Message(text, first + timedelta(hours=number), author, *rest, id=f"m{number}")
        for number, (author, text, *rest) in enumerate(lines)
    ]


def test_a_question_nobody_answered_is_asked_and_tells_how_long_it_waits() -> None:
    found = weigh("#waterdam", said(("a", "Weet iemand wanneer de kliko geleegd wordt?"), ("b", "goede vraag")), NOW)
    assert [one.message for one in found.asked] == ["m0"]
    assert found.waits == timedelta(hours=2)
    assert found.kind == "question" and found.step == "answer"


def test_a_place_where_nothing_was_said_is_left_alone() -> None:
    found = weigh("#leeg", [], NOW)
    assert (found.kind, found.asked, found.activity) == ("chatter", (), ())
    assert found.score < 1


def test_a_reply_may_name_an_id_a_number_or_an_author() -> None:
    for reply_to in ("m0", 0, "0", "anna", "@anna"):
        placed = in_order(said(("anna", "wanneer?"), ("bram", "dinsdag", reply_to)))
        assert placed[1].parent == 0, reply_to
    assert in_order(said(("anna", "wanneer?"), ("bram", "dinsdag", "elders")))[1].unseen_parent

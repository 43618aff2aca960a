"""How much a municipality could contribute in a place where people talk, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plein.listening.conversations.messages import Message, in_order
from plein.listening.conversations.weighed import WELCOME, Kind, Step
from plein.listening.conversations.weighing import Town, weigh
from plein.town.saying import plain

NOW = datetime(2026, 5, 4, 15, tzinfo=UTC)


def said(*lines: tuple) -> list[Message]:
    """Return messages an hour apart, the last an hour ago: (author, text) or (author, text, reply_to)."""
    first = NOW - timedelta(hours=len(lines))
    return [
        Message(text, first + timedelta(hours=number), author, *rest, id=f"m{number}")
        for number, (author, text, *rest) in enumerate(lines)
    ]


CONTAINER = (
    ("a", "Weet iemand waarom de container in de Lindestraat op storing staat?"),
    ("b", "geen idee, hier ook"),
    ("c", "En wanneer wordt hij weer geleegd? Alles ligt ernaast"),
)


def test_questions_that_stand_open_are_told_with_how_long_they_wait() -> None:
    found = weigh("#waterdam", said(*CONTAINER), NOW)
    assert [one.message for one in found.asked] == ["m0", "m2"]
    assert found.waits == timedelta(hours=3)
    assert (found.kind, found.step, found.topic) == (Kind.QUESTION, Step.ANSWER, "afval")
    assert plain(found.why) == "2 questions about “container” have stood open, the first for 3 hours."
    assert "Replies from people who do not know either: 1." in map(plain, found.reasons)
    assert found.score > 2 and found.people == 3


def test_one_person_is_somebody_and_not_1_people() -> None:
    alone = weigh("gesprek", said(("a", "In Waterdam-Zuid is het fietspad glad, pas op")), NOW)
    assert plain(alone.why) == "Somebody talks about “fietspad”, a matter of the municipality."
    several = weigh("gesprek", said(("a", "Het fietspad is glad, pas op"), ("b", "Ja het fietspad is glad")), NOW)
    assert plain(several.why).startswith("2 people talk about “fietspad”")


def golden() -> list[tuple[str, str, list[Message]]]:
    """Return the places of kinds.txt: kind, step, messages."""
    text = Path(__file__).with_name("kinds.txt").read_text("utf-8")
    blocks = [block.splitlines() for block in text.split("\n\n") if not block.startswith("#")]
    return [(*lines[0].split(), said(*map(_line, lines[1:]))) for lines in blocks]  # type: ignore[misc]


def _line(line: str) -> tuple:
    author, text = line.split(": ", 1)
    return (author, text[3:], int(text[1])) if text.startswith(">") else (author, text)


@pytest.mark.parametrize(("kind", "step", "messages"), golden(), ids=lambda one: one if isinstance(one, str) else "")
def test_every_kind_of_place_is_told_apart_with_its_first_step(kind: str, step: str, messages: list[Message]) -> None:
    found = weigh("#waterdam", messages, NOW)
    assert (found.kind, found.step) == (kind, step)
    assert (found.score >= 1.2) == (kind in WELCOME)
    assert bool(plain(found.why))


def test_no_question_outweighs_grief() -> None:
    grief = (("a", "Mijn man is overleden"), ("b", "gecondoleerd"), ("c", "sterkte met dit verlies"))
    more = [("d", "Waar meld ik bij de gemeente een vergunning voor de stoep?")]
    found = weigh("#waterdam", said(*grief, *more), NOW)
    assert found.score <= 0.2 and found.asked == () and found.kind is Kind.GRIEF


def test_a_place_where_nothing_was_said_is_left_alone() -> None:
    for nothing in ([], [Message("")], [Message("   ", NOW, "a")]):
        found = weigh("#leeg", nothing, NOW)
        assert (found.kind, found.asked) == (Kind.CHATTER, ())
        assert found.score < 1


def test_what_we_cannot_see_and_how_busy_it_is_are_told() -> None:
    two_days = [Message("hoi", NOW - timedelta(days=2), "a", "x1"), Message("dag", NOW, "b"), Message("ja", None, "c")]
    found = weigh("#waterdam", two_days, NOW)
    assert [number for _day, number in found.activity] == [1, 0, 1]
    assert [plain(one) for one in found.unseen] == [
        "Closed groups and private messages: we never look there.",
        "1 messages reply to something that we do not have.",
        "Of 1 messages we do not know when they were written.",
    ]


def test_a_reply_may_name_an_id_a_number_or_an_author() -> None:
    for reply_to in ("m0", 0, "0", "anna", "@anna"):
        placed = in_order(said(("anna", "wanneer?"), ("bram", "dinsdag", reply_to)))
        assert placed[1].parent == 0, reply_to
    for nowhere in ("elders", 7, "9" * 5000, "m1", 1):
        placed = in_order(said(("anna", "wanneer?"), ("bram", "dinsdag", nowhere)))
        assert placed[1].parent is None and placed[1].unseen_parent, nowhere


def test_a_place_in_another_municipality_goes_down_when_a_town_is_known() -> None:
    elsewhere = said(
        ("a", "Wanneer wordt in Groningen de container geleegd?"), ("b", "In Groningen duurt alles lang, geen idee")
    )
    here, there = (weigh("afval", elsewhere, NOW, Town(name)) for name in ("Groningen", "Eindhoven"))
    assert here.score > 2 > 1.2 > there.score
    assert there.kind is Kind.ELSEWHERE
    assert weigh("afval", said(*CONTAINER), NOW, Town("Eindhoven")).score > 2


# -- whatever is said ----------------------------------------------------------------------------

TEXTS = st.sampled_from(
    [text for _author, text in CONTAINER]
    + ["dank je, opgelost", "volgens mij wel", "gecondoleerd", "stem CDA", "te koop", "", "🙂", "onze straat", "klopt niet", "waarom dan?"]
)  # fmt: skip
PLACES = st.lists(st.tuples(st.sampled_from("abcd"), TEXTS, st.sampled_from([None, "m0", "m1"])), max_size=8)


@settings(max_examples=40, deadline=None)
@given(PLACES, st.randoms(use_true_random=False))
def test_the_order_in_which_messages_are_given_has_no_say(lines: list[tuple], random) -> None:
    messages = said(*lines)
    mixed = messages.copy()
    random.shuffle(mixed)
    assert weigh("#waterdam", mixed, NOW) == weigh("#waterdam", messages, NOW)


@settings(max_examples=50, deadline=None)
@given(
    PLACES,
    st.integers(0, 7),
    st.sampled_from(["Dat kan via onze website. ^LV", "Wanneer? We komen dinsdag. ^LV", "Klopt."]),
)
def test_an_answer_of_an_organisation_never_raises_a_score(lines: list[tuple], which: int, answer: str) -> None:
    messages = said(*lines)
    reply = Message(answer, NOW, "gemeente_waterdam", f"m{which}" if which < len(lines) else None, "answer")
    assert weigh("#waterdam", [*messages, reply], NOW).score <= weigh("#waterdam", messages, NOW).score + 1e-9


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(max_size=80),
            st.none() | st.datetimes(),
            st.text(max_size=4),
            st.none() | st.integers() | st.text(max_size=3),
        ),
        max_size=6,
    ),
    st.none() | st.datetimes(),
)
def test_anything_at_all_gets_a_score_from_nought_to_three(messages: list[tuple], now: datetime | None) -> None:  # fmt: skip
    found = weigh("x", [Message(*one) for one in messages], now)
    assert 0 <= found.score <= 3
    assert len(found.activity) <= 28


def test_work_grows_with_the_number_of_messages_and_no_faster() -> None:
    def seconds(number: int) -> float:
        many = [Message(CONTAINER[one % 3][1], NOW + timedelta(seconds=one), f"a{one % 50}") for one in range(number)]
        start = process_time()
        weigh("#waterdam", many, NOW)
        return process_time() - start

    weigh("#waterdam", said(*CONTAINER), NOW)
    assert min(seconds(1000) for _ in range(2)) < 3 * min(seconds(500) for _ in range(3)) + 0.05

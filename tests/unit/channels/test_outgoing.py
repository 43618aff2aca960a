"""May it leave, and what do we believe about what left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from plein.channels.contract import Receipt
from plein.channels.outgoing import (
    MOVES,
    UNDER_WAY,
    Hold,
    State,
    absence_is_certain_at,
    ask_again_after,
    may_send,
    narrowest,
)
from plein.channels.posts import Visibility

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def rule(holds=(), *, due_at=NOW, channel_open=True, kind="reply", author=7):
    return may_send(channel=1, kind=kind, author=author, due_at=due_at, holds=holds, channel_open=channel_open, now=NOW)


def test_what_is_due_on_an_open_channel_may_leave():
    assert rule().allowed


def test_what_nobody_sent_does_not_leave():
    assert rule(author=None).reason == "nobody_sent"


def test_what_is_due_later_waits():
    assert rule(due_at=NOW + timedelta(seconds=1)).reason == "not_yet"


def test_a_closed_channel_sends_nothing():
    assert rule(channel_open=False).reason == "channel_closed"


def test_a_stop_holds_everything_and_says_why():
    assert rule([Hold("Brand aan de haven")]).reason == "Brand aan de haven"


def test_a_stop_on_another_channel_holds_nothing_here():
    assert rule([Hold("Storing", channel=2)]).allowed


def test_a_stop_spares_what_it_says_it_spares():
    hold = Hold("Brand", spares=frozenset({"reply"}))
    assert rule([hold]).allowed and not rule([hold], kind="post").allowed


def test_only_an_answer_of_the_network_leads_from_the_unknown_back_to_planned():
    assert [state for state in State if State.PLANNED in MOVES[state]] == [State.REFUSED, State.UNKNOWN]


def test_what_was_sent_or_cancelled_stays_so():
    assert not MOVES[State.SENT] and not MOVES[State.CANCELLED]


def test_only_what_a_person_copies_is_sent_without_being_claimed_first():
    assert [state for state in State if State.SENT in MOVES[state]] == [State.PLANNED, State.CLAIMED, State.UNKNOWN]


def test_absence_is_believed_once_nothing_can_be_under_way_any_more():
    assert absence_is_certain_at(NOW, Receipt.ASKABLE) == NOW + UNDER_WAY
    assert absence_is_certain_at(NOW, Receipt.IDEMPOTENT) is None
    assert absence_is_certain_at(None, Receipt.ASKABLE) is None


@given(st.integers(0, 1000))
def test_we_ask_less_often_the_longer_we_do_not_know(tries):
    assert ask_again_after(tries) <= ask_again_after(tries + 1) <= timedelta(hours=1)


def test_an_answer_is_never_shown_to_more_people_than_what_it_answers():
    for theirs, asked in product(Visibility, Visibility):
        assert narrowest(theirs, asked).width >= theirs.width

"""What protects a resident, as plain rules: the proof of an account, the month, the objection, what may leave."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from plein.listening import leaving
from plein.listening.answering import Urgency, due, urgency
from plein.listening.proving import SIGNS, Asked, Sent, new_code, proves
from plein.listening.unheard import Unheard, digest

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ASKED = Asked("memory", "@Joke", "7KQ4-M2XD", NOW + timedelta(days=7))


def sent(**change) -> Sent:
    values = {"network": "memory", "handle": "joke", "text": "Mijn code is 7KQ4-M2XD", "arrived_at": NOW} | change
    return Sent(**values)


@pytest.mark.parametrize("text", ["7KQ4-M2XD", "@gemeente 7kq4 m2xd", "code:7KQ4–M2XD!", "７ＫＱ４Ｍ２ＸＤ", "7KQ4\u00a0M2XD"])
def test_a_code_sent_from_the_account_proves_it_however_it_was_typed(text):
    assert proves(ASKED, sent(text=text))


@pytest.mark.parametrize(
    "change",
    [
        {"handle": "joke2"},
        {"handle": "joke@elsewhere.example"},
        {"network": "mastodon"},
        {"text": "7KQ4-M2XE"},
        {"text": ""},
        {"arrived_at": NOW + timedelta(days=7)},
        {"ours": True},
    ],
)
def test_nothing_else_proves_it(change):
    assert not proves(ASKED, sent(**change))


def test_a_used_code_is_empty_and_proves_nothing():
    assert not proves(Asked("memory", "joke", "", NOW + timedelta(days=7)), sent())


@pytest.mark.parametrize("network", ["manual", "webhook", "feed", "page"])
def test_what_a_colleague_or_another_system_says_about_who_wrote_is_no_proof(network):
    assert not proves(Asked(network, "joke", "7KQ4-M2XD", NOW + timedelta(days=7)), sent(network=network))


def test_a_code_has_no_signs_that_look_like_each_other():
    code = new_code(random.Random(1).choice)
    assert len(code) == 9 and not set("01ILO") & set(SIGNS)
    assert len({new_code(random.Random(n).choice) for n in range(500)}) == 500


@given(some.dates(max_value=date(9999, 1, 1)))
def test_there_is_a_month_and_never_more_than_31_days(received):
    assert 28 <= (due(received) - received).days <= 31
    assert due(received).month == received.month % 12 + 1


def test_the_clock_warns_a_week_before():
    last = date(2026, 3, 31)
    assert [urgency(last, last - timedelta(days=days)) for days in (8, 7, 0, -1)] == [
        Urgency.FINE,
        Urgency.SOON,
        Urgency.SOON,
        Urgency.LATE,
    ]


def test_whoever_objected_in_one_town_is_a_stranger_in_another_and_on_another_network():
    here = Unheard(b"here", frozenset({digest(b"here", "memory", "joke")}))
    assert here.holds("memory", "joke")
    assert not here.holds("mastodon", "joke")
    assert not here.holds("memory", "piet")
    assert not Unheard(b"there", here.digests).holds("memory", "joke")


@pytest.mark.parametrize("purpose", ["fraud", "enforcement", "investigation", "social_domain", "OWN_DATA", ""])
def test_there_is_no_export_for_another_purpose(purpose):
    with pytest.raises(leaving.NotAllowed):
        leaving.marked({"posts": []}, purpose, str)


def test_a_changed_export_does_not_fit_its_watermark():
    export = leaving.marked({"posts": ["Dank"]}, "own_data", lambda text: str(hash(text)))
    assert leaving.is_genuine(export, lambda text: str(hash(text)))
    assert not leaving.is_genuine(export | {"purpose": "archive"}, lambda text: str(hash(text)))
    assert not leaving.is_genuine(export | {"posts": []}, lambda text: str(hash(text)))


def test_a_quote_is_left_out_unless_somebody_chose_it_and_then_masked():
    said = "Bel @joke op 020 624 1111"
    assert leaving.quote(said) == ""
    assert leaving.quote(said, chosen=True) == "Bel [account] op [tel.]"

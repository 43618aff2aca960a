"""Which places wait in the queue, and what came of taking part."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from plein.listening.joining.outcomes import FEW, SILENT_AFTER, Outcome, Share, done_in, outcome, thanks, usual
from plein.listening.joining.queueing import FRESH, LEAST_SCORE, UNDO, belongs, returns, undoable

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("step", ["leave", "watch"])
def test_what_the_judge_leaves_alone_never_waits_however_much_it_weighs(step):
    assert not belongs(3.0, step, NOW, NOW)


def test_a_place_waits_from_a_weight_on_and_not_for_ever():
    assert belongs(LEAST_SCORE, "answer", NOW, NOW)
    assert not belongs(LEAST_SCORE - 0.01, "answer", NOW, NOW)
    assert not belongs(3.0, "answer", NOW, NOW + FRESH)


@pytest.mark.parametrize("state", ["joined", "handed", "not_ours"])
def test_only_what_was_left_comes_back(state):
    assert not returns(state, NOW, NOW + timedelta(days=1))
    assert returns("left", NOW, NOW + timedelta(days=1))
    assert not returns("left", NOW, NOW - timedelta(days=1))


def test_a_choice_is_undone_within_a_minute():
    assert undoable(NOW, NOW + UNDO)
    assert not undoable(NOW, NOW + UNDO + timedelta(seconds=1))


@pytest.mark.parametrize(
    "text", ["Dank je wel!", "top, duidelijk", "Bedankt voor de snelle reactie", "Tige tank", "thanks!"]
)
def test_thanks_are_recognised(text):
    assert thanks(text)


@pytest.mark.parametrize(
    "text", ["Nee bedankt", "niet duidelijk", "Dat klopt niet", "En wanneer dan?", "dankzij jullie is het dicht", ""]
)
def test_what_is_no_thanks_is_not_taken_for_it(text):
    assert not thanks(text)


def test_silence_takes_days():
    assert outcome(NOW, [], NOW + SILENT_AFTER - timedelta(seconds=1)) is Outcome.WAITING
    assert outcome(NOW, [], NOW + SILENT_AFTER) is Outcome.SILENT
    assert outcome(NOW, ["En dan?"], NOW + SILENT_AFTER) is Outcome.ANSWERED
    assert outcome(None, ["En dan?"], NOW) is Outcome.NOT_YET


def test_of_few_there_is_no_percentage():
    assert Share(FEW - 1, FEW - 1).percent is None
    assert Share(FEW // 2, FEW).percent == 50
    assert Share(0, 0).few


def test_of_nothing_nothing_is_usual():
    assert usual([]) is None


def test_a_period_counts_when_anything_was_done_in_it():
    week = timedelta(days=7)
    periods = [(NOW - 2 * week, NOW - week), (NOW - week, NOW)]
    assert done_in(periods, [NOW - timedelta(days=1)]) == [False, True]
    assert done_in(periods, [NOW]) == [False, False]

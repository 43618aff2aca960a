"""Does everything run? The rule, from the facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from plein.channels.health import (
    LATE,
    TOKEN_SOON,
    WORKER_STILL,
    Health,
    Level,
    SourceFacts,
    of_queue,
    of_source,
    of_token,
    of_worker,
    worst,
)

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
RUNS = SourceFacts(True, "open", True, NOW - timedelta(seconds=10), NOW, 0, 15.0)


@pytest.mark.parametrize(
    ("change", "word", "level"),
    [
        ({}, "fine", Level.FINE),
        ({"active": False}, "off", Level.OFF),
        ({"channel_status": "paused"}, "paused", Level.OFF),
        ({"channel_status": "sign_in_needed"}, "sign_in_needed", Level.WRONG),
        ({"failures": 1}, "stumbled", Level.LOOK),
        ({"last_ok_at": NOW - timedelta(hours=1), "failures": 9}, "failing", Level.WRONG),
        ({"last_ok_at": NOW - timedelta(hours=1)}, "engine_still", Level.WRONG),
        ({"last_ok_at": None}, "not_yet", Level.LOOK),
        ({"last_ok_at": None, "due_at": NOW - timedelta(hours=1)}, "engine_still", Level.WRONG),
        ({"last_ok_at": NOW - timedelta(hours=1), "poll_seconds": 900.0}, "fine", Level.FINE),
        ({"by_itself": False, "last_ok_at": None}, "fine", Level.FINE),
    ],
)
def test_a_source_is_called_by_what_is_the_matter(change, word, level):
    assert of_source(replace(RUNS, **change), NOW) == Health(word, level)


def test_a_token_that_dies_soon_is_told_in_time():
    assert of_token(None, NOW).word == "fine"
    assert of_token(NOW + TOKEN_SOON + timedelta(hours=1), NOW).word == "fine"
    assert of_token(NOW + TOKEN_SOON, NOW).word == "token_soon"
    assert of_token(NOW, NOW).word == "token_dead"


def test_a_late_queue_is_wrong_unless_somebody_stopped_it():
    assert of_queue(None, False, NOW).word == "fine"
    assert of_queue(NOW - LATE / 2, False, NOW).word == "fine"
    assert of_queue(NOW - LATE, False, NOW) == Health("queue_late", Level.WRONG)
    assert of_queue(NOW - LATE, True, NOW) == Health("queue_held", Level.LOOK)


def test_a_worker_that_finished_no_round_stands_still():
    assert of_worker("send", NOW, "", NOW).word == "fine"
    assert of_worker("send", NOW, "timeout", NOW).word == "worker_error"
    assert of_worker("send", NOW - WORKER_STILL - timedelta(seconds=1), "", NOW).word == "engine_still"
    assert of_worker("send", None, "", NOW).word == "engine_still"
    assert of_worker("forget", NOW - timedelta(minutes=20), "", NOW).word == "fine", "its rounds are far apart"


def test_the_worst_finding_is_the_one_to_show():
    findings = [Health("fine", Level.FINE), Health("failing", Level.WRONG), Health("stumbled", Level.LOOK)]
    assert worst(findings).word == "failing"
    assert worst([]).word == "fine"

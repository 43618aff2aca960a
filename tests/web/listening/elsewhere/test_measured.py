"""Taking part in figures: what counts, what does not, and what small numbers say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from plein_web.listening.elsewhere.measured import measure
from plein_web.listening.elsewhere.models import PlaceChoice
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(waterdam, sanne):
    return factories.channel(waterdam)


def answered(
    channel, *, joined: bool, hours_ago: float = 5, replies: tuple[str, ...] = (), arrived_before: bool = False
):
    """Make a question and our answer to it, found elsewhere or come by itself."""
    now, town = timezone.now(), channel.town
    asked_at = now - timedelta(hours=hours_ago)
    question = factories.post(town, channel=channel, posted_at=asked_at, arrived_at=asked_at + timedelta(hours=1))
    person = town.memberships.first().person
    sent_at = asked_at + timedelta(hours=2)
    if joined:
        made_at = asked_at + timedelta(hours=1.5 if arrived_before else 1)
        PlaceChoice.objects.create(
            town=town, person=person, choice="join", fetch="here", post=question, asked_at=asked_at, made_at=made_at
        )
    factories.outgoing(channel, reply_to=question, state="sent", written_at=sent_at, settled_at=sent_at, author=person)
    for number, text in enumerate(replies, 1):
        factories.post(town, channel=channel, parent=question, text=text, posted_at=sent_at + timedelta(minutes=number))


def test_the_share_is_that_of_answers_in_conversations_that_were_found_elsewhere(channel, waterdam):
    answered(channel, joined=True)
    answered(channel, joined=False)
    answered(channel, joined=True, arrived_before=True)
    figures = measure(waterdam, 28, timezone.now())
    assert (figures.share.part, figures.share.whole) == (1, 3), "what had come by itself was not found"


def test_what_did_not_arrive_and_what_is_older_does_not_count(channel, waterdam):
    answered(channel, joined=True, hours_ago=24 * 40)
    answered(channel, joined=True)
    channel.outgoing.filter(settled_at__gte=timezone.now() - timedelta(days=1)).update(state="refused")
    share = measure(waterdam, 28, timezone.now()).share
    assert (share.part, share.whole) == (0, 0)


def test_whether_a_town_does_it_at_all_is_told_by_week_and_month(channel, waterdam):
    assert not any(yes for _day, yes in measure(waterdam, 28, timezone.now()).weeks)
    answered(channel, joined=True, hours_ago=3)
    figures = measure(waterdam, 28, timezone.now())
    assert sum(yes for _day, yes in figures.weeks) == 1 and len(figures.weeks) == 12
    assert sum(yes for _day, yes in figures.months) == 1 and len(figures.months) == 6


def test_the_time_to_join_is_from_the_question_to_our_answer(channel, waterdam):
    answered(channel, joined=True)
    figures = measure(waterdam, 28, timezone.now())
    assert (figures.time_to_join, figures.timed) == (timedelta(hours=2), 1)


def test_what_became_of_it_is_told(channel, waterdam):
    answered(channel, joined=True, replies=("Top, dank je!",))
    answered(channel, joined=True, replies=("En op zondag?",))
    answered(channel, joined=True)
    answered(channel, joined=True, hours_ago=24 * 6)
    outcomes = measure(waterdam, 28, timezone.now()).outcomes
    assert outcomes == {"not_yet": 0, "thanked": 1, "answered": 1, "waiting": 1, "silent": 1}


def test_another_town_has_figures_of_its_own(channel, oeverloo):
    answered(channel, joined=True)
    figures = measure(oeverloo, 28, timezone.now())
    assert (figures.share.whole, figures.joined) == (0, 0)


def test_more_conversations_cost_no_more_queries(channel, waterdam):
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            measure(waterdam, 28, timezone.now())
        return len(counted)

    answered(channel, joined=True)
    few = queries()
    for _each in range(5):
        answered(channel, joined=True, replies=("dank",))
    assert queries() == few


def test_the_page_tells_each_figure_with_its_meaning_and_that_few_are_few(sign_in, sanne, channel):
    answered(channel, joined=True)
    shown = sign_in(sanne).get(reverse("joining_measured", args=["waterdam"]) + "?days=7").content.decode()
    assert "1 van 1 antwoorden op plekken van anderen" in shown
    assert "te weinig antwoorden" in shown and "procent" not in shown
    assert shown.count("Wat betekent dit?") == 4
    assert "2 uur" in shown

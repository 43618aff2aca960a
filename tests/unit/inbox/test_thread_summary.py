"""What a thread amounts to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plein.inbox.threads import SNIPPET, Handling, Spoken, Status, shortened, summary

START = datetime(2026, 3, 3, 9, tzinfo=UTC)


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


def said(uri: str, at: float, words: str = "De brug is dicht", **fields) -> Spoken:
    return Spoken(uri, "Joke", words, minute(at), fields.pop("arrived", minute(at)), **fields)


def test_a_first_post_opens_a_conversation():
    found = summary([said("a", 0)], Handling())
    assert (found.status, found.unseen, found.waiting_since) == (Status.OPEN, 1, minute(0))
    assert (found.title, found.snippet, found.resident) == ("De brug is dicht", "De brug is dicht", "Joke")


def test_an_answer_makes_it_wait_for_the_resident():
    found = summary([said("a", 0)], Handling(status=Status.WAITING, answered=(minute(5),)))
    assert (found.status, found.unseen, found.waiting_since) == (Status.WAITING, 0, None)


def test_a_new_post_of_the_resident_opens_it_again():
    for status in (Status.WAITING, Status.DONE):
        done = Handling(status=status, answered=(minute(5),), handled=minute(6))
        found = summary([said("a", 0), said("b", 9, "En nu?")], done)
        assert (found.status, found.unseen, found.snippet) == (Status.OPEN, 1, "En nu?")


def test_a_post_that_came_in_late_was_not_read_by_whoever_answered():
    late = said("b", 1, arrived=minute(9))
    assert summary([said("a", 0), late], Handling(Status.WAITING, answered=(minute(5),))).status is Status.OPEN


def test_an_answer_that_was_refused_leaves_the_resident_waiting():
    found = summary([said("a", 0)], Handling(status=Status.WAITING, answered=()))
    assert (found.status, found.waiting_since) == (Status.OPEN, minute(0))


def test_an_answer_in_the_networks_own_app_counts():
    posts = [said("a", 0), said("o", 3, "We komen", ours=True)]
    found = summary(posts, Handling(status=Status.OPEN, waited=True))
    assert (found.status, found.unseen, found.resident) == (Status.WAITING, 0, "Joke")


def test_our_own_answer_as_the_network_shows_it_does_not_count_twice():
    posts = [said("a", 0), said("b", 2, arrived=minute(4)), said("o", 3, ours=True)]
    done = Handling(Status.WAITING, answered=(minute(1),), sent=frozenset({"o"}))
    assert summary(posts, done).unseen == 1


def test_what_a_colleague_reopened_stays_open_until_somebody_answers():
    assert summary([said("a", 0)], Handling(Status.OPEN, handled=minute(5))).status is Status.OPEN


def test_when_the_resident_takes_the_question_away_nobody_waits_any_more():
    found = summary([said("a", 0, "", deleted=True)], Handling(Status.OPEN, waited=True))
    assert (found.status, found.title, found.snippet, found.unseen) == (Status.DONE, "", "", 0)


def test_when_the_resident_takes_one_of_two_away_the_other_still_waits():
    found = summary([said("a", 0, "", deleted=True), said("b", 1, "Hallo?")], Handling(Status.OPEN, waited=True))
    assert (found.status, found.title, found.waiting_since) == (Status.OPEN, "Hallo?", minute(1))


def test_a_change_after_our_answer_is_told():
    changed = replace(said("a", 0), changed=minute(8))
    assert summary([changed], Handling(Status.WAITING, answered=(minute(5),))).edited
    assert not summary([changed], Handling(Status.WAITING, answered=(minute(9),))).edited


def test_long_words_are_cut_off_on_one_line():
    assert len(shortened("woord " * 100, SNIPPET)) <= SNIPPET
    assert shortened("a" * 500, 10) == "aaaaaaaaa…"


posts = st.lists(
    st.builds(
        lambda n, arrived, ours, gone: said(
            f"p{n}", n, f"nummer {n}", arrived=minute(arrived), ours=ours, deleted=gone
        ),
        st.integers(0, 20),
        st.integers(0, 30),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda post: post.uri,
)
doings = st.builds(
    Handling,
    st.sampled_from(Status),
    st.lists(st.integers(0, 30).map(minute), max_size=2).map(tuple),
    st.just(frozenset()),
    st.one_of(st.none(), st.integers(0, 30).map(minute)),
    st.booleans(),
)


@given(posts, doings, st.randoms())
def test_the_order_in_which_we_hear_of_posts_does_not_matter(thread, done, chance):
    other = list(thread)
    chance.shuffle(other)
    assert summary(thread, done) == summary(other, done)


@given(posts, doings)
def test_reckoning_twice_changes_nothing(thread, done):
    once = summary(thread, done)
    after = replace(done, status=once.status, waited=once.waiting_since is not None)
    assert summary(thread, after) == once


@given(posts, doings)
def test_whoever_waits_is_in_an_open_conversation(thread, done):
    found = summary(thread, done)
    assert (found.unseen > 0) == (found.waiting_since is not None)
    assert not found.unseen or found.status is Status.OPEN

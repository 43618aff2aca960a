"""When to ask again."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from plein.channels.asking import LAST_CHECK, LONGEST_WAIT, back_off, check_again_after


def test_a_post_is_looked_at_some_sixty_times_and_then_left_in_peace():
    age, looks = timedelta(), 0
    while wait := check_again_after(age):
        age, looks = age + wait, looks + 1
    assert 40 <= looks <= 80 and age > LAST_CHECK


def test_a_fresh_post_is_looked_at_again_within_ten_seconds():
    assert check_again_after(timedelta(seconds=5)) <= timedelta(seconds=10)


@given(st.integers(0, 100), st.integers())
def test_nobody_waits_longer_than_a_quarter_of_an_hour_and_some(failures, seed):
    assert timedelta(0) < back_off(failures, 15.0, Random(seed)) <= LONGEST_WAIT * 1.2


@given(st.floats(0.1, 7200), st.integers())
def test_what_the_network_asks_for_is_never_shortened(retry_after, seed):
    assert back_off(0, 1.0, Random(seed), retry_after=retry_after) >= timedelta(seconds=retry_after) - timedelta(
        microseconds=1
    )


def test_what_is_refused_for_good_is_asked_again_after_about_an_hour():
    assert timedelta(minutes=45) < back_off(0, 15.0, Random(1), permanent=True) < timedelta(minutes=75)

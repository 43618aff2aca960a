"""Where a message was said."""

from __future__ import annotations

import pytest

from plein.listening.joining.discovering import MOST_TAGS, PlaceKind, Spot, is_person, spots


def test_a_message_is_in_its_thread_in_its_hashtags_and_in_the_feed_that_brought_it():
    assert list(spots("ab12", "sluisbrug waterdam", 7, "feed")) == [
        Spot(PlaceKind.THREAD, "ab12"),
        Spot(PlaceKind.HASHTAG, "sluisbrug"),
        Spot(PlaceKind.HASHTAG, "waterdam"),
        Spot(PlaceKind.FEED, "7"),
    ]


@pytest.mark.parametrize("kind", ["jetstream", "firehose", "public", "hashtag", "search", ""])
def test_a_stream_of_everything_is_no_place(kind):
    assert list(spots("ab12", "", 7, kind)) == [Spot(PlaceKind.THREAD, "ab12")]


def test_a_message_full_of_hashtags_is_in_none_of_them():
    tags = " ".join(f"tag{letter}" for letter in "abcdefghij"[: MOST_TAGS + 1])
    assert list(spots("ab12", tags)) == [Spot(PlaceKind.THREAD, "ab12")]


@pytest.mark.parametrize("tag", ["jan", "jandevries", "pieterbakker", "sandersmit", "janvandijk"])
def test_the_name_of_a_person_is_no_place(tag):
    assert is_person(tag)
    assert list(spots("", tag)) == []


@pytest.mark.parametrize(
    "tag",
    ["sluisbrug", "jandevriesbrug", "vaartkade", "evenementen", "modeshow", "rotterdam", "martinikerk", "dewitte"],
)
def test_a_street_a_building_or_a_subject_is_a_place(tag):
    assert not is_person(tag)

"""What authors ask of who reads along, and what follows for posts that were only overheard."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plein.channels.lexicon import Label, Labels, Record, post_of_record
from plein.channels.posts import Visibility
from plein.channels.wishes import TAGS, Wish, in_profile, may_be_overheard

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("tag", sorted(TAGS))
def test_a_hashtag_in_a_profile_keeps_machines_out(tag: str) -> None:
    assert in_profile(f"Ik tuinier. #{tag.upper()} en #koken") == {Wish.NO_MACHINES}


@pytest.mark.parametrize("text", ["", "nobot", "#nobottle", "#bots welkom", "https://a.example/#nobotten"])
def test_other_words_ask_nothing(text: str) -> None:
    assert in_profile(text) == frozenset()


@pytest.mark.parametrize("visibility", list(Visibility))
def test_only_what_is_for_everybody_may_be_overheard(visibility: Visibility) -> None:
    assert may_be_overheard(visibility) == (visibility is Visibility.PUBLIC)


def test_every_wish_is_decided_and_only_not_being_recommended_is_no_reason() -> None:
    assert [wish for wish in Wish if may_be_overheard("public", {wish})] == [Wish.NOT_RECOMMENDED]


@pytest.mark.parametrize(("labels", "wishes"), [([], set()), (["!no-unauthenticated"], {Wish.SIGNED_IN_ONLY}), (["porn"], set())])
def test_a_label_of_the_author_on_bluesky_is_a_wish_and_no_warning(labels, wishes) -> None:
    record = Record(text="hoi", created_at=NOW.isoformat(), labels=Labels([Label(value) for value in labels]))
    post = post_of_record("did:plc:a", "1", "c", record, seen_at=NOW)
    assert set(post.wishes) == wishes
    assert "!" not in post.content_warning
    assert post_of_record("did:plc:a", "1", "c", Record(text="hoi"), seen_at=NOW, asked=tuple(labels)).wishes == post.wishes

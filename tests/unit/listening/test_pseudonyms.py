"""Authors and places can be counted, not followed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from plein.listening.hearing import Keys
from plein.listening.pseudonyms import period_of, uri_hash
from plein.town.vault import Vault, WrongKey

KEYS = [b"KdbL0bVhFlbiV2dOJm1ofZOQnIXjiaYHN2TTdX1lCKY=", b"Qhl_UJFTDZvK0BR9Ksv3-yMDvZl9JLpOydW_1ZpnYwU="]
URI = "at://did:plc:buurvrouw/app.bsky.feed.post/3k"


def keys(*names: bytes) -> Keys:
    return Keys(Vault(list(names) or KEYS[:1]).derive)


def test_an_author_is_the_same_within_a_watch_and_a_month():
    assert keys().disguise(1, "2026-03").author("did:plc:a") == keys().disguise(1, "2026-03").author("did:plc:a")


def test_an_author_is_somebody_else_for_another_watch_and_another_month():
    made = {keys().disguise(watch, month).author("did:plc:a") for watch in (1, 2) for month in ("2026-03", "2026-04")}
    assert len(made) == 4
    assert all(len(one) == 16 for one in made)


def test_a_locator_opens_only_beside_its_own_mention():
    disguise = keys().disguise(1, "2026-03")
    hashed = keys().hash(URI)
    locked = disguise.lock(URI, hashed)
    assert "buurvrouw" not in locked
    assert disguise.unlock(locked, hashed) == URI
    with pytest.raises(WrongKey):
        disguise.unlock(locked, keys().hash("at://another"))
    with pytest.raises(WrongKey):
        keys().disguise(2, "2026-03").unlock(locked, hashed)


def test_the_same_uri_is_never_locked_the_same_way_twice():
    disguise = keys().disguise(1, "2026-03")
    assert disguise.lock(URI, "x") != disguise.lock(URI, "x")


def test_a_new_key_on_top_opens_what_the_old_one_locked_and_keeps_hashes():
    old, both = keys(KEYS[0]), keys(KEYS[1], KEYS[0])
    locked = old.disguise(1, "2026-03").lock(URI, "x")
    assert both.disguise(1, "2026-03").unlock(locked, "x") == URI
    assert both.hash(URI) == old.hash(URI)
    assert both.disguise(1, "2026-03").author("a") == old.disguise(1, "2026-03").author("a")


def test_a_hash_says_nothing_without_the_key():
    assert uri_hash(b"a" * 32, URI) != uri_hash(b"b" * 32, URI)


def test_months_are_counted_in_utc():
    assert period_of(datetime(2026, 4, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))) == "2026-03"
    assert period_of(datetime(2026, 4, 1, tzinfo=UTC)) == "2026-04"

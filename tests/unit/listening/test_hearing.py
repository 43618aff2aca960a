"""What passes, and the little that is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec

from plein.channels.posts import Author, Deleted, Post, Unreadable, Visibility
from plein.listening.hearing import Keys, Listener
from plein.listening.marking import marked
from plein.listening.matching import FastEngine, Watch
from plein.town.vault import Vault

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
KEYS = Keys(Vault([b"KdbL0bVhFlbiV2dOJm1ofZOQnIXjiaYHN2TTdX1lCKY="]).derive)
BRUG, AFVAL = Watch.of_phrases(1, 10, ("sluisbrug",)), Watch.of_phrases(2, 20, ("zwerfvuil", "sluisbrug"))
POST = Post(
    network="mastodon",
    uri="https://plein.example/1",
    remote_id="1",
    author=Author("7", "joke@plein.example"),
    text="De Sluisbrug is weer dicht, @jan@plein.example",
    posted_at=NOW,
    language="nl",
)


def listener(*watches: Watch, town: int | None = None) -> Listener:
    return Listener(FastEngine(watches or (BRUG, AFVAL)), KEYS, town)


def line(
    text: str = "sluisbrug dicht", *, operation: str = "create", rkey: str = "3k", time_us: int = 1_772_530_200_000_000
):
    commit = {"operation": operation, "collection": "app.bsky.feed.post", "rkey": rkey, "cid": "b"}
    if operation != "delete":
        commit["record"] = {"text": text, "createdAt": "2026-03-03T09:00:00Z", "langs": ["nl"]}
    return msgspec.json.encode({"did": "did:plc:joke", "time_us": time_us, "kind": "commit", "commit": commit})


def test_a_post_that_nobody_asked_for_leaves_only_a_number():
    harvest = listener().hear_items([replace(POST, text="mooi weer")], NOW)
    assert (harvest.rows, harvest.writes, harvest.seen) == ([], 0, 1)


def test_every_watch_that_asked_gets_a_row_of_its_own():
    rows = listener().hear_items([POST], NOW).rows
    assert [(row.town, row.watch, row.phrase) for row in rows] == [(10, 1, "sluisbrug"), (20, 2, "sluisbrug")]
    assert len({row.author for row in rows}) == 2
    assert len({row.uri_hash for row in rows}) == 1


def test_an_edit_is_later_than_its_post_also_where_the_authors_clock_says_otherwise():
    for clock in (timedelta(0), timedelta(hours=1)):
        row = listener(BRUG).hear_items([replace(POST, posted_at=NOW + clock, edited_at=NOW)], NOW).rows[0]
        assert row.version_at > row.posted_at


def test_what_a_town_says_itself_it_does_not_overhear_and_others_do():
    hears = Listener(FastEngine((BRUG, AFVAL)), KEYS, own={10: {("mastodon", "7")}})
    assert [row.town for row in hears.hear_items([POST], NOW).rows] == [20]
    assert [row.town for row in hears.hear_items([replace(POST, network="bluesky")], NOW).rows] == [10, 20]


def test_a_post_that_names_no_language_gets_the_one_it_is_written_in():
    unnamed = replace(POST, text="De sluisbrug is alweer dicht en niemand weet hoe lang", language="")
    assert listener(BRUG).hear_items([unnamed], NOW).rows[0].language == "nl"
    number = listener(Watch.of_phrases(3, 10, ("123",)))
    assert number.hear_items([replace(unnamed, text="👍 123")], NOW).rows[0].language == ""
    assert listener(BRUG).hear_items([replace(POST, language="fy")], NOW).rows[0].language == "fy"


def test_a_row_holds_no_handle_no_author_and_no_address():
    row = listener(BRUG).hear_items([POST], NOW).rows[0]
    assert row.text == "De Sluisbrug is weer dicht, [account]"
    assert row.search == "town10 de sluisbrug is weer dicht"
    assert not any(secret in repr(row) for secret in ("jan", "joke", "plein.example"))


def test_a_source_of_one_town_brings_nothing_to_another():
    assert [row.town for row in listener(town=20).hear_items([POST], NOW).rows] == [20]


def test_a_watch_that_ended_hears_nothing():
    ended = replace(BRUG, ends_at=NOW)
    assert listener(ended).hear_items([POST], NOW).rows == []
    assert len(listener(ended).hear_items([POST], NOW - timedelta(seconds=1)).rows) == 1


def test_what_is_not_for_everybody_is_not_overheard():
    for visibility in (Visibility.DIRECT, Visibility.FOLLOWERS):
        harvest = listener().hear_items([replace(POST, visibility=visibility)], NOW)
        assert (harvest.rows, harvest.seen) == ([], 0)


def test_titles_warnings_and_hashtags_beside_the_text_count_too():
    for change in ({"title": "Sluisbrug"}, {"content_warning": "sluisbrug"}, {"tags": ("Sluisbrug",)}):
        assert len(listener(BRUG).hear_items([replace(POST, text="dicht", **change)], NOW).rows) == 1


def test_deletions_leave_a_hash_and_unreadable_input_is_passed_on():
    unread = Unreadable(b"{", "no JSON")
    harvest = listener().hear_items([Deleted("mastodon", POST.uri, NOW), unread], NOW)
    assert harvest.gone == [KEYS.hash(POST.uri)]
    assert harvest.unread == [unread]


def test_lines_and_items_give_the_same_rows():
    from plein.channels import jetstream

    lines = [
        line(),
        line("mooi weer", rkey="3l"),
        line(operation="delete", rkey="3m"),
        line(operation="update", rkey="3n"),
    ]
    by_line = listener().hear_lines(lines, NOW)
    by_item = listener().hear_items([jetstream.item_of(event) for event in jetstream.decode(lines)[0]], NOW)
    without_locator = [[row._replace(locator="") for row in one.rows] for one in (by_line, by_item)]
    assert without_locator[0] == without_locator[1]
    assert (by_line.gone, by_line.edited, by_line.seen) == (by_item.gone, by_item.edited, by_item.seen)


def test_lines_that_are_no_json_are_counted_and_do_not_spoil_the_others():
    harvest = listener(BRUG).hear_lines([b"{nonsense", line()], NOW)
    assert (len(harvest.unread), len(harvest.rows)) == (1, 1)


def test_the_cursor_is_the_newest_of_the_lines():
    harvest = listener().hear_lines([line(time_us=5), line(time_us=9), line(time_us=7)], NOW)
    assert (harvest.cursor, harvest.first_us) == ("9", 5)


def test_what_no_database_can_hold_is_taken_out():
    row = listener(BRUG).hear_items([replace(POST, text="sluisbrug\0 \ud800 é")], NOW).rows[0]
    assert row.text == "sluisbrug ? é"


def test_what_brought_a_text_is_pointed_at_as_it_was_written():
    assert marked("Is de SLÚIS-brug dicht?", "sluis brug").hit == "SLÚIS-brug"
    assert marked("foto's van de brug", "fotos").hit == "foto's"
    assert marked("niets", "brug") == ("niets", "", "")

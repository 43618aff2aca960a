"""Jetstream, on a small server of our own that compresses as the real one does."""

from __future__ import annotations

import itertools
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import msgspec
import pytest

from plein.channels import sockets
from plein.channels.errors import Refused, TryLater
from plein.channels.jetstream import OVERLAP_US, POSTS, Jetstream, decode, gap_between, item_of
from plein.channels.posts import Batch, Deleted, Post, Unreadable
from plein.town.door import Door
from plein.town.saying import plain
from tests.servers.jetstream import Jetstream as Server
from tests.servers.jetstream import jetstream

SECOND = 1_000_000
START = 1_772_532_000 * SECOND


@pytest.fixture
def server() -> Iterator[Server]:
    with jetstream() as running:
        yield running


def event(number: int, operation: str = "create", text: str = "", **about) -> dict:
    commit = {"rev": "3l", "operation": operation, "collection": POSTS, "rkey": f"3k{number}"} | about
    if operation != "delete":
        commit |= {
            "cid": f"bafy{number}",
            "record": {"text": text or f"Bericht {number}", "createdAt": "2026-03-03T10:00:00Z"},
        }
    return {"did": "did:plc:jan", "time_us": START + number * SECOND, "kind": "commit", "commit": commit}


def client(server: Server, **settings: str) -> Jetstream:
    address = server.url.split("/")[2]
    return Jetstream.of(Door(frozenset({address})), server.url, {"dictionary": server.dictionary_url} | settings)


def until(batches: Iterator[Batch], number: int) -> tuple[list, str | None, str]:
    """Return at least so many items, the cursor behind them and the gaps told."""
    items, cursor, gap = [], None, ""
    for batch in itertools.islice(batches, 40):
        items += batch.items
        cursor, gap = batch.cursor or cursor, gap + batch.gap
        if len(items) >= number:
            return items, cursor, gap
    raise AssertionError(f"{len(items)} of {number} items came")


@pytest.mark.parametrize("compress", ["yes", "no"])
def test_posts_edits_and_deletions_come_through(server: Server, compress: str):
    server.say(event(1), event(2, "update", "Verbeterd"), event(3, "delete"))
    with closing(client(server, compress=compress).stream(str(START))) as batches:
        (created, updated, deleted), cursor, _ = until(batches, 3)
    assert isinstance(created, Post) and created.text == "Bericht 1" and created.edited_at is None
    assert (updated.text, updated.edited_at.timestamp() * SECOND) == ("Verbeterd", START + 2 * SECOND)
    assert isinstance(deleted, Deleted) and deleted.uri == f"at://did:plc:jan/{POSTS}/3k3"
    assert cursor == str(START + 3 * SECOND)
    assert server.queries[0].get("compress") == (["true"] if compress == "yes" else None)


def test_what_is_about_an_account_is_counted_and_moves_the_cursor(server: Server):
    server.say({"did": "did:plc:jan", "time_us": START + 1, "kind": "identity"}, event(2))
    stream = client(server)
    with closing(stream.stream(str(START))) as batches:
        until(batches, 1)
    assert stream.passed == {"identity": 1}


def test_on_resuming_a_few_seconds_come_again_and_nothing_is_missing(server: Server):
    server.say(*(event(number) for number in range(20)))
    with closing(client(server).stream(str(START))) as batches:
        _, cursor, _ = until(batches, 20)
    server.say(*(event(number) for number in range(20, 25)))
    with closing(client(server).stream(cursor)) as batches:
        items, _, gap = until(batches, 11)
    assert int(server.queries[1]["cursor"][0]) == int(cursor) - OVERLAP_US
    assert [item.remote_id for item in items][-5:] == [f"bafy{number}" for number in range(20, 25)]
    assert gap == ""


def test_a_server_that_forgot_what_came_after_our_cursor_leaves_a_gap(server: Server):
    server.forgets_before = START + 60 * SECOND
    server.say(event(1), event(61))
    with closing(client(server).stream(str(START + SECOND))) as batches:
        _, _, gap = until(batches, 1)
    assert plain(gap) == "The server starts 60 seconds after the last event we saw."


def test_without_a_cursor_there_is_no_gap(server: Server):
    assert gap_between(None, START) == ""


def test_only_what_was_asked_for_is_sent(server: Server):
    server.say(event(1), event(2, collection="app.bsky.feed.like"), {**event(3), "did": "did:plc:miep"})
    with closing(client(server, dids="did:plc:miep").stream(str(START))) as batches:
        items, _, _ = until(batches, 1)
    assert [item.author.id for item in items] == ["did:plc:miep"]
    assert server.queries[0]["wantedCollections"] == [POSTS]


def test_a_line_that_nobody_understands_is_told_and_holds_up_nothing(server: Server):
    server.say(event(1), b"{broken", event(2))
    with closing(client(server).stream(str(START))) as batches:
        items, _, _ = until(batches, 3)
    assert sorted(type(item).__name__ for item in items) == ["Post", "Post", "Unreadable"]


def test_a_quiet_stream_beats(server: Server, monkeypatch):
    monkeypatch.setattr(sockets, "HEARTBEAT_SECONDS", 0.05)
    with closing(client(server).stream(None)) as batches:
        assert next(batches) == Batch()


def test_a_chunk_is_never_larger_than_some_hundred(server: Server):
    server.say(*(event(number) for number in range(1000)))
    with closing(client(server).subscribe(str(START))) as chunks:
        sizes = [len(next(chunks)) for _ in range(3)]
    assert max(sizes) <= sockets.CHUNK


def test_a_server_that_cannot_be_reached_is_tried_later():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    stream = Jetstream(Door(frozenset({address})), f"ws://{address}/subscribe", compress=False)
    with pytest.raises(TryLater):
        next(stream.stream(None))


def test_an_address_inside_our_own_network_is_refused(server: Server):
    with pytest.raises(Refused):
        next(Jetstream(Door(), server.url, compress=False).stream(None))


def test_a_server_that_hangs_up_is_tried_later_with_everything_it_said_before():
    with jetstream() as server:
        server.say(event(1))
        batches = client(server).stream(str(START))
        items, _, _ = until(batches, 1)
        threading.Thread(target=server.hang_up).start()
        with pytest.raises(TryLater):
            list(itertools.islice(batches, 20))
    assert len(items) == 1


# Decoding.


def test_one_bad_line_costs_only_itself():
    lines = [json.dumps(event(number)).encode() for number in range(5)]
    events, unread = decode([*lines[:2], b'{"did": 7}', *lines[2:]])
    assert len(events) == 5
    assert [one.raw for one in unread] == [b'{"did": 7}']


@pytest.mark.parametrize("line", [b"", b"null", b"[]", b"\xff\xfe", b'{"did":"a","time_us":"1"}', b'{"did":"a"}'])
def test_whatever_is_no_event_is_unreadable(line: bytes):
    good = json.dumps(event(1)).encode()
    events, unread = decode([good, line])
    assert (len(events), len(unread)) in ((1, 1), (1, 0)) and (unread or not line)


def test_a_record_that_breaks_the_lexicon_is_unreadable():
    broken = event(1)
    broken["commit"]["record"]["text"] = None
    events, unread = decode([json.dumps(broken).encode()])
    assert (events, len(unread)) == ([], 1)


def test_what_is_no_post_is_no_item():
    like = event(1, collection="app.bsky.feed.like")
    assert item_of(decode([json.dumps(like).encode()])[0][0]) is None


def test_a_creation_without_a_record_is_unreadable():
    empty = event(1)
    del empty["commit"]["record"]
    assert isinstance(item_of(decode([json.dumps(empty).encode()])[0][0]), Unreadable)


def test_decoding_is_typed_and_forgets_what_it_was_not_asked_for():
    line = json.dumps(event(1) | {"extra": "x" * 1000}).encode()
    assert b"extra" not in msgspec.json.encode(decode([line])[0][0])

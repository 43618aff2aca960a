"""What strangers nest: however deep, it costs no more than itself, on every network."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import httpx
import libipld
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.channels import bluesky, firehose, jetstream, mastodon, statuses, webhook
from plein.channels.answers import send, words_in
from plein.channels.contract import Account, SourceSpec
from plein.channels.posts import Post, Unreadable
from plein.channels.reading import NOT_READABLE, read, shallow
from plein.town.door import Door
from tests.unit.channels.wires import Wire

DEPTHS = [*range(700, 1001, 50), 1500, 100_000]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=30,
)
STATUS = {
    "id": "1",
    "uri": "https://a.example/1",
    "created_at": "2026-03-03T09:00:00Z",
    "content": "<p>De brug is stuk</p>",
    "account": {"id": "7", "acct": "jan"},
}
VIEW = {
    "uri": "at://did:plc:jan/app.bsky.feed.post/3k",
    "cid": "bafy",
    "author": {"did": "did:plc:jan", "handle": "jan.test"},
    "record": {"text": "De brug is stuk", "createdAt": "2026-03-03T09:00:00Z"},
    "indexedAt": "2026-03-03T09:00:00Z",
    "reason": "mention",
}
DATED = {"content-type": "application/json", "date": "Tue, 03 Mar 2026 09:30:00 GMT"}
LINE = b'{"did":"did:plc:a","time_us":1,"kind":"commit"}'


def deep(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def with_depth(value: dict, depth: int, field: str = "strange") -> bytes:
    return json.dumps(value | {field: "@"}).encode().replace(b'"@"', deep(depth))


@given(VALUES)
def test_what_is_not_deep_stays_as_it_is(value):
    text = json.dumps(value).encode()
    assert shallow(text) == text
    assert read(text) == json.loads(text)


@given(st.lists(st.sampled_from([b"[", b"]", b"{", b"}", b'"', b"\\", b"a", b",", b"1"]), max_size=30).map(b"".join))
def test_whatever_stands_there_it_is_read_or_it_is_not_readable(text):
    shallow(text, 2)
    try:
        read(text)
    except NOT_READABLE:
        pass


def test_quotes_without_end_are_looked_through_once():
    shallow(b'"' + b'\\"' * 500_000 + b"\\")


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_deep_line_of_jetstream_costs_itself(depth):
    record = with_depth({"text": "x"}, depth)
    line = b'{"did":"did:plc:b","time_us":2,"commit":{"operation":"create","collection":"c","rkey":"1","record":%b}}'
    events, unread = jetstream.decode([LINE, line % record, LINE])
    assert events[0].time_us == events[-1].time_us == 1
    assert len(events) + len(unread) == 3


@pytest.mark.parametrize("depth", [100, *DEPTHS])
def test_pictures_within_pictures_are_no_trap(depth):
    embed = b'{"media":' * depth + b"{}" + b"}" * depth
    commit = b'{"operation":"create","collection":"app.bsky.feed.post","rkey":"1","record":{"embed":%b}}' % embed
    events, unread = jetstream.decode([b'{"did":"did:plc:b","time_us":2,"commit":%b}' % commit])
    assert [type(jetstream.item_of(event)) for event in events] + unread


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_deep_notification_costs_nothing_of_its_page(depth):
    body = b'{"notifications":[%b,%b]}' % (with_depth(VIEW, depth), json.dumps(VIEW).encode())
    page = bluesky.decoded(send(_wire(body).client(), "GET", "https://a.example/"), bluesky.Notifications)
    raws, _, unread = bluesky.keyed(page.notifications)
    assert [bluesky.item_of_view(raw).text for raw in raws] == ["De brug is stuk"] * 2
    assert not unread
    assert isinstance(bluesky.item_of_view(with_depth(VIEW, depth)), Post)


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_deep_post_costs_nothing_of_a_mastodon_page(depth):
    notice = b'{"id":"%d","type":"mention","status":%b}'
    body = b"[%b,%b]" % (notice % (2, with_depth(STATUS, depth)), notice % (1, json.dumps(STATUS).encode()))
    account = Account("mastodon", settings={"address": "https://a.example"})
    batch = mastodon.connect(account, _wire(body)).listen(SourceSpec("mentions"), None)
    assert [item.text for item in batch.items] == ["De brug is stuk"] * 2
    assert isinstance(statuses.post_from(with_depth(STATUS, depth), "a.example"), Post)


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_deep_event_costs_nothing_of_a_delivery(depth):
    event = {"type": "message", "id": "1", "author": {"name": "Jan"}, "posted_at": "2026-03-03T09:00:00Z", "text": "x"}
    first, second = webhook.items_from(b"[%b,%b]" % (with_depth(event, depth), json.dumps(event).encode()), "forum")
    assert isinstance(first, Post)
    assert isinstance(second, Post)


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_deep_frame_of_the_firehose_costs_itself(depth):
    header = libipld.encode_dag_cbor({"op": 1, "t": "#commit"})
    (item,) = firehose.Firehose(Door())._batch([header + b"\xa1\x61t" + b"\x81" * depth + b"\x00"], None).items
    assert isinstance(item, Unreadable)


@pytest.mark.parametrize("depth", DEPTHS[:-1])
def test_a_deep_record_in_a_commit_costs_itself(depth):
    block = inner = {}
    for _ in range(depth):
        inner["embed"] = inner = {}
    cid = b"\x01q\x12 " + bytes(32)
    change = firehose.Change("create", "app.bsky.feed.post/1", cid)
    assert isinstance(firehose._item("did:plc:a", change, {cid: block}, datetime.now(UTC)), Post | Unreadable)


@pytest.mark.parametrize("depth", DEPTHS)
def test_an_answer_that_is_nothing_but_depth_is_an_answer(depth):
    answer = send(_wire(deep(depth)).client(), "GET", "https://a.example/")
    assert words_in(answer)
    assert answer.json()["a"]


def test_the_stack_is_as_deep_as_python_makes_it():
    assert sys.getrecursionlimit() < DEPTHS[-2]


def _wire(body: bytes) -> Wire:
    return Wire(lambda request: httpx.Response(200, content=body, headers=DATED))

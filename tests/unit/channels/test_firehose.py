"""Frames of the repository firehose; the contract hears a real one."""

from __future__ import annotations

import libipld
import pytest

from plein.channels.errors import Refused, TryLater
from plein.channels.firehose import Firehose, items_of_commit, opened
from plein.channels.posts import Deleted, Unreadable
from plein.town.door import Door

POST = "app.bsky.feed.post/3k01"


def frame(kind: str, **body) -> bytes:
    return libipld.encode_dag_cbor({"op": 1, "t": kind}) + libipld.encode_dag_cbor(body)


def error(name: str) -> bytes:
    return libipld.encode_dag_cbor({"op": -1}) + libipld.encode_dag_cbor({"error": name, "message": f"{name}!"})


def commit(seq: int = 7, **change) -> dict:
    ops = [{"action": "delete", "path": POST, "cid": None} | change]
    return {"seq": seq, "repo": "did:plc:jan", "time": "2026-03-03T10:00:00Z", "ops": ops, "blocks": b""}


def batch(*frames: bytes):
    return Firehose(Door())._batch(list(frames), "5")


def test_a_deletion_is_told_with_its_moment():
    (gone,) = batch(frame("#commit", **commit())).items
    assert isinstance(gone, Deleted)
    assert (gone.uri, gone.at.isoformat()) == (f"at://did:plc:jan/{POST}", "2026-03-03T10:00:00+00:00")


def test_the_cursor_is_the_last_number_also_of_what_is_about_no_post():
    heard = Firehose(Door())
    done = heard._batch([frame("#commit", **commit(7)), frame("#identity", seq=9, did="did:plc:jan")], "5")
    assert done.cursor == "9"
    assert heard.passed == {"#identity": 1}


def test_a_server_that_no_longer_has_our_cursor_leaves_a_gap():
    assert batch(frame("#info", name="OutdatedCursor", message="Requested cursor exceeded limit.")).gap


def test_a_cursor_of_another_server_is_refused_in_its_words():
    with pytest.raises(Refused, match="FutureCursor!"):
        opened(error("FutureCursor"))


def test_a_listener_that_is_too_slow_comes_back_later():
    with pytest.raises(TryLater):
        opened(error("ConsumerTooSlow"))


@pytest.mark.parametrize("broken", [b"", b"\x00", b"\xa1", frame("#commit")[:9], libipld.encode_dag_cbor({"op": 1})])
def test_a_frame_that_nobody_understands_is_told_and_holds_up_nothing(broken: bytes):
    done = batch(broken, frame("#commit", **commit(8)))
    assert [type(item) for item in done.items] == [Unreadable, Deleted]
    assert done.cursor == "8"


@pytest.mark.parametrize("missing", ["ops", "repo", "time", "blocks"])
def test_a_commit_without_its_parts_is_unreadable(missing: str):
    body = commit(action="create", cid=None)
    del body[missing]
    (item,) = batch(frame("#commit", **body)).items
    assert isinstance(item, Unreadable)


def test_a_commit_that_came_without_its_record_is_unreadable():
    (item,) = items_of_commit(commit(action="create", cid=b"\x01q\x12 " + bytes(32)))
    assert isinstance(item, Unreadable)


def test_a_commit_about_something_else_says_nothing():
    assert items_of_commit(commit(path="app.bsky.feed.like/3k01")) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", "wss://bsky.network"),
        ("https://pds.example/", "wss://pds.example"),
        ("ws://127.0.0.1:81", "ws://127.0.0.1:81"),
    ],
)
def test_an_address_is_understood_as_people_type_it(typed: str, meant: str):
    assert Firehose.of(Door(), typed).url == meant

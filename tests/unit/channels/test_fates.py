"""Asking after an overheard post, as a stranger."""

from __future__ import annotations

import httpx
import pytest

from plein.channels.fates import Fate, fates
from plein.channels.square import Square
from tests.unit.channels.wires import Wire

URI = "https://social.waterdam.example/users/jan/statuses/1"


@pytest.mark.parametrize(
    ("status", "body", "fate"),
    [
        (200, b'{"type": "Note"}', Fate.STANDS),
        (200, b"<html>", Fate.STANDS),
        (200, b'{"type": "Tombstone"}', Fate.GONE),
        (404, b"", Fate.GONE),
        (410, b"", Fate.GONE),
        (401, b"", Fate.UNKNOWN),
        (403, b"", Fate.UNKNOWN),
        (302, b"", Fate.UNKNOWN),
        (429, b"", Fate.UNKNOWN),
        (503, b"", Fate.UNKNOWN),
    ],
)
def test_a_page_says_what_became_of_it(status, body, fate) -> None:
    wire = Wire(lambda _request: httpx.Response(status, content=body))
    assert fates("mastodon", [URI], wire, {}) == {URI: fate}
    assert "authorization" not in wire.requests[0].headers


def test_without_an_answer_nothing_is_known() -> None:
    def away(_request):
        raise httpx.ConnectError("away")

    assert fates("feed", [URI, "urn:uuid:1"], Wire(away), {}) == {URI: Fate.UNKNOWN, "urn:uuid:1": Fate.UNKNOWN}


def _view(uri: str, label: str = "") -> dict:
    labels = [{"val": label, "src": "did:plc:a"}] if label else []
    author = {"did": "did:plc:a", "handle": "a.example", "labels": labels}
    return {"uri": uri, "cid": "c", "author": author, "record": {"text": "hoi"}, "indexedAt": "2026-03-03T10:00:00Z"}


def test_bluesky_is_asked_after_many_at_once_and_says_who_hid() -> None:
    uris = [f"at://did:plc:a/app.bsky.feed.post/{number:02}" for number in range(30)]

    def answer(request: httpx.Request) -> httpx.Response:
        asked = request.url.params.get_list("uris")
        shown = [_view(uri, "!no-unauthenticated" if uri == uris[1] else "") for uri in asked if uri != uris[0]]
        return httpx.Response(200, json={"posts": shown})

    wire = Wire(answer)
    found = fates("bluesky", uris, wire, {})
    assert len(wire.requests) == 2
    assert [found[uri] for uri in uris[:3]] == [Fate.GONE, Fate.HIDDEN, Fate.STANDS]


def test_a_network_that_answers_nonsense_deletes_nothing() -> None:
    uri = "at://did:plc:a/app.bsky.feed.post/1"
    for answer in (httpx.Response(200, content=b"<html>"), httpx.Response(500), httpx.Response(404)):
        assert fates("bluesky", [uri], Wire(lambda _request, answer=answer: answer), {}) == {uri: Fate.UNKNOWN}


def test_the_practice_square_is_asked_too(tmp_path) -> None:
    address = str(tmp_path / "square.sqlite3")
    square = Square.at(address)
    kept, gone = (square.post("joke", text) for text in ("blijft", "gaat"))
    square.delete(gone)
    assert fates("memory", [kept, gone], Wire(lambda _: httpx.Response(500)), {"address": address}) == {
        kept: Fate.STANDS, gone: Fate.GONE,
    }  # fmt: skip
    assert fates("memory", ["memory://square/never"], Wire(lambda _: httpx.Response(500)), {"address": address}) == {
        "memory://square/never": Fate.UNKNOWN
    }

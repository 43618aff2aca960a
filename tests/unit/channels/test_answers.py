"""What an answer over HTTP means, the same for every network."""

from __future__ import annotations

import errno
import gzip
import socket
import ssl
import tracemalloc
import zlib
from collections.abc import Iterable, Iterator

import httpx
import pytest
import zstandard

from plein.channels.answers import Gone, error_in, send, words_in
from plein.channels.errors import Refused, SignInNeeded, TryLater, Unsupported
from plein.channels.eventstream import EventStream
from plein.town.door import DoorClosed
from plein.town.saying import plain
from tests.unit.channels.wires import Wire

DATE = "Tue, 03 Mar 2026 09:30:00 GMT"


def answered(status: int, *, headers: dict[str, str] | None = None, **body: object):
    wire = Wire(lambda request: httpx.Response(status, headers={"date": DATE, **(headers or {})}, **body))
    return send(wire.client(), "GET", "https://a.example/x")


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, SignInNeeded), (403, Refused), (404, Gone), (410, Gone), (422, Refused), (301, Refused), (408, TryLater),
     (425, TryLater), (429, TryLater), (500, TryLater), (503, TryLater)],
)  # fmt: skip
def test_a_status_says_whether_it_helps_to_come_back(status: int, error: type) -> None:
    assert type(error_in(answered(status))) is error


def test_a_good_answer_is_no_error() -> None:
    assert error_in(answered(202)) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": "Tue, 03 Mar 2026 09:31:00 GMT"}, 60.0),
        ({"x-ratelimit-reset": "2026-03-03T09:35:00.000Z"}, 300.0),
        ({"x-ratelimit-reset": "1772530260"}, 60.0),
        ({"retry-after": "Tue, 03 Mar 2026 09:00:00 GMT"}, 0.0),
        ({"retry-after": "straks"}, None),
        ({}, None),
    ],
)
def test_the_moment_to_come_back_is_told_by_the_server_and_its_own_clock(headers: dict, seconds: float | None) -> None:
    assert error_in(answered(429, headers=headers)).retry_after == seconds


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"location": "https://b.example/y"}, "a.example sends us on to https://b.example/y."),
        ({}, "a.example sends us on, but does not say where to."),
    ],
)
def test_a_server_that_sends_us_on_is_quoted_with_the_place(headers: dict, words: str) -> None:
    assert plain(error_in(answered(302, headers=headers)).words) == words


def test_the_words_are_the_networks_own() -> None:
    assert words_in(answered(422, json={"error": "Text character limit of 500 exceeded"})).startswith("Text character")
    assert (
        words_in(answered(400, json={"error": "x", "error_description": "The grant is invalid"}))
        == "The grant is invalid"
    )
    assert plain(words_in(answered(502, text="<html>"))) == "a.example answered 502 Bad Gateway."


@pytest.mark.parametrize("raised", [httpx.ReadTimeout("t"), httpx.ConnectError("c"), httpx.RemoteProtocolError("p")])
def test_no_answer_means_that_we_do_not_know(raised: httpx.HTTPError) -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raised.request = request
        raise raised

    with pytest.raises(TryLater, match=r"a\.example"):
        send(Wire(silent).client(), "POST", "https://a.example/x")


CERTIFICATE = ssl.SSLCertVerificationError(1, "certificate has expired")


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "There is no server called a.example."),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "The name a.example cannot be looked up now."),
        (ConnectionRefusedError(111, "Connection refused"), "a.example lets nobody in there."),
        (TimeoutError("timed out"), "a.example did not answer in time."),
        (CERTIFICATE, "The certificate of a.example is not trusted"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "There is no way from this machine to a.example."),
        (OSError(errno.EIO, "strange"), "a.example cannot be reached: strange"),
    ],
)
def test_why_a_server_cannot_be_reached_is_a_sentence_of_ours(cause: Exception, said: str) -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(str(cause.args[1:] and cause.args[1]), request=request) from cause

    with pytest.raises(TryLater) as told:
        send(Wire(away).client(), "GET", "https://a.example/x")
    assert plain(told.value.words).startswith(said)


@pytest.mark.parametrize("typed", ["https://onzin onzin/api/v1/x", "onzin onzin", "https://", "gopher://a.example/x"])
def test_what_cannot_be_an_address_is_not_tried(typed: str) -> None:
    wire = Wire(lambda request: httpx.Response(200))
    with pytest.raises(Refused, match="is not an address on the web") as told:
        send(wire.client(), "GET", typed)
    assert not wire.requests and "/api" not in str(told.value)


def test_an_address_in_our_own_network_is_refused_in_the_words_of_the_door() -> None:
    def shut(request: httpx.Request) -> httpx.Response:
        raise DoorClosed("inside our own network")

    with pytest.raises(Refused, match="our own network"):
        send(Wire(shut).client(), "GET", "https://a.example/x")


def test_a_server_that_says_too_much_is_not_listened_to() -> None:
    wire = Wire(lambda request: httpx.Response(200, content=b"x" * 5000))
    with pytest.raises(Refused, match="larger"):
        send(wire.client(), "GET", "https://a.example/x", max_bytes=4096)


def test_a_packed_answer_is_unpacked_however_it_is_cut_up() -> None:
    said = bytes(range(256)) * 1000
    packed = gzip.compress(said)
    pieces = [packed[start : start + 7] for start in range(0, len(packed), 7)]
    wire = Wire(lambda request: httpx.Response(200, stream=Chunks(pieces), headers={"content-encoding": "gzip"}))
    assert send(wire.client(), "GET", "https://a.example/x").body == said
    assert wire.requests[0].headers["accept-encoding"] == "gzip"


def test_a_little_that_unpacks_to_very_much_never_takes_the_memory_for_it() -> None:
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    wire = Wire(lambda request: httpx.Response(200, stream=Chunks([bomb]), headers={"content-encoding": "gzip"}))
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="larger"):
            send(wire.client(), "GET", "https://a.example/x", max_bytes=100_000)
        assert tracemalloc.get_traced_memory()[1] < 2 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("packing", "body"),
    [
        ("zstd", zstandard.compress(bytes(1024))),
        ("br", b"x"),
        ("deflate", zlib.compress(b"x")),
        ("gzip, gzip", gzip.compress(gzip.compress(b"x"))),
        ("gzip", b"not packed at all"),
    ],
    ids=("zstd", "br", "deflate", "packed twice", "not packed"),
)
def test_an_answer_packed_as_we_did_not_ask_is_none(packing: str, body: bytes) -> None:
    wire = Wire(lambda request: httpx.Response(200, stream=Chunks([body]), headers={"content-encoding": packing}))
    with pytest.raises(TryLater, match="cannot be unpacked"):
        send(wire.client(), "POST", "https://a.example/x")


def streaming(*chunks: bytes, **headers: str):
    told = {"content-type": "text/event-stream", **{name.replace("_", "-"): value for name, value in headers.items()}}
    wire = Wire(lambda request: httpx.Response(200, stream=Chunks(chunks), headers=told))
    return EventStream(wire.client(), "https://a.example/x", {})


class Chunks(httpx.SyncByteStream):
    """A body as it comes in, in pieces."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks


def test_events_come_one_by_one_however_they_are_cut_up() -> None:
    with streaming(b"event: upd", b"ate\r\nda", b"ta: 1\ndata: 2\n", b"\n:thump\n") as heard:
        assert list(heard) == [("update", b"1\n2"), None]


@pytest.mark.parametrize("piece", [b"x" * 65536, b"data: y\n" * 8192])
def test_an_event_without_an_end_is_not_waited_for(piece: bytes) -> None:
    with streaming(*[piece] * 80) as heard, pytest.raises(TryLater, match="kB"):
        list(heard)


def test_a_packed_stream_is_not_listened_to() -> None:
    with pytest.raises(Unsupported), streaming(gzip.compress(b"data: 1\n\n"), content_encoding="gzip"):
        pass


@pytest.mark.parametrize("address", ["ftp://a.example/x", "https://", "/pad", "https://[::1"])
def test_what_is_no_address_on_the_web_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        send(Wire(lambda request: httpx.Response(200)).client(), "GET", address)


def test_something_else_than_json_came_from_something_in_between() -> None:
    with pytest.raises(TryLater):
        answered(200, text="<html>").json()

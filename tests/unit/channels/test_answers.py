"""What an answer over HTTP means, the same for every network."""

from __future__ import annotations

import httpx
import pytest

from plein.channels.answers import Gone, error_in, send, words_in
from plein.channels.errors import Refused, SignInNeeded, TryLater
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


def test_an_address_in_our_own_network_is_refused_in_the_words_of_the_door() -> None:
    def shut(request: httpx.Request) -> httpx.Response:
        raise DoorClosed("inside our own network")

    with pytest.raises(Refused, match="our own network"):
        send(Wire(shut).client(), "GET", "https://a.example/x")


def test_a_server_that_says_too_much_is_not_listened_to() -> None:
    wire = Wire(lambda request: httpx.Response(200, content=b"x" * 5000))
    with pytest.raises(Refused, match="larger"):
        send(wire.client(), "GET", "https://a.example/x", max_bytes=4096)


@pytest.mark.parametrize("address", ["ftp://a.example/x", "https://", "/pad", "https://[::1"])
def test_what_is_no_address_on_the_web_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        send(Wire(lambda request: httpx.Response(200)).client(), "GET", address)


def test_something_else_than_json_came_from_something_in_between() -> None:
    with pytest.raises(TryLater):
        answered(200, text="<html>").json()

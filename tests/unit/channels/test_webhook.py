"""Deliveries from other systems: only those who know our secret, and answers signed in the same way."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.channels import manual, webhook
from plein.channels.contract import Absent, Account, CannotTell, Message, Sent, SourceSpec
from plein.channels.errors import ChannelError, Refused, TryLater, Unsupported
from plein.channels.posts import Deleted, Post, Unreadable
from plein.channels.webhook import SIGNATURE, TIMESTAMP, Client, connect, signature
from tests.unit.channels.wires import Wire

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
SECRET = "een geheim van meer dan 32 tekens!"
BODY = b'{"type":"message","id":"1","author":{"name":"Jan"},"posted_at":"2026-03-03T09:00:00Z","text":"Hoi"}'
MESSAGE = Message("key-1", "Dank je", NOW, reply_to="urn:plein:webhook:wijkforum:1", reply_to_id="1")
ANSWERS = "https://wijkforum.example/answers?town=waterdam"


def client(wire: Wire | None = None, **settings: str) -> Client:
    account = Account("webhook", "wijkforum", settings=settings, secrets={"secret": SECRET})
    return connect(account, wire or Wire(lambda request: httpx.Response(500)))


def signed(body: bytes = BODY, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    moment = str(int(at.timestamp()))
    return {"X-Plein-Timestamp": moment, "X-Plein-Signature": signature(secret, moment, body)}


# -- in ----------------------------------------------------------------------------------------


def test_a_delivery_with_our_signature_is_taken() -> None:
    client().verify(signed(), BODY, NOW)


@pytest.mark.parametrize("away", [timedelta(minutes=6), timedelta(minutes=-6), timedelta(days=9000)])
def test_a_delivery_of_another_moment_is_refused(away: timedelta) -> None:
    with pytest.raises(Refused, match="five minutes"):
        client().verify(signed(at=NOW - away), BODY, NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-plein-timestamp": "1772530200"},
        signed() | {"X-Plein-Timestamp": "nu"},
        signed() | {"X-Plein-Timestamp": "9" * 40},
        signed() | {"X-Plein-Timestamp": "１７７２５３０２００"},
        signed() | {"X-Plein-Timestamp": str(int(NOW.timestamp()) + 1)},
        signed() | {"X-Plein-Signature": "sha256=é"},
        signed(secret="een ander geheim van meer dan 32 tekens"),
        signed(body=BODY + b" "),
    ],
)
def test_a_delivery_that_is_not_signed_by_us_two_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Refused):
        client().verify(headers, BODY, NOW)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_a_signature_is_for_one_body_only(one: bytes, other: bytes) -> None:
    client().verify(signed(one), one, NOW)
    if one != other:
        with pytest.raises(Refused):
            client().verify(signed(one), other, NOW)


def test_without_a_secret_nothing_is_taken() -> None:
    nobody = connect(Account("webhook", "wijkforum"), Wire(lambda request: httpx.Response(500)))
    with pytest.raises(Refused):
        nobody.verify(signed(secret=""), BODY, NOW)
    with pytest.raises(Refused, match="32"):
        nobody.profile()


def test_the_same_delivery_twice_brings_the_same_post() -> None:
    assert client().parse(BODY) == client().parse(BODY)


def test_two_systems_that_number_alike_do_not_meet() -> None:
    other = connect(Account("webhook", "speeltuin"), Wire(lambda request: httpx.Response(500)))
    assert client().parse(BODY)[0].uri != other.parse(BODY)[0].uri


@pytest.mark.parametrize("named", [{"id": "urn:plein:webhook:speeltuin:1"}, {"uri": "URN:plein:answer:key-1"}])
def test_a_name_that_plein_gave_to_somebody_elses_message_is_not_taken(named: dict[str, str]) -> None:
    (taken,) = client().parse(json.dumps({"type": "delete", "id": "1", "at": "2026-03-03T09:00:00Z", **named}).encode())
    assert isinstance(taken, Unreadable)
    (same,) = client().parse(json.dumps(json.loads(BODY) | named).encode())
    assert isinstance(same, Unreadable)


def test_a_message_may_answer_what_plein_named_and_be_called_as_plein_calls_it() -> None:
    named = {"uri": "urn:plein:webhook:wijkforum:1", "reply_to": "urn:plein:answer:key-1"}
    (post,) = client().parse(json.dumps(json.loads(BODY) | named).encode())
    assert (post.uri, post.parent) == (client().parse(BODY)[0].uri, "urn:plein:answer:key-1")


def test_one_event_that_cannot_be_read_does_not_stop_the_others() -> None:
    items = client().parse(b"[" + BODY + b',{"type":"message"},{"type":"delete","id":"2","at":"2026-03-03T09:00:00Z"}]')
    assert [type(item) for item in items] == [Post, Unreadable, Deleted]


NAMES = st.sampled_from(["type", "id", "author", "at", "text", "posted_at"])
VALUES = st.recursive(
    st.none() | st.text(max_size=9) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)


@given(st.binary(max_size=300) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_delivered_comes_back_as_something(body: bytes) -> None:
    assert all(isinstance(item, Post | Deleted | Unreadable) for item in client().parse(body))


def test_more_events_than_fit_are_kept_unread() -> None:
    (item,) = client().parse(b"[" + b",".join([BODY] * 1001) + b"]")
    assert isinstance(item, Unreadable)
    assert len(item.raw) <= 65536


# -- out ---------------------------------------------------------------------------------------


def test_without_an_address_for_answers_a_person_copies_them() -> None:
    with pytest.raises(Unsupported, match="Copy"):
        client().publish(MESSAGE)
    assert isinstance(client().find_sent(MESSAGE), CannotTell)
    assert webhook.abilities_of({}).copies_by_hand
    assert webhook.abilities_of({"answer_address": ANSWERS}).replies


def test_an_answer_is_delivered_signed_with_its_key_and_what_it_answers() -> None:
    wire = Wire(lambda request: httpx.Response(201, json={"uri": "https://wijkforum.example/2", "id": "2"}))
    sent = client(wire, answer_address=ANSWERS).publish(MESSAGE)
    assert sent == Sent("https://wijkforum.example/2", "2")
    (request,) = wire.requests
    assert request.headers["idempotency-key"] == "key-1"
    assert request.headers[SIGNATURE] == signature(SECRET, request.headers[TIMESTAMP], request.content)
    body = json.loads(request.content)
    assert (body["type"], body["key"], body["text"], body["reply_to_id"]) == ("answer", "key-1", "Dank je", "1")


def test_an_answer_that_is_taken_without_a_word_has_a_name_all_the_same() -> None:
    sent = client(Wire(lambda request: httpx.Response(204)), answer_address=ANSWERS).publish(MESSAGE)
    assert sent.uri == "urn:plein:answer:key-1"


@pytest.mark.parametrize(("status", "error"), [(401, Refused), (422, Refused), (500, TryLater), (429, TryLater)])
def test_an_answer_that_is_not_taken_is_told_in_the_other_systems_words(status: int, error: type[ChannelError]) -> None:
    wire = Wire(lambda request: httpx.Response(status, json={"error": "Vandaag niet"}))
    with pytest.raises(error, match="Vandaag niet"):
        client(wire, answer_address=ANSWERS).publish(MESSAGE)


@pytest.mark.parametrize(
    ("status", "said", "verdict"),
    [
        (200, {"found": True, "uri": "https://wijkforum.example/2"}, Sent),
        (200, {"found": False}, Absent),
        (200, {}, CannotTell),
        (200, [], CannotTell),
        (404, {"error": "no such page"}, CannotTell),
        (405, {}, CannotTell),
    ],
)
def test_only_a_clear_word_says_whether_an_answer_arrived(status: int, said: object, verdict: type) -> None:
    wire = Wire(lambda request: httpx.Response(status, json=said))
    assert isinstance(client(wire, answer_address=ANSWERS).find_sent(MESSAGE), verdict)
    (request,) = wire.requests
    assert (request.method, request.url.params["key"], request.url.params["town"]) == ("GET", "key-1", "waterdam")
    assert request.headers[SIGNATURE] == signature(SECRET, request.headers[TIMESTAMP], b"key-1")


def test_nobody_can_look_for_what_is_delivered() -> None:
    with pytest.raises(Unsupported):
        client().listen(SourceSpec("mentions"), None)


# -- by hand -----------------------------------------------------------------------------------


def test_a_network_on_paper_sends_nothing_and_says_what_to_do() -> None:
    paper = manual.connect(Account("manual", "Buurtapp"), Wire(lambda request: httpx.Response(500)))
    assert paper.profile().handle == "Buurtapp"
    assert paper.preview(MESSAGE).text == "Dank je"
    assert isinstance(paper.find_sent(MESSAGE), CannotTell)
    for call in (lambda: paper.publish(MESSAGE), lambda: paper.listen(SourceSpec("mentions"), None)):
        with pytest.raises(Unsupported):
            call()


def test_a_network_on_paper_needs_a_name() -> None:
    with pytest.raises(Refused):
        manual.connect(Account("manual", "  "), Wire(lambda request: httpx.Response(500))).profile()

"""Bluesky as an account speaks it: sign-ins, keys, facets, and what goes wrong."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.channels.bluesky import Client, facets_of, links_in, record_key, record_of, tags_in
from plein.channels.contract import Absent, Account, Image, Message, Sent, SourceSpec
from plein.channels.errors import ChannelError, Refused, SignInNeeded, TryLater, Unsupported
from plein.channels.posts import Deleted, Post, Visibility
from tests.unit.channels.wires import Wire

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
URI = "at://did:plc:jan/app.bsky.feed.post/3k01"
DEAD = {"error": "ExpiredToken", "message": "Token has expired"}


def message(text: str = "Dank je", **fields) -> Message:
    return Message(key="7c1d", text=text, written_at=NOW, **fields)


def post_view(**record) -> dict:
    record = {"text": "De lamp is stuk", "createdAt": "2026-03-03T09:00:00Z", **record}
    author = {"did": "did:plc:jan", "handle": "jan.test"}
    return {"uri": URI, "cid": "bafy1", "author": author, "record": record, "indexedAt": "2026-03-03T09:00:00Z"}


class Pds:
    """Plays a PDS; `answers` may put something else in the place of an answer, once or for good."""

    def __init__(self, **secrets: str) -> None:
        self.calls: list[str] = []
        self.bodies: list[dict] = []
        self.answers: dict[str, list[httpx.Response]] = {}
        self.posts: list[dict] = [post_view()]
        self.records: dict[str, dict] = {}
        self.valid = "access-1"
        self.kept: dict[str, str] = {"app_password": "geheim"} | secrets
        self.time = NOW.timestamp()

    def client(self) -> Client:
        account = Account("bluesky", "@waterdam.test", "", {"service": "https://pds.test"}, dict(self.kept), self.keep)
        return Client(account, Wire(self.answer), clock=lambda: self.time)

    def keep(self, secrets: dict[str, str]) -> None:
        self.kept = secrets

    def instead(self, name: str, status: int, body: dict | str, times: int = 1, **headers: str) -> None:
        content = body if isinstance(body, str) else json.dumps(body)
        self.answers.setdefault(name, []).extend(
            httpx.Response(status, text=content, headers=headers) for _ in range(times)
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        self.calls.append(name.rpartition(".")[2])
        if waiting := self.answers.get(name.rpartition(".")[2]):
            return waiting.pop(0)
        if name.endswith(("createSession", "refreshSession")):
            return self._session(name, request)
        if request.headers["authorization"] != f"Bearer {self.valid}":
            return httpx.Response(400, json=DEAD)
        return getattr(self, name.rpartition(".")[2])(request)

    def _session(self, name: str, request: httpx.Request) -> httpx.Response:
        if name.endswith("refreshSession") and request.headers["authorization"] != "Bearer refresh-1":
            return httpx.Response(400, json=DEAD)
        number = len(self.calls) + 1
        self.valid = f"access-{number}"
        return httpx.Response(
            200,
            json={
                "accessJwt": self.valid,
                "refreshJwt": "refresh-1",
                "did": "did:plc:waterdam",
                "handle": "waterdam.test",
            },
        )

    def getSession(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"did": "did:plc:waterdam", "handle": "waterdam.test"})

    def getProfile(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"did": "did:plc:waterdam", "displayName": "Gemeente Waterdam"})

    def getPosts(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"posts": self.posts})

    def listNotifications(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"notifications": self.posts})

    def getRecord(self, request: httpx.Request) -> httpx.Response:
        found = self.records.get(request.url.params["rkey"])
        return httpx.Response(200, json=found) if found else httpx.Response(400, json={"error": "RecordNotFound"})

    def createRecord(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.bodies.append(body)
        if body["rkey"] in self.records:
            return httpx.Response(500, json={"error": "InternalServerError", "message": "Internal Server Error"})
        uri = f"at://{body['repo']}/app.bsky.feed.post/{body['rkey']}"
        self.records[body["rkey"]] = {"uri": uri, "cid": "bafynew", "value": body["record"]}
        return httpx.Response(200, json={"uri": uri, "cid": "bafynew"})

    def uploadBlob(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"blob": {"$type": "blob", "mimeType": request.headers["content-type"]}})

    def resolveHandle(self, request: httpx.Request) -> httpx.Response:
        if request.url.params["handle"] == "miep.test":
            return httpx.Response(200, json={"did": "did:plc:miep"})
        return httpx.Response(400, json={"error": "HandleNotFound", "message": "Unable to resolve handle"})

    def deleteRecord(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={})


# Sign-ins.


def test_a_session_is_made_once_and_used_again_by_the_next_client():
    pds = Pds()
    pds.client().profile()
    pds.client().profile()
    assert pds.calls.count("createSession") == 1
    assert {"access", "refresh", "did", "app_password"} <= pds.kept.keys()


def test_an_access_token_that_expired_is_renewed_without_a_sign_in():
    pds = Pds(access="old", refresh="refresh-1", did="did:plc:waterdam")
    assert pds.client().profile().name == "Gemeente Waterdam"
    assert pds.calls[:3] == ["getSession", "refreshSession", "getSession"]
    assert "createSession" not in pds.calls


def test_a_refresh_token_that_expired_leads_to_one_sign_in():
    pds = Pds(access="old", refresh="old", did="did:plc:waterdam")
    pds.client().profile()
    assert pds.calls.count("createSession") == 1


def jwt(**claims: object) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.c2lnbmF0dXJl"


def test_without_an_app_password_the_end_of_the_sign_in_is_known() -> None:
    until = NOW + timedelta(days=60)
    pds = Pds(access="access-1", refresh=jwt(exp=int(until.timestamp())), did="did:plc:waterdam", app_password="")
    assert pds.client().profile().token_expires_at == until
    pds.kept["app_password"] = "geheim"
    assert pds.client().profile().token_expires_at is None


@pytest.mark.parametrize(
    "token", ["refresh-1", "a.é.c", "a.b.c", jwt(), jwt(exp="morgen"), jwt(exp=1e300), "e30.W10.x"]
)
def test_a_token_that_does_not_say_when_it_ends_has_no_known_end(token: str) -> None:
    pds = Pds(access="access-1", refresh=token, did="did:plc:waterdam", app_password="")
    assert pds.client().profile().token_expires_at is None


def test_a_server_that_is_down_while_renewing_is_no_reason_to_sign_in():
    pds = Pds(access="old", refresh="refresh-1", did="did:plc:waterdam")
    pds.instead("refreshSession", 502, "Bad gateway")
    with pytest.raises(TryLater):
        pds.client().profile()
    assert "createSession" not in pds.calls


def test_a_wrong_app_password_asks_for_a_person():
    pds = Pds()
    pds.instead("createSession", 401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"})
    with pytest.raises(SignInNeeded, match="Invalid identifier or password"):
        pds.client().profile()


def test_without_an_app_password_a_dead_session_asks_for_a_person():
    pds = Pds(access="old", refresh="old", did="did:plc:waterdam", app_password="")
    with pytest.raises(SignInNeeded):
        pds.client().profile()


def test_sign_ins_are_counted_also_those_that_fail_and_never_reach_the_ration():
    pds = Pds()
    pds.instead("createSession", 500, "down", times=40)
    for _ in range(40):
        with pytest.raises(TryLater):
            pds.client().profile()
    assert pds.calls.count("createSession") == 6
    pds.time += 301
    with pytest.raises(TryLater):
        pds.client().profile()
    assert pds.calls.count("createSession") == 7


def test_when_we_signed_in_too_often_we_say_how_long_we_wait():
    pds = Pds(sign_ins=" ".join(str(int(NOW.timestamp()) - 100) for _ in range(6)))
    with pytest.raises(TryLater) as error:
        pds.client().profile()
    assert error.value.retry_after == pytest.approx(200)


# Listening.


def test_a_newly_connected_channel_brings_a_week_along_and_no_more():
    pds = Pds()
    old = post_view() | {"uri": f"{URI}old", "indexedAt": "2026-01-01T00:00:00Z"}
    pds.posts = [post_view(), old]
    batch = pds.client().listen(SourceSpec("mentions"), None)
    assert [item.uri for item in batch.items] == [URI]
    assert pds.client().listen(SourceSpec("mentions"), batch.cursor).items == ()


def test_a_post_that_changed_comes_again_with_the_moment_we_noticed():
    pds = Pds()
    cursor = pds.client().listen(SourceSpec("mentions"), None).cursor
    pds.posts = [post_view(text="De lamp is weer heel") | {"cid": "bafy2"}]
    pds.time += 60
    (post,) = pds.client().listen(SourceSpec("mentions"), cursor).items
    assert (post.text, post.edited_at) == ("De lamp is weer heel", NOW + timedelta(minutes=1))


def test_a_notification_that_cannot_be_read_is_kept_and_holds_up_nothing():
    pds = Pds()
    pds.posts = [{"uri": 7}, post_view()]
    batch = pds.client().listen(SourceSpec("mentions"), None)
    assert sorted(type(item).__name__ for item in batch.items) == ["Post", "Unreadable"]


def test_when_our_ration_runs_low_we_look_less_often():
    pds = Pds()
    client = pds.client()
    client.profile()
    pds.instead("listNotifications", 200, {}, **{"ratelimit-limit": "3000", "ratelimit-remaining": "100"})
    assert client.listen(SourceSpec("mentions"), None).poll_after == 30.0


# Asking after a post.


def test_a_version_we_know_is_unchanged_and_another_was_edited():
    pds = Pds()
    client = pds.client()
    assert client.check(URI, "bafy1").edited_at is None
    assert client.check(URI, "bafy0").edited_at == NOW
    pds.posts = []
    assert client.check(URI, "bafy1") == Deleted("bluesky", URI, NOW)


def test_our_own_posts_are_asked_of_our_own_server():
    pds = Pds()
    client = pds.client()
    sent = client.publish(message("Hallo"))
    pds.posts = []
    assert isinstance(client.check(sent.uri, sent.remote_id), Post)


# Sending.


def test_a_reply_names_its_parent_and_the_beginning_of_the_thread():
    pds = Pds()
    root = {"uri": "at://did:plc:x/app.bsky.feed.post/1", "cid": "bafyroot"}
    pds.posts = [post_view(reply={"root": root, "parent": root})]
    pds.client().publish(message(reply_to=URI))
    assert pds.bodies[0]["record"]["reply"] == {"root": root, "parent": {"uri": URI, "cid": "bafy1"}}


def test_an_answer_to_what_is_gone_or_closed_is_refused_before_it_is_sent():
    pds = Pds()
    pds.posts = []
    with pytest.raises(Refused, match="no longer on Bluesky"):
        pds.client().publish(message(reply_to=URI))
    pds.posts = [post_view() | {"viewer": {"replyDisabled": True}}]
    with pytest.raises(Refused, match="only some people"):
        pds.client().publish(message(reply_to=URI))
    assert pds.bodies == []


def test_a_second_send_of_the_same_message_finds_the_first():
    pds = Pds()
    first = pds.client().publish(message())
    again = pds.client().publish(message())
    assert (again.uri, len(pds.records)) == (first.uri, 1)


def test_a_send_that_got_no_answer_is_an_unknown_outcome_that_can_be_asked_after():
    pds = Pds()
    pds.instead("createRecord", 504, "")
    with pytest.raises(TryLater):
        pds.client().publish(message())
    assert pds.client().find_sent(message()) == Absent()
    pds.client().publish(message())
    assert isinstance(pds.client().find_sent(message()), Sent)


def test_the_networks_own_words_come_along_with_a_refusal():
    pds = Pds()
    pds.instead("createRecord", 400, {"error": "InvalidRequest", "message": "grapheme too big"})
    with pytest.raises(Refused, match="grapheme too big"):
        pds.client().publish(message())


def test_a_rate_limit_says_when_to_come_back():
    pds = Pds()
    reset = str(int(NOW.timestamp()) + 120)
    date = "Tue, 03 Mar 2026 09:30:00 GMT"
    pds.instead("createRecord", 429, {"error": "RateLimitExceeded"}, **{"ratelimit-reset": reset, "date": date})
    with pytest.raises(TryLater) as error:
        pds.client().publish(message())
    assert error.value.retry_after == 120


@pytest.mark.parametrize("body", ["<html>inloggen</html>", "[]", '{"uri": 7}'])
def test_something_in_between_that_answers_for_the_network_leaves_the_outcome_unknown(body: str):
    pds = Pds()
    pds.instead("createRecord", 200, body)
    with pytest.raises(TryLater):
        pds.client().publish(message())


def test_pictures_are_uploaded_and_keep_their_description():
    pds = Pds()
    pds.client().publish(message(images=(Image(b"png", "image/png", "Een brug"),)))
    (image,) = pds.bodies[0]["record"]["embed"]["images"]
    assert image == {"image": {"$type": "blob", "mimeType": "image/png"}, "alt": "Een brug"}


def test_a_mention_becomes_one_when_the_network_knows_the_name():
    pds = Pds()
    pds.client().publish(message("Dag @miep.test en @niemand.test"))
    (facet,) = pds.bodies[0]["record"]["facets"]
    assert facet["features"] == [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:miep"}]


@pytest.mark.parametrize("fields", [{"visibility": Visibility.DIRECT}, {"content_warning": "brand"}])
def test_what_bluesky_has_no_word_for_is_not_sent(fields):
    pds = Pds()
    with pytest.raises(Unsupported):
        pds.client().publish(message(**fields))
    assert pds.bodies == []


def test_the_moment_of_a_post_is_that_of_leaving_and_its_key_that_of_writing():
    pds = Pds()
    pds.time += 3600
    pds.client().publish(message())
    assert pds.bodies[0]["record"]["createdAt"] == "2026-03-03T10:30:00.000Z"
    assert pds.bodies[0]["rkey"] == record_key(message())


# Translating out.


@given(st.text(min_size=1, max_size=40), st.timedeltas(timedelta(0), timedelta(days=36_500)))
def test_a_record_key_is_a_valid_tid_and_always_the_same(key: str, later: timedelta):
    made = record_key(Message(key, "x", NOW + later))
    assert len(made) == 13 and made[0] in "234567abcdefghij" and set(made) <= set("234567abcdefghijklmnopqrstuvwxyz")
    assert made == record_key(Message(key, "y", NOW + later))


def test_record_keys_sort_as_their_moments_do():
    keys = [record_key(Message("a", "x", NOW + timedelta(milliseconds=number))) for number in range(50)]
    assert keys == sorted(keys)


def test_messages_of_one_millisecond_get_keys_of_their_own():
    keys = {record_key(Message(str(number), "x", NOW)) for number in range(500)}
    assert len(keys) == 500


@given(st.text(alphabet="aé👩‍👧🇳🇱 \n", max_size=30))
def test_facets_count_in_bytes_whatever_stands_before_them(before: str):
    text = f"{before} https://waterdam.example/a #b"
    places = [one["index"] for one in facets_of(text, {})]
    parts = [text.encode()[one["byteStart"] : one["byteEnd"]].decode() for one in places]
    assert parts == ["https://waterdam.example/a", "#b"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Zie waterdam.nl/afval, of bel", "https://waterdam.nl/afval"),
        ("(https://a.example/x_(y))", "https://a.example/x_(y)"),
        ("Mail naar post@waterdam.nl", None),
        ("Om 12.30 uur bij de v.v.v.", None),
        ("https://a.example/?q=1&r=2.", "https://a.example/?q=1&r=2"),
    ],
)
def test_a_link_is_found_as_people_write_it(text: str, address: str | None):
    found = [address for _, _, address in links_in(text)]
    assert found == ([address] if address else [])


@pytest.mark.parametrize(
    ("text", "tags"),
    [("#a #b", ["a", "b"]), ("nr #1", []), ("x#y", []), ("#één!", ["één"]), ("(#brug)", []), ("# los", [])],
)
def test_a_hashtag_is_found_as_bluesky_finds_it(text: str, tags: list[str]):
    assert [tag for _, _, tag in tags_in(text)] == tags


def test_a_record_says_its_language():
    assert record_of(message(language="fy"), created_at=NOW)["langs"] == ["fy"]


def test_every_error_of_this_network_is_one_of_ours():
    for status in (301, 400, 401, 403, 404, 409, 413, 418, 429, 500, 503):
        pds = Pds()
        pds.instead("getSession", status, "?")
        with pytest.raises(ChannelError):
            pds.client().profile()

"""Mastodon's adapter against a server that follows the documented API, on good days and bad."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.channels.contract import Absent, Account, CannotTell, Image, Message, Sent, SourceSpec
from plein.channels.errors import Refused, SignInNeeded, TryLater, Unsupported
from plein.channels.mastodon import ABILITIES, Client, base_of, connect, same_words, text_out
from plein.channels.posts import Author, Deleted, Post, Visibility
from plein.channels.statuses import AccountEntity
from plein.channels.wishes import Wish
from plein.town.door import Door
from tests.servers.fake_mastodon import FakeMastodon, fake_mastodon
from tests.servers.mastodon import Person
from tests.unit.channels.wires import Wire

MENTIONS = SourceSpec("mentions")
PIXEL = Image(b"\x89PNG\r\n\x1a\n", "image/png", "Een rode pixel")


@pytest.fixture
def server() -> Iterator[FakeMastodon]:
    with fake_mastodon() as started:
        yield started


@pytest.fixture
def town(server: FakeMastodon) -> Person:
    return server.person("waterdam")


@pytest.fixture
def jan(server: FakeMastodon) -> Person:
    return server.person("jan")


@pytest.fixture
def client(town: Person) -> Client:
    return speaking_as(town)


def speaking_as(person: Person, **settings: str) -> Client:
    account = Account(
        "mastodon",
        person.handle.lstrip("@"),
        settings={"address": person.base, **settings},
        secrets={"token": person.token},
    )
    return connect(account, Door(frozenset({"127.0.0.1"})))


def message(text: str, to: Post | None = None, **fields: object) -> Message:
    if to:
        fields |= {"reply_to": to.uri, "reply_to_id": to.remote_id, "to": to.author}
    return Message(key=f"key-{text}", text=text, written_at=datetime.now(UTC), **fields)


def heard(client: Client) -> Post:
    (post,) = client.listen(MENTIONS, None).items
    return post


# -- who sees it -------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", Visibility)
@pytest.mark.parametrize("level", ["public", "unlisted", "private", "direct"])
def test_an_answer_is_never_shown_to_more_people_than_the_question(client, town, jan, asked, level) -> None:
    jan.post(f"{town.handle} onder ons", visibility=level)
    question = heard(client)
    sent = client.publish(message("Dank", question, visibility=asked))
    order = list(Visibility)
    shown = client.check(sent.uri, sent.remote_id).visibility
    assert order.index(shown) == max(order.index(question.visibility), order.index(asked))


# -- whom it names -----------------------------------------------------------------------------

JAN = Author("https://b.example/users/jan", "jan@b.example")


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("Dank je", "@jan@b.example Dank je"),
        ("Dank @jan@b.example", "Dank @jan@b.example"),
        ("Dank @JAN@B.example!", "Dank @JAN@B.example!"),
        ("Dank @jan", "@jan@b.example Dank @jan"),
        ("mail jan@b.example", "@jan@b.example mail jan@b.example"),
    ],
)
def test_an_answer_names_whom_it_answers_once(text: str, out: str) -> None:
    asked = replace(message(text), to=JAN)
    assert text_out(asked, "waterdam@a.example") == out
    assert text_out(asked, "jan@b.example") == text


def test_a_preview_counts_a_link_for_23_a_name_without_its_server_and_the_warning_too(client) -> None:
    shown = client.preview(
        replace(message("zie https://waterdam.example/" + "x" * 90, content_warning="brand"), to=JAN)
    )
    assert shown.length == len("@jan zie ") + 23 + len("brand")
    assert shown.max_length == 500


def test_the_length_is_that_of_the_server_where_it_is_known(town) -> None:
    assert speaking_as(town, max_length="40").preview(message("x" * 50)).too_long_by == 10


# -- once --------------------------------------------------------------------------------------


def test_a_send_whose_answer_is_lost_is_found_and_a_second_try_does_no_harm(server, client, town, jan) -> None:
    jan.post(f"{town.handle} is het water schoon?")
    answer = message("Ja hoor", heard(client))
    server.behave("POST /api/v1/statuses", "silence")
    with pytest.raises(TryLater):
        client.publish(answer)
    found = client.find_sent(answer)
    assert isinstance(found, Sent)
    assert client.publish(answer).uri == found.uri
    assert len(server.statuses) == 2


def test_a_send_that_never_arrived_is_absent(server, client, town, jan) -> None:
    jan.post(f"{town.handle} is het water schoon?")
    answer = message("Ja hoor", heard(client))
    server.behave("POST /api/v1/statuses", "hang up")
    with pytest.raises(TryLater):
        client.publish(answer)
    assert client.find_sent(answer) == Absent()


def test_the_same_words_to_somebody_else_or_earlier_are_another_message(server, client, town, jan) -> None:
    jan.post(f"{town.handle} een")
    first = heard(client)
    client.publish(message("Dank", first))
    jan.post(f"{town.handle} twee")
    second = client.listen(MENTIONS, None).items[0]
    assert client.find_sent(message("Dank", second)) == Absent()
    later = replace(message("Dank", first), written_at=datetime.now(UTC) + timedelta(minutes=1))
    assert client.find_sent(later) == Absent()


def test_an_answer_that_was_rewritten_on_the_network_is_for_a_person_to_judge(server, client, town, jan) -> None:
    jan.post(f"{town.handle} een")
    answer = message("Dank", heard(client))
    sent = client.publish(answer)
    town.edit(sent.remote_id, f"{jan.handle} Hartelijk dank")
    assert isinstance(client.find_sent(answer), CannotTell)


def test_an_answer_to_something_that_is_gone_is_for_a_person_to_judge(server, client, town, jan) -> None:
    written = jan.post(f"{town.handle} een")
    answer = message("Dank", heard(client))
    client.publish(answer)
    jan.call("DELETE", f"/api/v1/statuses/{written['id']}")
    assert isinstance(client.find_sent(answer), CannotTell)
    with pytest.raises(Refused, match="no longer there"):
        client.publish(replace(answer, key="other"))


def test_a_server_that_may_hide_direct_messages_cannot_tell(server, client) -> None:
    asked = message("Onder ons", visibility=Visibility.DIRECT)
    assert client.find_sent(asked) == Absent()
    server.heeds_keys = False
    another = Person("waterdam", server.host, "", client.account.secrets["token"])
    assert isinstance(speaking_as(another).find_sent(asked), CannotTell)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_a_text_says_the_same_however_a_server_lays_it_out(text: str) -> None:
    assert same_words(f"@jan {text}", f"@jan@b.example  {text}\n")


# -- bad days ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "error"), [(401, SignInNeeded), (422, Refused), (429, TryLater), (503, TryLater), (403, Refused)]
)
def test_a_bad_answer_is_told_in_the_servers_own_words(server, client, status: int, error: type) -> None:
    server.behave("POST /api/v1/statuses", status, words="De wasstraat is dicht")
    with pytest.raises(error, match="De wasstraat is dicht"):
        client.publish(message("Hallo"))


def test_a_rate_limit_says_when_to_come_back(server, client) -> None:
    server.behave("GET /api/v1/notifications", 429)
    with pytest.raises(TryLater) as error:
        client.listen(MENTIONS, None)
    assert 290 < error.value.retry_after <= 301


def test_a_client_that_is_almost_through_its_calls_slows_down_by_itself(server, client, town) -> None:
    assert client.listen(MENTIONS, None).poll_after is None
    server.remaining = dict.fromkeys(server.accounts, 4)
    assert client.listen(MENTIONS, None).poll_after > 200


def test_a_token_without_the_right_to_write_asks_for_a_new_sign_in(server) -> None:
    reader = speaking_as(server.person("lezer", scopes="read"))
    with pytest.raises(SignInNeeded, match="scope"):
        reader.publish(message("Hallo"))


def test_a_server_that_says_not_found_to_everything_has_not_deleted_anything(server, client, town, jan) -> None:
    jan.post(f"{town.handle} een")
    post = heard(client)
    server.behave("GET /api/v", 404, times=20)
    with pytest.raises(TryLater):
        client.check(post.uri, post.remote_id)


def test_a_web_page_where_json_should_be_is_no_answer(town) -> None:
    client = connect(
        Account("mastodon", settings={"address": "a.example"}), Wire(lambda _: httpx.Response(200, text="<html>"))
    )
    for call in (client.profile, lambda: client.listen(MENTIONS, None), lambda: client.publish(message("x"))):
        with pytest.raises(TryLater):
            call()


def test_what_does_not_fit_is_refused_before_anything_is_sent(server, client) -> None:
    with pytest.raises(Refused, match="1 characters too long"):
        client.publish(message("x" * 501))
    with pytest.raises(Refused, match="4 pictures"):
        client.publish(message("x", images=(PIXEL,) * 5))
    assert not server.statuses


# -- pictures ----------------------------------------------------------------------------------


def test_a_picture_that_takes_a_while_is_waited_for(server, client) -> None:
    server.slow_media = 2
    sent = client.publish(message("Kijk", images=(PIXEL,)))
    (attachment,) = client.check(sent.uri, sent.remote_id).attachments
    assert attachment.alt == "Een rode pixel"


def test_an_edit_keeps_the_picture_and_takes_the_new_description(server, client) -> None:
    asked = message("Kijk", images=(PIXEL,))
    sent = client.publish(asked)
    client.revise(sent, replace(asked, text="Kijk eens", images=(replace(PIXEL, alt="Beter gezegd"),)))
    now = client.check(sent.uri, sent.remote_id)
    assert (now.text, [one.alt for one in now.attachments]) == ("Kijk eens", ["Beter gezegd"])
    assert now.edited_at


def test_a_picture_that_the_server_refuses_sends_nothing(server, client) -> None:
    with pytest.raises(Refused, match="content type"):
        client.publish(message("Kijk", images=(replace(PIXEL, media_type="text/plain"),)))
    assert not server.statuses


# -- streams -----------------------------------------------------------------------------------


class Following(threading.Thread):
    """Reads a stream in the background."""

    def __init__(self, client: Client, source: SourceSpec, cursor: str | None) -> None:
        super().__init__(daemon=True)
        self.client, self.source, self.cursor = client, source, cursor
        self.items: list = []
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            for batch in self.client.stream(self.source, self.cursor):
                self.items += batch.items
                self.cursor = batch.cursor
        except (TryLater, Unsupported) as error:
            self.error = error

    def until(self, count: int) -> list:
        until = time.monotonic() + 5
        while len(self.items) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.items) >= count
        return self.items


def listening(server: FakeMastodon) -> None:
    until = time.monotonic() + 5
    while not server.listeners and time.monotonic() < until:
        time.sleep(0.01)


def test_a_stream_brings_what_came_before_it_then_mentions_edits_and_deletions(server, client, town, jan) -> None:
    cursor = client.listen(MENTIONS, None).cursor
    jan.post(f"{town.handle} voordat we luisterden")
    following = Following(client, MENTIONS, cursor)
    listening(server)
    following.until(1)
    made = jan.post(f"{town.handle} nu")
    following.until(2)
    jan.edit(made["id"], f"{town.handle} nu echt")
    jan.call("DELETE", f"/api/v1/statuses/{made['id']}")
    first, second, edit, gone = following.until(4)
    assert (first.text, second.text, edit.text) == (
        "@waterdam voordat we luisterden",
        "@waterdam nu",
        "@waterdam nu echt",
    )
    assert edit.version_at > second.version_at
    assert isinstance(gone, Deleted)
    assert gone.uri == made["uri"]


def test_what_came_while_a_stream_was_broken_off_comes_once(server, client, town, jan) -> None:
    following = Following(client, MENTIONS, client.listen(MENTIONS, None).cursor)
    listening(server)
    jan.post(f"{town.handle} een")
    following.until(1)
    server.hang_up()
    following.join(5)
    jan.post(f"{town.handle} twee")
    again = Following(client, MENTIONS, following.cursor)
    again.until(1)
    jan.post(f"{town.handle} drie")
    assert [post.text[-4:].strip() for post in again.until(2)] == ["twee", "drie"]


def test_a_reply_that_streams_in_says_what_it_answers(server, client, town, jan) -> None:
    following = Following(client, MENTIONS, client.listen(MENTIONS, None).cursor)
    listening(server)
    sent = client.publish(message("Vanavond is er een avond"))
    jan.post(f"{town.handle} hoe laat?", in_reply_to_id=sent.remote_id)
    (question,) = following.until(1)
    assert (question.parent, question.root) == (sent.uri, sent.uri)


def test_signs_of_life_are_passed_on(server, client) -> None:
    server.heartbeat = 0.02
    following = Following(client, SourceSpec("public"), None)
    until = time.monotonic() + 5
    while following.cursor is None and time.monotonic() < until:
        time.sleep(0.02)
    assert following.cursor


def test_a_server_without_streaming_says_so(server, client) -> None:
    server.streams = False
    with pytest.raises(Unsupported, match="no streaming"):
        next(client.stream(MENTIONS, None))


def test_a_stream_inside_our_own_network_is_refused(town) -> None:
    account = Account("mastodon", settings={"address": town.base}, secrets={"token": town.token})
    with pytest.raises(Refused, match="our own network"):
        next(connect(account, Door()).stream(MENTIONS, None))


def test_a_stream_with_a_dead_token_asks_for_a_new_sign_in(server, town) -> None:
    stranger = speaking_as(replace(town, token="dead"))
    with pytest.raises(SignInNeeded):
        next(stranger.stream(MENTIONS, None))


# -- in public ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "wishes"),
    [
        ({}, set()),
        ({"indexable": True, "discoverable": False}, {Wish.NOT_RECOMMENDED}),
        ({"discoverable": False}, {Wish.NOT_RECOMMENDED, Wish.NOT_SEARCHED}),
        ({"indexable": False}, {Wish.NOT_SEARCHED}),
        ({"noindex": True}, {Wish.NOT_INDEXED}),
        ({"note": "<p>Tuinier. <a href='x'>#<span>NoBot</span></a></p>"}, {Wish.NO_MACHINES}),
        ({"note": None, "indexable": None}, set()),
    ],
)
def test_what_authors_ask_of_strangers_is_read_from_their_account(account, wishes) -> None:
    given = {"id": "1", "acct": "els", **account}
    assert msgspec.convert(given, AccountEntity).wishes == wishes


def test_only_public_posts_of_people_who_may_be_found_are_overheard(server, client, jan) -> None:
    hidden, unlisted = server.person("piet", noindex=True), server.person("els", indexable=False)
    for person, text in ((jan, "ja"), (hidden, "nee"), (unlisted, "nee")):
        person.post(f"{text} #sluis")
    for level in ("unlisted", "private", "direct"):
        jan.post("nee #sluis", visibility=level)
    for source in (SourceSpec("hashtag", "sluis"), SourceSpec("public"), SourceSpec("public", "local")):
        assert [post.text for post in client.listen(source, None).items] == ["ja #sluis"]


def test_a_hashtag_streams_with_its_edits(server, client, jan) -> None:
    following = Following(client, SourceSpec("hashtag", "#Sluis"), None)
    listening(server)
    made = jan.post("de #sluis is dicht")
    jan.post("iets anders")
    jan.edit(made["id"], "de #sluis is open")
    assert [post.text for post in following.until(2)] == ["de #sluis is dicht", "de #sluis is open"]


def test_our_token_goes_to_our_own_server_only(server, town) -> None:
    with fake_mastodon() as other:
        resident = other.person("miep")
        resident.post("van elders #sluis")
        other.behave("GET /api/v1/timelines", "hang up", times=0)
        found = speaking_as(town).listen(SourceSpec("hashtag", f"{other.base}/tags/sluis"), None)
        # A token that the other server does not know would have been answered with 401.
        assert [post.author.handle for post in found.items] == [f"miep@{other.host}"]


def test_without_an_account_a_public_source_has_to_name_its_server() -> None:
    nobody = connect(Account("mastodon"), Door())
    for source in (SourceSpec("hashtag", "sluis"), SourceSpec("public", "local")):
        with pytest.raises(Refused, match="which server"):
            nobody.listen(source, None)


def test_a_source_that_mastodon_has_not_is_refused(client) -> None:
    with pytest.raises(Unsupported):
        client.listen(SourceSpec("firehose"), None)


# -- who we are --------------------------------------------------------------------------------


def test_an_older_server_tells_who_we_are_and_how_long_a_text_may_be_too(server, client, town) -> None:
    server.older = True
    profile = client.profile()
    assert (profile.handle, profile.max_length) == (town.handle.lstrip("@"), 500)


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("social.waterdam.example", "https://social.waterdam.example"),
        (" https://Social.Waterdam.example/@waterdam ", "https://social.waterdam.example"),
        ("https://user:pass@a.example/", "https://a.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_a_server_is_found_however_its_address_is_typed(typed: str, base: str) -> None:
    assert base_of(typed) == base


def test_whatever_can_be_asked_of_a_client_is_among_its_abilities() -> None:
    assert ABILITIES.edits
    assert ABILITIES.deletes
    assert set(ABILITIES.visibilities) == set(Visibility)

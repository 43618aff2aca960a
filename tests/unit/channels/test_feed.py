"""Feeds: asked politely, read whatever is wrong with them, each entry told once and each change of it."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plein.channels.contract import Account, Message, Sent, SourceSpec
from plein.channels.errors import Refused, TryLater, Unsupported
from plein.channels.feed import LONGEST, MAX_BYTES, SHORTEST, USUAL, Client, connect, feed_from, pause
from plein.channels.posts import Unreadable
from plein.town.saying import plain
from tests.unit.channels.wires import Wire

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ADDRESS = "https://nieuws.waterdam.example/feed.xml"
SOURCE = SourceSpec("feed", ADDRESS)


def rss(*items: str, head: str = "") -> bytes:
    return f"<rss version='2.0'><channel><title>Nieuws</title>{head}{''.join(items)}</channel></rss>".encode()


def item(number: int, text: str = "tekst", at: datetime = NOW) -> str:
    link = f"https://nieuws.waterdam.example/{number}"
    date = format_datetime(at)
    told = f"<title>Bericht {number}</title><description>{text}</description>"
    return f"<item><guid>{link}</guid>{told}<pubDate>{date}</pubDate></item>"


class Site:
    """A web server with one feed on it."""

    def __init__(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.body, self.status, self.now = body, status, NOW
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.elsewhere: dict[str, tuple[int, str]] = {}
        self.wire = Wire(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        date = {"date": format_datetime(self.now, usegmt=True)}
        if str(request.url) in self.elsewhere:
            status, to = self.elsewhere[str(request.url)]
            return httpx.Response(status, headers={**date, "location": to})
        etag = self.headers.get("etag")
        if etag and request.headers.get("if-none-match") == etag:
            return httpx.Response(304, headers={**date, **self.headers})
        return httpx.Response(self.status, headers={**date, **self.headers}, content=self.body)

    @property
    def client(self) -> Client:
        return connect(Account("feed"), self.wire)

    @property
    def asked(self) -> list[str]:
        return [str(request.url) for request in self.wire.requests]


# -- politeness --------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again() -> None:
    site = Site(rss(item(1)), etag='"a"', last_modified="Tue, 03 Mar 2026 09:00:00 GMT")
    first = site.client.listen(SOURCE, None)
    again = site.client.listen(SOURCE, first.cursor)
    assert (len(first.items), again.items) == (1, ())
    asked = site.wire.requests[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"a"', "Tue, 03 Mar 2026 09:00:00 GMT")
    site.client.listen(SOURCE, again.cursor)
    assert site.wire.requests[-1].headers["if-none-match"] == '"a"'


@pytest.mark.parametrize(
    ("headers", "head", "wait"),
    [
        ({}, "", USUAL),
        ({"cache_control": "public, max-age=3600"}, "", 3600),
        ({"retry_after": "7200"}, "", 7200),
        ({}, "<ttl>120</ttl>", 7200),
        ({"cache_control": "max-age=60"}, "", SHORTEST),
        ({}, "<ttl>999999999</ttl>", LONGEST),
        ({}, "<ttl>snel</ttl>", USUAL),
        ({}, "<skipHours><hour>9</hour><hour>10</hour><hour>11</hour></skipHours>", 2.5 * 3600),
        ({}, "<skipDays><day>Tuesday</day></skipDays>", 14.5 * 3600),
    ],
)
def test_a_feed_is_left_alone_for_as_long_as_it_asks(headers: dict, head: str, wait: float) -> None:
    assert Site(rss(item(1), head=head), **headers).client.listen(SOURCE, None).poll_after == wait


@given(st.integers(0, 10**12), st.floats(0, 10**9))
def test_whatever_a_server_asks_we_look_between_every_five_minutes_and_once_a_day(age: int, wish: float) -> None:
    assert SHORTEST <= pause(httpx.Headers({"cache-control": f"max-age={age}"}), wish) <= LONGEST


def test_a_feed_that_is_gone_for_good_is_not_asked_again_and_one_that_is_missing_is() -> None:
    with pytest.raises(Refused) as ended:
        Site(status=410).client.listen(SOURCE, None)
    assert ended.value.permanent
    with pytest.raises(TryLater) as missing:
        Site(status=404).client.listen(SOURCE, None)
    assert missing.value.retry_after > 3600


@pytest.mark.parametrize(("status", "error"), [(403, Refused), (429, TryLater), (503, TryLater)])
def test_other_bad_answers_mean_what_they_mean_elsewhere(status: int, error: type) -> None:
    with pytest.raises(error):
        Site(status=status).client.listen(SOURCE, None)


def test_a_feed_that_moved_for_good_is_looked_for_there_from_then_on() -> None:
    site = Site(rss(item(1)))
    site.elsewhere = {
        ADDRESS: (301, "https://nieuw.waterdam.example/a"),
        "https://nieuw.waterdam.example/a": (308, "/b"),
    }
    first = site.client.listen(SOURCE, None)
    again = site.client.listen(SOURCE, first.cursor)
    assert (len(first.items), again.items) == (1, ())
    assert site.asked[-1] == "https://nieuw.waterdam.example/b"
    assert len(site.asked) == 4


def test_a_feed_that_moved_for_now_is_asked_at_its_own_address() -> None:
    site = Site(rss(item(1)))
    site.elsewhere = {ADDRESS: (302, "https://tijdelijk.example/a")}
    first = site.client.listen(SOURCE, None)
    site.client.listen(SOURCE, first.cursor)
    assert site.asked == [ADDRESS, "https://tijdelijk.example/a"] * 2


def test_a_feed_that_sends_us_round_in_circles_is_refused() -> None:
    site = Site()
    site.elsewhere = {ADDRESS: (301, ADDRESS)}
    with pytest.raises(Refused, match="more than 5"):
        site.client.listen(SOURCE, None)


@pytest.mark.parametrize("to", ["file:///etc/passwd", "", "gopher://a.example"])
def test_a_feed_that_sends_us_off_the_web_is_refused(to: str) -> None:
    site = Site()
    site.elsewhere = {ADDRESS: (301, to)}
    with pytest.raises(Refused):
        site.client.listen(SOURCE, None)


def test_a_feed_that_is_too_large_is_refused_also_when_it_arrives_small() -> None:
    with pytest.raises(Refused, match="larger"):
        Site(b"x" * (MAX_BYTES + 1)).client.listen(SOURCE, None)
    with pytest.raises(Refused, match="larger"):
        Site(gzip.compress(b" " * (MAX_BYTES + 1)), content_encoding="gzip").client.listen(SOURCE, None)


# -- each entry once ---------------------------------------------------------------------------


def test_an_entry_is_told_once_and_a_change_of_it_once_more_as_an_edit() -> None:
    site = Site(rss(item(1), item(2)))
    batch = site.client.listen(SOURCE, None)
    assert [post.edited_at for post in batch.items] == [None, None]
    site.body, site.now = rss(item(1, "beter"), item(2)), NOW + timedelta(hours=1)
    batch = site.client.listen(SOURCE, batch.cursor)
    (edited,) = batch.items
    assert (edited.text, edited.posted_at, edited.edited_at) == ("beter", NOW, site.now)
    assert site.client.listen(SOURCE, batch.cursor).items == ()


def test_an_entry_without_a_date_keeps_the_moment_at_which_it_was_first_seen() -> None:
    undated = "<item><guid>https://a.example/1</guid><title>{}</title></item>"
    site = Site(rss(undated.format("eerst")))
    first = site.client.listen(SOURCE, None)
    site.body, site.now = rss(undated.format("later")), NOW + timedelta(days=1)
    (edited,) = site.client.listen(SOURCE, first.cursor).items
    assert (first.items[0].posted_at, edited.posted_at, edited.edited_at) == (NOW, NOW, site.now)


def test_a_first_look_leaves_out_what_is_old() -> None:
    site = Site(rss(item(1, at=NOW - timedelta(days=60)), item(2)))
    batch = site.client.listen(SOURCE, None)
    assert [post.uri[-1] for post in batch.items] == ["2"]
    assert site.client.listen(SOURCE, batch.cursor).items == ()


def test_a_feed_in_which_everything_is_new_may_have_passed_us_by() -> None:
    site = Site(rss(item(1), item(2)))
    batch = site.client.listen(SOURCE, None)
    site.body = rss(item(8), item(9))
    batch = site.client.listen(SOURCE, batch.cursor)
    assert "2 entries" in plain(batch.gap)
    assert site.client.listen(SOURCE, batch.cursor).gap == ""


@given(st.permutations(range(6)), st.permutations(range(6)))
@settings(deadline=None)
def test_the_order_of_entries_does_not_change_what_they_are_called(one: list[int], other: list[int]) -> None:
    items = [
        item(0),
        item(1),
        "<item><title>zonder id</title><link>/x</link></item>",
        "<item><title>A</title><link>/zelfde</link></item>",
        "<item><title>B</title><link>/zelfde</link></item>",
        "<item><guid isPermaLink='false'>7</guid><title>C</title></item>",
    ]
    named = [
        {post.uri for post in feed_from(rss(*(items[at] for at in order)), ADDRESS, NOW).posts}
        for order in (one, other)
    ]
    assert named[0] == named[1]
    assert len(named[0]) == 6


def test_a_name_that_is_too_long_is_shortened_to_one_that_fits() -> None:
    long = f"<item><guid>https://a.example/{'x' * 3000}</guid><title>a</title></item>"
    (post,) = feed_from(rss(long), ADDRESS, NOW).posts
    assert len(post.uri) <= 400
    assert feed_from(rss(long), ADDRESS, NOW).posts[0].uri == post.uri


# -- whatever is in it -------------------------------------------------------------------------


def test_what_is_no_feed_is_told_with_the_reason_and_looked_at_again_later() -> None:
    page = b'<html><head><link rel="alternate" type="application/atom+xml" href="/atom"></head></html>'
    batch = Site(page).client.listen(SOURCE, None)
    (unreadable,) = batch.items
    assert isinstance(unreadable, Unreadable)
    assert "https://nieuws.waterdam.example/atom" in unreadable.error
    assert batch.poll_after == USUAL


def test_connecting_something_that_is_no_feed_is_refused_with_where_to_look() -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>'
    client = connect(Account("feed", settings={"address": ADDRESS}), Site(page).wire)
    with pytest.raises(Refused, match="/rss"):
        client.profile()


def test_a_feed_says_who_it_is() -> None:
    client = connect(Account("feed", settings={"address": ADDRESS}), Site(rss(item(1))).wire)
    assert (client.profile().handle, client.profile().name) == ("nieuws.waterdam.example/feed.xml", "Nieuws")
    assert len(client.listen(SourceSpec("feed"), None).items) == 1


def test_a_document_that_unfolds_without_end_costs_little() -> None:
    names = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(20))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{names}]>'.encode() + rss(
        "<item><title>&e20;</title></item>"
    )
    feed = feed_from(bomb, ADDRESS, NOW)
    assert sum(len(post.text) for post in feed.posts) < 1000


def test_a_document_cannot_have_us_read_our_own_files() -> None:
    outside = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + rss(
        "<item><title>voor&f;na</title></item>"
    )
    assert [post.text for post in feed_from(outside, ADDRESS, NOW).posts] in (["voorna"], ["voor&f;na"])


WHOLE = rss(item(1), item(2, "&lt;p&gt;a&lt;/p&gt;"), head="<ttl>5</ttl><link>https://a.example</link>")


@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.binary(max_size=20))
@settings(deadline=None)
def test_whatever_is_broken_in_a_feed_the_rest_is_read_or_it_says_why_not(at: int, away: int, instead: bytes) -> None:
    try:
        feed = feed_from(WHOLE[:at] + instead + WHOLE[at + away :], ADDRESS, NOW)
    except ValueError:
        return
    for post in feed.posts:
        assert post.posted_at.tzinfo
        assert post.uri
        assert post.posted_at <= NOW


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_whatever_is_at_the_address_nothing_else_than_a_reason_comes_of_it(body: bytes) -> None:
    batch = Site(body).client.listen(SOURCE, None)
    assert all(item.error for item in batch.items if isinstance(item, Unreadable))


# -- one way -----------------------------------------------------------------------------------


def test_a_feed_cannot_be_answered_and_says_so() -> None:
    client, message = Site().client, Message("k", "Dank", NOW)
    for call in (
        lambda: client.publish(message),
        lambda: client.revise(Sent("a", "a"), message),
        lambda: client.withdraw(Sent("a", "a")),
    ):
        with pytest.raises(Unsupported, match="not answered"):
            call()


@pytest.mark.parametrize(
    ("address", "handle"),
    [
        ("https://w.example/rss.php?soort=nieuws", "w.example/rss.php?soort=nieuws"),
        ("https://jan:geheim@w.example/rss/?", "w.example/rss"),
    ],
)
def test_feeds_that_differ_in_their_query_are_called_differently(address: str, handle: str) -> None:
    client = connect(Account("feed", settings={"address": address}), Site(rss(item(1))).wire)
    assert client.profile().handle == handle


def test_two_long_addresses_that_begin_alike_are_called_differently() -> None:
    names = set()
    for end in "ab":
        settings = {"address": f"https://w.example/rss?{'x' * 300}{end}"}
        names.add(connect(Account("feed", settings=settings), Site(rss(item(1))).wire).profile().handle[:200])
    assert len(names) == 2


def test_a_feed_at_another_address_is_read_from_the_start() -> None:
    site = Site(rss(item(1)), etag='"a"')
    first = site.client.listen(SOURCE, None)
    other = site.client.listen(SourceSpec("feed", "https://nieuws.waterdam.example/ander.xml"), first.cursor)
    assert len(other.items) == 1
    assert "if-none-match" not in site.wire.requests[-1].headers
    assert site.client.listen(SOURCE, first.cursor).items == ()

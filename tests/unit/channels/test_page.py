"""Web pages: asked politely, each new item told once, each changed passage once, and no clock or counter."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plein.channels.contract import Account, SourceSpec
from plein.channels.errors import Refused, TryLater
from plein.channels.page import LONGEST, SHORTEST, USUAL, Client, connect
from plein.channels.pages import page_from
from plein.channels.unchanging import bare
from tests.unit.channels.wires import Wire

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ADDRESS = "https://www.waterdam.example/raad/stukken"
SOURCE = SourceSpec("page", ADDRESS)


def li(name: str, around: str = "") -> str:
    return f'<li><a href="/stuk/{name.replace(" ", "-")}">{name}</a>{around}</li>'


class Site:
    """A web server with one page on it, and what it asks of programs."""

    def __init__(self, main: str = "", robots: str | int = 404, status: int = 200, **headers: str) -> None:
        self.main, self.robots, self.status = main, robots, status
        self.headers = {"content-type": "text/html"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        self.wire = Wire(self.answer)
        self.cursor: str | None = None

    def answer(self, request: httpx.Request) -> httpx.Response:
        date = {"date": format_datetime(NOW, usegmt=True)}
        if request.url.path == "/robots.txt":
            if isinstance(self.robots, int):
                return httpx.Response(self.robots, headers=date)
            return httpx.Response(200, headers=date, content=self.robots)
        etag = self.headers.get("etag")
        if etag and request.headers.get("if-none-match") == etag:
            return httpx.Response(304, headers={**date, **self.headers})
        body = f"<html lang=nl><title>Stukken</title><nav><a href=/>Home</a></nav><main>{self.main}</main></html>"
        return httpx.Response(self.status, headers={**date, **self.headers}, content=body)

    @property
    def client(self) -> Client:
        return connect(Account("page"), self.wire)

    @property
    def asked(self) -> list[str]:
        return [request.url.path for request in self.wire.requests]

    def look(self, main: str | None = None) -> list[str]:
        """Return the texts that a look brings, after the page was changed to `main`."""
        self.main = self.main if main is None else main
        batch = self.client.listen(SOURCE, self.cursor)
        self.cursor, self.wait = batch.cursor, batch.poll_after
        return [post.text for post in batch.items]


# -- what is told ------------------------------------------------------------------------------


def test_a_first_look_learns_how_the_page_stands_and_tells_nothing() -> None:
    assert Site(li("Begroting") + "<p>De raad vergadert.</p>").look() == []


def test_a_new_item_is_told_at_once_and_only_once() -> None:
    site = Site(li("Begroting"))
    site.look()
    assert site.look(li("Voorstel Sluisbrug", " (pdf)") + li("Begroting")) == ["Voorstel Sluisbrug (pdf)"]
    assert site.look() == site.look() == []


def test_an_item_that_goes_and_comes_back_is_not_new() -> None:
    site = Site(li("Begroting") + li("Jaarplan"))
    site.look()
    assert [site.look(li("Begroting")), site.look(li("Jaarplan") + li("Begroting"))] == [[], []]


def test_the_same_item_is_one_post_whatever_the_visit_adds_to_its_address() -> None:
    site = Site('<li><a href="/stuk/1?utm_source=a&id=2">Stuk een</a></li>')
    site.look("")
    first = site.client.listen(SOURCE, None).cursor
    shown = '<li><a href="/stuk/1;jsessionid={0}?utm_source={0}&id=2#x">Stuk een</a></li>'
    site.main = shown.format("q")
    one = site.client.listen(SOURCE, first).items
    site.main = shown.format("r")
    other = site.client.listen(SOURCE, first).items
    assert [post.uri for post in one] == [post.uri for post in other] == ["https://www.waterdam.example/stuk/1?id=2"]


def test_a_changed_passage_tells_what_came_and_what_went_once_it_was_seen_twice() -> None:
    site = Site("<p>Rooster</p><p>De brug is dicht.</p>")
    site.look()
    site.look()
    assert site.look("<p>Rooster</p><p>De brug is open.</p>") == []
    assert site.wait == SHORTEST
    assert site.look() == ["+ De brug is open.\n− De brug is dicht."]
    assert site.look() == []


def test_a_passage_that_only_went_is_told_too() -> None:
    site = Site("<p>Rooster</p><p>Het loket is open.</p>")
    site.look()
    site.look()
    site.look("<p>Rooster</p>")
    assert site.look() == ["− Het loket is open."]


def test_a_change_is_the_same_post_for_whoever_looks() -> None:
    uris = []
    for _ in range(2):
        site = Site("<p>Dicht.</p>")
        for main in ("<p>Dicht.</p>", "<p>Dicht.</p>", "<p>Weer open.</p>", "<p>Weer open.</p>"):
            site.main = main
            batch = site.client.listen(SOURCE, site.cursor)
            site.cursor = batch.cursor
        uris += [post.uri for post in batch.items]
    assert len(uris) == 2 and len(set(uris)) == 1


@pytest.mark.parametrize(
    "shown",
    [
        "<p>Het is nu 10:4{0} uur</p>",
        "<p>dinsdag {0} maart 2026</p>",
        "<p>Laatst gewijzigd: {0} maart 2026</p>",
        "<p>12{0} keer bekeken</p>",
        "<p>Vergunningen (1{0})</p>",
        "<p>Geplaatst {0} uur geleden</p>",
        "<p>Sessie 3f2a9c{0}d8e7b6a5c4d3e2f1a0b9c8d7e</p>",
        "<p>Pagina {0} van 9</p>",
        '<li><a href="/stuk/1?sid={0}&utm_campaign=x{0}">Stuk een</a></li>',
        '<p hidden>token {0}</p><script>var t={0}</script><!-- {0} --><input type="hidden" value="{0}">',
        '<div class="cookie-melding">Keuze {0}</div>',
        "<footer>Bezoeker {0}</footer>",
    ],
)
def test_clocks_counters_and_tokens_are_no_change(shown: str) -> None:
    site = Site(shown.format(2))
    site.look()
    assert [site.look(shown.format(number)) for number in (3, 4, 4, 5, 5)] == [[]] * 5


def test_a_date_within_a_sentence_is_a_change() -> None:
    site = Site("<p>De raad vergadert op 12 maart over de brug.</p>")
    site.look()
    site.look()
    site.look("<p>De raad vergadert op 19 maart over de brug.</p>")
    assert site.look() == [
        "+ De raad vergadert op 19 maart over de brug.\n− De raad vergadert op 12 maart over de brug."
    ]


def test_a_tip_that_rotates_is_never_told() -> None:
    tips = [f"<p>Tip: {word}.</p><p>Vast.</p>" for word in ("fietsen", "lopen", "delen", "zwemmen", "rusten")]
    site = Site(tips[0])
    site.look()
    assert [site.look(tips[number % 5]) for number in range(1, 16)] == [[]] * 15


def test_passages_in_another_order_are_no_change() -> None:
    site = Site("<p>Aap noot.</p><p>Mies wim.</p><p>Zus jet.</p>")
    site.look()
    assert [site.look("<p>Zus jet.</p><p>Aap noot.</p><p>Mies wim.</p>") for _ in range(3)] == [[]] * 3


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_every_passage_that_stays_two_looks_is_told_once_and_no_other(pages: list[list[str]]) -> None:
    site = Site()
    told: list[str] = []
    standing = before = first = None
    expected: list[str] = []
    for shown in pages:
        now = {f"Passage {letter * 3}" for letter in shown}
        told += [
            line for text in site.look("".join(f"<p>{one}</p>" for one in sorted(now))) for line in text.split("\n")
        ]
        if standing is None:
            standing = before = first = now
            continue
        standing = standing & now if before is first else standing
        came, went = {one for one in now & before if one not in standing}, standing - now - before
        expected += [*(f"+ {one}" for one in came), *(f"− {one}" for one in went)]
        standing, before = (standing | came) - went, now
    assert sorted(told) == sorted(expected)


# -- politeness --------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again() -> None:
    site = Site(li("Begroting"), etag='"a"', last_modified="Tue, 03 Mar 2026 09:00:00 GMT")
    site.look()
    assert site.look() == [] and site.wait == USUAL
    asked = site.wire.requests[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"a"', "Tue, 03 Mar 2026 09:00:00 GMT")


def test_what_waits_to_be_seen_twice_is_asked_for_whole() -> None:
    site = Site("<p>Dicht.</p>", etag='"a"')
    site.look()
    site.look()
    site.headers["etag"] = '"b"'
    site.look("<p>Open.</p>")
    assert site.look() == ["+ Open.\n− Dicht."]


def test_a_site_that_does_not_want_programs_is_left_alone() -> None:
    site = Site(li("Begroting"), robots="User-agent: *\nDisallow: /raad/")
    with pytest.raises(Refused, match="robots"):
        site.look()
    assert site.asked == ["/robots.txt"]


def test_a_site_may_name_us() -> None:
    site = Site(robots="User-agent: Plein\nDisallow: /\n\nUser-agent: *\nDisallow:")
    with pytest.raises(Refused):
        site.look()


def test_a_site_that_cannot_say_now_is_not_read_now() -> None:
    with pytest.raises(TryLater):
        Site(robots=503).look()


def test_its_wishes_are_asked_once_a_day_and_its_pace_is_ours() -> None:
    site = Site(robots="User-agent: *\nCrawl-delay: 7200")
    site.look()
    site.look()
    assert site.asked.count("/robots.txt") <= 2 and site.wait == 7200.0


@pytest.mark.parametrize(("delay", "wait"), [("1", USUAL), ("999999", LONGEST)])
def test_no_wish_makes_us_look_all_the_time_or_never(delay: str, wait: float) -> None:
    site = Site(robots=f"User-agent: *\nCrawl-delay: {delay}")
    site.look()
    assert site.wait == wait


@pytest.mark.parametrize("status", [401, 403])
def test_a_page_behind_a_login_is_not_read(status: int) -> None:
    with pytest.raises(Refused, match="public"):
        Site(status=status).look()


def test_a_page_that_is_away_may_be_back() -> None:
    with pytest.raises(TryLater):
        Site(status=404).look()


def test_a_file_is_no_page() -> None:
    with pytest.raises(Refused, match="file"):
        Site(content_type="application/pdf").look()


@given(st.text("<>/=\"' abdilmnpuy!-", max_size=200))
@settings(max_examples=80, deadline=None)
def test_any_html_can_be_read(markup: str) -> None:
    page = page_from(markup.encode(), ADDRESS)
    assert all(passage.text for passage in page.passages)


def test_reading_a_page_of_unended_tags_costs_no_more_than_its_length() -> None:
    for piece in ("<div>", "<a href=x>", "<li hidden>", "<header>", "</p>", "<p"):
        page_from(piece.encode() * 20_000, ADDRESS)


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_what_counts_of_a_passage_is_the_same_when_it_is_asked_again(text: str) -> None:
    assert bare(text) == bare(f" {text}\n")

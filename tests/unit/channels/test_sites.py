"""Whoever pastes the address of a site gets its feeds, or is told that the page itself can be watched."""

from __future__ import annotations

import httpx
import pytest

from plein.channels.errors import ChannelError
from plein.channels.sites import explore
from tests.unit.channels.wires import Wire

HOME = "https://www.waterdam.example/"
RSS = "<rss version='2.0'><channel><title>{}</title><item><guid>https://w.example/1</guid><title>Brug</title></item></channel></rss>"


def web(pages: dict[str, str]) -> Wire:
    """Return a web of pages by path; what is not in it is not there."""

    def answer(request: httpx.Request) -> httpx.Response:
        body = pages.get(request.url.path)
        kind = "application/rss+xml" if (body or "").startswith("<rss") else "text/html; charset=utf-8"
        return httpx.Response(404 if body is None else 200, headers={"content-type": kind}, content=body or "")

    return Wire(answer)


def found(pages: dict[str, str], typed: str = HOME) -> list[tuple[str, str]]:
    return [(one.title, one.address) for one in explore(typed, web(pages)).feeds]


def test_a_feed_that_the_head_of_the_page_names_is_found() -> None:
    head = '<head><link rel="alternate" type="application/rss+xml" title="Nieuws" href="/nieuws/rss"></head>'
    assert found({"/": head, "/nieuws/rss": RSS.format("Nieuws")}) == [("Nieuws", f"{HOME}nieuws/rss")]


def test_a_feed_that_a_link_in_the_footer_leads_to_is_found() -> None:
    page = "<main>Welkom</main><footer><a href='/feed/'>RSS</a> <a href='/contact'>Contact</a></footer>"
    assert found({"/": page, "/feed/": RSS.format("Weblog")}) == [("Weblog", f"{HOME}feed/")]


def test_a_path_that_nobody_links_to_is_not_tried() -> None:
    wire = web({"/": "<main>Welkom</main>", "/feed": RSS.format("Verborgen")})
    assert explore(HOME, wire).feeds == ()
    assert {request.url.path for request in wire.requests} == {"/", "/robots.txt"}


def test_a_link_that_turns_out_to_be_no_feed_is_left_out() -> None:
    assert found({"/": "<a href='/rss'>RSS</a><a href='/feed'>x</a>", "/rss": "<p>Onderhoud</p>"}) == []


def test_the_address_of_a_feed_is_that_feed() -> None:
    assert found({"/feed": RSS.format("Nieuws")}, f"{HOME}feed") == [("Nieuws", f"{HOME}feed")]


def test_one_feed_linked_twice_is_one() -> None:
    page = "<head><link rel=alternate type=application/rss+xml href=/rss></head><a href='/rss#top'>RSS</a><a href=/rss>RSS</a>"
    assert len(found({"/": page, "/rss": RSS.format("Nieuws")})) == 1


def test_without_a_feed_the_page_itself_can_be_watched() -> None:
    site = explore("www.waterdam.example", web({"/": "<title>Raadsstukken</title><main>Stukken</main>"}))
    assert (site.title, site.is_page, site.why_not_watched) == ("Raadsstukken", True, "")


def test_a_page_that_does_not_want_programs_says_so() -> None:
    site = explore(HOME, web({"/": "<p>Stukken</p>", "/robots.txt": "User-agent: *\nDisallow: /"}))
    assert "robots.txt" in site.why_not_watched


def test_an_address_where_nothing_is_says_so() -> None:
    with pytest.raises(ChannelError):
        explore(HOME, web({}))

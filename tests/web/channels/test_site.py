"""Somebody pastes the address of a site, sees what it offers, chooses, and reads it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from plein_web.channels.models import Source
from plein_web.listening.models import Mention, Watch
from plein_web.listening.workers import poll_sources
from tests.web.listening.conftest import fresh_watches, watch_row  # noqa: F401

pytestmark = pytest.mark.django_db
RSS = (
    "<rss version='2.0'><channel><title>Nieuws uit Waterdam</title><item><guid>https://w.example/1</guid>"
    "<title>De Sluisbrug is dicht</title></item></channel></rss>"
)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.server.pages.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("content-type", "application/rss+xml" if (body or "").startswith("<rss") else "text/html")
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, *given):
        pass


@pytest.fixture
def site(waterdam):
    """A site on a private address that the administrator lets through."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.pages, server.address = {}, f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    waterdam.allowed_addresses = [f"127.0.0.1:{server.server_port}"]
    waterdam.save()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def everybody_reads_english(sanne, femke):
    for person in (sanne, femke):
        person.language = "en"
        person.save()


def look(client, address: str):
    return client.post("/waterdam/sources/site/", {"site": address})


def test_the_feeds_of_a_site_are_shown_and_one_is_chosen(sign_in, sanne, site):
    site.pages |= {"/": "<head><link rel=alternate type=application/rss+xml href=/rss></head>Welkom", "/rss": RSS}
    client = sign_in(sanne)
    shown = look(client, site.address).content.decode()
    assert "Nieuws uit Waterdam" in shown and "1 message" in shown
    client.post("/waterdam/sources/", {"what": "feed:feed", "address": f"{site.address}/rss"})
    assert Source.objects.get().address == f"{site.address}/rss"
    assert "You read this already." in look(client, site.address).content.decode()


def test_without_a_feed_the_page_is_offered(sign_in, sanne, site):
    site.pages["/raad"] = "<title>Raadsstukken</title><main>Stukken</main>"
    client = sign_in(sanne)
    shown = look(client, f"{site.address}/raad").content.decode()
    assert "no feed that it links to" in shown and "Watch this page" in shown
    client.post("/waterdam/sources/", {"what": "page:page", "address": f"{site.address}/raad"})
    assert (Source.objects.get().network_code, Source.objects.get().kind) == ("page", "page")


def test_a_site_that_wants_no_programs_says_why(sign_in, sanne, site):
    site.pages |= {"/": "<main>Stukken</main>", "/robots.txt": "User-agent: *\nDisallow: /"}
    shown = look(sign_in(sanne), site.address).content.decode()
    assert "robots.txt" in shown and "Watch this page" not in shown


@pytest.mark.parametrize("typed", ["", "niets hier", "ftp://w.example", "http://127.0.0.1:9/"])
def test_what_cannot_be_looked_at_says_so_and_keeps_what_was_typed(typed, sign_in, sanne, site):
    answer = look(sign_in(sanne), typed)
    assert answer.status_code == (422 if typed else 200)
    assert typed in answer.content.decode()
    assert not Source.objects.exists()


def test_who_may_not_connect_may_not_look(sign_in, femke, site):
    assert look(sign_in(femke), site.address).status_code == 403


def test_a_new_document_on_a_watched_page_becomes_a_mention(sign_in, sanne, site, waterdam):
    site.pages["/raad"] = "<main><ul><li><a href=/stuk/1>Begroting</a></ul></main>"
    watch_row(waterdam, "sluisbrug")
    client = sign_in(sanne)
    client.post("/waterdam/sources/", {"what": "page:page", "address": f"{site.address}/raad"})
    poll_sources(timezone.now())
    site.pages["/raad"] = (
        "<main><ul><li><a href=/stuk/2>Afsluiting Sluisbrug</a><li><a href=/stuk/1>Begroting</a></ul></main>"
    )
    for _ in range(3):
        Source.objects.update(due_at=timezone.now())
        poll_sources(timezone.now())
    assert [row.network_code for row in Mention.objects.all()] == ["page"]
    assert Watch.objects.count() == 1

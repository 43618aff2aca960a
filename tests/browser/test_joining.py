"""A conversation that somebody else began, found on the public stream of a real server, joined and answered there.

The resident does not address the town. A watch hears the question, it stands in "Here you can help", a colleague joins
with one key, and the answer stands on that server below the question, from the town's own account.
"""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.house import signed_in
from tests.browser.street import Street
from tests.contract.worlds import Saying

LISTEN = """
from plein_web.channels.models import Source
from plein_web.town.models import Town
from tests.web.listening.conftest import watch_row
town = Town.objects.get(slug="waterdam")
town.allowed_addresses = sorted({*town.allowed_addresses, told["host"]}); town.save()
watch_row(town, told["phrase"])
source = Source.objects.create(
    town=town, network_code=told["network"], kind=told["kind"], address=told["address"], settings=told["settings"],
)
answer = source.pk
"""
HEARS = """
from plein_web.channels.models import Source
source = Source.objects.get(pk=told["source"])
answer = "" if source.last_ok_at and not source.error else source.error or "nobody looked yet"
"""
ONE = """
from plein_web.channels.models import Post
from plein_web.inbox.models import Conversation
answer = [Post.objects.filter(uri=told["uri"]).count(), Conversation.objects.filter(entries__post__uri=told["uri"]).count()]
"""
# By network: the public source, the phrase of the watch, what a resident asks there.
ASKED = {
    "bluesky": ("firehose", "gemaalweg", "Weet iemand wanneer de vuilniswagen op de Gemaalweg komt? De containers zitten vol"),
}


def hears(street: Street, network: str) -> None:
    """Let the town listen to everything public on a server, and wait until it does."""
    kind, phrase, _question = ASKED[network]
    spec = street.worlds[network].public_source(kind, "")
    host = urlsplit(spec.address).netloc
    source = street.plein.run(
        LISTEN, network=network, kind=kind, phrase=phrase, address=spec.address, settings=dict(spec.settings), host=host
    )
    deadline = time.monotonic() + 60
    while why := street.plein.run(HEARS, source=source):
        assert time.monotonic() < deadline, f"nothing is heard of {network}: {why}"
        time.sleep(1)


@pytest.mark.parametrize("network", ASKED)
def test_a_conversation_found_on_a_public_stream_is_joined_and_answered_there(chromium, street: Street, network: str):
    _kind, _phrase, question = ASKED[network]
    hears(street, network)
    page = signed_in(chromium, street.plein)
    page.goto("/waterdam/listening/help/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hier kun je helpen")
    written = street.worlds[network].says(question, Saying(addressed=False))
    place = page.locator(".help-item", has_text=question)
    deadline = time.monotonic() + 90
    while not place.count() and time.monotonic() < deadline:
        page.wait_for_timeout(1500)
        page.reload()
    place.click()
    expect(page.locator(".mention--asks")).to_contain_text(question)
    page.wait_for_load_state()
    page.keyboard.press("j")
    expect(page.locator("#answer-text")).to_be_visible(timeout=60_000)
    expect(page.locator("#thread")).to_contain_text(question)
    page.locator("#answer-text").fill("Morgen, voor 12.00 uur.")
    page.locator("#answer-text").press("Control+Enter")
    expect(page.locator("#thread")).to_contain_text("Morgen, voor 12.00 uur.", timeout=30_000)
    read_back = street.answer(network, "Morgen, voor 12.00 uur.")
    assert read_back.parent == written.uri
    assert street.plein.run(ONE, uri=written.uri) == [1, 1], "met by two routes, it is one post in one conversation"
    assert page.faults == []
    page.context.close()

"""The main job, end to end, on real servers: a resident posts, a colleague answers, it stands in the right thread.

A Bluesky PDS with AppView and an ActivityPub server with the Mastodon API, both on loopback; a
whole Plein beside them; a browser in which only the keyboard is used.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.house import House, house, signed_in
from tests.contract.worlds import World, Written, kinds
from tests.needs import missing

NETWORKS = {"bluesky": "Bluesky", "mastodon": "Mastodon"}
# Seconds from posting to screen. Most of the second is the ActivityPub server's own queue.
WITHIN = {"bluesky": 5.0, "mastodon": 30.0}

CONNECT = """
from tests import factories
from plein_web.channels.actions import connect_channel
from plein_web.town.models import Person, Town
town = Town.objects.get(slug="waterdam")
town.allowed_addresses = told["allowed"]; town.save()
sanne = Person.objects.get(email__startswith="sanne")
channel = connect_channel(
    actor=factories.actor(sanne, town), network_code=told["network"], handle=told["handle"],
    settings=told["settings"], secrets=told["secrets"],
)
answer = channel.pk
"""
SENT = """
from plein_web.channels.models import Outgoing
sent = Outgoing.objects.filter(text__contains=told["words"])
answer = [list(row) for row in sent.values_list("state", "uri")]
"""


@dataclass
class Street:
    """Two networks, a Plein that listens on both, and the time it took."""

    plein: House
    worlds: dict[str, World]

    def answer(self, network: str, words: str, seconds: float = 30):
        """Return our answer as the network itself tells it, once it stands there."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            rows = self.plein.run(SENT, words=words)
            assert len(rows) == 1
            if rows[0][0] == "sent":
                return self.worlds[network].read(rows[0][1])
            time.sleep(0.5)
        raise AssertionError(f"The answer on {network} is still {rows[0][0]}")


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """Start both networks and a Plein that is connected to them."""
    chosen = {kind.name: kind for kind in kinds() if kind.name in NETWORKS}
    for kind in chosen.values():
        if why := kind.missing():
            missing(kind.name, why)
    with ExitStack() as stack:
        worlds = {name: stack.enter_context(kind.open()) for name, kind in chosen.items()}
        plein = stack.enter_context(house(Path(tmp_path_factory.mktemp("story"))))
        allowed = [urlsplit(url).netloc for world in worlds.values() for url in world.account().settings.values()]
        for name, world in worlds.items():
            account = world.account()
            plein.run(
                CONNECT, network=name, handle=account.handle, settings=dict(account.settings), secrets=dict(account.secrets),
                allowed=allowed,
            )  # fmt: skip
        yield Street(plein, worlds)


@pytest.fixture
def page(chromium, street: Street) -> Iterator:
    """The inbox, open before anything happens."""
    page = signed_in(chromium, street.plein)
    page.goto("/waterdam/inbox/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
    page.wait_for_timeout(1000)
    yield page
    page.context.close()


def row(page, words: str):
    return page.locator("[data-row]", has_text=words)


def appears(page, words: str, posted: float, within: float) -> float:
    """Wait until a message stands in the list by itself; return how many seconds that took."""
    expect(row(page, words)).to_be_visible(timeout=within * 1000)
    took = time.monotonic() - posted
    assert took <= within, f"{words!r} came after {took:.1f} s"
    return took


def answers_by_keyboard(page, words: str, answer: str) -> None:
    """Find a message in the list, open it, write and send, without a mouse."""
    page.keyboard.press("Escape")
    for _ in range(10):
        page.keyboard.press("ArrowDown")
        if words in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)
    # Only then does the page listen to keys.
    page.wait_for_load_state()
    page.keyboard.press("r")
    page.keyboard.type(answer)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread")).to_contain_text(answer)
    expect(page.locator("#thread")).to_contain_text(re.compile(r"Verstuurd om \d+\.\d\d uur"), timeout=20_000)


def test_residents_post_and_are_answered_in_the_right_threads_by_keyboard_alone(page, street: Street):
    questions = {"bluesky": "Wanneer is de lantaarnpaal gemaakt?", "mastodon": "Vaart de pont ook op zondag?"}
    replies = {"bluesky": "Morgen komt de monteur.", "mastodon": "Ja, van 9 tot 18 uur."}
    written: dict[str, Written] = {}
    took = {}
    for network, question in questions.items():
        posted = time.monotonic()
        written[network] = street.worlds[network].says(question)
        took[network] = appears(page, question, posted, WITHIN[network])
    for network, question in questions.items():
        page.goto("/waterdam/inbox/")
        answers_by_keyboard(page, question, replies[network])
    for network, reply in replies.items():
        read_back = street.answer(network, reply)
        assert reply in read_back.text
        assert read_back.parent == written[network].uri
    print(" · ".join(f"{NETWORKS[name]}: on the screen after {seconds:.1f} s" for name, seconds in took.items()))

    page.goto("/waterdam/inbox/?tab=waiting")
    row(page, questions["bluesky"]).click()
    street.worlds["bluesky"].deletes(written["bluesky"])
    expect(page.locator("#thread")).to_contain_text("Een reactie is door de inwoner verwijderd", timeout=60_000)
    expect(page.locator("#thread")).not_to_contain_text(questions["bluesky"])

    page.goto("/waterdam/inbox/?tab=waiting")
    row(page, questions["mastodon"]).click()
    street.worlds["mastodon"].edits(
        written["mastodon"], street.worlds["mastodon"].town.handle + " Vaart de pont ook op maandag?"
    )
    expect(page.locator("#thread")).to_contain_text("Vaart de pont ook op maandag?", timeout=90_000)
    expect(page.locator("#thread")).to_contain_text("bewerkt, zie eerste versie")
    assert page.faults == []

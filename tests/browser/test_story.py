"""The main job, end to end, on real servers: a resident posts, a colleague answers, it stands in the right thread.

A Bluesky PDS with AppView and an ActivityPub server with the Mastodon API, both on loopback; a
whole Plein beside them; a browser in which only the keyboard is used.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.house import signed_in
from tests.browser.street import NETWORKS, Street
from tests.contract.worlds import Written

# Seconds from posting to screen. Most of the second is the ActivityPub server's own queue.
WITHIN = {"bluesky": 5.0, "mastodon": 30.0}


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

"""What a page does after something was sent, or came in, or was done elsewhere: it stays whole and tells the truth."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from plein.channels.memory import Square
from tests.browser.house import open_page, plein  # noqa: F401

SOON = 5_000
MANY_ROWS = """
from tests import factories
from plein_web.channels.models import Channel
from plein_web.town.models import Person, Town
town, channel = Town.objects.get(slug="waterdam"), Channel.objects.get(town__slug="waterdam")
femke = Person.objects.get(email__startswith="femke")
for number in range(40):
    factories.conversation(town, channel=channel, texts=(f"Vraag nummer {number}",), assignee=femke)
"""
ANSWER_ELSEWHERE = """
from plein_web.inbox import actions
from plein_web.inbox.models import Conversation
from plein_web.town.access import actor_for
from plein_web.town.models import Person
talk, femke = Conversation.objects.get(title__contains=told["title"]), Person.objects.get(email__startswith="femke")
post = talk.entries.latest("post__posted_at").post
actions.send_answer(actor=actor_for(femke, "waterdam"), conversation=talk, post=post, text="Femke weet het.")
"""


@pytest.fixture
def square(plein) -> Square:
    return Square.at(plein.square_path)


def open_talk(page, square, who: str, words: str) -> str:
    """Let somebody write, open the conversation when it is there, and return the uri of the message."""
    uri = square.post(who, f"@waterdam {words}")
    page.goto("/waterdam/inbox/")
    page.locator("[data-row]", has_text=words).click()
    expect(page).to_have_url(re.compile(r"/inbox/\d+/"))
    page.wait_for_load_state()
    return uri


def send(page, words: str) -> None:
    page.locator("#answer-text").fill(words)
    page.locator("#answer-text").press("Control+Enter")
    expect(page).to_have_url(re.compile(r"#answer-\d+"))
    page.wait_for_load_state()


def test_after_sending_the_page_stays_in_its_window(open_page, plein, square):
    plein.run(MANY_ROWS)
    page = open_page()
    open_talk(page, square, "vera", "Waar staat de glasbak?")
    send(page, "Bij de haven.")
    expect(page.locator("#thread")).to_contain_text("Bij de haven.")
    assert page.evaluate("window.scrollY") == 0
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
    page.mouse.move(20, 500)
    page.mouse.wheel(0, 800)
    page.wait_for_timeout(300)
    assert page.evaluate("window.scrollY") == 0


def test_after_sending_on_a_phone_the_bar_on_top_is_whole(open_page, plein, square):
    page = open_page(viewport={"width": 320, "height": 640}, has_touch=True)
    open_talk(page, square, "wim", "Waar staat de papierbak, en wanneer wordt hij geleegd, want hij is al weken vol?")
    page.get_by_role("button", name="Schrijf een antwoord").click()
    page.locator("#answer-text").fill("Achter de kerk. " * 25)
    page.get_by_role("button", name="Verstuur antwoord").click()
    expect(page).to_have_url(re.compile(r"#answer-\d+"))
    page.wait_for_load_state()
    expect(page.locator("#thread")).to_contain_text("Achter de kerk.")
    bar = page.locator(".talk__head").bounding_box()
    answer = page.locator(".leaf", has_text="Achter de kerk").last.bounding_box()
    assert bar["y"] >= 0
    assert answer["y"] >= bar["y"] + bar["height"] - 1


def test_after_sending_and_undoing_the_keyboard_goes_on_in_the_conversation(open_page, square):
    page = open_page()
    open_talk(page, square, "xena", "Is de kade vrij?")
    send(page, "Vanaf maandag.")
    expect(page.locator("#thread")).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator(".undo")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Is de kade vrij")
    expect(page.locator("#thread")).to_be_focused()


def test_going_back_after_sending_finds_an_empty_box(open_page, square):
    page = open_page()
    open_talk(page, square, "yara", "Komt er een bankje?")
    send(page, "Ja, in mei.")
    page.go_back()
    expect(page.locator("#thread")).to_contain_text("Ja, in mei.")
    expect(page.locator("#answer-text")).to_have_value("")


def test_the_head_and_the_side_follow_what_a_colleague_does(open_page, plein, square):
    page = open_page()
    open_talk(page, square, "zoe", "Mag de hond los?")
    expect(page.locator("#side")).not_to_contain_text("Femke")
    menu = page.locator(".talk__head summary")
    menu.click()
    plein.run(ANSWER_ELSEWHERE, title="hond")
    expect(page.locator("#thread")).to_contain_text("Femke weet het.", timeout=SOON)
    expect(page.locator("#side")).to_contain_text("Femke", timeout=SOON)
    expect(page.locator(".talk__head details")).to_have_attribute("open", "")
    page.locator("#answer-text").click()
    expect(page.locator(".talk__sub")).to_contain_text("Wacht op de inwoner", timeout=SOON)
    expect(page.locator(".talk__sub")).to_contain_text("Femke")


def test_an_empty_answer_follows_the_newest_message_and_a_choice_stays(open_page, square):
    page = open_page()
    first = open_talk(page, square, "abel", "Is de brug open?")
    page.wait_for_timeout(800)
    second = square.post("berend", "@waterdam En de sluis?", reply_to=first)
    expect(page.locator("#where-said")).to_contain_text("berend", timeout=SOON)
    assert "En de sluis" in page.locator(".post:has(:checked)").inner_text()
    page.locator(".post", has_text="Is de brug open").locator("[data-pick]").click()
    expect(page.locator("#where-said")).to_contain_text("abel")
    page.locator("#thread").focus()
    square.post("cor", "@waterdam En de pont?", reply_to=second)
    expect(page.locator("#thread")).to_contain_text("En de pont", timeout=SOON)
    expect(page.locator("#where-said")).to_contain_text("abel")


def test_a_text_that_is_too_long_cannot_be_sent_and_the_button_says_why(open_page, square):
    page = open_page()
    open_talk(page, square, "dora", "Hoe lang is de rij?")
    page.locator("#answer-text").fill("a" * 600 + " ")
    button = page.locator("[data-send]")
    why = button.locator("[data-why=long]")
    expect(why).to_be_visible()
    expect(why).to_contain_text("maak het eerst korter")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#count")).to_contain_text("100 tekens te lang")
    page.locator("#answer-text").fill("Kort.")
    expect(why).to_be_hidden()
    send(page, "Heel kort.")


def test_a_very_long_text_is_not_cut_off(open_page, square):
    page = open_page()
    open_talk(page, square, "els", "Wat zegt de verordening?")
    page.locator("#answer-text").evaluate("(box) => { box.value = ''; box.focus(); }")
    page.keyboard.insert_text("b" * 20_500)
    assert page.locator("#answer-text").evaluate("(box) => box.value.length") == 20_500

"""Signing in, reading, answering and stopping: without a line of JavaScript."""

from __future__ import annotations

import re

import pytest

from plein_web.channels.models import Outgoing, SendHold
from plein_web.inbox.models import Conversation
from tests.browser.world import PASSWORD


@pytest.fixture
def plain(look):
    """Return a function that opens a page without JavaScript."""
    return lambda path, who="", **more: look(path, who, javascript=False, language="en", **more)


def press(page, button) -> None:
    """Press a button and wait for the page that follows."""
    with page.expect_navigation():
        button.click()


def test_signing_in_and_reading(plain):
    page = plain("/sign-in/")
    page.get_by_label("E-mail address").fill("sanne.bos@waterdam.example")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, page.get_by_role("button", name="Sign in"))
    page.goto("/waterdam/inbox/")
    page.get_by_role("link", name=re.compile("bakfiets")).first.click()
    assert page.get_by_text("Twee jaar terug voer er toch een pontje?").is_visible()


def test_answering(plain, world):
    page = plain("/waterdam/inbox/{conversation}/", "sanne")
    before = set(Outgoing.objects.values_list("pk", flat=True))
    page.get_by_role("textbox").last.fill("Ja, een bakfiets past op de pont.")
    press(page, page.get_by_role("button", name=re.compile("^Send")).first)
    made = Outgoing.objects.exclude(pk__in=before).get()
    assert (made.text, made.kind) == ("Ja, een bakfiets past op de pont.", "reply")
    assert page.locator(f"#answer-{made.pk}").get_by_text("Ja, een bakfiets past op de pont.").is_visible()
    Conversation.objects.filter(pk=world.places["conversation"]).update(status="open")


def test_switching_town_by_the_menu(plain):
    page = plain("/waterdam/channels/", "sanne")
    page.locator(".rail__town summary").click()
    page.get_by_role("link", name="Oeverloo").click()
    assert page.url.endswith("/oeverloo/inbox/")


def test_stopping_and_going_on(plain):
    page = plain("/waterdam/stop/", "femke")
    page.get_by_label("Why?").fill("Brand aan de Havenkade")
    press(page, page.get_by_role("button", name="Stop everything"))
    assert SendHold.objects.standing().filter(town__slug="waterdam").exists()
    press(page, page.get_by_role("button", name="Lift the stop"))
    assert not SendHold.objects.standing().filter(town__slug="waterdam").exists()


def test_a_wrong_form_leads_from_the_summary_to_the_field(plain):
    page = plain("/waterdam/people/", "sanne")
    page.get_by_label("Name", exact=True).fill("Femke")
    page.get_by_label("E-mail address").fill("femke.visser@waterdam.example")
    press(page, page.get_by_role("button", name="Invite"))
    link = page.get_by_role("alert").get_by_role("link")
    link.click()
    assert page.url.endswith("#id_email")
    assert page.locator("#id_email").get_attribute("aria-invalid") == "true"


def test_on_a_phone_one_pane_shows_with_a_way_back(plain):
    page = plain("/waterdam/channels/{channel}/", "sanne", width=390)
    assert not page.get_by_role("navigation", name="Channels").is_visible()
    page.get_by_role("link", name="Back to the channels").click()
    assert page.get_by_role("navigation", name="Channels").is_visible()

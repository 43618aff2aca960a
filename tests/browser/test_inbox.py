"""The inbox as a person lives it, on the practice square: hear, see, answer, without touching a mouse."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from plein.channels.memory import Square
from tests.browser.house import open_page, plein  # noqa: F401

# From posting to screen.
SOON = 5_000


@pytest.fixture
def square(plein) -> Square:
    return Square.at(plein.square_path)


def answer_to(square: Square, uri: str, seconds: float = 10):
    """Return what the municipality answered to a post, once it stands on the square."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for post in square.posts():
            if post.parent == uri and post.author.handle == "waterdam":
                return post
        time.sleep(0.1)
    raise AssertionError(f"No answer to {uri} within {seconds} s")


def row(page, words: str):
    return page.locator("[data-row]", has_text=words)


def open_row(page, words: str) -> None:
    """Open a conversation, and wait until its page listens to keys."""
    row(page, words).click()
    expect(page).to_have_url(re.compile(r"/inbox/\d+/"))
    page.wait_for_load_state()


def test_a_message_appears_by_itself_is_answered_by_keyboard_and_stands_in_the_right_thread(open_page, square):
    page = open_page()
    page.goto("/waterdam/inbox/")
    page.wait_for_timeout(800)
    uri = square.post("marloes", "@waterdam Hoe komen de kinderen aan de overkant?")
    posted = time.monotonic()
    expect(row(page, "Hoe komen de kinderen")).to_be_visible(timeout=SOON)
    assert time.monotonic() - posted < SOON / 1000

    page.keyboard.press("ArrowDown")
    expect(row(page, "Hoe komen de kinderen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hoe komen de kinderen")
    page.wait_for_load_state()
    page.keyboard.press("r")
    page.keyboard.type("Dag Marloes, er vaart een pont.")
    expect(page.locator("#count")).to_contain_text("van 500, zoals Oefenplein telt")
    expect(page.locator("#card")).to_contain_text("er vaart een pont")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"Bewaard om \d+\.\d\d"))
    page.keyboard.press("Control+Enter")

    answer = answer_to(square, uri)
    assert "er vaart een pont" in answer.text
    assert answer.root == uri
    expect(page.locator("#thread")).to_contain_text(re.compile(r"Verstuurd om \d+\.\d\d uur door Sanne Bos"))

    square.edit(uri, "@waterdam Hoe komen de kinderen en de fietsers aan de overkant?")
    expect(page.locator("#thread")).to_contain_text("de fietsers aan de overkant", timeout=SOON)
    expect(page.locator("#thread")).to_contain_text("bewerkt, zie eerste versie")
    square.delete(uri)
    expect(page.locator("#thread")).to_contain_text("Een reactie is door de inwoner verwijderd", timeout=SOON)
    expect(page.locator("#thread")).not_to_contain_text("aan de overkant")
    assert page.faults == []


def test_what_you_write_is_not_touched_by_what_comes_in(open_page, square):
    uri = square.post("joke", "@waterdam Waar kan ik parkeren?")
    page = open_page()
    page.goto("/waterdam/inbox/")
    open_row(page, "Waar kan ik parkeren")
    text = page.locator("#answer-text")
    text.focus()
    page.keyboard.type("Dat kan op de Havenkade")
    page.keyboard.press("ArrowLeft")
    square.post("joke", "@waterdam En is dat gratis?", reply_to=uri)
    expect(page.locator("#thread")).to_contain_text("En is dat gratis?", timeout=SOON)
    expect(page.locator(".post--fresh", has_text="En is dat gratis")).to_be_visible()
    expect(text).to_be_focused()
    expect(text).to_have_value("Dat kan op de Havenkade")
    assert text.evaluate("field => field.selectionStart") == len("Dat kan op de Havenkade") - 1
    chosen = page.locator("input[name=post]:checked").evaluate("one => one.closest('.post').textContent")
    assert "Waar kan ik parkeren" in chosen
    expect(page.locator("#saved")).to_contain_text("Bewaard om")
    page.reload()
    expect(page.locator("#answer-text")).to_have_value("Dat kan op de Havenkade")


def test_new_rows_wait_while_somebody_walks_through_the_list(open_page, square):
    square.post("an", "@waterdam Eerste bericht in de rij")
    page = open_page()
    page.goto("/waterdam/inbox/")
    expect(row(page, "Eerste bericht in de rij")).to_be_visible(timeout=SOON)
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(500)
    square.post("bo", "@waterdam Tweede bericht in de rij")
    button = page.locator("[data-arrived]")
    expect(button).to_have_text("1 nieuw", timeout=SOON)
    expect(row(page, "Tweede bericht in de rij")).to_have_count(0)
    button.click()
    expect(row(page, "Tweede bericht in de rij")).to_be_visible()


def test_every_key_does_what_its_button_says(open_page, square):
    square.post("cas", "@waterdam Een bericht om mee te oefenen")
    page = open_page()
    page.goto("/waterdam/inbox/")
    open_row(page, "om mee te oefenen")
    page.keyboard.press("a")
    expect(page.locator(".talk__sub")).to_contain_text("van jou")
    page.keyboard.press("l")
    expect(page.locator(".undo")).to_contain_text("Staat onder Wacht")
    page.keyboard.press("z")
    expect(page.get_by_role("heading", level=1)).to_contain_text("om mee te oefenen")
    page.keyboard.press("e")
    expect(page.locator(".undo")).to_contain_text("Afgerond")
    page.keyboard.press("z")
    expect(page.get_by_role("heading", level=1)).to_contain_text("om mee te oefenen")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("oefenen e")
    expect(page.locator("[data-search]")).to_have_value("oefenen e")
    page.keyboard.press("Enter")
    expect(page.locator("#list")).to_contain_text("om mee te oefenen")
    page.goto("/waterdam/inbox/")
    page.keyboard.press("1")
    expect(page).to_have_url(re.compile("/waterdam/channels/"))


def test_keys_can_be_switched_off(open_page, plein, square):
    square.post("dirk", "@waterdam Een bericht zonder toetsen")
    plein.run(
        "from plein_web.town.models import Person; Person.objects.filter(email__startswith='femke').update(single_keys=False)"
    )
    page = open_page("femke")
    page.goto("/waterdam/inbox/")
    open_row(page, "zonder toetsen")
    page.keyboard.press("e")
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    expect(page.locator("#answer-text")).not_to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_contain_text("zonder toetsen")


def test_an_answer_to_another_message_goes_below_that_one(open_page, square):
    first = square.post("eva", "@waterdam Is het zwembad open?")
    square.post("fred", "@waterdam En de sauna?", reply_to=first)
    page = open_page()
    page.goto("/waterdam/inbox/")
    open_row(page, "En de sauna")
    page.locator(".post", has_text="Is het zwembad open").locator("[data-pick]").click()
    expect(page.locator("#where")).to_contain_text("eva")
    page.locator("#answer-text").fill("Ja, tot 21 uur.")
    page.keyboard.press("Control+Enter")
    assert answer_to(square, first).parent == first


def test_a_refusal_is_told_in_the_networks_own_words_and_can_be_mended(open_page, square):
    uri = square.post("gerda", "@waterdam Mag ik hier vissen?")
    square.behave("refuses", times=1, words="Dit woord mag hier niet.")
    page = open_page()
    page.goto("/waterdam/inbox/")
    open_row(page, "Mag ik hier vissen")
    page.locator("#answer-text").fill("Ja, met een vispas.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread")).to_contain_text("Dit woord mag hier niet.", timeout=SOON)
    page.get_by_role("button", name="Pas aan").click()
    expect(page.locator("#answer-text")).to_have_value("Ja, met een vispas.")
    page.locator("#answer-text").fill("Ja, met een VISpas.")
    page.keyboard.press("Control+Enter")
    assert answer_to(square, uri).text.endswith("VISpas.")


def test_an_unknown_outcome_is_asked_after_and_never_sent_twice(open_page, square):
    uri = square.post("hugo", "@waterdam Wanneer komt de veegwagen?")
    square.behave("times_out_after", times=1)
    page = open_page()
    page.goto("/waterdam/inbox/")
    open_row(page, "veegwagen")
    page.locator("#answer-text").fill("Op donderdag.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread")).to_contain_text(re.compile("We vragen het na|Verstuurd om"), timeout=SOON)
    expect(page.locator("#thread")).to_contain_text("Verstuurd om", timeout=30_000)
    assert [post.parent for post in square.posts()].count(uri) == 1


def test_reading_and_answering_work_without_javascript(open_page, square):
    uri = square.post("ines", "@waterdam Is het stadhuis open op zaterdag?")
    page = open_page(java_script_enabled=False)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        page.goto("/waterdam/inbox/")
        if row(page, "stadhuis").count():
            break
    open_row(page, "stadhuis")
    page.locator("#answer-text").fill("Nee, alleen op werkdagen.")
    page.get_by_role("button", name="Bekijk voorbeeld").click()
    expect(page.locator("#card")).to_contain_text("alleen op werkdagen")
    page.get_by_role("button", name="Verstuur antwoord").click()
    assert answer_to(square, uri).text.endswith("Nee, alleen op werkdagen.")
    page.get_by_role("button", name="Rond af").click()
    page.get_by_role("button", name="Maak ongedaan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("stadhuis")


def test_without_a_connection_the_draft_stays_and_nothing_is_sent_by_itself(open_page, square):
    uri = square.post("jan", "@waterdam Hoe laat gaat de pont?")
    page = open_page()
    page.goto("/waterdam/inbox/")
    open_row(page, "Hoe laat gaat de pont")
    page.context.set_offline(True)
    page.locator("#answer-text").fill("De eerste pont gaat om 6.30 uur.")
    expect(page.locator("[data-offline]")).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(1500)
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden(timeout=SOON)
    expect(page.locator("#saved")).to_contain_text("Bewaard om", timeout=SOON)
    assert not [post for post in square.posts() if post.parent == uri]
    expect(page.locator("#answer-text")).to_have_value("De eerste pont gaat om 6.30 uur.")


def test_a_greeting_that_comes_after_the_connection_went_does_not_hide_that_it_went(open_page, square):
    square.post("jan", "@waterdam Waar ligt de pont?")
    page = open_page()
    page.add_init_script(
        "window.sources = [];"
        "window.EventSource = class extends EventSource { constructor(url) { super(url); sources.push(this); } };"
    )
    page.goto("/waterdam/inbox/")
    open_row(page, "Waar ligt de pont")
    page.context.set_offline(True)
    page.evaluate("sources.at(-1).dispatchEvent(new MessageEvent('hello', { data: '{}' }))")
    expect(page.locator("[data-offline]")).to_be_visible(timeout=1_000)


def test_on_a_phone_one_column_at_a_time_and_nothing_scrolls_sideways(open_page, square):
    square.post("kees", "@waterdam Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3)
    page = open_page(viewport={"width": 320, "height": 640}, has_touch=True)
    page.goto("/waterdam/inbox/")
    for step in ("list", "talk", "write"):
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width == 320, f"{step} is {width} wide"
        if step == "list":
            open_row(page, "Donaudampf")
            expect(page.locator("#answer-text")).to_be_hidden()
        if step == "talk":
            page.get_by_role("button", name="Schrijf een antwoord").click()
            expect(page.locator("#answer-text")).to_be_visible()
            expect(page.locator("#list")).to_be_hidden()


def test_writing_a_warning_and_losing_the_message_you_answer(open_page, square):
    first = square.post("lot", "@waterdam Wie ruimt de vuurwerkresten op?")
    second = square.post("mo", "@waterdam En het glas?", reply_to=first)
    page = open_page()
    page.goto("/waterdam/inbox/")
    open_row(page, "En het glas")
    page.locator("#answer-text").fill("Dat doen we morgen.")
    page.get_by_text("Wijzig", exact=True).click()
    page.locator("#answer-content_warning").press_sequentially("Gewonde dieren", delay=60)
    expect(page.locator("#card")).to_contain_text("Gewonde dieren")
    expect(page.locator("#answer-content_warning")).to_have_value("Gewonde dieren")
    page.wait_for_timeout(1500)
    page.reload()
    expect(page.locator("#answer-content_warning")).to_have_value("Gewonde dieren")
    page.wait_for_timeout(800)
    square.delete(second)
    expect(page.locator("#where-said")).to_contain_text("Het bericht waarop je antwoordt is weg.", timeout=SOON)
    page.locator("#answer-text").press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Dit bericht is weg.")
    expect(page.locator("#answer-text")).to_have_value("Dat doen we morgen.")
    assert not [post for post in square.posts() if post.parent in (first, second) and post.author.handle == "waterdam"]


def conversation_with(page, square, who: str, words: str) -> str:
    """Let somebody write, open the conversation and return the address of its page."""
    square.post(who, f"@waterdam {words}")
    page.goto("/waterdam/inbox/")
    open_row(page, words)
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)
    page.wait_for_load_state()
    return page.url


def sign_out(plein):
    plein.run("from django.contrib.sessions.models import Session; Session.objects.all().delete()")


def sign_in(page, plein, who: str = "sanne"):
    page.context.add_cookies([{"name": "sessionid", "value": plein.session(who), "url": plein.address}])


def test_who_was_signed_out_while_writing_loses_nothing(open_page, plein, square):
    page = open_page()
    address = conversation_with(page, square, "noor", "Mag de boom weg?")
    page.locator("#answer-text").fill("Eerst kijken we")
    expect(page.locator("#saved")).to_contain_text("Bewaard om")
    sign_out(plein)
    page.locator("#answer-text").fill("Eerst kijken we of er nesten zijn.")
    banner = page.locator("[data-signed-out]")
    expect(banner).to_be_visible(timeout=SOON)
    expect(page.locator("#saved")).not_to_contain_text("Log in")
    expect(banner.get_by_role("link", name="Log opnieuw in")).to_have_attribute(
        "href", re.compile(r"/sign-in/\?next=/waterdam/inbox/\d+/")
    )
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("/sign-in/"))
    sign_in(page, plein)
    page.goto(re.sub(r"#.*", "answer/", address))
    expect(page.locator("#answer-text")).to_have_value("Eerst kijken we of er nesten zijn.")
    expect(page.locator("#saved")).to_contain_text("Bewaard om", timeout=SOON)
    expect(page.locator("#card")).to_contain_text("of er nesten zijn")


def test_an_answer_that_meets_an_outage_is_kept_and_one_that_was_sent_does_not_come_back(open_page, plein, square):
    page = open_page()
    address = conversation_with(page, square, "olga", "Is de markt morgen?")
    page.route("**/answer/", lambda route: route.abort())
    page.route("**/draft/", lambda route: route.abort())
    page.locator("#answer-text").fill("Ja, van negen tot een.")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("chrome-error"))
    page.goto(address)
    expect(page.locator("#answer-text")).to_have_value("Ja, van negen tot een.")

    # This time it arrives, and only the word that it did is lost.
    page.locator("#answer-text").press("Control+Enter")
    expect(page).to_have_url(re.compile("chrome-error"))
    arrived = """
from plein_web.inbox import actions
from plein_web.inbox.models import Conversation
from plein_web.town.access import actor_for
from plein_web.town.models import Person
talk, sanne = Conversation.objects.get(title__contains="markt"), Person.objects.get(email__startswith="sanne")
post, actor = talk.entries.get().post, actor_for(sanne, "waterdam")
actions.send_answer(actor=actor, conversation=talk, post=post, text="Ja, van negen tot een.")
"""
    plein.run(arrived)
    page.goto(address)
    expect(page.locator("#thread")).to_contain_text("Ja, van negen tot een.")
    expect(page.locator("#answer-text")).to_have_value("")
    assert page.evaluate("localStorage.length") == 0


def test_of_two_drafts_the_newer_stands_in_the_field_and_only_for_who_wrote_it(open_page, plein, square):
    page = open_page()
    address = conversation_with(page, square, "piet", "Waar is de bieb?")
    page.route("**/draft/", lambda route: route.abort())
    page.route("**/preview/", lambda route: route.abort())
    page.locator("#answer-text").fill("Op dit apparaat")
    page.wait_for_timeout(1200)
    page.goto("/waterdam/inbox/")
    laptop = """
from plein_web.inbox.models import Conversation, Draft
from plein_web.town.models import Person
from django.utils import timezone
from datetime import timedelta
talk, who = Conversation.objects.get(title__contains=told["title"]), Person.objects.get(email__startswith="sanne")
saved = {"text": told["text"], "saved_at": timezone.now() + timedelta(seconds=told["later"])}
Draft.objects.update_or_create(conversation=talk, person=who, defaults=saved)
"""
    plein.run(laptop, title="bieb", text="Eerder op de laptop", later=-3600)
    page.goto(address)
    expect(page.locator("#answer-text")).to_have_value("Op dit apparaat")

    plein.run(laptop, title="bieb", text="Later op de laptop", later=60)
    page.goto(address)
    expect(page.locator("#answer-text")).to_have_value("Later op de laptop")

    page.locator("#answer-text").fill("Voor wie is dit?")
    page.wait_for_timeout(1200)
    sign_in(page, plein, "femke")
    page.goto(address)
    expect(page.locator("#answer-text")).to_have_value("")


def test_on_a_phone_the_message_you_choose_is_the_one_you_answer(open_page, square):
    first = square.post("quint", "@waterdam Is de sporthal vrij?")
    square.post("rosa", "@waterdam En de kleine zaal?", reply_to=first)
    page = open_page(viewport={"width": 390, "height": 800}, has_touch=True)
    page.goto("/waterdam/inbox/")
    open_row(page, "En de kleine zaal")
    page.locator(".post", has_text="Is de sporthal vrij").locator("[data-pick]").click()
    page.get_by_role("button", name="Schrijf een antwoord").click()
    expect(page.locator("#where")).to_contain_text("quint")
    expect(page.locator("#answer-text")).to_be_visible()
    page.locator("#answer-text").fill("Op dinsdag wel.")
    expect(page.locator("#saved")).to_contain_text("Bewaard om")
    page.get_by_role("link", name="Terug naar het gesprek").click()
    # Which of the two it says depends on whether the last words were saved before the page was made.
    page.get_by_role("button", name=re.compile("Ga verder met je antwoord|Schrijf een antwoord")).click()
    expect(page.locator("#answer-text")).to_have_value("Op dinsdag wel.")
    page.get_by_role("button", name="Verstuur antwoord").click()
    assert answer_to(square, first).parent == first


def test_on_a_phone_escape_leaves_a_form_alone(open_page):
    page = open_page(viewport={"width": 390, "height": 800}, has_touch=True)
    page.goto("/waterdam/listening/new/")
    page.get_by_label("Naam").fill("Zwerfvuil")
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    expect(page.get_by_label("Naam")).to_have_value("Zwerfvuil")
    expect(page).to_have_url(re.compile("/listening/new/"))


def test_the_figure_in_the_rail_comes_and_goes_by_itself(open_page, plein, square):
    plein.run("from plein_web.inbox.models import Conversation; Conversation.objects.update(status='done')")
    page = open_page()
    page.goto("/waterdam/inbox/")
    figure = page.locator("[data-count=inbox]")
    expect(figure).to_be_hidden()
    square.post("saar", "@waterdam Wanneer is de kermis?")
    expect(figure).to_contain_text("1", timeout=SOON)
    finish = """
from plein_web.inbox.models import Conversation
from plein_web.town.actions import emit
from plein_web.town.models import Person
talk, mine = Conversation.objects.get(title__contains="kermis"), Person.objects.get(email__startswith="sanne")
Conversation.objects.filter(pk=talk.pk).update(status="waiting", assignee=mine)
emit(town=talk.town_id, kind="conversation.changed", subject=talk.pk)
"""
    plein.run(finish)
    expect(figure).to_be_hidden(timeout=SOON)


def test_the_question_mark_opens_help_where_a_page_has_no_list_of_keys(open_page):
    page = open_page()
    page.goto("/waterdam/stop/")
    page.keyboard.press("?")
    expect(page).to_have_url(re.compile("/help/"))


def test_a_part_that_somebody_is_in_the_middle_of_is_fetched_anew_once_they_leave_it(open_page, plein):
    page, newest = open_page(), 1

    def piece() -> str:
        return (
            f'<div id="heard" data-live="mention.arrived" data-newest="{newest}"><button>Nummer {newest}</button></div>'
        )

    def answer(route):
        asked = route.request.headers.get("hx-target") == "heard"
        route.fulfill(body=piece(), content_type="text/html") if asked else route.continue_()

    page.route("**/waterdam/inbox/", answer)
    page.goto("/waterdam/inbox/")
    page.evaluate("html => document.querySelector('.pane--main .pane__body').innerHTML = html", piece())
    page.wait_for_timeout(800)
    page.get_by_role("button", name="Nummer 1").focus()
    newest = 2
    plein.run("""
from plein_web.town.actions import emit
from plein_web.town.models import Town
emit(town=Town.objects.get(slug="waterdam").pk, kind="mention.arrived", subject=1)
""")
    page.wait_for_timeout(1500)
    expect(page.get_by_role("button", name="Nummer 1")).to_be_focused()
    page.locator("[data-search]").focus()
    expect(page.get_by_role("button", name="Nummer 2")).to_be_visible(timeout=SOON)

"""Listening by hand: where the focus stays, what Back leads to, and which day a phone shows."""

from __future__ import annotations


def test_turning_a_form_into_a_query_happens_in_the_page(look):
    page = look("/waterdam/listening/", "sanne")
    page.get_by_role("link", name="Nieuwe zoekopdracht").click()
    page.get_by_label("Naam").fill("Zwembad")
    page.get_by_label("Minstens een van deze woorden").fill("zwembad")
    page.locator("#how-now").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("textarea[data-query]")
    assert "zwembad" in page.locator("textarea[data-query]").input_value()
    assert page.get_by_label("Naam").input_value() == "Zwembad"
    assert page.evaluate("document.activeElement.id") == "how-now"
    page.go_back()
    assert page.url.endswith("/waterdam/listening/")


def test_a_query_that_cannot_run_cannot_be_tried_either(look):
    page = look("/waterdam/listening/new/", "sanne")
    page.get_by_label("Minstens een van deze woorden").fill("(brug")
    page.wait_for_selector("#try[aria-disabled]")
    page.get_by_label("Minstens een van deze woorden").fill("brug")
    page.wait_for_selector("#try:not([aria-disabled])")
    page.locator("#try").click()
    page.wait_for_selector("#tried code")
    assert "brug" in page.locator("#tried code").inner_text()


def test_the_focus_stays_on_what_somebody_said_of_a_message(look, world):
    page = look(f"/waterdam/listening/{world.places['query']}/", "sanne")
    button = page.locator("[id^=not-about-]").first
    name = button.get_attribute("id")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_text("zeg je").first.wait_for()
    assert page.evaluate("document.activeElement.id") == name


def test_a_phone_shows_today_first(look, world):
    page = look(f"/waterdam/listening/{world.places['query']}/", "sanne", width=320)
    last = page.locator(".chart--wide text").last
    box = last.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 320

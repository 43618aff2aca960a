"""The privacy officer's walk in pictures, from a watch that is refused to the request of a resident."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

from plein_web.site.demo.residents import author_of

DESKTOP = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 700}
PERSON = "Jan de Vries"
TOPIC = "waterwacht OF wateroverlast OF #waterdamnat"
PURPOSE = "Horen welke straten onder water staan, en vertellen wat we eraan doen."
ADVICE = "Het onderwerp is duidelijk en er is geen persoon in te herkennen. Laat de termijn op 30 dagen staan."
RESIDENT = "petra"
ARRIVES_MS = 30_000
Keep = Callable[[Page, str], None]


def walk(browser: Browser, base: str, states: dict[str, dict], square: Path, keep: Keep) -> None:
    """Walk once as the adviser, the process owner and the privacy officer; keep what it looks like."""
    adviser = _page(browser, DESKTOP, states["adviser"])
    officer = _page(browser, DESKTOP, states["officer"])
    phone = _page(browser, NARROW, states["officer"])
    _refused(adviser, base, keep)
    watch, link = _asked(adviser, base)
    _advised(officer, watch, keep)
    owner = _page(browser, DESKTOP, None)
    _see(owner, link, "privacy-goedkeuren", keep)
    owner.locator("button[value=approve]").click()
    _see(_page(browser, DESKTOP, None), f"{base}/waterdam/register/", "privacy-register", keep)
    _requested(officer, base, square, keep)
    _see(officer, f"{base}/waterdam/privacy/deletions/", "privacy-bewijs", keep, below="h2:has-text('bewijs')")
    _see(phone, f"{base}/waterdam/privacy/", "telefoon-privacy", keep)


def _page(browser: Browser, size: dict, state: dict | None) -> Page:
    return browser.new_context(viewport=size, storage_state=state, locale="nl-NL").new_page()


def _see(page: Page, address: str, name: str, keep: Keep, below: str = "") -> None:
    page.goto(address)
    if below:
        page.locator(below).first.evaluate("one => one.scrollIntoView()")
    page.wait_for_timeout(700)
    keep(page, name)


def _fill(page: Page, base: str, name: str, query: str) -> None:
    page.goto(f"{base}/waterdam/listening/new/")
    page.locator("#how-now").click()
    page.locator("textarea[name=query]").fill(query)
    page.locator("input[name=name]").fill(name)
    page.locator("select[name=purpose_code]").select_option("services")
    page.locator("[name=purpose]").fill(PURPOSE)
    page.locator("input[name=approver_name]").fill("Ineke Vermaat")
    page.locator("input[name=approver_email]").fill("ineke.vermaat@waterdam.example")


def _refused(page: Page, base: str, keep: Keep) -> None:
    _fill(page, base, "Klachten", PERSON)
    page.locator("#watch-form .button--primary").first.click()
    page.wait_for_timeout(900)
    keep(page, "privacy-geweigerd")


def _asked(page: Page, base: str) -> tuple[str, str]:
    """Ask for approval; returns where the watch is, and the link for who approves it."""
    _fill(page, base, "Wateroverlast", TOPIC)
    page.locator("#watch-form .button--primary").first.click()
    page.wait_for_url(re.compile(r"/listening/\d+/$"))
    return page.url, page.locator("code.copy").first.inner_text().strip()


def _advised(page: Page, watch: str, keep: Keep) -> None:
    page.goto(watch)
    page.locator("#advice").fill(ADVICE)
    page.wait_for_timeout(500)
    keep(page, "privacy-advies")
    page.locator("form:has(#advice) button").click()
    page.wait_for_timeout(500)


def _requested(page: Page, base: str, square: Path, keep: Keep) -> None:
    page.goto(f"{base}/waterdam/privacy/requests/new/")
    page.locator("input[name=kind][value=erase]").check()
    page.locator("input[name=handle]").fill(RESIDENT)
    page.locator("form.stack button").first.click()
    page.wait_for_url(re.compile(r"/requests/\d+/$"))
    keep(page, "privacy-code")
    _send(square, page.locator("code.copy--large").inner_text().strip())
    _until_proved(page)
    page.goto(page.url + "?look=1")
    page.wait_for_timeout(500)
    keep(page, "privacy-verzoek")
    page.locator("form:has(input[value=as_asked]) button").click()
    page.wait_for_timeout(700)
    keep(page, "privacy-gewist")


def _send(square: Path, code: str) -> None:
    from plein.channels.memory import Square

    Square(str(square)).post(author_of(RESIDENT, "Petra"), f"@gemeentewaterdam {code}", visibility="direct")


def _until_proved(page: Page) -> None:
    for _ in range(ARRIVES_MS // 1000):
        page.wait_for_timeout(1000)
        page.reload()
        if page.locator("a[href='?look=1']").count():
            return
    raise SystemExit("The code of the resident did not arrive.")

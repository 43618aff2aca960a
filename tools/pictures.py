"""Take the pictures of the README and the manual from a running demo: `python -m tools.pictures`.

Needs Chromium and what `make setup` installs. Writes docs/pictures/*.png.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tools import pictures_of_privacy

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "pictures"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}
NARROW = {"width": 320, "height": 700}
MARLOES = "bakfiets"
QUERY = "(sluisbrug OF pont OF #sluisbrug) NIET veerpont"
MOST_BYTES = 300_000


@contextmanager
def demo() -> Iterator[tuple[dict[str, str], Path]]:
    """Start a demo of its own; yields a sign-in link for each colleague, and the file of the square."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        command = [sys.executable, "-m", "plein_web.site.cli", "demo", "--home", f"{folder}/demo", "--port", "0"]
        with said.open("w") as file, subprocess.Popen(command, stdout=file, stderr=file) as process:
            try:
                yield _links(said, process), Path(folder) / "demo" / "oefenplein.sqlite3"
            finally:
                process.send_signal(signal.SIGINT)


def _links(said: Path, process: subprocess.Popen) -> dict[str, str]:
    while process.poll() is None:
        told = said.read_text()
        if "Another link" in told:
            return dict(re.findall(r" as ([^\n;]+?)(?:; [^\n]*)?:\n\s+(http://\S+/enter/\S+)", told))
        time.sleep(0.2)
    raise SystemExit(said.read_text())


def _keep(page: Page, name: str) -> None:
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size // 1000} kB")
    assert size < MOST_BYTES, f"{path} is too large for a README"


def take(links: dict[str, str], square: Path) -> None:
    """Visit the screens and keep what they look like."""
    link = links["Sanne Bos"]
    base = link.split("/enter/")[0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        state = _signed_in(browser, link)
        page = browser.new_context(viewport=DESKTOP, storage_state=state, locale="nl-NL").new_page()
        page.goto(f"{base}/waterdam/inbox/")
        page.get_by_text(MARLOES).first.click()
        page.wait_for_timeout(900)
        conversation = page.url
        box = page.locator("textarea").first
        box.fill(
            "Dag Marloes, goed dat je het vraagt. Op de pont passen ook bakfietsen, twee per keer. Hij vaart van 6.30 tot 22.00 uur. ^SB"
        )
        page.wait_for_timeout(1500)
        _keep(page, "inbox")
        _look(page, f"{base}/waterdam/running/", "loopt-alles")
        page.goto(f"{base}/waterdam/listening/")
        page.get_by_text("Sluisbrug", exact=True).first.click()
        page.wait_for_timeout(700)
        _keep(page, "luisteren")
        watch = page.url
        _type_a_query(page, base)
        _keep(page, "zoekopdracht")
        narrow = browser.new_context(viewport=NARROW, storage_state=state, locale="nl-NL").new_page()
        _look(narrow, watch, "telefoon-luisteren")
        _type_a_query(narrow, base)
        _keep(narrow, "telefoon-zoekopdracht")
        phone = browser.new_context(viewport=PHONE, storage_state=state, locale="nl-NL").new_page()
        _look(phone, f"{base}/waterdam/inbox/", "telefoon-lijst")
        _look(phone, conversation, "telefoon-gesprek")
        states = {"adviser": state, "officer": _signed_in(browser, links["Noor Dekker"])}
        pictures_of_privacy.walk(browser, base, states, square, _keep)
        browser.close()


def _type_a_query(page: Page, base: str) -> None:
    page.goto(f"{base}/waterdam/listening/new/")
    page.locator("#how-now").click()
    page.locator("textarea[name=query]").fill(QUERY)
    page.wait_for_timeout(2500)


def _signed_in(browser, link: str) -> dict:
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    page.locator("form button").first.click()
    page.wait_for_url(re.compile(r"/(inbox|listening)/"))
    return context.storage_state()


def _look(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_timeout(700)
    _keep(page, name)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demo() as (links, square):
        take(links, square)

"""Look at a page as somebody, at some size, and note what should not happen."""

from __future__ import annotations

from typing import Any

from django.test import Client

from plein_web.town.models import Person
from tests.browser.world import World

HEIGHT = 800


class Looker:
    """Opens pages, one at a time; what looks alike shares a context, and with it what was fetched once."""

    def __init__(self, chromium, url: str, world: World) -> None:
        self.chromium = chromium
        self.url = url
        self.world = world
        self.contexts: dict[tuple, Any] = {}

    def __call__(
        self,
        path: str,
        who: str = "",
        *,
        width: int = 1440,
        dark: bool = False,
        javascript: bool = True,
        language: str = "nl",
    ):
        """Open a path as somebody ("" for nobody) and return the page."""
        context = self._context(width, dark, javascript)
        self.leave()
        context.clear_cookies()
        context.add_cookies(self._cookies(who, language))
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: self._heard(page, message))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(page, request.url))
        page.answer = page.goto(self.world.fill(path), wait_until="load")
        return page

    def _context(self, width: int, dark: bool, javascript: bool):
        look = (width, dark, javascript)
        if look not in self.contexts:
            self.contexts[look] = self.chromium.new_context(
                viewport={"width": width, "height": HEIGHT},
                color_scheme="dark" if dark else "light",
                reduced_motion="reduce",
                java_script_enabled=javascript,
                base_url=self.url,
            )
        return self.contexts[look]

    def _cookies(self, who: str, language: str) -> list[dict]:
        cookies = {"language": language}
        if who:
            person = Person.objects.get(email__startswith=f"{who}.")
            Person.objects.filter(pk=person.pk).update(language=language)
            client = Client()
            client.force_login(person)
            cookies["sessionid"] = client.cookies["sessionid"].value
        return [{"name": name, "value": value, "url": self.url} for name, value in cookies.items()]

    def _heard(self, page, message) -> None:
        # The browser reports a page's own 403 or 404 too: those are screens here.
        if message.type in ("error", "warning") and "the server responded with a status of 4" not in message.text:
            page.complaints.append(message.text)

    def _asked(self, page, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:", "about:")):
            page.complaints.append(f"asked {url}")

    def leave(self) -> None:
        """Close the pages that are open."""
        for context in self.contexts.values():
            for page in context.pages:
                page.close()

    def close(self) -> None:
        """Close everything that was opened."""
        for context in self.contexts.values():
            context.close()

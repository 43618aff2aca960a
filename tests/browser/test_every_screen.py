"""Every screen, in both languages, light and dark, wide and at 320 px: accessible, whole, quiet, translated."""

from __future__ import annotations

from itertools import product

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from plein_web.site import views
from tests.browser.screens import NO_SCREENS, SCREENS, Screen
from tools import messages

# Language, width, dark: together they meet both of each; --whole takes every combination.
LOOKS = (("nl", 1440, False), ("en", 320, True))
ALL_LOOKS = tuple(product(("nl", "en"), (1440, 320), (False, True)))
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Nothing of what it would load beforehand is looked at by these rules: pages have neither media that play nor a turned screen.
AXE = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false})
  .then(found => found.violations)"""
# What a reader meets and did not come through a translation: everything but data (translate="no",
# and what the rows of the world hold) and moments (<time>).
LOOSE_WORDS = r"""(data) => {
  const words = []
  const skip = "[translate=no], time, script, style, [data-language-choice], select[name=language]"
  const strip = (text) => {
    let before
    do { before = text; text = text.replace(/⟦[^⟦⟧]*⟧/g, "") } while (text !== before)
    return data.reduce((left, word) => left.replaceAll(word, ""), text.replace(/\s+/g, " "))
  }
  const take = (text) => { if (/\p{L}{2,}/u.test(strip(text))) words.push(text.trim()) }
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    if (node.parentElement.tagName === "TITLE") continue
    if (!node.parentElement.closest(skip)) take(node.textContent)
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      if (!element.closest(skip)) take(element.getAttribute(name))
    }
  }
  return words
}"""


@pytest.fixture
def screen(request, monkeypatch) -> Screen:
    """A screen in its state; the first set-up thinks that there is no town."""
    if request.param.state.startswith("no_town"):
        monkeypatch.setattr(views, "is_new", lambda: True)
    return request.param


def every_screen():
    """Run a test once for every screen."""
    return pytest.mark.parametrize("screen", SCREENS, ids=str, indirect=True)


@every_screen()
def test_a_screen_is_accessible_whole_and_quiet(screen, look, axe, whole):
    problems = []
    for language, width, dark in ALL_LOOKS if whole else LOOKS:
        page = look(screen.path, screen.who, language=language, width=width, dark=dark)
        assert page.answer.status == screen.status, page.url
        too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found = [*page.complaints, *([f"{too_wide} px too wide"] if too_wide > 0 else []), *_checked(page, axe)]
        problems += [f"{language} {width} {'dark' if dark else 'light'}: {words}" for words in found]
    assert not problems, "\n".join(problems)


def _checked(page, axe: str) -> list[str]:
    """Return what the checker finds, the contrast of the colours in sight included."""
    # Run beside the page's own policy, which rightly lets no foreign script in.
    page.evaluate(axe)
    found = page.evaluate(AXE, TAGS)
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"][:4]]


@every_screen()
def test_a_screen_has_no_word_that_was_not_translated(screen, look, world, pseudo):
    page = look(screen.path, screen.who, language="en-xa")
    assert page.evaluate("document.documentElement.lang") == "en-xa"
    loose = page.evaluate(LOOSE_WORDS, world.data())
    assert not loose, "\n".join(loose)


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory):
    """A language in which everything that went through a translation stands in brackets."""
    folder = tmp_path_factory.mktemp("locale")
    messages.write_pseudo(folder)
    with override_settings(
        LANGUAGES=[*settings.LANGUAGES, ("en-xa", "Pseudo")], LOCALE_PATHS=[str(folder), *settings.LOCALE_PATHS]
    ):
        yield


def test_no_address_is_missing_from_the_table():
    known = {screen.name for screen in SCREENS} | set(NO_SCREENS)
    assert sorted(_names(get_resolver().url_patterns) - known) == []


def _names(patterns) -> set[str]:
    names = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            names |= _names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            names.add(pattern.name)
    return names

"""A town's own tokens become our roles, and what nobody could read does not start."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from plein_web.site.theme import ThemeError, stylesheet, stylesheet_of

BLUE = ".waterdam-theme { --basis-color-action-1-inverse-bg-default: #154273; --basis-text-font-family-default: Fira Sans; }"


@pytest.fixture(autouse=True)
def nothing_kept():
    stylesheet.cache_clear()
    yield
    stylesheet.cache_clear()


def test_a_blue_town_gets_blue_roles_light_and_dark():
    css = stylesheet_of(BLUE)
    assert "--plein-accent-light: #154273;" in css
    assert "--plein-chosen-light: #154273;" in css
    assert "--plein-accent-dark: #154273;" not in css, "too dark to be seen there"
    assert "--basis-text-font-family-default: Fira Sans;" in css


def test_a_red_town_chooses_in_ink():
    css = stylesheet_of(":root { --basis-color-action-1-color-default: #C8102E }")
    assert "--plein-accent-light: #c8102e;" in css
    assert "--plein-chosen-light: #16202a;" in css


@pytest.mark.parametrize(
    ("css", "words"),
    [
        (":root { --basis-color-action-1-color-default: rebeccapurple }", "has to be a colour"),
        (":root { color: red }", "not there"),
        (":root { --basis-color-action-1-color-default: #154273; --basis-focus-outline-color: #ffdd00 }", "the focus"),
    ],
)
def test_what_cannot_be_used_is_named(css, words):
    with pytest.raises(ThemeError, match=words):
        stylesheet_of(css)


def test_the_check_at_start_refuses_and_says_which(settings, tmp_path):
    file = tmp_path / "theme.css"
    file.write_text(":root { color: red }")
    settings.PLEIN_THEME_CSS = str(file)
    assert "PLEIN_THEME_CSS" in str([error.msg for error in run_checks() if error.id == "plein.theme"])


def test_pages_carry_the_theme_and_its_class(client, db, settings, tmp_path):
    file = tmp_path / "theme.css"
    file.write_text(BLUE)
    settings.PLEIN_THEME_CSS, settings.PLEIN_THEME_CLASS = str(file), "waterdam-theme"
    page = client.get("/sign-in/").content.decode()
    assert 'href="/theme.css"' in page and 'class="waterdam-theme"' in page
    assert "#154273" in client.get("/theme.css").content.decode()


def test_without_a_theme_no_sheet_is_asked_for(client, db):
    assert "theme.css" not in client.get("/sign-in/").content.decode()

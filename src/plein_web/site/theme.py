"""A municipality's own look: its NL Design System tokens, read from a file, turned into our roles.

Three layers: the town's theme (`--basis-*`), our roles, the components. Taken from the town are
the action colour, the focus and the font. At start-up the colours are checked: a pair that
nobody could read is refused by name.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, register

from plein.town.contrast import DARK, LIGHT, SHAPE, Look, brightened, contrast, look, problems

TOKEN = re.compile(r"--(basis-[\w-]+)\s*:\s*([^;}]+)")
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
ACCENTS = ("basis-color-action-1-inverse-bg-default", "basis-color-action-1-color-default")
FOCUS_INNER, FOCUS_OUTER = "basis-focus-background-color", "basis-focus-outline-color"
FONT = "basis-text-font-family-default"
ROLES = {
    "accent": "accent",
    "on_accent": "on-accent",
    "text": "accent-text",
    "edge": "accent-edge",
    "soft": "soft",
    "line": "line",
    "mid": "mid",
    "chosen": "chosen",
    "chosen_soft": "chosen-soft",
}


class ThemeError(ValueError):
    """The town's theme cannot be used; the words say why."""


def tokens(css: str) -> dict[str, str]:
    """Return the basis tokens that a style sheet sets; of one set twice, the last.

    >>> tokens(".waterdam { --basis-color-action-1-color-default: #154273; }")
    {'basis-color-action-1-color-default': '#154273'}
    """
    return {name: value.strip() for name, value in TOKEN.findall(css)}


def looks(given: dict[str, str]) -> tuple[Look, Look]:
    """Return the roles on light and on dark. Raises ThemeError naming what is missing or unreadable."""
    accent = next((given[name] for name in ACCENTS if name in given), "")
    if not COLOUR.fullmatch(accent):
        raise ThemeError(f"--{ACCENTS[0]} has to be a colour like #154273, it is {accent or 'not there'!r}")
    accent = _long(accent)
    light, dark = look(accent, LIGHT), look(brightened(accent, DARK.surface), DARK)
    unreadable = problems(light, LIGHT) + problems(dark, DARK) + _focus_problems(given)
    if unreadable:
        raise ThemeError("; ".join(unreadable))
    return light, dark


def _focus_problems(given: dict[str, str]) -> list[str]:
    outer = given.get(FOCUS_OUTER, "")
    if not COLOUR.fullmatch(outer) or contrast(_long(outer), LIGHT.surface) >= SHAPE:
        return []
    return [
        f"the focus: {outer} on {LIGHT.surface} has contrast {contrast(_long(outer), LIGHT.surface):.1f}, it needs {SHAPE}"
    ]


def _long(colour: str) -> str:
    return colour.lower() if len(colour) == 7 else "#" + "".join(letter * 2 for letter in colour[1:].lower())


def stylesheet_of(css: str) -> str:
    """Return the roles that follow from a town's style sheet."""
    given = tokens(css)
    lines = [
        f"  --plein-{name}-{mode}: {getattr(found, field)};"
        for mode, found in zip(("light", "dark"), looks(given), strict=True)
        for field, name in ROLES.items()
    ]
    # The town's focus stands on light only: on dark it has not been thought of.
    for name, role in ((FOCUS_INNER, "focus-inner"), (FOCUS_OUTER, "focus-outer")):
        if COLOUR.fullmatch(given.get(name, "")):
            lines.append(f"  --plein-{role}-light: {given[name]};")
    if FONT in given:
        lines.append(f"  --{FONT}: {given[FONT]};")
    return ":root {\n" + "\n".join(lines) + "\n}\n"


@cache
def stylesheet() -> str:
    """Return the roles of this installation's town; of none, nothing."""
    if not settings.PLEIN_THEME_CSS:
        return ""
    return stylesheet_of(Path(settings.PLEIN_THEME_CSS).read_text())


@register
def theme_can_be_read(app_configs: object, **kwargs: object) -> list[Error]:
    """Refuse to start with a theme that nobody could read."""
    try:
        stylesheet()
    except (ThemeError, OSError) as error:
        return [Error(f"PLEIN_THEME_CSS: {error}", id="plein.theme")]
    return []

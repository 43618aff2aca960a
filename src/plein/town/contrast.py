"""A municipality's own colour in Plein's roles, and whether one can read it.

Contrast is that of WCAG 2.2; colours are written as `#rrggbb`.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

TEXT = 4.5
SHAPE = 3.0
WHITE, INK = "#ffffff", "#16202a"
# Hues (0-360) in which a chosen row reads as an alarm, or as "all is well": red to orange, and green.
ALARMS = ((345.0, 360.0), (0.0, 44.0), (90.0, 165.0))
DULL = 0.25
# How much of the accent may give way to ink before it is another colour.
DEEPER = (1.0, 0.9, 0.8, 0.7)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a colour has to stand out against, light or dark. `quiet` marks what is chosen without the accent."""

    surface: str
    ink: str
    quiet: str


LIGHT = Ground("#ffffff", "#16202a", "#eef1f3")
DARK = Ground("#151d22", "#e9eef1", "#222d34")


@dataclass(frozen=True, slots=True)
class Look:
    """The roles that follow from one accent on one ground."""

    accent: str
    on_accent: str
    text: str
    edge: str
    soft: str
    line: str
    mid: str
    chosen: str
    chosen_soft: str


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21.

    >>> round(contrast("#ffffff", "#000000"), 1)
    21.0
    """
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def mix(colour: str, ground: str, share: float) -> str:
    """Return so much of a colour laid over a ground.

    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    parts = zip(_parts(colour), _parts(ground), strict=True)
    return "#" + "".join(f"{round(255 * (share * over + (1 - share) * under)):02x}" for over, under in parts)


def text_on(colour: str) -> str:
    """Return white or ink, whichever one reads best on a colour."""
    return max((WHITE, INK), key=lambda text: contrast(text, colour))


def is_alarm(colour: str) -> bool:
    """Whether a colour already means something here: red, orange or green.

    >>> is_alarm("#c8102e"), is_alarm("#154273"), is_alarm("#00811f")
    (True, False, True)
    """
    hue, _lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    return saturation >= DULL and any(low <= hue * 360 <= high for low, high in ALARMS)


def brightened(colour: str, surface: str, wanted: float = 7.0) -> str:
    """Return a colour with as much white in it as a dark surface asks for."""
    share = 1.0
    while contrast(mix(colour, WHITE, share), surface) < wanted and share > 0:
        share -= 0.05
    return mix(colour, WHITE, max(share, 0.0))


def look(accent: str, ground: Ground) -> Look:
    """Return the roles of an accent on a ground.

    An accent that is too pale to be read as text keeps its fill and gets an edge in ink. One that
    would read as an alarm keeps to buttons and links: what is chosen turns to ink and grey.
    """
    soft = mix(accent, ground.surface, 0.10)
    text = _as_text(accent, soft, ground)
    plain = is_alarm(accent) or text == ground.ink
    return Look(
        accent=accent,
        on_accent=text_on(accent),
        text=text,
        edge=accent if contrast(accent, ground.surface) >= SHAPE else ground.ink,
        soft=soft,
        line=mix(accent, ground.surface, 0.35),
        mid=mix(accent, ground.surface, 0.60),
        chosen=ground.ink if plain else text,
        chosen_soft=ground.quiet if plain else soft,
    )


def _as_text(accent: str, soft: str, ground: Ground) -> str:
    """Return the accent with as much ink in it as reading asks for; a pale one gives way to ink."""
    for share in DEEPER:
        deeper = mix(accent, ground.ink, share)
        if min(contrast(deeper, ground.surface), contrast(deeper, soft)) >= TEXT:
            return deeper
    return ground.ink


def problems(found: Look, ground: Ground) -> list[str]:
    """Return the pairs that nobody could read, each with its figures."""
    pairs = (
        ("text on the accent", found.on_accent, found.accent, TEXT),
        ("accent text on the page", found.text, ground.surface, TEXT),
        ("accent text on its soft ground", found.text, found.soft, TEXT),
        ("what is chosen on its ground", found.chosen, found.chosen_soft, TEXT),
        ("the edge of a button on the page", found.edge, ground.surface, SHAPE),
    )
    return [
        f"{name}: {one} on {other} has contrast {contrast(one, other):.1f}, it needs {wanted}"
        for name, one, other, wanted in pairs
        if contrast(one, other) < wanted
    ]


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

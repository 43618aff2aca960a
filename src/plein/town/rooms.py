"""Which rooms a town shows: a table. A number key keeps its room when others are switched off."""

from __future__ import annotations

from collections.abc import Collection

NUMBERS = {
    "channels": 1,
    "listening": 2,
    "inbox": 3,
    "radar": 4,
    "crisis": 5,
    "publishing": 6,
    "cocreation": 7,
    "maturity": 8,
}
BUILT = ("channels", "listening", "inbox")
SHOWN = {"klein": frozenset({"inbox"}), "ruim": frozenset(BUILT)}


def shown(preset: str, switched_on: Collection[str]) -> tuple[str, ...]:
    """Return the rooms to show, in the order in which a message travels.

    >>> shown("klein", ["listening"])
    ('listening', 'inbox')
    """
    return tuple(room for room in BUILT if room in SHOWN[preset] or room in switched_on)

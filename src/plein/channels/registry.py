"""Which networks there are: read from top to bottom, imported on first use.

Somebody else's network registers itself under the entry-point group `plein.networks`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from plein.channels.contract import Network

NETWORKS: dict[str, str] = {
    "mastodon": "plein.channels.mastodon",
    "bluesky": "plein.channels.bluesky",
    "feed": "plein.channels.feed",
    "page": "plein.channels.page",
    "manual": "plein.channels.manual",
    "webhook": "plein.channels.webhook",
    "memory": "plein.channels.memory",
}
GROUP = "plein.networks"


def codes() -> tuple[str, ...]:
    """Return the codes of all networks, our own first, in the order in which they are offered."""
    return (*NETWORKS, *sorted(point.name for point in entry_points(group=GROUP)))


@cache
def network(code: str) -> Network:
    """Return one network by its code.

    >>> network("memory").name
    'Oefenplein'
    """
    if code in NETWORKS:
        return import_module(NETWORKS[code]).NETWORK
    for point in entry_points(group=GROUP, name=code):
        return point.load()
    raise KeyError(f"There is no network called {code!r}. Known: {', '.join(codes())}.")

"""Both real networks and a whole Plein that is connected to them, started once for all stories in a browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.house import House, house
from tests.contract.worlds import World, kinds
from tests.needs import missing

NETWORKS = {"bluesky": "Bluesky", "mastodon": "Mastodon"}

CONNECT = """
from tests import factories
from plein_web.channels.actions import connect_channel
from plein_web.town.models import Person, Town
town = Town.objects.get(slug="waterdam")
town.allowed_addresses = told["allowed"]; town.save()
sanne = Person.objects.get(email__startswith="sanne")
channel = connect_channel(
    actor=factories.actor(sanne, town), network_code=told["network"], handle=told["handle"],
    settings=told["settings"], secrets=told["secrets"],
)
answer = channel.pk
"""
SENT = """
from plein_web.channels.models import Outgoing
sent = Outgoing.objects.filter(text__contains=told["words"])
answer = [list(row) for row in sent.values_list("state", "uri")]
"""


@dataclass
class Street:
    """Two networks, a Plein that listens on both, and the time it took."""

    plein: House
    worlds: dict[str, World]

    def answer(self, network: str, words: str, seconds: float = 30):
        """Return our answer as the network itself tells it, once it stands there."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            rows = self.plein.run(SENT, words=words)
            assert len(rows) == 1
            if rows[0][0] == "sent":
                return self.worlds[network].read(rows[0][1])
            time.sleep(0.5)
        raise AssertionError(f"The answer on {network} is still {rows[0][0]}")


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """Start both networks and a Plein that is connected to them."""
    chosen = {kind.name: kind for kind in kinds() if kind.name in NETWORKS}
    for kind in chosen.values():
        if why := kind.missing():
            missing(kind.name, why)
    with ExitStack() as stack:
        worlds = {name: stack.enter_context(kind.open()) for name, kind in chosen.items()}
        plein = stack.enter_context(house(Path(tmp_path_factory.mktemp("story"))))
        allowed = [urlsplit(url).netloc for world in worlds.values() for url in world.account().settings.values()]
        for name, world in worlds.items():
            account = world.account()
            plein.run(
                CONNECT, network=name, handle=account.handle, settings=dict(account.settings), secrets=dict(account.secrets),
                allowed=allowed,
            )  # fmt: skip
        yield Street(plein, worlds)

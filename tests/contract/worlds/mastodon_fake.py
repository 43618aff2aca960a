"""Mastodon's API as it is documented, on our own fake: for what the real server of the tests lacks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from plein.channels.mastodon import NETWORK
from tests.contract.worlds import Kind, Written
from tests.contract.worlds.mastodon import MastodonWorld
from tests.servers.fake_mastodon import fake_mastodon


class FakeWorld(MastodonWorld):
    """A town and its residents on one server."""

    patience = 5.0
    many = 130
    never_doubles = True

    def deletes(self, written: Written) -> None:
        self.residents[written.by].call("DELETE", f"/api/v1/statuses/{written.ref}")

    def _typed(self, text: str) -> str:
        return text


@contextmanager
def opened() -> Iterator[FakeWorld]:
    """Start the fake with a town and two residents."""
    with fake_mastodon() as server:
        town = server.person("waterdam")
        yield FakeWorld(town, {name: server.person(name) for name in ("jan", "miep")})


KIND = Kind("mastodon-fake", NETWORK, opened)

"""The servers on which the contract is checked: one world each.

A new network adds one file here and a line in `WORLDS`. A world plays the residents and reads
back what stands on the network, never through the adapter that is being checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

from plein.channels.contract import Account, Image, Network, SourceSpec
from plein.channels.posts import Visibility

WORLDS: tuple[str, ...] = (
    "tests.contract.worlds.memory:KIND",
    "tests.contract.worlds.bluesky:KIND",
    "tests.contract.worlds.mastodon:KIND",
    "tests.contract.worlds.mastodon:FAKE",
)


@dataclass(frozen=True)
class Written:
    """A post that a resident wrote: its uri, and whatever the server needs to find it again."""

    uri: str
    text: str
    by: str
    ref: Any = None


@dataclass(frozen=True)
class Seen:
    """A post as it stands on the network, read back by the world itself."""

    text: str
    parent: str | None = None
    alts: tuple[str, ...] = ()
    content_warning: str = ""
    visibility: Visibility = Visibility.PUBLIC


@dataclass(frozen=True)
class Saying:
    """What a resident says besides the words."""

    addressed: bool = True
    at: datetime | None = None
    images: tuple[Image, ...] = ()
    content_warning: str = ""
    visibility: Visibility = Visibility.PUBLIC
    tag: str = ""


PLAIN = Saying()


class World(Protocol):
    """A running server with a town on it and some residents."""

    # Seconds within which something said shows up elsewhere.
    patience: float
    # How many messages come at once when it is busy.
    many: int
    # Whether a resident can say that a post is older than it is.
    dates_back: bool
    # Whether sending the same message twice leaves one post by itself.
    never_doubles: bool

    def connect(self, account: Account | None = None) -> Any:
        """Return a new client of the town, as after a restart."""

    def account(self) -> Account:
        """Return the town's account."""

    def dead_account(self) -> Account:
        """Return the town's account with tokens that the network no longer knows."""

    def says(self, text: str, saying: Saying = PLAIN, by: str = "jan") -> Written:
        """Let a resident post something."""

    def replies(self, text: str, to: Written, saying: Saying = PLAIN, by: str = "jan") -> Written:
        """Let a resident answer a resident or the town; `to` may be what `sent` made of our own post."""

    def sent(self, uri: str, text: str) -> Written:
        """Return a post of the town as something that residents can answer."""

    def edits(self, written: Written, text: str) -> None:
        """Let a resident change their post."""

    def deletes(self, written: Written) -> None:
        """Let a resident take their post back."""

    def read(self, uri: str) -> Seen | None:
        """Return a post as it stands on the network; None when it is not there."""

    def texts_of_town(self) -> list[str]:
        """Return the texts of everything that stands on the network from the town."""

    def public_source(self, kind: str, tag: str) -> SourceSpec:
        """Return a public source of a kind that would show posts with a hashtag."""


@dataclass(frozen=True)
class Kind:
    """A world before it is started.

    `lacks` says which abilities (or single checks) this server cannot show, and why; another world
    of the same network has to.
    """

    name: str
    network: Network
    open: Callable[[], AbstractContextManager[World]]
    # Returns why it cannot run on this machine, in words that say what to do ("": it can).
    missing: Callable[[], str] = field(default=lambda: "")
    lacks: Mapping[str, str] = field(default_factory=dict)


def kinds() -> list[Kind]:
    """Return all worlds, in the order in which they are visited."""
    return [getattr(import_module(path), name) for path, _, name in (world.partition(":") for world in WORLDS)]

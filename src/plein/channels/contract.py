"""What a network has to offer Plein, and how it says what it cannot.

A network is one module with a `NETWORK` of this form and a client behind `connect`. The client
has the methods of the ports that its abilities promise; `tests/contract` generates its checks
from the same abilities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from plein.channels.posts import Author, Batch, Deleted, Item, Post, Visibility
from plein.town.door import Door


class Counting(StrEnum):
    """How a network counts the length of a text."""

    CHARACTERS = "characters"
    GRAPHEMES = "graphemes"
    MASTODON = "mastodon"
    NONE = "none"


class Receipt(StrEnum):
    """Can we learn whether a send arrived?"""

    IDEMPOTENT = "idempotent"
    ASKABLE = "askable"
    CANNOT_TELL = "cannot_tell"


class Basis(StrEnum):
    """By which way we get in at a network."""

    UNDECLARED = "undeclared"
    OFFICIAL_API = "official_api"
    FEED = "feed"
    PUBLIC_PAGE = "public_page"
    # A colleague enters it, or another system delivers it.
    BROUGHT = "brought"


class SignsIn(StrEnum):
    """As whom we sign in there."""

    NOBODY = "nobody"
    OFFICIAL_ACCOUNT = "official_account"
    PERSON = "person"


class Support(StrEnum):
    """How a network was tried: on a real server that we start, on recordings, or on paper."""

    LIVE = "live"
    RECORDED = "recorded"
    DOCUMENTED = "documented"


@dataclass(frozen=True, slots=True)
class Abilities:
    """One question a line; shown to the user per channel and read by the contract suite."""

    # Can it bring us posts that are addressed to us?
    hears_mentions: bool = False
    # Can it bring us posts that are not: which kinds of public source does it have?
    public_sources: tuple[str, ...] = ()
    # Can it search public posts of the last days by their words?
    searches: bool = False
    # Can it show a whole thread around a post?
    shows_threads: bool = False
    # Can we reply?
    replies: bool = False
    # Can we post something of our own?
    posts: bool = False
    # Can we change what we sent?
    edits: bool = False
    # Can we take back what we sent?
    deletes: bool = False
    # Does a picture carry a description?
    alt_text: bool = False
    # How many pictures fit in one post?
    max_images: int = 0
    # How long may a text be (None: as long as you like), and how is that counted?
    max_length: int | None = None
    counting: Counting = Counting.CHARACTERS
    # How many characters does a link count for (None: its own length)?
    link_length: int | None = None
    # Who can we show it to?
    visibilities: tuple[Visibility, ...] = (Visibility.PUBLIC,)
    # Can a post carry a content warning?
    content_warnings: bool = False
    # Do edits and deletions by the resident reach us?
    hears_edits: bool = False
    hears_deletes: bool = False
    # Until when after the resident's last message may we reply freely (None: always)?
    reply_window: timedelta | None = None
    # What does a call cost, in euro (0: nothing)?
    cost_per_call: float = 0.0
    # Can we learn whether a send arrived?
    receipt: Receipt = Receipt.CANNOT_TELL
    # How long does a token live (None: until it is withdrawn)?
    token_lifetime: timedelta | None = None
    # Does a message come in by a call from outside?
    hooks: bool = False
    # Is the answer copied by hand, because we cannot send it?
    copies_by_hand: bool = False
    # By which official way do we get in?
    basis: Basis = Basis.UNDECLARED
    # As whom do we sign in?
    signs_in: SignsIn = SignsIn.NOBODY
    # Does it reach into groups that are closed to strangers?
    closed_groups: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that the connect form asks for. `label` and `help` are English message ids."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    default: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a town on a network, with everything needed to speak as it.

    `identity` is the network's unchanging id of the account (filled in by `profile`);
    `settings` are not secret, `secrets` are and come decrypted. `keep(secrets)` stores
    refreshed ones; only the engine calls a client that may use it, never in a transaction.
    """

    network: str
    handle: str = ""
    identity: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    keep: Callable[[dict[str, str]], None] = field(default=lambda secrets: None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Profile:
    """Who the network says we are. `token_expires_at` is None when the token lives on."""

    identity: str
    handle: str
    name: str
    url: str = ""
    token_expires_at: datetime | None = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One thing to read. `kind` is `mentions` or one of the abilities' public sources."""

    kind: str
    address: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture to send. `alt` is what somebody who cannot see it is told."""

    content: bytes = field(repr=False)
    media_type: str
    alt: str


@dataclass(frozen=True, slots=True)
class Message:
    """What we want to send. `reply_to` and `root` are uris; `reply_to_id` is the remote id.

    `key` is derived from our own row: the same row always gives the same key, so that the
    network can be asked whether it already has it. `written_at` goes along for networks that
    let the sender say when (it has to be the same on a second try).
    """

    key: str
    text: str
    written_at: datetime
    reply_to: str | None = None
    reply_to_id: str | None = None
    root: str | None = None
    to: Author | None = None
    visibility: Visibility = Visibility.PUBLIC
    content_warning: str = ""
    language: str = "nl"
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A message as the network will show it, counted as the network counts."""

    text: str
    length: int
    max_length: int | None
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()

    @property
    def too_long_by(self) -> int:
        """How many characters have to go (0: it fits)."""
        return max(0, self.length - self.max_length) if self.max_length else 0


@dataclass(frozen=True, slots=True)
class Sent:
    """The network has it, under this uri."""

    uri: str
    remote_id: str
    url: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """The network does not have it: it is safe to send."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The network gives no certainty: a person has to look. `why` is shown to them."""

    why: str


@runtime_checkable
class Listens(Protocol):
    """Brings posts since a cursor."""

    def listen(self, source: SourceSpec, cursor: str | None) -> Batch:
        """Return what came since `cursor` (None: start now, with a little of the recent past)."""
        ...


@runtime_checkable
class Streams(Protocol):
    """Brings posts the moment they are made, for as long as the caller iterates."""

    def stream(self, source: SourceSpec, cursor: str | None) -> Iterator[Batch]:
        """Yield batches; ends on TryLater or when the network hangs up. An empty batch is a heartbeat."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what a search found, the newest first; `following` asks for the next (empty: there is none)."""

    items: tuple[Item, ...] = ()
    following: str = ""


@runtime_checkable
class Searches(Protocol):
    """Finds public posts by their words, back to a moment."""

    def search(self, words: str, since: datetime, page: str = "") -> Found:
        """Return a page of the posts that hold all of these words; words in quotes stand side by side."""
        ...


@runtime_checkable
class Converses(Protocol):
    """Shows the conversation around a post."""

    def thread(self, uri: str, remote_id: str) -> tuple[Item, ...]:
        """Return the posts of the thread that the network shows, in no particular order."""
        ...

    def check(self, uri: str, remote_id: str) -> Post | Deleted:
        """Return a post as it stands now, or that it is gone."""
        ...


@runtime_checkable
class Publishes(Protocol):
    """Sends, and can be asked afterwards."""

    def preview(self, message: Message) -> Preview:
        """Return the message as the network will show it. Pure: touches no network."""
        ...

    def publish(self, message: Message) -> Sent:
        """Send once. Raises Refused, or TryLater when the outcome is not known."""
        ...

    def find_sent(self, message: Message) -> Sent | Absent | CannotTell:
        """Ask the network whether it already has this message."""
        ...

    def revise(self, sent: Sent, message: Message) -> Sent:
        """Change what was sent."""
        ...

    def withdraw(self, sent: Sent) -> None:
        """Take back what was sent; what is already gone is no error."""
        ...

    def profile(self) -> Profile:
        """Return who we are on the network; raises SignInNeeded when the token is dead."""
        ...


@runtime_checkable
class ReceivesHooks(Protocol):
    """Takes messages that are delivered to us."""

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Raise Refused unless the delivery was signed with our secret, a short while ago."""
        ...

    def parse(self, body: bytes) -> tuple[Item, ...]:
        """Translate a delivery; raises nothing, what cannot be read comes back Unreadable."""
        ...


@dataclass(frozen=True, slots=True)
class Network:
    """A platform that Plein can work with."""

    code: str
    name: str
    abilities: Abilities
    support: Support
    connect: Callable[[Account, Door], object]
    fields: tuple[Field, ...] = ()
    # The sources that a newly connected channel gets by itself.
    first_sources: tuple[SourceSpec, ...] = (SourceSpec("mentions"),)
    # Seconds between two looks at a source of this network, when it does not stream.
    poll_seconds: float = 15.0
    docs: str = ""
    # Whether a browser finds its posts and pictures at their addresses.
    on_the_web: bool = True
    # What a channel with these settings can do, where that differs from channel to channel.
    abilities_of: Callable[[Mapping[str, str]], Abilities] | None = None

    def abilities_with(self, settings: Mapping[str, str]) -> Abilities:
        """Return what a channel with these settings can do."""
        return self.abilities_of(settings) if self.abilities_of else self.abilities

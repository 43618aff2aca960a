"""Web pages without a feed: council documents, permits, municipal news. Read politely, told when they change.

A page is asked for only when it may have changed, seldom, and only if its site lets programs read
it. What is told is what a reader would see: new items, and words that came or went.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from plein.channels import robots
from plein.channels.answers import Answer, Gone, error_in, send, server_time
from plein.channels.comparing import Change, Item, Standing, compare, fingerprint, is_settled
from plein.channels.contract import (
    Abilities,
    Account,
    Basis,
    Counting,
    Network,
    Profile,
    SourceSpec,
    Support,
)
from plein.channels.errors import ChannelError, Refused, TryLater, Unsupported
from plein.channels.pages import Page, page_from, web_address
from plein.channels.posts import Author, Batch, Post
from plein.town.door import Door
from plein.town.saying import own

# --- abilities ---

ABILITIES = Abilities(basis=Basis.PUBLIC_PAGE, public_sources=("page",), counting=Counting.NONE)

# --- translate in ---

NETWORK_CODE = "page"
_FILES = ("text/html", "application/xhtml+xml", "")


def posts_from(page: Page, address: str, items: list[Item], changes: list[Change], now: datetime) -> tuple[Post, ...]:
    """Translate what is new on a page: an item is known by its address, a change by its words."""
    author = _author(page, address)
    told = [_item(item, author, page, now) for item in items]
    return (*told, *(_change(change, author, page, address, now) for change in changes))


def _author(page: Page, address: str) -> Author:
    host = urlsplit(address).hostname or address
    return Author(id=address, handle=host, name=(page.title or host)[:200], url=address)


def _item(item: Item, author: Author, page: Page, now: datetime) -> Post:
    return Post(
        network=NETWORK_CODE,
        uri=_short(item.address),
        remote_id=_short(item.address),
        author=author,
        text=item.text,
        title=item.title if item.title != item.text else "",
        posted_at=now,
        url=item.address,
        language=page.language,
        links=(item.address,),
    )


def _change(change: Change, author: Author, page: Page, address: str, now: datetime) -> Post:
    uri = f"{_short(address)}#plein-{fingerprint([*change.came, '', *change.went])}"
    return Post(
        network=NETWORK_CODE,
        uri=uri,
        remote_id=uri,
        author=author,
        text=change.text,
        title=page.title,
        posted_at=now,
        url=address,
        language=page.language,
    )


def _short(address: str) -> str:
    return address if len(address) <= 400 else f"{address[:380]}~{fingerprint([address])}"


# --- translate out: a page can be read, not answered ---

# --- client ---

MAX_BYTES = 4 * 1024 * 1024
HOPS = 5
# How often a page is looked at, and between what we stay whatever it says, in seconds.
USUAL, SHORTEST, LONGEST = 3600.0, 900.0, 86_400.0
MISSING_WAIT = 6 * 3600.0
ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


class Place(msgspec.Struct, omit_defaults=True):
    """What the server said and what the page showed last time: the cursor, as JSON."""

    of: str = ""
    etag: str = ""
    modified: str = ""
    asked_at: float = 0.0
    may: bool = True
    delay: float = 0.0
    standing: Standing = msgspec.field(default_factory=Standing)

    @classmethod
    def read(cls, cursor: str | None, address: str) -> Place:
        """Return where a cursor says we are; what it says of another address says nothing of this one."""
        place = msgspec.json.decode(cursor, type=cls) if cursor else cls()
        return place if place.of == fingerprint([address]) else cls(of=fingerprint([address]))

    def written(self) -> str:
        """Return the cursor."""
        return msgspec.json.encode(self).decode()

    @property
    def conditions(self) -> dict[str, str]:
        """Return what makes a server say 304; what waits to be seen again is asked for whole."""
        if not is_settled(self.standing):
            return {}
        asked = {"if-none-match": self.etag, "if-modified-since": self.modified}
        return {name: value for name, value in asked.items() if value}


class Client:
    """Reads pages. It has nobody to speak as."""

    def __init__(self, account: Account, door: Door) -> None:
        self.account = account
        self._http = door.client(headers={"accept": ACCEPT})

    def profile(self) -> Profile:
        """Return what the page calls itself. Raises Refused when it is no page, or not for programs."""
        address = self.account.settings.get("address", "")
        answer, at = self.fetch(address)
        return Profile(at, urlsplit(at).netloc, page_from(answer.body, at, _kind(answer)).title or at, at)

    def listen(self, source: SourceSpec, cursor: str | None) -> Batch:
        """Return what is new on the page; the first look only learns how it stands."""
        if source.kind != "page":
            raise Unsupported(own("A page has no source called {0}.", source.kind))
        place = Place.read(cursor, source.address)
        answer, at = self._politely(source.address, place, place.conditions)
        if answer.status == 304:
            place.standing.looks += 1
            return Batch((), place.written(), poll_after=_pause(answer, place))
        page = page_from(answer.body, at, _kind(answer))
        items, changes, place.standing = compare(place.standing, page)
        place.etag, place.modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
        posts = posts_from(page, at, items, changes, server_time(answer))
        return Batch(posts, place.written(), poll_after=_pause(answer, place))

    def fetch(self, address: str) -> tuple[Answer, str]:
        """Return a page and where it was found, for somebody who pasted its address."""
        return self._politely(address, Place(), {})

    def _politely(self, address: str, place: Place, conditions: Mapping[str, str]) -> tuple[Answer, str]:
        """Ask the site's wishes and then the page, at every step of the way to it."""
        at = address
        for hop in range(HOPS):
            self.must_be_welcome(at, place if hop == 0 else Place())
            answer = send(self._http, "GET", at, headers=dict(conditions), max_bytes=MAX_BYTES)
            if answer.status not in (301, 302, 303, 307, 308):
                must_be_page(answer)
                return answer, at
            at = web_address(answer.headers.get("location", ""), at)
            if not at:
                raise Refused(own("The server sends us on to nowhere."))
        raise Refused(own("The server sends us on more than {0} times.", HOPS))

    def must_be_welcome(self, address: str, place: Place | None = None) -> None:
        """Raise Refused when the site does not want programs on this page."""
        place = place or Place()
        if place.asked_at == 0.0 or time.time() - place.asked_at > robots.KEPT:
            answer = self._robots(robots.address_of(address))
            wish = (
                robots.wish_in(answer.body.decode(errors="replace"), address) if answer.status == 200 else robots.Wish()
            )
            place.may, place.delay, place.asked_at = wish.may, wish.delay, server_time(answer).timestamp()
        if not place.may:
            raise Refused(own("{0} asks programs not to read this page (robots.txt).", urlsplit(address).hostname))

    def _robots(self, address: str) -> Answer:
        """Return a site's wishes; one that cannot say now may not be read now, says the standard."""
        at = address
        for _ in range(HOPS):
            answer = send(self._http, "GET", at, max_bytes=robots.MAX_BYTES)
            if answer.status >= 500 or answer.status == 429:
                raise error_in(answer) or TryLater(own("{0} is busy.", answer.address.host))
            if answer.status not in (301, 302, 303, 307, 308):
                return answer
            at = web_address(answer.headers.get("location", ""), at) or address
        return answer


def _kind(answer: Answer) -> str:
    return answer.headers.get("content-type", "")


def must_be_page(answer: Answer) -> None:
    """Raise what a bad answer means for a page: one that is not there may be back."""
    if answer.status == 304:
        return
    error: ChannelError | None = error_in(answer)
    if answer.status == 404:
        raise TryLater(own("There is no page at {0} now.", answer.address), retry_after=MISSING_WAIT)
    if answer.status == 410:
        raise Gone(own("The page at {0} has ended, says its server.", answer.address))
    if answer.status in (401, 403):
        raise Refused(
            own("{0} does not show this page to everybody. Plein only reads what is public.", answer.address.host)
        )
    if error:
        raise error
    kind = _kind(answer).split(";")[0].strip().lower()
    if kind not in _FILES:
        raise Refused(own("This is a file ({0}), not a page. Watch the page that it hangs on.", kind))


def _pause(answer: Answer, place: Place) -> float:
    """Return after how many seconds to look again: soon when something has to be seen twice."""
    usual = USUAL if is_settled(place.standing) else SHORTEST
    return min(LONGEST, max(SHORTEST, usual, place.delay))


def connect(account: Account, door: Door) -> Client:
    """Return a client."""
    return Client(account, door)


NETWORK = Network(
    code=NETWORK_CODE,
    name=own("Web page"),
    abilities=ABILITIES,
    support=Support.RECORDED,
    connect=connect,
    first_sources=(),
    poll_seconds=USUAL,
    docs="docs/channels/page.md",
)

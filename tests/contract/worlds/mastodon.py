"""Mastodon's API: a real ActivityPub server with its residents on another one, and a fake.

The real one shows that we speak with the network; the fake follows the documented API where the
real one falls short.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from plein.channels.contract import Account, SourceSpec
from plein.channels.mastodon import NETWORK
from plein.channels.posts import Visibility
from plein.town.door import Door
from tests.contract.worlds import PLAIN, Kind, Saying, Seen, Written
from tests.servers import mastodon as rig
from tests.servers.fake_mastodon import fake_mastodon

LEVELS = {"public": Visibility.PUBLIC, "unlisted": Visibility.UNLISTED, "private": Visibility.FOLLOWERS}
NAMES = {level: name for name, level in LEVELS.items()} | {Visibility.DIRECT: "direct"}


@dataclass
class MastodonWorld:
    """A town on one server, residents on another or the same."""

    town: rig.Person
    residents: dict[str, rig.Person]
    patience: float
    many: int
    never_doubles: bool

    dates_back = False

    def connect(self, account: Account | None = None) -> Any:
        hosts = {person.host for person in (self.town, *self.residents.values())}
        return NETWORK.connect(account or self.account(), Door(frozenset(hosts)))

    def account(self) -> Account:
        handle = self.town.handle.lstrip("@")
        return Account("mastodon", handle, "", {"address": self.town.base}, {"token": self.town.token})

    def dead_account(self) -> Account:
        return replace(self.account(), secrets={"token": "dead"})

    def says(self, text: str, saying: Saying = PLAIN, by: str = "jan") -> Written:
        return self._post(text, None, saying, by)

    def replies(self, text: str, to: Written, saying: Saying = PLAIN, by: str = "jan") -> Written:
        person = self.residents[by]
        known = to.ref["id"] if to.by in self.residents else person.find(to.uri, self.patience)["id"]
        return self._post(text, known, saying, by)

    def sent(self, uri: str, text: str) -> Written:
        return Written(uri, text, self.town.name)

    def edits(self, written: Written, text: str) -> None:
        self.residents[written.by].edit(written.ref["id"], text)

    def deletes(self, written: Written) -> None:
        person = self.residents[written.by]
        try:
            person.call("DELETE", f"/api/v1/statuses/{written.ref['id']}")
        except httpx.HTTPStatusError:
            person.delete(written.uri)

    def read(self, uri: str) -> Seen | None:
        status = next((status for status in self._of_town() if status["uri"] == uri), None)
        if status is None:
            return None
        alts = tuple(media["description"] or "" for media in status["media_attachments"])
        visibility = LEVELS.get(status["visibility"], Visibility.DIRECT)
        return Seen(_plain(status["content"]), self._parent(status), alts, status["spoiler_text"], visibility)

    def texts_of_town(self) -> list[str]:
        return [_plain(status["content"]) for status in self._of_town()]

    def public_source(self, kind: str, tag: str) -> SourceSpec:
        if kind == "list":
            return SourceSpec(kind, "1")
        path = {"hashtag": f"/tags/{tag}", "public": "/public/local"}[kind]
        return SourceSpec(kind, self.residents["jan"].base + path)

    def _of_town(self) -> list[dict[str, Any]]:
        me = self.town.call("GET", "/api/v1/accounts/verify_credentials").json()
        return self.town.call("GET", f"/api/v1/accounts/{me['id']}/statuses", params={"limit": 40}).json()

    def _parent(self, status: dict[str, Any]) -> str | None:
        if not status["in_reply_to_id"]:
            return None
        return self.town.call("GET", f"/api/v1/statuses/{status['in_reply_to_id']}").json()["uri"]

    def _post(self, text: str, to: str | None, saying: Saying, by: str) -> Written:
        person = self.residents[by]
        text = f"{self.town.handle} {text}" if saying.addressed else text
        text = f"{text} #{saying.tag}" if saying.tag else text
        fields: dict[str, Any] = {"visibility": NAMES[saying.visibility], "spoiler_text": saying.content_warning}
        if to:
            fields["in_reply_to_id"] = to
        if saying.images:
            fields["media_ids[]"] = [self._upload(person, one) for one in saying.images]
        made = person.post(text, **fields)
        return Written(made["uri"], text, by, made)

    def _upload(self, person: rig.Person, image: Any) -> str:
        files = {"file": ("foto.png", image.content, image.media_type)}
        return person.call("POST", "/api/v2/media", files=files, data={"description": image.alt}).json()["id"]


def _plain(content: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", content.replace("<br>", "\n")))


@contextmanager
def opened() -> Iterator[MastodonWorld]:
    """Start two federating servers: the town on one, its residents on the other."""
    with rig.mastodon_network() as network:
        residents = {name: network.person(name, instance=1) for name in ("jan", "miep")}
        yield MastodonWorld(network.person("waterdam"), residents, rig.DELIVERY, many=20, never_doubles=False)


@contextmanager
def opened_fake() -> Iterator[MastodonWorld]:
    """Start the fake, with everybody on it."""
    with fake_mastodon() as server:
        residents = {name: server.person(name) for name in ("jan", "miep")}
        yield MastodonWorld(server.person("waterdam"), residents, patience=5.0, many=90, never_doubles=True)


# What this version of snac2 has not; the fake has it, after the documentation of the API.
LACKS = {
    "deletes": "It does not know the call.",
    "hears_deletes": "It keeps what was deleted elsewhere for as long as somebody was told of it.",
    "public_sources:list": "Its lists are made by hand in its own screens, not by the API.",
    "visibilities:direct": "Direct comes back as private, and private answers are not listed.",
}

KIND = Kind("mastodon", NETWORK, opened, rig.missing, LACKS)
FAKE = Kind("mastodon-fake", NETWORK, opened_fake)

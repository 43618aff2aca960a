"""Bluesky: a real PDS and AppView, and a Jetstream that tells what the PDS's firehose says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import httpx

from plein.channels.bluesky import NETWORK
from plein.channels.contract import Account, SourceSpec
from plein.town.door import Door
from tests.contract.worlds import PLAIN, Kind, Saying, Seen, Written
from tests.servers import bluesky as rig
from tests.servers.jetstream import Jetstream, jetstream


@dataclass
class BlueskyWorld:
    """A town and its residents on one PDS."""

    network: rig.Network
    stream: Jetstream
    town: rig.Person
    residents: dict[str, rig.Person]
    secrets: dict[str, str] = field(default_factory=dict)

    patience = 15.0
    many = 130
    dates_back = True
    never_doubles = True

    def connect(self, account: Account | None = None) -> Any:
        # As an administrator would, for a server of their own.
        door = Door(frozenset(urlsplit(url).netloc for url in (self.network.pds, self.stream.url)))
        return NETWORK.connect(account or self.account(), door)

    def account(self) -> Account:
        # One sign-in for all: what the adapter keeps is what it gets the next time.
        secrets = self.secrets or {"app_password": self.town.app_password}
        settings = {"service": self.network.pds}
        return Account("bluesky", self.town.handle, self.town.did, settings, secrets, self.secrets.update)

    def dead_account(self) -> Account:
        return replace(self.account(), secrets={"access": "e30.e30.x", "refresh": "e30.e30.x"})

    def says(self, text: str, saying: Saying = PLAIN, by: str = "jan") -> Written:
        person = self.residents[by]
        text, fields = self._fields(text, saying, person)
        return Written((made := person.post(text, **fields))["uri"], text, by, made)

    def replies(self, text: str, to: Written, saying: Saying = PLAIN, by: str = "jan") -> Written:
        person = self.residents[by]
        text, fields = self._fields(text, saying, person)
        parent = person.call("GET", "app.bsky.feed.getPosts", params={"uris": to.uri})["posts"]
        above = parent[0]["record"].get("reply", {}).get("root") if parent else None
        made = person.reply(text, to.ref, above, **fields)
        return Written(made["uri"], text, by, made)

    def sent(self, uri: str, text: str) -> Written:
        return Written(uri, text, "", {"uri": uri, "cid": self.town.get(uri)["cid"]})

    def edits(self, written: Written, text: str) -> None:
        self.residents[written.by].edit(written.uri, text)

    def deletes(self, written: Written) -> None:
        self.residents[written.by].delete(written.uri)

    def read(self, uri: str) -> Seen | None:
        try:
            record = (
                self.residents["jan"].get(uri)["value"] if self.town.did not in uri else self.town.get(uri)["value"]
            )
        except httpx.HTTPStatusError:
            return None
        images = record.get("embed", {}).get("images", [])
        parent = record.get("reply", {}).get("parent", {}).get("uri")
        return Seen(record["text"], parent, tuple(image["alt"] for image in images))

    def texts_of_town(self) -> list[str]:
        return [post["value"]["text"] for post in self.town.posts()]

    def public_source(self, kind: str, tag: str) -> SourceSpec:
        if kind == "firehose":
            return SourceSpec(kind, self.network.pds)
        return SourceSpec(kind, self.stream.url, {"dictionary": self.stream.dictionary_url})

    def _fields(self, text: str, saying: Saying, person: rig.Person) -> tuple[str, dict[str, Any]]:
        text = f"@{self.town.handle} {text}" if saying.addressed else text
        text = f"{text} #{saying.tag}" if saying.tag else text
        fields: dict[str, Any] = {"mention": self.town if saying.addressed else None}
        if saying.at:
            fields["createdAt"] = rig.written(saying.at)
        if saying.images:
            images = [{"image": person.upload(one.content, one.media_type), "alt": one.alt} for one in saying.images]
            fields["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        return text, fields


@contextmanager
def opened() -> Iterator[BlueskyWorld]:
    """Start a network with a town, two residents and a Jetstream."""
    with rig.bluesky_network() as network, jetstream() as stream:
        stream.follow(network.pds)
        town = network.person("waterdam")
        residents = {name: network.person(name) for name in ("jan", "miep")}
        yield BlueskyWorld(network, stream, town, residents)


KIND = Kind("bluesky", NETWORK, opened, rig.missing)

"""The demo on real servers: a Bluesky and an ActivityPub server on this machine, with real accounts.

Residents post there, Plein is connected as any municipality would be, answers stand on the
networks. The only thing out of the ordinary is that an administrator allowed these loopback
addresses. The servers end with the demo, so it begins anew every time.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import threading
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

from plein_web.site.demo.command import greet, prepare
from plein_web.site.demo.stories import Town, answers, cast, later, stories
from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _
from plein_web.site.supervisor import Supervisor, say

SOURCES = Path(__file__).parents[4]
RESIDENTS = ("marloes", "polderpieter", "claire", "ravi", "lotte", "okke")
AT_ONCE = 5
PACE = (20.0, 50.0)
LOOK_SECONDS = 2.0
MOODS = ("thanks", "question", "grumble", "solved")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a town, as `connect_channel` wants it."""

    town: str
    network: str
    handle: str
    settings: dict[str, str]
    secrets: dict[str, str]


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer of a town to a resident: whose it is for, and what a reaction to it needs."""

    uri: str
    who: str
    town: str
    ref: Any


class Place(Protocol):
    """A network with residents on it."""

    account: Account
    hosts: tuple[str, ...]

    def say(self, who: str, text: str) -> None: ...
    def heard(self) -> list[Heard]: ...
    def react(self, heard: Heard, text: str) -> None: ...


class OnBluesky:
    """Residents and one town on a Bluesky."""

    def __init__(self, network: Any, residents: dict[str, Any], town: str, handle: str) -> None:
        self._town = network.person(handle)
        self._residents = residents
        secrets = {"app_password": self._town.app_password}
        self.account = Account(town, "bluesky", self._town.handle, {"service": network.pds}, secrets)
        self.hosts = tuple(urlsplit(url).netloc for url in (network.pds, network.plc, network.appview))

    def say(self, who: str, text: str) -> None:
        """Post something to the town."""
        self._residents[who].post(f"@{self._town.handle} {text}", mention=self._town)

    def heard(self) -> list[Heard]:
        """Return the town's answers to residents."""
        names = {person.did: name for name, person in self._residents.items()}
        found = []
        for post in self._town.posts():
            reply = post["value"].get("reply")
            who = names.get(reply["parent"]["uri"].split("/")[2]) if reply else None
            if who:
                found.append(Heard(post["uri"], who, self._town.handle, (post, reply["root"])))
        return found

    def react(self, heard: Heard, text: str) -> None:
        """Answer an answer."""
        post, root = heard.ref
        self._residents[heard.who].reply(text, post, root)


class OnMastodon:
    """Residents on one server, the town on another."""

    def __init__(self, network: Any, town: str, handle: str) -> None:
        self._town = network.person(handle)
        self._residents = {name: network.person(name, instance=1) for name in RESIDENTS}
        name, base = self._town.handle.lstrip("@"), self._town.base
        self.account = Account(town, "mastodon", name, {"address": base}, {"token": self._town.token})
        self.hosts = tuple(network.hosts)

    def say(self, who: str, text: str) -> None:
        """Post something to the town."""
        self._residents[who].post(f"{self._town.handle} {text}")

    def heard(self) -> list[Heard]:
        """Return the town's answers to residents."""
        found = []
        for name, person in self._residents.items():
            for notice in person.call("GET", "/api/v1/notifications").json():
                status = notice.get("status") or {}
                if (
                    notice["type"] == "mention"
                    and status.get("in_reply_to_id")
                    and self._town.name in notice["account"]["acct"]
                ):
                    found.append(Heard(status["uri"], name, self._town.handle, status["id"]))
        return found

    def react(self, heard: Heard, text: str) -> None:
        """Answer an answer."""
        self._residents[heard.who].post(f"{heard.town} {text}", in_reply_to_id=heard.ref)


class Residents(threading.Thread):
    """Posts now and then, and reacts to every answer once."""

    def __init__(self, places: list[Place], towns: dict[str, Town], chance: Random) -> None:
        super().__init__(name="residents", daemon=True)
        self.places, self.chance, self.stopped = places, chance, threading.Event()
        self._lines = {slug: list(zip(cycle(RESIDENTS), lines(town), strict=False)) for slug, town in towns.items()}
        self._answers = answers()
        self._reacted: set[str] = set()
        self._quiet = 0.0

    def begin(self) -> None:
        """Say something everywhere, so that the inbox is not empty."""
        for place in self.places:
            for _number in range(AT_ONCE):
                self._say(place)

    def run(self) -> None:
        """Live on until stopped; a server that is busy is spoken to later."""
        while not self.stopped.wait(LOOK_SECONDS):
            try:
                self.round()
            except (httpx.HTTPError, OSError) as trouble:
                if not self.stopped.is_set():
                    say(f"residents: {trouble}")

    def stop(self) -> None:
        """Let them finish their sentence: the servers end next."""
        self.stopped.set()
        self.join(5)

    def round(self) -> None:
        """React to what is new, and say something when it has been quiet."""
        for place in self.places:
            for heard in place.heard():
                if heard.uri not in self._reacted:
                    self._reacted.add(heard.uri)
                    place.react(heard, self._reaction())
        self._quiet -= LOOK_SECONDS
        if self._quiet <= 0:
            self._quiet = self.chance.uniform(*PACE)
            self._say(self.chance.choice(self.places))

    def _say(self, place: Place) -> None:
        if waiting := self._lines[place.account.town]:
            place.say(*waiting.pop(0))

    def _reaction(self) -> str:
        text = self.chance.choice(self._answers[self.chance.choice(MOODS)])
        return text.replace("@{name} ", "")


def lines(town: Town) -> list[str]:
    """Return what residents say to a town: the beginnings of its stories, then what comes later."""
    first = [story.acts[0] for story in stories(town, datetime.now().astimezone())]
    known = {"en", "nl"}
    said = [
        act.text for act in first if act.deed == "says" and not (act.private or act.overheard) and act.language in known
    ]
    said += [
        one.says
        for one in later()
        if one.town == town.slug and not (one.private or one.overheard) and one.lang in known
    ]
    names = [f"@{channel['handle']}" for channel in town.channels]
    return [_without(text, names) for text in said]


def _without(text: str, names: list[str]) -> str:
    for name in names:
        text = text.replace(f"{name} ", "").replace(name, "")
    return re.sub(r"\s+([,.?!])", r"\1", text).strip(" ,.")


def run(home: Path, *, host: str, port: int | None) -> int:
    """Start the servers, connect Plein to them and show it. Raises Told where they cannot run."""
    bluesky, mastodon = _rigs()
    _empty(home)
    with ExitStack() as stack:
        say(_("Starting a Bluesky and an ActivityPub server on this machine ..."))
        try:
            atproto = stack.enter_context(bluesky.bluesky_network())
            fediverse = stack.enter_context(mastodon.mastodon_network())
        except bluesky.Missing as lacking:
            raise Told(str(lacking)) from lacking
        places = _places(atproto, fediverse)
        os.environ["PLEIN_ALLOWED_ADDRESSES"] = ",".join(sorted({one for place in places for one in place.hosts}))
        residents = Residents(places, {town.slug: town for town in cast().towns}, Random())
        supervisor = Supervisor(host=host, port=port)
        stack.callback(supervisor.door.close)
        links = prepare(supervisor, "plein_web.site.demo.connecting", home, _plan(home, places))
        residents.begin()
        network = _("Residents and municipalities are on real servers on this machine. Nothing goes further.")
        supervisor.greet = lambda address, setup: greet(address, links, home, network)
        residents.start()
        stack.callback(residents.stop)
        return supervisor.run()


def _places(atproto: Any, fediverse: Any) -> list[Place]:
    residents = {name: atproto.person(name) for name in RESIDENTS}
    return [
        OnBluesky(atproto, residents, "waterdam", "gemeentewaterdam"),
        OnMastodon(fediverse, "waterdam", "gemeentewaterdam"),
        OnBluesky(atproto, residents, "oeverloo", "gemeenteoeverloo"),
    ]


def _plan(home: Path, places: list[Place]) -> str:
    """Write what has to be connected; the file is gone once it was read."""
    path = home / "accounts.json"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump([asdict(place.account) for place in places], file)
    return str(path)


def _empty(home: Path) -> None:
    """Begin anew: the accounts of an earlier run ended with its servers."""
    for path in home.iterdir():
        if path.name != "demo.json":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _rigs() -> tuple[Any, Any]:
    """Return what starts the servers: it belongs to the tests, and is not in an installed Plein."""
    if not (SOURCES / "tests" / "servers").is_dir():
        raise Told(_("The servers come with the source of Plein: use `make demo SERVERS=1` there."))
    sys.path.insert(0, str(SOURCES))
    from tests.servers import bluesky, mastodon

    return bluesky, mastodon

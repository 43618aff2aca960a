"""The practice square, in a file, as several processes share it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from plein.channels.contract import Account, SourceSpec
from plein.channels.memory import NETWORK, Square
from plein.channels.posts import Post
from plein.town.door import Door
from tests.contract.worlds import PLAIN, Kind, Saying, Seen, Written

TOWN = "waterdam"


class MemoryWorld:
    """A square with a town on it."""

    patience = 2.0
    many = 250
    dates_back = True
    never_doubles = False

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.square = Square.at(self.path)

    def connect(self, account: Account | None = None) -> Any:
        client = NETWORK.connect(account or self.account(), Door())
        client.heartbeat = 0.5
        return client

    def account(self) -> Account:
        return Account("memory", TOWN, settings={"address": self.path})

    def dead_account(self) -> Account:
        for call in ("profile", "listen", "publish"):
            self.square.behave("dead_token", on=call, times=1)
        return self.account()

    def mortal_account(self, until: datetime) -> Account:
        settings = {"address": self.path, "token_expires_at": until.isoformat()}
        return Account("memory", TOWN, settings=settings)

    def says(self, text: str, saying: Saying = PLAIN, by: str = "jan") -> Written:
        return self._post(text, None, saying, by)

    def replies(self, text: str, to: Written, saying: Saying = PLAIN, by: str = "jan") -> Written:
        return self._post(text, to.uri, saying, by)

    def sent(self, uri: str, text: str) -> Written:
        return Written(uri, text, TOWN)

    def edits(self, written: Written, text: str) -> None:
        self.square.edit(written.uri, text)

    def deletes(self, written: Written) -> None:
        self.square.delete(written.uri)

    def read(self, uri: str) -> Seen | None:
        found = self.square.get(uri)
        if not isinstance(found, Post):
            return None
        alts = tuple(one.alt for one in found.attachments)
        return Seen(found.text, found.parent, alts, found.content_warning, found.visibility)

    def texts_of_town(self) -> list[str]:
        return [post.text for post in self.square.posts() if post.author.handle == TOWN]

    def public_source(self, kind: str, tag: str) -> SourceSpec:
        return SourceSpec(kind, tag if kind == "hashtag" else "")

    def _post(self, text: str, to: str | None, saying: Saying, by: str) -> Written:
        text = f"@{TOWN} {text}" if saying.addressed else text
        text = f"{text} #{saying.tag}" if saying.tag else text
        options = {"images": saying.images, "content_warning": saying.content_warning}
        uri = self.square.post(by, text, to, saying.at, saying.visibility, **options)
        return Written(uri, text, by)


@contextmanager
def opened() -> Iterator[MemoryWorld]:
    """Open a square of its own."""
    with tempfile.TemporaryDirectory(prefix="plein-square-") as folder:
        yield MemoryWorld(Path(folder) / "square.sqlite3")


KIND = Kind("memory", NETWORK, opened)

"""What everybody may read reaches us too, by every public source that a network has."""

from __future__ import annotations

import time
import uuid
from contextlib import closing
from typing import Any

import pytest

from plein.channels.contract import SourceSpec
from plein.channels.errors import Unsupported
from plein.channels.posts import Item, Post
from tests.contract.talking import bare, unique
from tests.contract.worlds import Saying, World, Written

needs = pytest.mark.needs


class Overheard:
    """Follows a public source, as a stream where it is one, else by looking again and again."""

    def __init__(self, world: World, source: SourceSpec, cursor: str | None = None) -> None:
        self.world, self.source, self.cursor = world, source, cursor
        self.heard: list[Item] = []
        self._batches = self._open()

    def until(self, kind: type, uri: str, text: str = "") -> Any:
        """Return an item once it is heard."""
        until = time.monotonic() + self.world.patience
        while time.monotonic() < until:
            for item in self.heard:
                if isinstance(item, kind) and item.uri == uri and text in getattr(item, "text", ""):
                    return item
            batch = next(self._batches)
            self.heard += batch.items
            self.cursor = batch.cursor or self.cursor
        raise AssertionError(f"{kind.__name__} {uri} was not heard within {self.world.patience:.0f} s")

    def close(self) -> None:
        """Hang up."""
        self._batches.close()

    def _open(self):
        client = self.world.connect()
        try:
            yield from client.stream(self.source, self.cursor)
        except (Unsupported, AttributeError):
            while True:
                yield client.listen(self.source, self.cursor)
                time.sleep(0.5)


def _said(world: World, tag: str) -> Written:
    return world.says(unique("Optocht op de dijk"), Saying(addressed=False, tag=tag))


@needs("public_sources")
def test_a_public_post_is_overheard(world: World, public_kind: str) -> None:
    tag = f"t{uuid.uuid4().hex[:8]}"
    with closing(Overheard(world, world.public_source(public_kind, tag))) as source:
        source.heard += next(source._batches).items
        written = _said(world, tag)
        post = source.until(Post, written.uri)
    assert bare(post.text) == bare(written.text)
    assert tag in [one.lower() for one in post.tags] or world.kind.network.code == "bluesky"


@needs("public_sources")
def test_a_public_source_goes_on_where_it_stopped(world: World, public_kind: str) -> None:
    tag = f"t{uuid.uuid4().hex[:8]}"
    with closing(Overheard(world, world.public_source(public_kind, tag))) as source:
        source.heard += next(source._batches).items
        first = _said(world, tag)
        source.until(Post, first.uri)
        cursor = source.cursor
    second, third = _said(world, tag), _said(world, tag)
    with closing(Overheard(world, world.public_source(public_kind, tag), cursor)) as source:
        source.until(Post, third.uri)
        source.until(Post, second.uri)

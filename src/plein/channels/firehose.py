"""The repository firehose: every change to every repository, straight from a relay or a PDS.

Each frame is two CBOR objects, a header and a body; a body that tells of a commit carries the
new records in a CAR file. The cursor is the `seq` of the last frame, which the server numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import libipld
import msgspec

from plein.channels.errors import Refused, TryLater
from plein.channels.lexicon import NETWORK_CODE, POSTS, Record, moment, post_of_record
from plein.channels.posts import Batch, Deleted, Item, Unreadable
from plein.channels.reading import NOT_READABLE
from plein.channels.sockets import frames
from plein.town.door import Door

URL = "wss://bsky.network"
# A commit of a busy repository may carry many records; the protocol allows 5 MB.
MAX_FRAME = 6 * 1024 * 1024


class Change(msgspec.Struct):
    """What a commit does to one record: create, update or delete it. `cid` leads to the record."""

    action: str
    path: str
    cid: bytes | None = None


class Commit(msgspec.Struct):
    """A change to a repository; `blocks` is a CAR file with the new records."""

    repo: str
    time: str
    ops: list[Change]
    blocks: bytes


@dataclass
class Firehose:
    """One subscription. `passed` counts the frames that are about no post, by their kind."""

    door: Door
    url: str = URL
    passed: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, door: Door, url: str) -> Firehose:
        """Return the subscription that a source describes: an empty url is the public relay."""
        return cls(door, (url or URL).rstrip("/").replace("http", "ws", 1) if url.startswith("http") else url or URL)

    def stream(self, cursor: str | None) -> Iterator[Batch]:
        """Yield posts, edits and deletions with the cursor behind them.

        Raises TryLater when the server hangs up, Refused when it says no: with FutureCursor our
        cursor came from another server.
        """
        query = f"?cursor={cursor}" if cursor else ""
        address = f"{self.url.rstrip('/')}/xrpc/com.atproto.sync.subscribeRepos{query}"
        for chunk in frames(self.door, address, max_size=MAX_FRAME):
            batch = self._batch(chunk, cursor)
            cursor = batch.cursor
            yield batch

    def _batch(self, chunk: list[bytes], cursor: str | None) -> Batch:
        items: list[Item] = []
        gaps: list[str] = []
        for frame in chunk:
            try:
                kind, body = opened(frame)
            except (ValueError, RecursionError) as error:
                items.append(Unreadable(frame, str(error)))
                continue
            cursor = str(body["seq"]) if "seq" in body else cursor
            if kind == "#commit":
                items += items_of_commit(body)
            elif kind == "#info":
                gaps.append(str(body.get("message") or body.get("name")))
            else:
                self.passed[kind] += 1
        return Batch(tuple(items), cursor, "; ".join(gaps))


def opened(frame: bytes) -> tuple[str, dict[str, Any]]:
    """Return the kind and the body of a frame; raises ValueError, or what the server complains of."""
    parts = libipld.decode_dag_cbor_multi(frame)
    if len(parts) != 2 or not all(isinstance(part, dict) for part in parts):
        raise ValueError("A frame is not a header and a body.")
    header, body = parts
    if header.get("op") == -1:
        words = str(body.get("message") or body.get("error"))
        raise Refused(words) if body.get("error") == "FutureCursor" else TryLater(words)
    return str(header.get("t", "")), body


def items_of_commit(body: dict[str, Any]) -> list[Item]:
    """Return what a commit says about posts; the usual commit says nothing about any."""
    try:
        commit = msgspec.convert(body, Commit)
        changes = [change for change in commit.ops if change.path.startswith(f"{POSTS}/")]
        if not changes:
            return []
        blocks = libipld.decode_car(commit.blocks)[1] if commit.blocks else {}
    except (*NOT_READABLE, ValueError) as error:
        return [Unreadable(_shown(body), str(error))]
    at = moment(commit.time) or datetime.now(UTC)
    return [_item(commit.repo, change, blocks, at) for change in changes]


def _item(did: str, change: Change, blocks: dict[bytes, Any], at: datetime) -> Item:
    rkey = change.path.removeprefix(f"{POSTS}/")
    uri = f"at://{did}/{POSTS}/{rkey}"
    if change.action == "delete":
        return Deleted(NETWORK_CODE, uri, at)
    block = blocks.get(change.cid or b"")
    if block is None:
        return Unreadable(uri.encode(), "The commit came without this record.")
    try:
        record = msgspec.convert(_plain(block), Record)
    except NOT_READABLE as error:
        return Unreadable(_shown(block), str(error))
    edited_at = at if change.action == "update" else None
    return post_of_record(did, rkey, libipld.encode_cid(change.cid), record, seen_at=at, edited_at=edited_at)


def _shown(value: Any) -> bytes:
    try:
        return repr(value).encode(errors="replace")
    except RecursionError:
        return b"nested too deep to be shown"


def _plain(value: Any) -> Any:
    """Return CBOR as JSON would have it: a link to content becomes `{"$link": ...}`."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {"$link": libipld.encode_cid(value)} if isinstance(value, bytes) else value

"""A Jetstream of our own on loopback: the documented server in little, with its compression.

It tells what it is given, or what the firehose of a real PDS says; with cursor, filters and a
dictionary that was trained on posts and can be fetched, as the real one's can.

    with jetstream() as server:
        server.say({"did": "did:plc:jan", "time_us": 1, "kind": "identity"})
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import libipld
import zstandard
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.sync.client import connect
from websockets.sync.server import Server, ServerConnection, serve


class Jetstream:
    """The history of events, oldest first, and whoever listens to it.

    `forgets_before` (microseconds) plays a server that does not go back further.
    """

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.forgets_before = 0
        self.queries: list[dict[str, list[str]]] = []
        self.dictionary = _dictionary()
        self._changed = threading.Condition()
        self._server: Server | None = None
        self._listener: Any = None
        self._ending = False

    @property
    def url(self) -> str:
        """Return the address to subscribe to."""
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/subscribe"

    @property
    def dictionary_url(self) -> str:
        """Return where the dictionary is."""
        return self.url.replace("ws:", "http:").replace("/subscribe", "/dictionary")

    def say(self, *events: dict[str, Any]) -> None:
        """Tell something to everybody who listens, now or later."""
        with self._changed:
            self.events.extend(events)
            self._changed.notify_all()

    def hang_up(self) -> None:
        """Close on everybody who listens."""
        self._ending = True

    def follow(self, pds: str) -> None:
        """Tell what the firehose of a PDS says, from its beginning, until the end."""
        address = f"{pds.replace('http', 'ws', 1)}/xrpc/com.atproto.sync.subscribeRepos?cursor=0"
        threading.Thread(target=self._follow, args=(address,), daemon=True).start()

    def _follow(self, address: str) -> None:
        with suppress(ConnectionClosed, OSError), connect(address) as self._listener:
            for frame in self._listener:
                self.say(*events_in(frame))

    def _handle(self, connection: ServerConnection) -> None:
        query = parse_qs(urlsplit(connection.request.path).query)
        self.queries.append(query)
        packer = zstandard.ZstdCompressor(dict_data=zstandard.ZstdCompressionDict(self.dictionary))
        compress = query.get("compress") == ["true"]
        place = self._start(query)
        with suppress(ConnectionClosed):
            while connection.state is State.OPEN and not self._ending:
                for event in self._after(place):
                    place += 1
                    if _wanted(event, query):
                        line = event if isinstance(event, bytes) else json.dumps(event).encode()
                        connection.send(packer.compress(line) if compress else line.decode())

    def _start(self, query: dict[str, list[str]]) -> int:
        """Return the index of the first event to tell: at the cursor, or only what is new."""
        if "cursor" not in query:
            return len(self.events)
        first = max(int(query["cursor"][0]), self.forgets_before)
        return next((i for i, event in enumerate(self.events) if _time(event) >= first), len(self.events))

    def _after(self, place: int) -> list[Any]:
        with self._changed:
            self._changed.wait_for(lambda: len(self.events) > place, timeout=0.2)
            return self.events[place:]

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.path != "/dictionary":
            return None
        headers = Headers({"Content-Type": "application/octet-stream", "Content-Length": str(len(self.dictionary))})
        return Response(HTTPStatus.OK, "OK", headers, self.dictionary)


@contextmanager
def jetstream() -> Iterator[Jetstream]:
    """Start a server on a random port."""
    told = Jetstream()
    with serve(told._handle, "127.0.0.1", 0, process_request=told._answer, compression=None) as server:
        told._server = server
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield told
        finally:
            told._ending = True
            if told._listener:
                told._listener.close()
            server.shutdown()


def _time(event: Any) -> int:
    return event["time_us"] if isinstance(event, dict) else 0


def _wanted(event: Any, query: dict[str, list[str]]) -> bool:
    if not isinstance(event, dict):
        return True
    did_ok = "wantedDids" not in query or event["did"] in query["wantedDids"]
    collection = event.get("commit", {}).get("collection")
    return did_ok and (collection is None or collection in query.get("wantedCollections", [collection]))


def events_in(frame: bytes) -> list[dict[str, Any]]:
    """Return what a frame of the firehose becomes on Jetstream."""
    header, body = libipld.decode_dag_cbor_multi(frame)
    time_us = int(datetime.fromisoformat(body["time"]).timestamp() * 1_000_000)
    if header.get("t") in ("#identity", "#account"):
        kind = header["t"].removeprefix("#")
        return [{"did": body["did"], "time_us": time_us, "kind": kind, kind: {"did": body["did"]}}]
    if header.get("t") != "#commit":
        return []
    blocks = libipld.decode_car(body["blocks"])[1]
    return [_commit(body, change, blocks, time_us + number) for number, change in enumerate(body["ops"])]


def _commit(body: dict[str, Any], change: dict[str, Any], blocks: dict[bytes, Any], time_us: int) -> dict[str, Any]:
    collection, _, rkey = change["path"].partition("/")
    commit = {"rev": body["rev"], "operation": change["action"], "collection": collection, "rkey": rkey}
    if change["cid"]:
        commit |= {"record": _plain(blocks[change["cid"]]), "cid": libipld.encode_cid(change["cid"])}
    return {"did": body["repo"], "time_us": time_us, "kind": "commit", "commit": commit}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {"$link": libipld.encode_cid(value)} if isinstance(value, bytes) else value


def _dictionary() -> bytes:
    """Return a dictionary trained on made-up posts."""
    return zstandard.train_dictionary(4096, [json.dumps(_sample(number)).encode() for number in range(2000)]).as_bytes()


def _sample(number: int) -> dict[str, Any]:
    words = ("lamp", "brug", "stoep", "boom", "afval", "markt", "haven", "dijk")
    text = " ".join(words[(number * step) % len(words)] for step in (1, 3, 5, 7, 11))
    record = {"$type": "app.bsky.feed.post", "createdAt": "2026-03-03T10:00:00.000Z", "langs": ["nl"], "text": text}
    commit = {"rev": f"3l{number}", "operation": "create", "collection": "app.bsky.feed.post", "rkey": f"3k{number}"}
    return {"did": f"did:plc:{number:024d}", "time_us": number, "kind": "commit", "commit": commit | {"record": record}}

"""A Jetstream that keeps talking: python -m tests.prove.soak.talker RATE SECONDS RESULT_FILE PHRASES_FILE

Prints its port. Starts to talk when somebody listens, hangs up on everybody once, half-way, and
writes to the result file which posts should have been kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import sys
import time
from collections import deque
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import zstandard
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from bench.posts import Writer

TICK = 0.01
# As far back as a cursor may reach.
REMEMBERED_SECONDS = 600
HITS, DELETES, EDITS = 0.01, 0.03, 0.002
POOL = 4_000
COLLECTION = "app.bsky.feed.post"


class Talk:
    """What is said, and what of it should be kept in the end."""

    def __init__(self, phrases: list[str], seed: int) -> None:
        self.writer = Writer(seed)
        self.random = random.Random(seed)
        self.phrases = phrases
        self.pool = [self.writer.text() for _ in range(POOL)]
        self.recent: deque[tuple[str, str]] = deque(maxlen=20_000)
        self.recent_hits: deque[tuple[str, str]] = deque(maxlen=500)
        self.kept: set[str] = set()
        self.said = self.posts = 0

    def next(self, time_us: int) -> dict:
        """Return the next event."""
        self.said += 1
        chance = self.random.random()
        if chance < DELETES and self.recent:
            return self._delete(time_us)
        if chance < DELETES + EDITS and self.recent_hits:
            return self._edit(time_us)
        return self._post(time_us, hit=self.random.random() < HITS)

    def _post(self, time_us: int, hit: bool) -> dict:
        did, rkey = self.writer.did(), f"3k{self.said:011d}"
        text = self.writer.text(self.random.choice(self.phrases)) if hit else self.random.choice(self.pool)
        self.recent.append((did, rkey))
        if hit:
            self.recent_hits.append((did, rkey))
            self.kept.add(_uri(did, rkey))
        return self._event(time_us, did, rkey, "create", text)

    def _delete(self, time_us: int) -> dict:
        """Take back a post; a hit more often than chance would have it."""
        hit = self.recent_hits and self.random.random() < 0.05
        did, rkey = self.random.choice(self.recent_hits if hit else self.recent)
        self.kept.discard(_uri(did, rkey))
        commit = {"rev": "r", "operation": "delete", "collection": COLLECTION, "rkey": rkey}
        return {"did": did, "time_us": time_us, "kind": "commit", "commit": commit}

    def _edit(self, time_us: int) -> dict:
        """Change a post that is still there: with the phrase, or without."""
        did, rkey = self.random.choice(self.recent_hits)
        if _uri(did, rkey) not in self.kept:
            return self._post(time_us, hit=False)
        if self.random.random() < 0.5:
            return self._event(time_us, did, rkey, "update", self.writer.text(self.random.choice(self.phrases[:1])))
        self.kept.discard(_uri(did, rkey))
        return self._event(time_us, did, rkey, "update", self.random.choice(self.pool))

    def _event(self, time_us: int, did: str, rkey: str, operation: str, text: str) -> dict:
        self.posts += 1
        record = {"$type": COLLECTION, "createdAt": _created(time_us), "langs": ["nl"], "text": text}
        commit = {
            "rev": "r",
            "operation": operation,
            "collection": COLLECTION,
            "rkey": rkey,
            "cid": "b",
            "record": record,
        }
        return {"did": did, "time_us": time_us, "kind": "commit", "commit": commit}


class Talker:
    """Says what `Talk` comes up with, at a steady rate, to everybody who listens."""

    def __init__(self, talk: Talk, rate: float, seconds: float) -> None:
        self.talk = talk
        self.rate = rate
        self.total = int(rate * seconds)
        self.history: deque[tuple[int, bytes]] = deque()
        self.first = 0
        self.listeners: set[ServerConnection] = set()
        self.begin = asyncio.Event()
        other = Talk(talk.phrases, seed=7)
        samples = [msgspec.json.encode(other.next(number)) for number in range(2000)]
        self.dictionary = zstandard.train_dictionary(4096, samples).as_bytes()
        self._packer = zstandard.ZstdCompressor(dict_data=zstandard.ZstdCompressionDict(self.dictionary))

    async def speak(self) -> None:
        """Say everything, then stay silent."""
        await self.begin.wait()
        started = time.monotonic()
        hung_up = False
        while self.talk.said < self.total:
            due = min(self.total, int((time.monotonic() - started) * self.rate))
            for _ in range(due - self.talk.said):
                now_us = time.time_ns() // 1000 + len(self.history) % 7
                now_us = max(now_us, self.history[-1][0] + 1 if self.history else 0)
                self.history.append((now_us, self._packer.compress(msgspec.json.encode(self.talk.next(now_us)))))
            self._prune()
            if not hung_up and self.talk.said >= self.total / 2:
                hung_up = True
                for listener in list(self.listeners):
                    await listener.close(1001, "going away for a moment")
            await asyncio.sleep(TICK)

    def _prune(self) -> None:
        while self.history and self.history[-1][0] - self.history[0][0] > REMEMBERED_SECONDS * 1_000_000:
            self.history.popleft()
            self.first += 1

    async def listen(self, connection: ServerConnection) -> None:
        """Tell somebody everything from their cursor on."""
        self.listeners.add(connection)
        query = parse_qs(urlsplit(connection.request.path).query)
        place = self._place(int(query["cursor"][0])) if "cursor" in query else self.first + len(self.history)
        self.begin.set()
        with contextlib.suppress(ConnectionClosed):
            while True:
                if place < self.first:
                    raise RuntimeError("somebody listens too slowly: what they did not hear is forgotten")
                while place < self.first + len(self.history):
                    await connection.send(self.history[place - self.first][1])
                    place += 1
                await asyncio.sleep(TICK)
        self.listeners.discard(connection)

    def _place(self, cursor: int) -> int:
        return next(
            (self.first + i for i, (at, _) in enumerate(self.history) if at >= cursor), self.first + len(self.history)
        )

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Hand out the dictionary."""
        if request.path != "/dictionary":
            return None
        headers = Headers({"Content-Type": "application/octet-stream", "Content-Length": str(len(self.dictionary))})
        return Response(HTTPStatus.OK, "OK", headers, self.dictionary)


def _uri(did: str, rkey: str) -> str:
    return f"at://{did}/{COLLECTION}/{rkey}"


def _created(time_us: int) -> str:
    seconds, micro = divmod(time_us, 1_000_000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{micro // 1000:03d}Z"


async def main(rate: float, seconds: float, result: Path, phrases: list[str]) -> None:
    """Serve until killed."""
    talker = Talker(Talk(phrases, seed=1), rate, seconds)
    async with serve(talker.listen, "127.0.0.1", 0, process_request=talker.answer, compression=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await talker.speak()
        last = talker.history[-1][0]
        told = {"said": talker.talk.said, "posts": talker.talk.posts, "last_us": last, "kept": sorted(talker.talk.kept)}
        result.with_suffix(".new").write_text(json.dumps(told))
        result.with_suffix(".new").rename(result)
        await asyncio.Future()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            main(float(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]), json.loads(Path(sys.argv[4]).read_text()))
        )

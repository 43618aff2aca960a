"""A server that follows Mastodon's documented API, for what the real server of the tests lacks.

Deleting, streaming, `since_id` and `min_id`, unlisted and direct posts, the idempotency key, rate
limits, pictures that take a while, and answers that go wrong on request. It runs on loopback in
this process and keeps everything in memory.

    with fake_mastodon() as server:
        town, resident = server.person("gemeente"), server.person("burger")
        resident.post(f"{town.handle} de lamp is stuk", visibility="direct")
        server.behave("POST /api/v1/statuses", "silence", times=1)
"""

from __future__ import annotations

import html
import json
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote

from plein.channels.counting import graphemes
from tests.servers.mastodon import Person

MENTION = re.compile(r"(?<![\w/])@([\w.-]*\w)(?:@([\w.-]*\w(?::\d+)?))?")
TAG = re.compile(r"(?<![\w/&])#(\w+)")
LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")
LEVELS = ("public", "unlisted", "private", "direct")
LIMIT = 300
MAX_CHARACTERS = 500
PER_LINK = 23


class Answered(Exception):
    """The answer to a request that is not simply an entity."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers or {}


def not_found() -> Answered:
    return Answered(404, {"error": "Record not found"})


def invalid(words: str) -> Answered:
    return Answered(422, {"error": f"Validation failed: {words}"})


@dataclass
class Account:
    """Somebody on this server, or somebody elsewhere that it knows (with a domain)."""

    id: str
    name: str
    base: str
    domain: str = ""
    token: str = ""
    scopes: str = "read write"
    noindex: bool = False
    indexable: bool = True

    @property
    def acct(self) -> str:
        return f"{self.name}@{self.domain}" if self.domain else self.name

    def entity(self) -> dict[str, Any]:
        home = f"https://{self.domain}" if self.domain else self.base
        return {
            "id": self.id,
            "username": self.name,
            "acct": self.acct,
            "display_name": self.name.capitalize(),
            "url": f"{home}/@{self.name}",
            "uri": f"{home}/users/{self.name}",
            "locked": False,
            "bot": False,
            "noindex": self.noindex,
            "indexable": self.indexable,
            "created_at": "2026-01-01T00:00:00.000Z",
            "emojis": [],
            "fields": [],
        }


@dataclass
class Status:
    """A post on this server."""

    id: str
    account: Account
    text: str
    created_at: datetime
    visibility: str = "public"
    in_reply_to_id: str | None = None
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    media: list[str] = field(default_factory=list)
    edited_at: datetime | None = None
    poll: list[str] = field(default_factory=list)


@dataclass
class Behaviour:
    """What happens instead: a status code, `silence` (done, but no answer) or `hang up` (not done)."""

    prefix: str
    answer: int | str
    times: int
    headers: dict[str, str]
    words: str


class FakeMastodon:
    """The server's memory and its rules."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.accounts: dict[str, Account] = {}
        self.statuses: dict[str, Status] = {}
        self.media: dict[str, dict[str, Any]] = {}
        self.notices: list[dict[str, Any]] = []
        self.keys: dict[tuple[str, str], tuple[datetime, str]] = {}
        self.listeners: list[tuple[str, Account | None, queue.Queue]] = []
        self.behaviours: list[Behaviour] = []
        self.calls: list[str] = []
        self.remaining: dict[str, int] = {}
        # How many looks at a picture it takes before it is ready (0: at once).
        self.slow_media = 0
        self.streams = True
        self.heeds_keys = True
        self.older = False
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.heartbeat = 15.0
        self._last = 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    @property
    def base(self) -> str:
        return f"http://{self.host}"

    # What a test does.

    def person(self, name: str, *, domain: str = "", **about: Any) -> Person:
        """Make an account; with a `domain` it lives elsewhere, yet can be spoken for here."""
        with self.lock:
            known = Account(
                self._number(), name, self.base, domain, token=f"token-{name}-{len(self.accounts)}", **about
            )
            self.accounts[known.id] = known
        return Person(name, self.host, "", known.token, elsewhere=domain)

    def behave(
        self, prefix: str, answer: int | str, *, times: int = 1, words: str = "", headers: dict[str, str] | None = None
    ) -> None:
        """Answer the next calls that begin like `POST /api/v1/statuses` in another way."""
        self.behaviours.append(Behaviour(prefix, answer, times, headers or {}, words))

    def hang_up(self) -> None:
        """Break every open stream."""
        with self.lock:
            for _, _, waiting in self.listeners:
                waiting.put(None)

    # What the API does.

    def post(self, by: Account, asked: dict[str, Any], key: str) -> dict[str, Any]:
        known = self.keys.get((by.id, key)) if key and self.heeds_keys else None
        if known and self.now() - known[0] < timedelta(hours=1) and known[1] in self.statuses:
            return self.entity(self.statuses[known[1]], by)
        text = str(asked.get("status") or "")
        media = _listed(asked, "media_ids")
        self._valid(text, str(asked.get("spoiler_text") or ""), media)
        parent = asked.get("in_reply_to_id")
        if parent and not self._may_see(self.statuses.get(str(parent)), by):
            raise Answered(404, {"error": "The status you are trying to reply to does not appear to exist."})
        level = str(asked.get("visibility") or "public")
        if level not in LEVELS:
            raise invalid("Visibility is not included in the list")
        status = Status(
            self._number(), by, text, self.now(), level, str(parent) if parent else None,
            str(asked.get("spoiler_text") or ""), _true(asked.get("sensitive")), asked.get("language"), media,
            poll=_listed(asked, "poll[options]"),
        )  # fmt: skip
        self.statuses[status.id] = status
        if key:
            self.keys[by.id, key] = (self.now(), status.id)
        self._tell("update", status)
        self._notify(status)
        return self.entity(status, by)

    def edit(self, by: Account, status: Status, asked: dict[str, Any]) -> dict[str, Any]:
        if status.account is not by:
            raise not_found()
        text = str(asked.get("status", status.text))
        media = _listed(asked, "media_ids")
        self._valid(text, str(asked.get("spoiler_text") or ""), media)
        status.text, status.media, status.edited_at = text, media, self.now()
        status.spoiler_text = str(asked.get("spoiler_text") or "")
        for described in asked.get("media_attributes") or []:
            self.media[described["id"]]["description"] = described.get("description")
        self._tell("status.update", status)
        return self.entity(status, by)

    def delete(self, by: Account, status: Status) -> dict[str, Any]:
        if status.account is not by:
            raise not_found()
        last = {**self.entity(status, by), "text": status.text}
        del self.statuses[status.id]
        self.notices = [notice for notice in self.notices if notice["status_id"] != status.id]
        self._tell("delete", status)
        return last

    def entity(self, status: Status, reader: Account | None) -> dict[str, Any]:
        """Return a post as the documentation describes it."""
        address = f"{status.account.entity()['url']}/{status.id}"
        parent = self.statuses.get(status.in_reply_to_id or "")
        return {
            "id": status.id,
            "uri": f"{status.account.entity()['uri']}/statuses/{status.id}",
            "url": address,
            "created_at": _iso(status.created_at),
            "edited_at": _iso(status.edited_at) if status.edited_at else None,
            "account": status.account.entity(),
            "content": self._content(status.text),
            "visibility": status.visibility,
            "sensitive": status.sensitive,
            "spoiler_text": status.spoiler_text,
            "language": status.language,
            "in_reply_to_id": parent.id if parent else None,
            "in_reply_to_account_id": parent.account.id if parent else None,
            "media_attachments": [self.media[known] for known in status.media],
            "mentions": [_mention(account) for account in self._named(status.text)],
            "tags": [{"name": tag.lower(), "url": f"{self.base}/tags/{tag}"} for tag in TAG.findall(status.text)],
            "poll": {"id": "1", "options": [{"title": title, "votes_count": 0} for title in status.poll]}
            if status.poll
            else None,
            "emojis": [],
            "reblog": None,
            "card": None,
            "replies_count": sum(other.in_reply_to_id == status.id for other in self.statuses.values()),
        }

    def context(self, status: Status, reader: Account | None) -> dict[str, Any]:
        above, at = [], status
        while at := self.statuses.get(at.in_reply_to_id or ""):
            above.insert(0, at)
        below, waiting = [], [status.id]
        while waiting:
            children = [other for other in self.statuses.values() if other.in_reply_to_id in waiting]
            waiting = [child.id for child in children]
            below += children
        sides = {"ancestors": above, "descendants": below}
        return {
            side: [self.entity(s, reader) for s in found if self._may_see(s, reader)] for side, found in sides.items()
        }

    def notifications(self, by: Account, asked: dict[str, Any]) -> list[dict[str, Any]]:
        wanted = _listed(asked, "types")
        mine = [n for n in self.notices if n["for"] is by and (not wanted or n["type"] in wanted)]
        page = _page(mine, asked, 80, lambda notice: notice["id"])
        return [self._notice(notice, by) for notice in page]

    def _notice(self, notice: dict[str, Any], by: Account) -> dict[str, Any]:
        status = self.statuses.get(notice["status_id"])
        return {
            "id": notice["id"],
            "type": notice["type"],
            "created_at": notice["created_at"],
            "account": notice["by"].entity(),
            "status": self.entity(status, by) if status else None,
        }

    def timeline(
        self, asked: dict[str, Any], reader: Account | None, keep: Callable[[Status], bool]
    ) -> list[dict[str, Any]]:
        found = [status for status in self.statuses.values() if keep(status)]
        return [self.entity(status, reader) for status in _page(found, asked, 40, lambda status: status.id)]

    def visible(self, known: str, reader: Account | None) -> Status:
        status = self.statuses.get(known)
        if not self._may_see(status, reader):
            raise not_found()
        return status

    def upload(self, content: bytes, kind: str, description: str) -> tuple[int, dict[str, Any]]:
        if not kind.startswith(("image/", "video/", "audio/")):
            raise invalid("File content type is invalid")
        if not content:
            raise invalid("File can't be blank")
        known = self._number()
        self.media[known] = {
            "id": known,
            "type": "image",
            "url": None if self.slow_media else f"{self.base}/media/{known}.png",
            "preview_url": None,
            "remote_url": None,
            "description": description or None,
            "looks": self.slow_media,
        }
        return (202 if self.slow_media else 200), self.media[known]

    def processed(self, known: str) -> tuple[int, dict[str, Any]]:
        if known not in self.media:
            raise not_found()
        media = self.media[known]
        media["looks"] -= 1
        if media["looks"] >= 0:
            return 206, media
        media["url"] = f"{self.base}/media/{known}.png"
        return 200, media

    def instance(self, *, older: bool) -> dict[str, Any]:
        statuses = {
            "max_characters": MAX_CHARACTERS,
            "max_media_attachments": 4,
            "characters_reserved_per_url": PER_LINK,
        }
        shared = {
            "title": "Proefserver",
            "version": "4.5.0" if self.heeds_keys else "2.7.2 (compatible; Proef 1.0)",
            "languages": ["nl"],
        }
        if older:
            return {
                **shared,
                "uri": self.host,
                "urls": {"streaming_api": f"ws://{self.host}"},
                "configuration": {"statuses": statuses},
            }
        configuration = {"statuses": statuses, "urls": {"streaming": f"ws://{self.host}"}}
        return {**shared, "domain": self.host, "api_versions": {"mastodon": 6}, "configuration": configuration}

    # Under the bonnet.

    def _number(self) -> str:
        """Return an id as Mastodon makes them: milliseconds and a count, always rising."""
        with self.lock:
            self._last = max(self._last + 1, int(self.now().timestamp() * 1000) << 16)
            return str(self._last)

    def _valid(self, text: str, warning: str, media: list[str]) -> None:
        if not text.strip() and not media:
            raise invalid("Text can't be blank")
        counted = graphemes(warning + MENTION.sub(lambda m: f"@{m[1]}", LINK.sub("x" * PER_LINK, text)))
        if counted > MAX_CHARACTERS:
            raise invalid(f"Text character limit of {MAX_CHARACTERS} exceeded")
        for known in media:
            if known not in self.media:
                raise not_found()
            if self.media[known]["url"] is None:
                raise Answered(
                    422, {"error": "Cannot attach files that have not finished processing. Try again in a moment!"}
                )

    def _named(self, text: str) -> list[Account]:
        named = [(name.lower(), (domain or "").lower()) for name, domain in MENTION.findall(text)]
        places = [(name, "" if domain in (self.host, "") else domain) for name, domain in named]
        return [account for account in self.accounts.values() if (account.name.lower(), account.domain) in places]

    def _may_see(self, status: Status | None, reader: Account | None) -> bool:
        if status is None:
            return False
        if status.visibility in ("public", "unlisted") or status.account is reader:
            return True
        return reader is not None and reader in self._named(status.text)

    def _notify(self, status: Status) -> None:
        for account in self._named(status.text):
            if account is status.account:
                continue
            notice = {
                "id": self._number(),
                "type": "mention",
                "created_at": _iso(status.created_at),
                "by": status.account,
                "for": account,
                "status_id": status.id,
            }
            self.notices.append(notice)
            self._send("user", account, "notification", json.dumps(self._notice(notice, account)))

    def _tell(self, kind: str, status: Status) -> None:
        payload = status.id if kind == "delete" else json.dumps(self.entity(status, None))
        for stream, listener, waiting in list(self.listeners):
            if stream == "user":
                if kind != "update" and listener in (*self._named(status.text), status.account):
                    waiting.put((kind, payload))
            elif status.visibility == "public" and self._in_stream(stream, status):
                waiting.put((kind, payload))

    def _in_stream(self, stream: str, status: Status) -> bool:
        place, _, tag = stream.partition(":")
        if place == "hashtag":
            return tag.lower() in [known.lower() for known in TAG.findall(status.text)]
        return place in ("public", "list") or (place == "public/local" and not status.account.domain)

    def _send(self, stream: str, account: Account, kind: str, payload: str) -> None:
        for name, listener, waiting in list(self.listeners):
            if name == stream and listener is account:
                waiting.put((kind, payload))

    def _content(self, text: str) -> str:
        """Return text as Mastodon's HTML: paragraphs, names in cards, links with their ends hidden."""
        named = {account.name.lower(): account for account in self._named(text)}
        parts = re.split(rf"({LINK.pattern}|{re.sub(r'[(](?![?])', '(?:', MENTION.pattern)}|(?<![\w/&])#\w+)", text)
        done = "".join(self._marked(part, named) for part in parts)
        return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in done.split("\n\n"))

    def _marked(self, part: str, named: dict[str, Account]) -> str:
        if LINK.fullmatch(part):
            scheme, _, rest = html.escape(part).partition("://")
            shown = f'<span class="ellipsis">{rest[:30]}</span><span class="invisible">{rest[30:]}</span>'
            return f'<a href="{html.escape(part)}" rel="nofollow"><span class="invisible">{scheme}://</span>{shown}</a>'
        mention = MENTION.fullmatch(part)
        if mention and mention[1].lower() in named:
            address = named[mention[1].lower()].entity()["url"]
            return (
                f'<span class="h-card"><a href="{address}" class="u-url mention">@<span>{mention[1]}</span></a></span>'
            )
        if part.startswith("#") and TAG.fullmatch(part):
            return (
                f'<a href="{self.base}/tags/{part[1:]}" class="mention hashtag" rel="tag">#<span>{part[1:]}</span></a>'
            )
        return html.escape(part, quote=False)


def _mention(account: Account) -> dict[str, Any]:
    return {name: account.entity()[name] for name in ("id", "username", "acct", "url")}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _true(value: Any) -> bool:
    return value in (True, "true", "1", 1)


def _listed(asked: dict[str, Any], name: str) -> list[str]:
    value = asked.get(name) or asked.get(f"{name}[]") or []
    return [str(one) for one in (value if isinstance(value, list) else [value])]


def _page(found: list[Any], asked: dict[str, Any], most: int, key: Callable[[Any], str]) -> list[Any]:
    """Return a page, newest first: `min_id` counts from the oldest side, `since_id` from the newest."""
    limit = min(int(asked.get("limit") or 20), most)
    rising = sorted(found, key=lambda one: int(key(one)))
    if "max_id" in asked:
        rising = [one for one in rising if int(key(one)) < int(asked["max_id"])]
    if "min_id" in asked:
        return [one for one in rising if int(key(one)) > int(asked["min_id"])][:limit][::-1]
    if "since_id" in asked:
        rising = [one for one in rising if int(key(one)) > int(asked["since_id"])]
    return rising[::-1][:limit]


# -- the server ------------------------------------------------------------------------------

Route = tuple[str, str, bool, Callable[..., Any]]


def _routes() -> list[Route]:
    """Return (method, path, needs a token, what to do), read from top to bottom."""
    return [
        ("GET", r"/api/v2/instance", False, lambda f, r: _none() if f.older else f.instance(older=False)),
        ("GET", r"/api/v1/instance", False, lambda f, r: f.instance(older=True)),
        ("GET", r"/api/v1/accounts/verify_credentials", True, lambda f, r: r.by.entity()),
        ("GET", r"/api/v1/accounts/(\d+)/statuses", False, lambda f, r, who: _of(f, r, who)),
        ("GET", r"/api/v1/notifications", True, lambda f, r: f.notifications(r.by, r.asked)),
        ("GET", r"/api/v1/timelines/home", True, lambda f, r: f.timeline(r.asked, r.by, lambda s: f._may_see(s, r.by))),
        ("GET", r"/api/v1/timelines/public", False, lambda f, r: _public(f, r)),
        # Its one list has everybody on it.
        ("GET", r"/api/v1/timelines/list/1", True, lambda f, r: _public(f, r)),
        ("GET", r"/api/v1/timelines/tag/([^/]+)", False, lambda f, r, tag: _tagged(f, r, tag)),
        ("GET", r"/api/v1/statuses/(\d+)/context", False, lambda f, r, k: f.context(f.visible(k, r.by), r.by)),
        ("GET", r"/api/v1/statuses/(\d+)/source", True, lambda f, r, k: _source(f.visible(k, r.by))),
        ("GET", r"/api/v1/statuses/([^/]+)", False, lambda f, r, k: f.entity(f.visible(k, r.by), r.by)),
        ("POST", r"/api/v1/statuses", True, lambda f, r: f.post(r.by, r.asked, r.headers.get("idempotency-key", ""))),
        ("PUT", r"/api/v1/statuses/([^/]+)", True, lambda f, r, k: f.edit(r.by, f.visible(k, r.by), r.asked)),
        ("DELETE", r"/api/v1/statuses/([^/]+)", True, lambda f, r, k: f.delete(r.by, f.visible(k, r.by))),
        ("POST", r"/api/v2/media", True, lambda f, r: _upload(f, r)),
        ("GET", r"/api/v1/media/([^/]+)", True, lambda f, r, k: _answered(*f.processed(k))),
        ("GET", r"/api/v2/search", True, lambda f, r: _found(f, r)),
    ]


def _none() -> Any:
    raise not_found()


def _of(fake: FakeMastodon, request: Any, who: str) -> list[dict[str, Any]]:
    return fake.timeline(request.asked, request.by, lambda s: s.account.id == who and fake._may_see(s, request.by))


def _public(fake: FakeMastodon, request: Any) -> list[dict[str, Any]]:
    local = _true(request.asked.get("local"))
    return fake.timeline(
        request.asked, request.by, lambda s: s.visibility == "public" and not (local and s.account.domain)
    )


def _tagged(fake: FakeMastodon, request: Any, tag: str) -> list[dict[str, Any]]:
    return fake.timeline(
        request.asked, request.by, lambda s: s.visibility == "public" and fake._in_stream(f"hashtag:{unquote(tag)}", s)
    )


def _source(status: Status) -> dict[str, str]:
    return {"id": status.id, "text": status.text, "spoiler_text": status.spoiler_text}


def _found(fake: FakeMastodon, request: Any) -> dict[str, Any]:
    wanted = request.asked.get("q", "")
    found = [fake.entity(s, request.by) for s in fake.statuses.values() if fake._may_see(s, request.by)]
    return {"accounts": [], "statuses": [e for e in found if wanted in (e["uri"], e["url"])], "hashtags": []}


def _upload(fake: FakeMastodon, request: Any) -> Any:
    content, kind = request.files.get("file", (b"", ""))
    return _answered(*fake.upload(content, kind, str(request.asked.get("description") or "")))


def _answered(status: int, body: Any) -> Any:
    raise Answered(status, body)


def _handler(fake: FakeMastodon) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        do_POST = do_PUT = do_DELETE = do_GET

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

        def _serve(self) -> None:
            self.path, _, query = self.path.partition("?")
            self.path = self.path.rstrip("/")
            self.asked: dict[str, Any] = _fields(parse_qsl(query, keep_blank_values=True))
            self.files: dict[str, tuple[bytes, str]] = {}
            self._read_body()
            fake.calls.append(f"{self.command} {self.path}")
            behaviour = self._behaviour()
            if behaviour and behaviour.answer == "hang up":
                self.close_connection = True
                return
            if behaviour and isinstance(behaviour.answer, int):
                self._answer(behaviour.answer, {"error": behaviour.words or "Too many requests"}, behaviour.headers)
                return
            try:
                self._identify()
                answer = self._routed()
            except Answered as other:
                answer = other
            if behaviour:
                self.close_connection = True
            elif answer is not None:
                self._answer(answer.status, answer.body, answer.headers)

        def _behaviour(self) -> Behaviour | None:
            with fake.lock:
                for behaviour in fake.behaviours:
                    if behaviour.times and f"{self.command} {self.path}".startswith(behaviour.prefix):
                        behaviour.times -= 1
                        return behaviour
            return None

        def _identify(self) -> None:
            token = self.headers.get("authorization", "").removeprefix("Bearer ")
            self.by = next((a for a in fake.accounts.values() if token and a.token == token), None)
            if token and self.by is None:
                raise Answered(401, {"error": "The access token is invalid"})
            if self.by and self.command != "GET" and "write" not in self.by.scopes:
                raise Answered(403, {"error": "This action is outside the authorized scopes"})

        def _routed(self) -> Answered | None:
            if self.path.startswith("/api/v1/streaming/") and fake.streams:
                self._stream()
                return None
            for method, pattern, private, do in _routes():
                match = re.fullmatch(pattern, self.path)
                if match and method == self.command:
                    if private and self.by is None:
                        raise Answered(401, {"error": "The access token is invalid"})
                    with fake.lock:
                        body = do(fake, self, *match.groups())
                    return Answered(200, body, self._links(body))
            raise not_found()

        def _links(self, body: Any) -> dict[str, str]:
            if not isinstance(body, list) or not body:
                return {}
            here = f"{fake.base}{self.path}"
            return {
                "link": f'<{here}?max_id={body[-1]["id"]}>; rel="next", <{here}?min_id={body[0]["id"]}>; rel="prev"'
            }

        def _answer(self, status: int, body: Any, headers: dict[str, str]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            given = {
                "content-type": "application/json; charset=utf-8",
                "content-length": str(len(content)),
                **self._limits(),
                **headers,
            }
            for name, value in given.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def _limits(self) -> dict[str, str]:
            by = getattr(self, "by", None)
            left = fake.remaining.get(by.id if by else "", LIMIT)
            reset = _iso(fake.now() + timedelta(minutes=5))
            return {"x-ratelimit-limit": str(LIMIT), "x-ratelimit-remaining": str(left), "x-ratelimit-reset": reset}

        def _read_body(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            kind = self.headers.get("content-type", "")
            if kind.startswith("application/json"):
                self.asked |= json.loads(body)
            elif kind.startswith("multipart/"):
                self._read_parts(kind, body)
            elif body:
                self.asked |= _fields(parse_qsl(body.decode(), keep_blank_values=True))

        def _read_parts(self, kind: str, body: bytes) -> None:
            message = BytesParser().parsebytes(f"content-type: {kind}\r\n\r\n".encode() + body)
            for part in message.get_payload():
                name = part.get_param("name", header="content-disposition")
                content = part.get_payload(decode=True)
                if part.get_filename():
                    self.files[name] = (content, part.get_content_type())
                else:
                    self.asked[name] = content.decode()

        def _stream(self) -> None:
            name = self.path.removeprefix("/api/v1/streaming/")
            if name.startswith(("user", "list")) and self.by is None:
                raise Answered(401, {"error": "Missing access token"})
            stream = (
                f"hashtag:{self.asked.get('tag', '')}"
                if name == "hashtag"
                else "user"
                if name.startswith("user")
                else name
            )
            waiting: queue.Queue = queue.Queue()
            self.close_connection = True
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            listener = (stream, self.by, waiting)
            with fake.lock:
                fake.listeners.append(listener)
            try:
                self._tell_all(waiting)
            except OSError:
                pass
            finally:
                fake.listeners.remove(listener)

        def _tell_all(self, waiting: queue.Queue) -> None:
            self.wfile.write(b":)\n")
            self.wfile.flush()
            while True:
                try:
                    told = waiting.get(timeout=fake.heartbeat)
                except queue.Empty:
                    told = ("", "")
                if told is None:
                    return
                kind, payload = told
                self.wfile.write(f"event: {kind}\ndata: {payload}\n\n".encode() if kind else b":thump\n")
                self.wfile.flush()

    return Handler


def _fields(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Return a form's fields; those that end in [] as lists."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name.endswith("[]"):
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


@contextmanager
def fake_mastodon() -> Iterator[FakeMastodon]:
    """Start the server on a random port; it ends with the block."""
    fake = FakeMastodon()
    thread = threading.Thread(target=fake.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.hang_up()
        fake.server.shutdown()
        fake.server.server_close()
        thread.join(5)


def when(what: Callable[[], Any], within: float = 5.0) -> Any:
    """Return the first true value of `what()`."""
    until = time.monotonic() + within
    while not (found := what()):
        if time.monotonic() > until:
            raise TimeoutError("it did not come")
        time.sleep(0.02)
    return found

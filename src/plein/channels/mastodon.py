"""Mastodon, and every other server with Mastodon's API: an account on one of them speaks with all.

Servers differ. Some ignore `since_id`, give an edited post another id, have no streaming, or show
a reply to "followers" as public. What is done about it stands beside the line that does it, and
for people in docs/channels/mastodon.md.
"""

from __future__ import annotations

import mimetypes
import re
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from plein.channels.answers import Answer, Gone, error_in, not_on_the_web, retry_after, send, server_time
from plein.channels.contract import (
    Abilities,
    Absent,
    Account,
    Basis,
    CannotTell,
    Counting,
    Field,
    Image,
    Message,
    Network,
    Preview,
    Profile,
    Receipt,
    Sent,
    SignsIn,
    SourceSpec,
    Support,
)
from plein.channels.counting import LINK, graphemes, length
from plein.channels.errors import ChannelError, Refused, SignInNeeded, TryLater, Unsupported
from plein.channels.eventstream import EventStream
from plein.channels.markup import plain
from plein.channels.outgoing import narrowest
from plein.channels.posts import Batch, Deleted, Item, Post, Unreadable, Visibility
from plein.channels.reading import NOT_READABLE, read
from plein.channels.statuses import (
    VISIBILITY,
    AccountEntity,
    Family,
    MediaEntity,
    Notice,
    Status,
    author_from,
    post_from,
    status_from,
    utc,
)
from plein.channels.walking import Entry, Place, is_news, step
from plein.channels.wishes import may_be_overheard
from plein.town.door import Door
from plein.town.saying import own

# --- abilities ---

ABILITIES = Abilities(
    basis=Basis.OFFICIAL_API,
    signs_in=SignsIn.OFFICIAL_ACCOUNT,
    hears_mentions=True,
    public_sources=("hashtag", "public", "list"),
    shows_threads=True,
    replies=True,
    posts=True,
    edits=True,
    deletes=True,
    alt_text=True,
    max_images=4,
    max_length=500,
    counting=Counting.MASTODON,
    link_length=23,
    visibilities=tuple(Visibility),
    content_warnings=True,
    hears_edits=True,
    hears_deletes=True,
    # The key of a send makes a second one harmless, but not every server heeds it: asking is surer.
    receipt=Receipt.ASKABLE,
)

# --- translate in: how a post looks in the API stands in `statuses.py` ---

# --- translate out ---

_NAMES = {visibility: name for name, visibility in VISIBILITY.items()}
_MENTION = re.compile(r"(?<![\w/@.])@([\w.-]*\w(?:@[\w.-]*\w(?::\d+)?)?)", re.ASCII)
_LETTERS = re.compile(r"[\W_]+")


def text_out(message: Message, own_handle: str) -> str:
    """Return the text with the name of whom we answer in front, unless it is in it already.

    Without it they would not be told, and a direct message would reach nobody.
    """
    to = message.to.handle.lstrip("@") if message.to else ""
    named = {name.lower() for name in _MENTION.findall(message.text)}
    if not to or to.lower() in named or to.lower() == own_handle.lower():
        return message.text
    return f"@{to} {message.text}"


def draft(message: Message, own_handle: str, parent: Status | None, media: list[str]) -> dict[str, Any]:
    """Translate what we want to send to what the API takes."""
    level = message.visibility
    if parent:
        level = narrowest(level, VISIBILITY.get(parent.visibility, Visibility.DIRECT))
    body: dict[str, Any] = {
        "status": text_out(message, own_handle),
        "visibility": _NAMES[level],
        "language": message.language,
        "sensitive": bool(message.content_warning),
        "spoiler_text": message.content_warning,
        "in_reply_to_id": parent.id if parent else None,
        "media_ids": media,
    }
    return {name: value for name, value in body.items() if value not in ("", None, [])}


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same once a server has laid one out: only letters and digits count.

    Servers shorten names to `@user`, set links apart and turn smileys into pictures.
    """
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return _LETTERS.sub("", _MENTION.sub(lambda name: name[1].split("@")[0], text)).casefold()


# --- client ---

CREDENTIALS = "/api/v1/accounts/verify_credentials"
PAGE = 40
# At most so many pages back in a public timeline; our own mentions are read to the last one.
PUBLIC_PAGES = 10
# How exact the measured difference between two clocks is, and how a server may round a moment.
SLACK = timedelta(seconds=5)
# How many posts of a stream we remember by id, because a deletion names nothing else.
REMEMBERED = 20_000
MEDIA_WAIT = 90.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source comes down to: which server, which path, which stream."""

    base: str
    path: str
    stream: str
    ours: bool
    params: tuple[tuple[str, str], ...] = ()


class Client:
    """One account on one server."""

    def __init__(self, account: Account, door: Door) -> None:
        self.account = account
        self.base = base_of(account.settings.get("address", ""))
        self.host = urlsplit(self.base).netloc
        # Small servers hang up after each answer; on a connection that is used again they may do
        # so while we send, and a send without an answer is one that a person has to look after.
        self._http = door.client(headers={"connection": "close", "accept": "application/json"})
        self._families: OrderedDict[str, Family] = OrderedDict()
        self._uris: OrderedDict[str, str] = OrderedDict()
        self._own: AccountEntity | None = None
        self._about: dict[str, Any] | None = None

    # Who we are.

    def profile(self) -> Profile:
        """Return who the server says we are, and how long a post may be there."""
        own = author_from(self._who_am_i(), self.host)
        limits = _dig(self._instance(), "configuration", "statuses")
        most = limits.get("max_characters")
        return Profile(own.id, own.handle, own.name, own.url, max_length=most if isinstance(most, int) else 500)

    def _who_am_i(self) -> AccountEntity:
        self._own = _convert(self._credentials().json(), AccountEntity)
        return self._own

    def _credentials(self) -> Answer:
        return self._ask("GET", CREDENTIALS)

    def _me(self) -> AccountEntity:
        return self._own or self._who_am_i()

    def _instance(self) -> dict[str, Any]:
        """Return what the server tells about itself; the older form where it has only that."""
        if self._about is None:
            try:
                self._about = self._ask("GET", "/api/v2/instance").json()
            except Refused:
                self._about = self._ask("GET", "/api/v1/instance").json()
        return self._about if isinstance(self._about, dict) else {}

    # Listening.

    def listen(self, source: SourceSpec, cursor: str | None) -> Batch:
        """Return the next page of what came since the cursor, the newest first.

        A list is walked back from its newest entry to the newest of the walk before, one page a
        call: that needs of a server only that it knows `max_id`.
        """
        reading = self._reading(source)
        place = Place.read(cursor)
        whole = place.looks_whole
        answer = self._ask(
            "GET", reading.path, base=reading.base, ours=reading.ours, params=_asked(reading, place, whole)
        )
        entries = self._entries(answer.json(), answer.body, reading)
        now = server_time(answer)
        items = tuple(entry.item for entry in entries if entry.item and is_news(entry, place, now))
        after, gap = step(place, entries, PAGE, None if reading.ours else PUBLIC_PAGES)
        return Batch(self._with_families(items, reading), after.written(), gap, bool(after.below), _pace(answer))

    def _entries(self, payload: Any, body: bytes, reading: Reading) -> list[Entry]:
        if not isinstance(payload, list):
            raise TryLater(own("{0} answered something else than a list.", self.host))
        host = urlsplit(reading.base).netloc
        lines = [bytes(line) for line in read(body, list[msgspec.Raw])]
        return [entry for line in lines if (entry := _entry(line, reading, host))]

    def _with_families(self, items: tuple[Item, ...], reading: Reading) -> tuple[Item, ...]:
        """Return addressed posts with the uris of what they answer; overheard ones as they are."""
        for item in items:
            if isinstance(item, Post):
                self._remember(item.remote_id, item.uri)
        return tuple(map(self._with_family, items)) if reading.ours else items

    def _with_family(self, item: Item) -> Item:
        if not isinstance(item, Post) or item.parent:
            return item
        status = status_from(item.raw)
        if not status.in_reply_to_id:
            return item
        family = self._family(status)
        return replace(item, parent=family.parent, root=family.root or family.parent)

    def _family(self, status: Status) -> Family:
        known = self._families.get(status.uri)
        if known is None:
            known = self._families[status.uri] = self._ask_family(status)
            _forget(self._families)
        return known

    def _ask_family(self, status: Status) -> Family:
        """Return the uris of what a post answers and where its thread began, as far as the server knows."""
        try:
            ancestors = self._context(status.id)[0]
            if ancestors:
                return Family(ancestors[-1].uri, ancestors[0].uri)
            parent = status_from(self._ask("GET", _status_path(status.in_reply_to_id or "")).body)
            return Family(parent.uri, None if parent.in_reply_to_id else parent.uri)
        except (Refused, *NOT_READABLE):
            return Family()

    def _context(self, remote_id: str) -> tuple[list[Status], list[Status]]:
        payload = self._ask("GET", f"{_status_path(remote_id)}/context").json()
        return tuple(_convert(_dig(payload).get(side) or [], list[Status]) for side in ("ancestors", "descendants"))

    def _reading(self, source: SourceSpec) -> Reading:
        """Return where a source is read. Our token goes to our own server only."""
        if source.kind == "mentions":
            asked = (("types[]", "mention"),)
            return Reading(self.base, "/api/v1/notifications", "/api/v1/streaming/user", True, asked)
        if source.kind == "hashtag":
            server, tag = _tag_at(source.address)
            base = self._server(server)
            path, stream = (
                f"/api/v1/timelines/tag/{quote(tag, safe='')}",
                f"/api/v1/streaming/hashtag?tag={quote(tag, safe='')}",
            )
            return Reading(base, path, stream, False)
        if source.kind == "public":
            server, local = _server_at(source.address)
            base = self._server(server)
            asked = (("local", "true"),) if local else ()
            return Reading(
                base, "/api/v1/timelines/public", f"/api/v1/streaming/public{'/local' * local}", False, asked
            )
        if source.kind == "list":
            number = quote(source.address.strip().rstrip("/").rpartition("/")[2], safe="")
            return Reading(
                self.base, f"/api/v1/timelines/list/{number}", f"/api/v1/streaming/list?list={number}", False
            )
        raise Unsupported(own("Mastodon has no source called {0}.", source.kind))

    def _server(self, named: str) -> str:
        """Return the server of a public source: the one it names, else our own."""
        base = base_of(named) if named else self.base
        if not urlsplit(base).netloc:
            raise Refused(
                own("Say on which server: for example sluis@social.waterdam.example, or the address of its page.")
            )
        return base

    # Streaming.

    def stream(self, source: SourceSpec, cursor: str | None) -> Iterator[Batch]:
        """Yield what came since the cursor, then what comes. Raises Unsupported where there is no streaming.

        The stream is opened before the list is read, so that nothing falls in between.
        """
        reading = self._reading(source)
        with self._opened(reading) as events:
            place = Place.read(cursor)
            for batch in self._caught_up(source, cursor):
                place = Place.read(batch.cursor)
                yield batch
            for event in events:
                if event is None:
                    place = place.beaten()
                    yield Batch((), place.written())
                    if place.looks_whole:
                        yield from self._caught_up(source, place.written())
                    continue
                entry = self._heard(event, reading)
                place = place.after(entry) if isinstance(entry, Entry) else place
                item = entry.item if isinstance(entry, Entry) else entry
                if item:
                    yield Batch(self._with_families((item,), reading), place.written())

    def _caught_up(self, source: SourceSpec, cursor: str | None) -> Iterator[Batch]:
        while True:
            batch = self.listen(source, cursor)
            yield batch
            if not batch.more:
                return
            cursor = batch.cursor

    def _opened(self, reading: Reading) -> EventStream:
        base = self._streaming_base() if reading.base == self.base else reading.base
        trusted = reading.base == self.base
        return EventStream(self._http, base + reading.stream, self._token() if trusted else {})

    def _streaming_base(self) -> str:
        """Return where the server streams: on an address of its own if it says so."""
        about = self._instance()
        told = _dig(about, "configuration", "urls").get("streaming") or _dig(about, "urls").get("streaming_api") or ""
        parts = urlsplit(told if isinstance(told, str) else "")
        # Never to another host than our server's or one below it: the token goes along.
        mine = urlsplit(self.base)
        if parts.hostname and _same_house(parts.hostname, mine.hostname or ""):
            return f"{mine.scheme}://{parts.netloc}"
        return self.base

    def _heard(self, event: tuple[str, bytes], reading: Reading) -> Entry | Item | None:
        """Translate an event: an entry moves the cursor, a change does not."""
        kind, payload = event
        host = urlsplit(reading.base).netloc
        if kind == "delete":
            uri = self._uris.get(payload.decode(errors="replace").strip())
            return Deleted("mastodon", uri, datetime.now(UTC)) if uri else None
        if kind == ("notification" if reading.ours else "update"):
            return _entry(payload, reading, host)
        return self._changed(payload, reading, host) if kind == "status.update" else None

    def _changed(self, payload: bytes, reading: Reading, host: str) -> Item | None:
        """Return an edit of a post that concerns this source: our own stream brings those of all we follow."""
        if not reading.ours:
            return _public(payload, host)
        post = post_from(payload, host)
        concerns_us = isinstance(post, Post) and (post.remote_id in self._uris or self.account.handle in post.mentions)
        return post if concerns_us else None

    def _remember(self, remote_id: str, uri: str) -> None:
        self._uris[remote_id] = uri
        _forget(self._uris)

    # Threads.

    def thread(self, uri: str, remote_id: str) -> tuple[Item, ...]:
        """Return the posts around a post that the server knows and shows us."""
        status, raw = self._find(uri, remote_id)
        around = self._ask("GET", f"{_status_path(status.id)}/context")
        payload = around.json(dict[str, list[msgspec.Raw]])
        raws = [*map(bytes, payload.get("ancestors", [])), raw, *map(bytes, payload.get("descendants", []))]
        return _threaded(raws, self.host)

    def check(self, uri: str, remote_id: str) -> Post | Deleted:
        """Return a post as it stands now. It also counts as deleted when it is no longer shown to us."""
        try:
            _, raw = self._find(uri, remote_id)
        except Gone:
            return Deleted("mastodon", uri, self._still_knows_us())
        post = post_from(raw, self.host)
        if isinstance(post, Unreadable):
            raise TryLater(own("The network showed a post that we cannot read: {0}", post.error))
        return self._with_family(post)  # type: ignore[return-value]

    def _still_knows_us(self) -> datetime:
        """Return the server's time: one that moved or broke says "not found" to everything, and deleted nothing."""
        try:
            return server_time(self._credentials())
        except Gone as gone:
            raise TryLater(gone.words) from gone

    def _find(self, uri: str, remote_id: str) -> tuple[Status, bytes]:
        """Return a post by its id, else by its uri; raises Gone when the server has it no more."""
        if remote_id:
            try:
                raw = self._ask("GET", _status_path(remote_id)).body
                status = self._must_be_post(raw)
                if not uri or status.uri == uri:
                    return status, raw
            except Gone:
                pass
        return self._search(uri)

    def _search(self, uri: str) -> tuple[Status, bytes]:
        asked = {"q": uri, "type": "statuses", "resolve": "true", "limit": "5"}
        found = self._ask("GET", "/api/v2/search", params=asked).json(_Found)
        for raw in map(bytes, found.statuses or []):
            status = self._must_be_post(raw)
            if status.uri == uri:
                return status, raw
        raise Gone(own("The post is no longer there."))

    def _must_be_post(self, raw: bytes) -> Status:
        try:
            return status_from(raw)
        except NOT_READABLE as error:
            raise TryLater(own("{0} answered something else than a post: {1}", self.host, error)) from error

    # Sending.

    def preview(self, message: Message) -> Preview:
        """Return the message as Mastodon will show it, with the name of whom it answers."""
        text = text_out(message, self.account.handle)
        most = int(self.account.settings.get("max_length") or ABILITIES.max_length or 500)
        counted = length(text, Counting.MASTODON, ABILITIES.link_length) + graphemes(message.content_warning)
        return Preview(text, counted, most, tuple(LINK.findall(text)), tuple(_MENTION.findall(text)))

    def publish(self, message: Message) -> Sent:
        """Send once. What it answers is read first: an answer to something gone is not sent."""
        parent = self._parent(message)
        message = self._addressed(message, parent)
        self._must_fit(message)
        media = [self._upload(image) for image in message.images]
        body = draft(message, self.account.handle, parent, media)
        answer = self._ask("POST", "/api/v1/statuses", json=body, headers={"idempotency-key": message.key})
        return _sent(_convert(answer.json(), Status))

    def _must_fit(self, message: Message) -> None:
        """Raise Refused for what does not fit: some servers would take it, and others cut it off."""
        if too_long := self.preview(message).too_long_by:
            raise Refused(own("The text is {0} characters too long.", too_long))
        if len(message.images) > ABILITIES.max_images:
            raise Refused(own("No more than {0} pictures fit in one post.", ABILITIES.max_images))

    def _parent(self, message: Message) -> Status | None:
        if not message.reply_to:
            return None
        try:
            return self._find(message.reply_to, message.reply_to_id or "")[0]
        except Gone as gone:
            raise Refused(own("The post that this answers is no longer there.")) from gone

    def _addressed(self, message: Message, parent: Status | None) -> Message:
        if message.to or not parent:
            return message
        return replace(message, to=author_from(parent.account, self.host))

    def _upload(self, image: Image) -> str:
        """Store a picture with its description and wait until the server has processed it."""
        file = {
            "file": ("picture" + (mimetypes.guess_extension(image.media_type) or ""), image.content, image.media_type)
        }
        described = {"description": image.alt} if image.alt else {}
        try:
            answer = self._ask("POST", "/api/v2/media", files=file, data=described)
        except Gone:
            answer = self._ask("POST", "/api/v1/media", files=file, data=described)
        media = _convert(answer.json(), MediaEntity)
        until = time.monotonic() + MEDIA_WAIT
        while answer.status in (202, 206):
            if time.monotonic() > until:
                raise TryLater(own("The server is still busy with a picture. Nothing was sent."))
            time.sleep(0.5)
            answer = self._ask("GET", f"/api/v1/media/{quote(media.id or '', safe='')}")
        return media.id or ""

    def find_sent(self, message: Message) -> Sent | Absent | CannotTell:
        """Look for the message among our own posts since it was written."""
        doubt = ""
        answer = self._credentials()
        self._own = _convert(answer.json(), AccountEntity)
        # Its clock may not be ours: the same words sent earlier are another message.
        since = message.written_at + (server_time(answer) - datetime.now(UTC)) - SLACK
        for status in self._own_since(since):
            if status is None:
                return CannotTell(own("Your account posted so much since then that the search was given up."))
            verdict = self._is_it(status, message)
            if verdict is True:
                return _sent(status)
            doubt = doubt or (verdict or "")
        if doubt:
            return CannotTell(doubt)
        return self._absent(message)

    def _absent(self, message: Message) -> Absent | CannotTell:
        """Not among our posts: certain, unless it is direct and this server may not list those."""
        if message.visibility is not Visibility.DIRECT or self._is_mastodon():
            return Absent()
        return CannotTell(
            own("This server may leave direct messages out of the list of your own posts. Look in the conversation.")
        )

    def _is_it(self, status: Status, message: Message) -> bool | str:
        """Whether a post of ours is this message; words when only a person can tell."""
        words = plain(status.content or "").text
        text = text_out(message, self.account.handle)
        same = same_words(words, text) or same_words(words, message.text)
        if not same:
            rewritten = bool(status.edited_at and message.reply_to and status.in_reply_to_id == message.reply_to_id)
            return own("Your account answered this post, and the text was changed afterwards.") if rewritten else False
        if not message.reply_to:
            return not status.in_reply_to_id
        return self._answers(status, message)

    def _answers(self, status: Status, message: Message) -> bool | str:
        """Whether a post answers what the message answers. Some servers renumber a post when it is edited."""
        if not status.in_reply_to_id:
            return own("Your account posted this text, but not as an answer.")
        if status.in_reply_to_id == message.reply_to_id:
            return True
        try:
            return status_from(self._ask("GET", _status_path(status.in_reply_to_id)).body).uri == message.reply_to
        except (Gone, *NOT_READABLE):
            return own("Your account posted this text as an answer to something that is no longer there.")

    def _own_since(self, since: datetime, pages: int = 10) -> Iterator[Status | None]:
        """Yield our posts back to a moment; None at the end when the moment was not reached."""
        path = f"/api/v1/accounts/{quote(self._me().id, safe='')}/statuses"
        asked: dict[str, str] = {"limit": str(PAGE), "exclude_reblogs": "true"}
        seen: set[str] = set()
        for _ in range(pages):
            page = _convert(self._ask("GET", path, params=asked).json(), list[Status])
            fresh = [status for status in page if status.uri not in seen]
            if not fresh:
                return
            seen |= {status.uri for status in fresh}
            yield from (status for status in fresh if utc(status.created_at) >= since)
            # Pinned and edited posts may stand out of order: only a whole page that is older ends it.
            if all(utc(status.created_at) < since for status in fresh):
                return
            asked["max_id"] = page[-1].id
        yield None

    def revise(self, sent: Sent, message: Message) -> Sent:
        """Change the text of what we sent; its pictures stay, with the descriptions given now."""
        status, _ = self._find(sent.uri, sent.remote_id)
        kept = [media.id for media in status.media_attachments or [] if media.id]
        body = draft(message, self.account.handle, None, kept)
        body |= {"spoiler_text": message.content_warning, "sensitive": bool(message.content_warning)}
        if len(kept) == len(message.images):
            described = zip(kept, message.images, strict=True)
            body["media_attributes"] = [{"id": known, "description": image.alt} for known, image in described]
        del body["visibility"]
        answer = self._ask(
            "PUT", _status_path(status.id), json={name: value for name, value in body.items() if value != []}
        )
        return _sent(_convert(answer.json(), Status))

    def withdraw(self, sent: Sent) -> None:
        """Delete what we sent. Raises Unsupported on a server that cannot."""
        try:
            self._ask("DELETE", _status_path(sent.remote_id))
        except Gone:
            if not isinstance(self.check(sent.uri, sent.remote_id), Deleted):
                raise Unsupported(
                    own("This server cannot delete a post for another program. Do it on its own page.")
                ) from None

    def _is_mastodon(self) -> bool:
        """Whether this is Mastodon itself; others say so in their version."""
        return bool(re.fullmatch(r"\d+\.\d+\.\d+([-+][\w.+-]*)?", str(self._instance().get("version", ""))))

    # Asking.

    def _ask(self, method: str, path: str, *, base: str = "", ours: bool = True, **options: Any) -> Answer:
        """Return a good answer; raises what a bad one means."""
        base = base or self.base
        headers = {**options.pop("headers", {}), **(self._token() if base == self.base else {})}
        answer = send(self._http, method, base + path, headers=headers, **options)
        if error := _meaning(answer, path, ours):
            known = base == self.base and bool(self._token())
            raise error if ours or known else _behind_a_login(answer) or error
        return answer

    def _token(self) -> dict[str, str]:
        token = self.account.secrets.get("token", "")
        return {"authorization": f"Bearer {token}"} if token else {}


def _meaning(answer: Answer, path: str, ours: bool) -> ChannelError | None:
    """Return what went wrong. Some servers answer 422 to a token that they do not know, or that is nobody's."""
    error = error_in(answer)
    if not error or not ours:
        return error
    may_not = answer.status == 403 and "scope" in error.words.lower()
    unknown = path == CREDENTIALS and answer.status in (403, 422)
    return SignInNeeded(error.words) if may_not or unknown else error


def _behind_a_login(answer: Answer) -> Refused | None:
    """Return what a server says that shows its public timelines only to people with an account there."""
    if answer.status not in (401, 403, 422):
        return None
    return Refused(
        own(
            "{0} shows this only to who has an account there. Read the hashtag on another server: what is said here "
            "shows there too, as far as that server follows it.",
            answer.address.host,
        )
    )


def _entry(line: bytes, reading: Reading, host: str) -> Entry | None:
    """Translate a line of a list; a line without even an id cannot hold a place in it."""
    try:
        if not reading.ours:
            return Entry(_id_in(line), _public(unboosted(line), host))
        notice = read(line, Notice)
    except NOT_READABLE as error:
        return Entry("", Unreadable(line, f"This is no notification as Mastodon's API describes it: {error}"))
    raw = bytes(notice.status)
    # A mention whose post was taken away since comes without it.
    mention = notice.type == "mention" and raw != b"null"
    return Entry(notice.id, post_from(raw, host) if mention else None)


class _Id(msgspec.Struct):
    id: str


class _Boost(msgspec.Struct):
    reblog: msgspec.Raw = msgspec.Raw(b"null")


def unboosted(raw: bytes) -> bytes:
    """Return the post that a boost passes on: its own uri would make a second post of it.

    >>> unboosted(b'{"id": "2", "uri": "https://a.example/2/activity", "reblog": {"id": "1"}}')
    b'{"id": "1"}'
    """
    try:
        inner = bytes(read(raw, _Boost).reblog)
    except NOT_READABLE:
        return raw
    return raw if inner == b"null" else inner


class _Found(msgspec.Struct):
    statuses: list[msgspec.Raw] | None = None


def _id_in(raw: bytes) -> str:
    try:
        return read(raw, _Id).id
    except NOT_READABLE:
        return ""


def _public(raw: bytes, host: str) -> Post | Unreadable | None:
    """Translate a post that was not meant for us; None when its author does not want to be found."""
    try:
        status = status_from(raw)
        if not may_be_overheard(status.visibility, status.account.wishes):
            return None
    except NOT_READABLE as error:
        return Unreadable(raw, f"This is no post as Mastodon's API describes it: {error}")
    return post_from(raw, host)


def _asked(reading: Reading, place: Place, whole: bool) -> list[tuple[str, str]]:
    """Return the questions for the next page."""
    asked = [*reading.params, ("limit", str(PAGE))]
    if place.below:
        asked.append(("max_id", place.below))
    if place.seen and not whole:
        asked.append(("since_id", place.seen))
    return asked


def _threaded(raws: list[bytes], host: str) -> tuple[Item, ...]:
    """Translate the posts of a thread; they name each other by id, and we by uri."""
    items = [post_from(raw, host) for raw in raws]
    uris = {item.remote_id: item.uri for item in items if isinstance(item, Post)}
    parents = {
        item.uri: uris.get(status_from(item.raw).in_reply_to_id or "") for item in items if isinstance(item, Post)
    }
    return tuple(
        replace(item, parent=parents[item.uri], root=_root(item.uri, parents)) if isinstance(item, Post) else item
        for item in items
    )


def _root(uri: str, parents: Mapping[str, str | None]) -> str | None:
    """Return where the thread of a post begins, as far as it is known; None when it begins there itself."""
    at, seen = uri, {uri}
    while (parent := parents.get(at)) and parent not in seen:
        at = parent
        seen.add(at)
    return None if at == uri else at


def _pace(answer: Answer) -> float | None:
    """Return how long to leave the server alone when we are almost through our calls."""
    left = answer.headers.get("x-ratelimit-remaining", "")
    if not left.isdigit() or int(left) > 10:
        return None
    return retry_after(replace(answer, status=429))


def _sent(status: Status) -> Sent:
    return Sent(status.uri, status.id, status.url or status.uri, utc(status.created_at))


def _status_path(remote_id: str) -> str:
    return f"/api/v1/statuses/{quote(remote_id, safe='')}"


def _convert(payload: Any, kind: Any) -> Any:
    """Return a payload as one of our types; anything else came from something in between."""
    try:
        return msgspec.convert(payload, kind)
    except msgspec.ValidationError as error:
        raise TryLater(own("The server answered in a form that its API does not have: {0}", error)) from error


def _dig(payload: Any, *names: str) -> dict[str, Any]:
    """Return a part of a payload; what is missing is empty."""
    for name in names:
        payload = payload.get(name) if isinstance(payload, dict) else None
    return payload if isinstance(payload, dict) else {}


def _forget(known: OrderedDict[str, Any]) -> None:
    while len(known) > REMEMBERED:
        known.popitem(last=False)


def base_of(address: str) -> str:
    """Return the address of a server as somebody types it, without a path. Raises Refused.

    >>> base_of("social.waterdam.example"), base_of("http://127.0.0.1:81/about")
    ('https://social.waterdam.example', 'http://127.0.0.1:81')
    """
    address = address.strip()
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError as error:
        raise not_on_the_web(address) from error
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def _same_house(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}")


def _tag_at(address: str) -> tuple[str, str]:
    """Return the server ("": our own) and the hashtag of an address as somebody types it.

    >>> _tag_at("#sluis"), _tag_at("sluis@a.example"), _tag_at("https://a.example/tags/sluis")
    (('', 'sluis'), ('a.example', 'sluis'), ('https://a.example', 'sluis'))
    """
    address = address.strip()
    if "://" in address:
        return base_of(address), urlsplit(address).path.rstrip("/").rpartition("/")[2]
    tag, _, server = address.lstrip("#").partition("@")
    return server, tag


def _server_at(address: str) -> tuple[str, bool]:
    """Return the server of a public timeline, and whether only its own people are meant.

    >>> _server_at("https://a.example/public/local"), _server_at("a.example"), _server_at("local")
    (('https://a.example', True), ('https://a.example', False), ('', True))
    """
    address = address.strip().rstrip("/")
    local = address.rpartition("/")[2] == "local"
    return ("" if address in ("", "local") else base_of(address)), local


def connect(account: Account, door: Door) -> Client:
    """Return a client for one account, or for nobody: public timelines need no account on most servers."""
    return Client(account, door)


NETWORK = Network(
    code="mastodon",
    name="Mastodon",
    abilities=ABILITIES,
    support=Support.LIVE,
    connect=connect,
    fields=(
        Field("address", "Server", "The server where your account lives, for example social.waterdam.example."),
        Field(
            "token",
            "Access token",
            "On your server: Preferences, Development, New application. Tick read, write:statuses and write:media, "
            "save, open the application and copy “Your access token”.",
            secret=True,
        ),
    ),
    poll_seconds=15.0,
    docs="docs/channels/mastodon.md",
)

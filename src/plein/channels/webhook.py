"""A signed door for other systems: whatever can send a request can bring messages to Plein.

Each delivery carries a moment and a signature over that moment and the body, made with a secret
that only the two of us have. The form of the messages is in docs/channels/webhook.md. Answers are
copied by hand, unless the other side gave an address that takes them, signed in the same way.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import msgspec

from plein.channels.answers import error_in, send
from plein.channels.contract import (
    Abilities,
    Absent,
    Account,
    Basis,
    CannotTell,
    Counting,
    Field,
    Message,
    Network,
    Preview,
    Profile,
    Sent,
    SourceSpec,
    Support,
)
from plein.channels.counting import LINK
from plein.channels.errors import Refused, TryLater, Unsupported
from plein.channels.markup import plain
from plein.channels.posts import Attachment, Author, Batch, Deleted, Item, Post, Unreadable, Visibility
from plein.channels.reading import NOT_READABLE, read
from plein.town.door import Door
from plein.town.saying import own

# --- abilities ---

ABILITIES = Abilities(
    basis=Basis.BROUGHT,
    counting=Counting.NONE,
    hears_edits=True,
    hears_deletes=True,
    hooks=True,
    copies_by_hand=True,
)


def abilities_of(settings: Mapping[str, str]) -> Abilities:
    """Return what a channel can do: with an address for answers, they are sent and not copied."""
    if settings.get("answer_address"):
        return replace(ABILITIES, replies=True, copies_by_hand=False)
    return ABILITIES


# --- translate in ---

MOST_EVENTS = 1000
# What is kept of something that cannot be read.
SAMPLE = 65536
# What Plein itself calls a message. Whoever delivers one under such a name has to be the one it was named for.
OURS = "urn:plein:"
_WHOLE = re.compile(r"(https?|urn|tag|at|mid):", re.IGNORECASE)


class _Author(msgspec.Struct):
    name: str
    id: str = ""
    handle: str = ""
    url: str = ""


class _Attachment(msgspec.Struct):
    url: str
    media_type: str = ""
    alt: str = ""


class _Message(msgspec.Struct, tag_field="type", tag="message"):
    """A message of a resident, or what it says now that it was edited."""

    id: str
    author: _Author
    posted_at: datetime
    text: str = ""
    html: str = ""
    edited_at: datetime | None = None
    uri: str = ""
    reply_to: str = ""
    thread: str = ""
    url: str = ""
    title: str = ""
    language: str = ""
    content_warning: str = ""
    visibility: Visibility = Visibility.PUBLIC
    attachments: list[_Attachment] = []


class _Edit(_Message, tag="edit"):
    pass


class _Delete(msgspec.Struct, tag_field="type", tag="delete"):
    """A message was taken back."""

    id: str
    at: datetime
    uri: str = ""


_Event = _Message | _Edit | _Delete


def items_from(body: bytes, name: str) -> tuple[Item, ...]:
    """Translate a delivery: one event, or a list of them. `name` tells apart whose ids these are."""
    raws = [body]
    if body.lstrip().startswith(b"["):
        try:
            raws = [bytes(raw) for raw in read(body, list[msgspec.Raw])]
        except NOT_READABLE as error:
            return (Unreadable(body[:SAMPLE], f"This is not JSON: {error}"),)
    if len(raws) > MOST_EVENTS:
        return (Unreadable(body[:SAMPLE], f"A delivery holds at most {MOST_EVENTS} events, not {len(raws)}."),)
    return tuple(item_from(raw, name) for raw in raws)


def item_from(raw: bytes, name: str) -> Item:
    """Translate one event."""
    try:
        event = read(raw, _Event)
        if isinstance(event, _Delete):
            return Deleted("webhook", _uri_of_event(event, name), _aware(event.at))
        return _post(event, name, raw)
    except (*NOT_READABLE, ValueError) as error:
        return Unreadable(raw, f"This is no event as docs/channels/webhook.md describes it: {error}")


def _post(event: _Message, name: str, raw: bytes) -> Post:
    read = plain(event.html, event.url)
    text = event.text.strip() or read.text
    if not text and not event.attachments:
        raise ValueError("a message has a text or an attachment")
    posted_at = _aware(event.posted_at)
    edited_at = _aware(event.edited_at) if event.edited_at else None
    if isinstance(event, _Edit) and edited_at is None:
        raise ValueError("an edit says when: edited_at")
    who = event.author
    parent = uri_of(event.reply_to, name) if event.reply_to else None
    return Post(
        network="webhook",
        uri=_uri_of_event(event, name),
        remote_id=event.id,
        author=Author(who.id or f"name:{who.name.casefold()}", who.handle or who.name, who.name, who.url),
        text=text,
        posted_at=posted_at,
        edited_at=edited_at,
        parent=parent,
        root=uri_of(event.thread, name) if event.thread else parent,
        url=event.url,
        markup=event.html,
        language=event.language[:16],
        content_warning=event.content_warning,
        visibility=event.visibility,
        attachments=tuple(Attachment(one.url, one.media_type, one.alt) for one in event.attachments),
        links=read.links or tuple(dict.fromkeys(LINK.findall(text))),
        title=event.title,
        raw=raw,
    )


def _uri_of_event(event: _Message | _Delete, name: str) -> str:
    uri = uri_of(event.uri or event.id, name)
    if uri.casefold().startswith(OURS) and not uri.startswith(_prefix(name)):
        raise ValueError("names that begin with urn:plein: are given by Plein")
    return uri


def _prefix(name: str) -> str:
    return f"{OURS}webhook:{quote(name, safe='')}:"


def uri_of(known: str, name: str) -> str:
    """Return the uri of a message: what the sender calls it, made to fit nobody else's.

    >>> uri_of("12", "forum"), uri_of("https://forum.example/12", "forum")
    ('urn:plein:webhook:forum:12', 'https://forum.example/12')
    """
    if not known.strip():
        raise ValueError("an id says something")
    whole = known if _WHOLE.match(known) else f"{_prefix(name)}{quote(known, safe='')}"
    return whole if len(whole) <= 400 else f"{whole[:300]}#{hashlib.sha256(whole.encode()).hexdigest()[:40]}"


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment says its offset from UTC, as in 2026-03-03T09:30:00+01:00")
    return moment.astimezone(UTC)


# --- translate out ---


def answer_out(message: Message) -> bytes:
    """Translate an answer to what the other side gets."""
    return msgspec.json.encode(
        {
            "type": "answer",
            "key": message.key,
            "text": message.text,
            "written_at": message.written_at.astimezone(UTC),
            "reply_to": message.reply_to,
            "reply_to_id": message.reply_to_id,
            "language": message.language,
            "visibility": message.visibility,
            "content_warning": message.content_warning,
        }
    )


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature over a moment and a body.

    >>> signature("s" * 32, "1790000000", b"{}")[:14]
    'sha256=0424597'
    """
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


# --- client ---

# How old a delivery may be, and how far ahead the other clock may run.
WINDOW = timedelta(minutes=5)
SHORTEST_SECRET = 32
TIMESTAMP, SIGNATURE = "x-plein-timestamp", "x-plein-signature"


class Client:
    """One door, for one other system."""

    def __init__(self, account: Account, door: Door) -> None:
        self.account = account
        self._door = door

    def profile(self) -> Profile:
        """Return what the colleagues call the other system. Raises Refused for a secret that can be guessed."""
        name = self.account.handle.strip()
        if not name:
            raise Refused(own("Give the other system a name."))
        if len(self._secret) < SHORTEST_SECRET:
            raise Refused(own("The secret is too short: it needs at least {0} characters.", SHORTEST_SECRET))
        address = self._answers_to
        if address and urlsplit(address).scheme not in ("https", "http"):
            raise Refused(own("The address for answers starts with https://."))
        return Profile(f"webhook:{name.casefold()}", name, name)

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Raise Refused unless the body was signed with our secret, less than five minutes ago.

        Within that time a delivery can be repeated by whoever caught it; its messages have the
        same uris and are known already.
        """
        given = {name.lower(): value for name, value in headers.items()}
        timestamp = given.get(TIMESTAMP, "")
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            raise Refused(own("{0} has to be the moment in seconds since 1970.", TIMESTAMP))
        expected = signature(self._secret, timestamp, body)
        ours = len(self._secret) >= SHORTEST_SECRET
        if not hmac.compare_digest(expected.encode(), given.get(SIGNATURE, "").strip().encode()) or not ours:
            raise Refused(own("The signature is not ours."))
        if abs(now - datetime.fromtimestamp(int(timestamp), UTC)) > WINDOW:
            raise Refused(own("The delivery was signed more than five minutes ago, or your clock is wrong."))

    def parse(self, body: bytes) -> tuple[Item, ...]:
        """Translate a delivery; what cannot be read comes back Unreadable."""
        return items_from(body, self.account.handle)

    def listen(self, source: SourceSpec, cursor: str | None) -> Batch:
        """Raise Unsupported: messages are delivered, nobody can look for them."""
        raise Unsupported(own("Messages are delivered by the other system."))

    def preview(self, message: Message) -> Preview:
        """Return the text as it is."""
        return Preview(message.text, len(message.text), None, tuple(LINK.findall(message.text)))

    def publish(self, message: Message) -> Sent:
        """Deliver an answer at the other side's address, once. Without an address a person copies it."""
        if not self._answers_to:
            raise Unsupported(own("Copy the answer and place it in the other system yourself."))
        if message.images:
            raise Unsupported(own("Pictures cannot be sent along to the other system."))
        body = answer_out(message)
        given = self._call("POST", self._answers_to, body, body, {"idempotency-key": message.key})
        return _sent(given, message)

    def find_sent(self, message: Message) -> Sent | Absent | CannotTell:
        """Ask the other side for our key. Only a clear answer counts."""
        doubt = CannotTell(own("The other system does not tell whether it has the answer. Look there."))
        if not self._answers_to:
            return doubt
        parts = urlsplit(self._answers_to)
        query = "&".join(filter(None, [parts.query, f"key={quote(message.key, safe='')}"]))
        address = parts._replace(query=query).geturl()
        try:
            given = self._call("GET", address, message.key.encode(), None, {})
        except Refused:
            return doubt
        if given.get("found") is False:
            return Absent()
        return _sent(given, message) if given.get("found") is True else doubt

    def revise(self, sent: Sent, message: Message) -> Sent:
        """Raise Unsupported."""
        raise Unsupported(own("What was delivered to the other system can only be changed there."))

    def withdraw(self, sent: Sent) -> None:
        """Raise Unsupported."""
        raise Unsupported(own("What was delivered to the other system can only be taken back there."))

    @property
    def _secret(self) -> str:
        return self.account.secrets.get("secret", "")

    @property
    def _answers_to(self) -> str:
        return self.account.settings.get("answer_address", "").strip()

    def _call(self, method: str, address: str, signed: bytes, body: bytes | None, extra: dict[str, str]) -> dict:
        """Return what the other side says, as an object; raises what a bad answer means."""
        timestamp = str(int(datetime.now(UTC).timestamp()))
        headers = {TIMESTAMP: timestamp, SIGNATURE: signature(self._secret, timestamp, signed), **extra}
        if body is not None:
            headers["content-type"] = "application/json"
        answer = send(self._door.client(), method, address, headers=headers, content=body)
        if error := error_in(answer):
            # Our secret is refused: no sign-in of ours can mend that, the other side has to look.
            raise error if isinstance(error, TryLater | Refused) else Refused(error.words)
        try:
            given = read(answer.body) if answer.body.strip() else {}
        except NOT_READABLE:
            given = {}
        return given if isinstance(given, dict) else {}


def _sent(given: Mapping[str, object], message: Message) -> Sent:
    """Return where the other side says the answer stands; it need not say."""
    uri, known, url = (given.get(name) for name in ("uri", "id", "url"))
    stands = str(uri or url or f"urn:plein:answer:{message.key}")
    return Sent(stands, str(known or stands), str(url or ""))


def connect(account: Account, door: Door) -> Client:
    """Return a client."""
    return Client(account, door)


NETWORK = Network(
    code="webhook",
    name="Webhook",
    abilities=ABILITIES,
    support=Support.RECORDED,
    connect=connect,
    fields=(
        Field("handle", "Name of the other system", "As you and your colleagues call it."),
        Field(
            "secret",
            "Secret",
            "At least 32 characters that nobody can guess; give the same to the other system. "
            "For example what `openssl rand -hex 32` prints.",
            secret=True,
        ),
        Field(
            "answer_address",
            "Address for answers",
            "If the other system takes answers, the address where it does. Leave it empty to copy answers by hand.",
            required=False,
        ),
    ),
    first_sources=(),
    docs="docs/channels/webhook.md",
    abilities_of=abilities_of,
)

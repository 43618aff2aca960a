"""What an answer over HTTP means for us: the same table for every network.

401                      SignInNeeded
408, 425, 429, 5xx       TryLater, with the moment the network names
other 4xx, 3xx           Refused, in the network's own words
no answer                TryLater: what was asked may have been done all the same
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from plein.channels.errors import ChannelError, Refused, SignInNeeded, TryLater
from plein.channels.reading import NOT_READABLE, read
from plein.channels.unreachable import why
from plein.town.door import MAX_BYTES, DoorClosed
from plein.town.saying import own

_WEB = re.compile(r"https?://[^/?#\s]+([/?#]|$)", re.IGNORECASE)
# What somebody typed of an address, without the path that we put behind it.
_TYPED = re.compile(r"(\w+://)?[^/?#]*")
BUSY = frozenset({408, 425, 429})
# The one way of packing that can be unpacked piece by piece: 10 kB may hold gigabytes.
PACKING = "gzip"
PIECE = 65536


class Gone(Refused):
    """There is no such thing (any more)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; the body is unpacked."""

    address: httpx.URL
    status: int
    reason: str
    headers: httpx.Headers
    body: bytes = field(repr=False)

    def json(self, kind: Any = Any) -> Any:
        """Return the body as JSON, as one of our types. Raises TryLater for anything else: something stood in between."""
        try:
            return read(self.body, kind)
        except NOT_READABLE as error:
            raise TryLater(own("{0} answered something else than JSON: {1}", self.address.host, error)) from error


def send(client: httpx.Client, method: str, address: str, *, max_bytes: int = MAX_BYTES, **options: Any) -> Answer:
    """Return the answer to a request, whatever its status; it is read up to `max_bytes`.

    Raises TryLater when there is no answer, Refused when the address is not one to go to.
    """
    if not _WEB.match(address):
        raise not_on_the_web(address)
    headers = {"accept-encoding": PACKING, **options.pop("headers", {})}
    try:
        with client.stream(method, address, headers=headers, **options) as answer:
            body = _read(answer, max_bytes)
            return Answer(answer.url, answer.status_code, answer.reason_phrase, answer.headers, body)
    except DoorClosed as closed:
        raise Refused(str(closed)) from closed
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
        raise Refused(own("{0} is not an address on the web: {1}", address, error)) from error
    except zlib.error as error:
        raise TryLater(own("The answer of {0} cannot be unpacked: {1}", address, error)) from error
    except httpx.HTTPError as error:
        raise TryLater(_no_answer(error)) from error


def not_on_the_web(address: str) -> Refused:
    """Return what is said of something that cannot be an address."""
    typed = _TYPED.match(address)
    return Refused(own("{0} is not an address on the web.", typed[0] if typed else address))


def _read(answer: httpx.Response, max_bytes: int) -> bytes:
    """Return the unpacked body; a server that says too much is not listened to."""
    parts: list[bytes] = []
    size = 0
    for part in _unpacked(answer):
        size += len(part)
        if size > max_bytes:
            raise Refused(own("The answer is larger than {0} kB.", max_bytes // 1024))
        parts.append(part)
    return b"".join(parts)


def _unpacked(answer: httpx.Response) -> Iterator[bytes]:
    """Yield the body in pieces that each fit in memory, however well it was packed."""
    packing = answer.headers.get("content-encoding", "").strip().lower()
    unpacker = zlib.decompressobj(wbits=31)
    for chunk in answer.iter_raw():
        if packing in ("", "identity"):
            yield chunk
            continue
        if packing not in (PACKING, "x-gzip"):
            raise zlib.error(f"{packing[:40]} was not asked for")
        while chunk and not unpacker.eof:
            yield unpacker.decompress(chunk, PIECE)
            chunk = unpacker.unconsumed_tail
    yield unpacker.flush()


def error_in(answer: Answer) -> ChannelError | None:
    """Return what went wrong according to an answer, or None when nothing did."""
    status = answer.status
    if status < 300:
        return None
    words = words_in(answer)
    if status == 401:
        return SignInNeeded(words)
    if status in BUSY or status >= 500:
        return TryLater(words, retry_after=retry_after(answer))
    if status in (404, 410):
        return Gone(words)
    if status < 400:
        return Refused(_sent_on(answer))
    return Refused(words)


def _sent_on(answer: Answer) -> str:
    if place := answer.headers.get("location"):
        return own("{0} sends us on to {1}.", answer.address.host, place)
    return own("{0} sends us on, but does not say where to.", answer.address.host)


def words_in(answer: Answer) -> str:
    """Return what the network says went wrong, in its own words where it has any."""
    fallback = own("{0} answered {1}.", answer.address.host, f"{answer.status} {answer.reason}".strip())
    try:
        body = read(answer.body)
    except NOT_READABLE:
        return fallback
    if not isinstance(body, dict):
        return fallback
    said = [
        body[name] for name in ("error_description", "message", "error", "detail") if isinstance(body.get(name), str)
    ]
    return said[0][:500] if said else fallback


def retry_after(answer: Answer) -> float | None:
    """Return after how many seconds we may come back, where the network says so.

    `Retry-After` counts seconds or names a moment; `(X-)RateLimit-Reset` names a moment. A moment
    is measured against the server's own clock, ours may be wrong.
    """
    headers = answer.headers
    wait = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", wait):
        return float(wait)
    reset = (headers.get("x-ratelimit-reset") or headers.get("ratelimit-reset", "")).strip()
    moment = _moment(wait) or (_moment(reset) if answer.status in BUSY else None)
    return max(0.0, (moment - server_time(answer)).total_seconds()) if moment else None


def server_time(answer: Answer) -> datetime:
    """Return what time it is on the server; ours where it does not say."""
    return _moment(answer.headers.get("date", "")) or datetime.now(UTC)


def _moment(written: str) -> datetime | None:
    """Return a moment written as HTTP does, as ISO does or as seconds since 1970."""
    if not written:
        return None
    try:
        if re.fullmatch(r"\d{9,11}(\.\d+)?", written):
            return datetime.fromtimestamp(float(written), UTC)
        moment = datetime.fromisoformat(written) if written[:4].isdigit() else parsedate_to_datetime(written)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _no_answer(error: httpx.HTTPError) -> str:
    host = error.request.url.host if error._request is not None else "?"
    if isinstance(error, httpx.ConnectError | httpx.TimeoutException):
        return why(host, error)
    return own("The connection with {0} broke off: {1}", host, error or type(error).__name__)

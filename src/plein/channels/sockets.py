"""Frames of a websocket, a chunk at a time: what the public streams have in common."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from plein.channels.errors import Refused, TryLater
from plein.channels.unreachable import why
from plein.town.door import Door, DoorClosed
from plein.town.saying import own

# A chunk is handed on when it is this full, or has been filling for this long.
CHUNK = 400
FILL_SECONDS = 0.25
HEARTBEAT_SECONDS = 2.0


def frames(door: Door, url: str, *, max_size: int, **options: Any) -> Iterator[list[bytes]]:
    """Yield the frames that come in, in lists of at most `CHUNK`; an empty list is a heartbeat.

    Raises TryLater when the server cannot be reached or hangs up, Refused when it says no.
    """
    connection = _open(door, url, max_size=max_size, **options)
    with connection:
        while True:
            chunk, closed = _chunk(connection)
            yield chunk
            if closed:
                raise TryLater(own("{0} hung up: {1}", url.partition("?")[0], closed)) from closed


def _open(door: Door, url: str, **options: Any) -> Any:
    try:
        # Small JSON or already compressed: compressing once more only costs time.
        return door.websocket(url, compression=None, **options)
    except DoorClosed as error:
        raise Refused(str(error)) from error
    except InvalidStatus as error:
        raise _refusal(error) from error
    except (OSError, InvalidHandshake, ConnectionClosed) as error:
        raise TryLater(why(url.partition("?")[0], error)) from error


def _refusal(error: InvalidStatus) -> Refused | TryLater:
    status = error.response.status_code
    words = (error.response.body or b"").decode(errors="replace") or own("The stream did not open: {0}", error)
    if status == 429 or status >= 500:
        return TryLater(words, retry_after=_seconds(error.response.headers.get("Retry-After")))
    return Refused(words)


def _seconds(value: str | None) -> float | None:
    return float(value) if value and value.isdecimal() else None


def _chunk(connection: Any) -> tuple[list[bytes], ConnectionClosed | None]:
    """Return what came in, and how the connection ended if it did."""
    chunk: list[bytes] = []
    until = monotonic() + HEARTBEAT_SECONDS
    try:
        while len(chunk) < CHUNK:
            frame = connection.recv(timeout=max(0.0, until - monotonic()), decode=False)
            if not chunk:
                until = monotonic() + FILL_SECONDS
            chunk.append(frame)
    except TimeoutError:
        return chunk, None
    except ConnectionClosed as closed:
        return chunk, closed
    return chunk, None

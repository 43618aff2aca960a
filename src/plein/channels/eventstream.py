"""Server-sent events: an HTTP answer that does not end, with a line or two for each thing that happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sized

import httpx

from plein.channels.answers import Answer, error_in
from plein.channels.errors import Refused, TryLater, Unsupported
from plein.town.door import DoorClosed
from plein.town.saying import own

# A line, or an event of many lines, of more bytes than this does not come from a server that means well.
MOST_BYTES = 1024 * 1024
# A stream that gives no sign of life for so many seconds is dead.
SILENCE = 60.0


class EventStream:
    """An open stream of (kind, payload), and None for a sign of life. Raises TryLater when it breaks off.

    Opening it raises Unsupported when there is no stream at the address.
    """

    def __init__(self, http: httpx.Client, address: str, headers: Mapping[str, str]) -> None:
        # Packed, a little could be very much, and it would come late.
        asked = {"accept": "text/event-stream", "accept-encoding": "identity", **headers}
        self._opening = http.stream("GET", address, headers=asked, timeout=httpx.Timeout(SILENCE, connect=10.0))

    def __enter__(self) -> Iterator[tuple[str, bytes] | None]:
        try:
            answer = self._opening.__enter__()
            self._must_stream(answer)
        except DoorClosed as closed:
            raise Refused(str(closed)) from closed
        except httpx.HTTPError as error:
            raise TryLater(own("The stream did not open: {0}", error)) from error
        return events(self._read(answer))

    def _must_stream(self, answer: httpx.Response) -> None:
        is_stream = answer.headers.get("content-type", "").startswith("text/event-stream")
        plain = answer.headers.get("content-encoding", "identity").lower() == "identity"
        if answer.status_code == 200 and is_stream and plain:
            return
        read = Answer(answer.url, answer.status_code, answer.reason_phrase, answer.headers, b"")
        self._opening.__exit__(None, None, None)
        if answer.status_code in (200, 404, 405, 501):
            raise Unsupported(own("This server has no streaming: it is asked now and then instead."))
        raise error_in(read) or TryLater(own("The stream did not open."))

    def _read(self, answer: httpx.Response) -> Iterator[str]:
        try:
            yield from lines(answer.iter_raw())
        except httpx.HTTPError as error:
            raise TryLater(own("The stream broke off: {0}", error)) from error

    def __exit__(self, *trouble: object) -> None:
        self._opening.__exit__(*trouble)


def lines(chunks: Iterator[bytes]) -> Iterator[str]:
    r"""Yield the lines in what comes in; raises TryLater for one without an end.

    >>> list(lines(iter([b"data: 1\n", b"da", b"ta: 2\r\n\n", b"da"])))
    ['data: 1', 'data: 2', '']
    """
    held = bytearray()
    for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for part in whole:
            held += part
            _must_fit(held)
            yield held.removesuffix(b"\r").decode(errors="replace")
            held.clear()
        held += rest
        _must_fit(held)


def _must_fit(held: Sized) -> None:
    if len(held) > MOST_BYTES:
        raise TryLater(own("The stream has an event of more than {0} kB.", MOST_BYTES // 1024))


def events(lines: Iterator[str]) -> Iterator[tuple[str, bytes] | None]:
    """Yield the events in some lines as (kind, payload), and None for a comment.

    >>> list(events(iter([":thump", "event: delete", "data: 7", ""])))
    [None, ('delete', b'7')]
    """
    kind, data = "", ""
    for line in lines:
        if line.startswith(":"):
            yield None
        elif line.startswith("event:"):
            kind = line[6:].strip()
        elif line.startswith("data:"):
            data += f"{line[5:].removeprefix(' ')}\n"
            _must_fit(data)
        elif not line and (kind or data):
            yield kind, data.removesuffix("\n").encode()
            kind, data = "", ""

"""Server-sent events: an HTTP answer that does not end, with a line or two for each thing that happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import httpx

from plein.channels.answers import Answer, error_in
from plein.channels.errors import Refused, TryLater, Unsupported
from plein.town.door import DoorClosed
from plein.town.saying import own

# A stream that gives no sign of life for so many seconds is dead.
SILENCE = 60.0


class EventStream:
    """An open stream of (kind, payload), and None for a sign of life. Raises TryLater when it breaks off.

    Opening it raises Unsupported when there is no stream at the address.
    """

    def __init__(self, http: httpx.Client, address: str, headers: Mapping[str, str]) -> None:
        asked = {"accept": "text/event-stream", **headers}
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
        if answer.status_code == 200 and is_stream:
            return
        read = Answer(answer.url, answer.status_code, answer.reason_phrase, answer.headers, b"")
        self._opening.__exit__(None, None, None)
        if answer.status_code in (200, 404, 405, 501):
            raise Unsupported(own("This server has no streaming: it is asked now and then instead."))
        raise error_in(read) or TryLater(own("The stream did not open."))

    def _read(self, answer: httpx.Response) -> Iterator[str]:
        try:
            yield from answer.iter_lines()
        except httpx.HTTPError as error:
            raise TryLater(own("The stream broke off: {0}", error)) from error

    def __exit__(self, *trouble: object) -> None:
        self._opening.__exit__(*trouble)


def events(lines: Iterator[str]) -> Iterator[tuple[str, bytes] | None]:
    """Yield the events in some lines as (kind, payload), and None for a comment.

    >>> list(events(iter([":thump", "event: delete", "data: 7", ""])))
    [None, ('delete', b'7')]
    """
    kind, data = "", []
    for line in lines:
        if line.startswith(":"):
            yield None
        elif line.startswith("event:"):
            kind = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and (kind or data):
            yield kind, "\n".join(data).encode()
            kind, data = "", []

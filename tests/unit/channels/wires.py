"""A door behind which a test answers, instead of a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx


class Wire:
    """Stands in for the door: every request goes to `answer`, and is kept."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._take), **options)

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        made = self.answer(request)
        # A response that was made with its content counts as read; one from a network does not.
        return httpx.Response(made.status_code, headers=made.headers, stream=made.stream)

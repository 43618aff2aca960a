"""Drive a running Plein from outside, as a browser without JavaScript would."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import httpx
import pytest

SECONDS = 90.0


def until(what: Callable[[], object], seconds: float = SECONDS) -> object:
    """Wait until something is there."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.3)
    pytest.fail(f"nothing within {seconds} s")


def come_in(link: str) -> httpx.Client:
    """Sign in as somebody who opens the link and presses the button."""
    client = httpx.Client(follow_redirects=True, timeout=30)
    page = client.get(link)
    press(client, link, page)
    return client


def press(client: httpx.Client, url: str, page: httpx.Response, **fields: str) -> httpx.Response:
    """Send the form of a page, with these fields filled in."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token, page.text[:300]
    answer = client.post(url, data={"csrfmiddlewaretoken": token[1], **fields}, headers={"referer": url})
    assert answer.status_code < 400, answer.text[:500]
    return answer


def answer(client: httpx.Client, conversation: str, text: str) -> None:
    """Answer the message that the page of a conversation proposes to answer."""
    page = client.get(conversation)
    found = re.search(r'name="post"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="post"', page.text)
    press(client, f"{conversation}answer/", page, post=found[1] or found[2], text=text)

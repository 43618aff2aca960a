"""Every pair of files in this folder: `<network>/<case>.<form>` and `<network>/<case>.out.json`.

Adding a case is adding a file: run the test, look whether what it prints is right, and keep that
as the second half.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from plein.channels import bluesky, jetstream
from plein.channels.comparing import Standing, compare
from plein.channels.feed import feed_from
from plein.channels.mastodon import post_from
from plein.channels.page import posts_from
from plein.channels.pages import page_from
from plein.channels.posts import Item, Unreadable
from plein.channels.webhook import items_from
from plein.town.saying import plain

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
HIDDEN = {"raw", "remote_id", "network"}


def _feed(content: bytes) -> tuple[Item, ...]:
    try:
        return feed_from(content, "https://nieuws.waterdam.example/map/feed.xml", NOW).posts
    except ValueError as error:
        return (Unreadable(content, str(error)),)


def _bluesky(content: bytes) -> tuple[Item, ...]:
    """Translate a post or notification of the AppView, a thread, or a line of Jetstream."""
    payload = json.loads(content)
    if "thread" in payload:
        return bluesky.items_of_thread(msgspec.json.decode(content, type=bluesky.Thread).thread)
    if "time_us" in payload:
        return tuple(jetstream.item_of(event) for event in jetstream.decode([content])[0])
    return (bluesky.item_of_view(content),)


def _page(content: bytes) -> tuple[Item, ...]:
    """Translate a page of which everything is new, and was seen a moment ago too."""
    address = "https://www.waterdam.example/raad/"
    page = page_from(content, address)
    seen = compare(Standing(), page)[2]
    items, changes, _ = compare(Standing(looks=1, last=seen.last), page)
    return posts_from(page, address, items, changes, NOW)


TRANSLATE: dict[str, Callable[[bytes], tuple[Item, ...]]] = {
    "mastodon": lambda content: (post_from(content, "social.waterdam.example"),),
    "bluesky": _bluesky,
    "feed": _feed,
    "page": _page,
    "webhook": lambda content: items_from(content, "wijkforum"),
}
CASES = sorted(path for path in HERE.glob("*/*") if not path.name.endswith(".out.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_a_network_sends_becomes_what_stands_beside_it(case: Path) -> None:
    made = [_shown(item) for item in TRANSLATE[case.parent.name](case.read_bytes())]
    half = case.with_name(case.name.split(".")[0] + ".out.json")
    printed = json.dumps(made, indent=2, ensure_ascii=False)
    assert half.exists(), f"Keep this as {half.name} if it is right:\n{printed}"
    assert made == json.loads(half.read_text(encoding="utf-8")), printed


def test_no_pair_lost_its_first_half() -> None:
    halves = {path.with_name(path.name.split(".")[0]) for path in HERE.glob("*/*.out.json")}
    assert halves == {path.with_name(path.name.split(".")[0]) for path in CASES}


def _shown(item: Item) -> dict[str, Any]:
    """Return an item as JSON, without what is empty."""
    assert is_dataclass(item)
    given = asdict(item)
    if isinstance(item, Unreadable):
        return {"kind": "Unreadable", "error": plain(item.error).split(":")[0]}
    shown = {field.name: _plain(given[field.name]) for field in fields(item) if field.name not in HIDDEN}
    return {"kind": type(item).__name__} | {name: value for name, value in shown.items() if value not in ("", [], None)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items() if part}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value

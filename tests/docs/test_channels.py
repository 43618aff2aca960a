"""Each network has a page that says what it can, how it is connected and what is odd about it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plein.channels.posts import Unreadable
from plein.channels.registry import NETWORKS, network
from plein.channels.webhook import items_from, signature
from tests.docs.abilities import END, START, page, table

CODES = list(NETWORKS)


@pytest.mark.parametrize("code", CODES)
def test_the_table_says_what_the_network_declares(code: str) -> None:
    text = page(code).read_text(encoding="utf-8")
    found = text[text.index(START) : text.index(END) + len(END)]
    assert found == table(code), "Run: python -m tests.docs.abilities"


@pytest.mark.parametrize("code", CODES)
def test_a_page_says_how_to_connect_and_what_is_odd(code: str) -> None:
    headings = re.findall(r"^## (.+)$", page(code).read_text(encoding="utf-8"), re.MULTILINE)
    assert {"What it can and cannot", "How to connect", "What we met"} <= set(headings)


@pytest.mark.parametrize("code", CODES)
def test_a_page_names_everything_that_the_form_asks_for(code: str) -> None:
    text = page(code).read_text(encoding="utf-8")
    assert [field.label for field in network(code).fields if f"**{field.label}**" not in text] == []


@pytest.mark.parametrize("code", CODES)
def test_a_network_says_where_its_page_is(code: str) -> None:
    assert network(code).docs == f"docs/channels/{code}.md"


def test_the_list_of_networks_names_every_page() -> None:
    text = (page("memory").parent / "README.md").read_text(encoding="utf-8")
    assert [code for code in CODES if f"({code}.md)" not in text] == []


def test_the_examples_of_a_delivery_can_be_read() -> None:
    text = page("webhook").read_text(encoding="utf-8")
    examples = [block for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL) if '"answer"' not in block]
    assert len(examples) >= 3
    for example in examples:
        assert not [item for item in items_from(example.encode(), "wijkforum") if isinstance(item, Unreadable)]
        json.loads(example)


def test_the_example_of_a_signature_is_right() -> None:
    text = page("webhook").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]
    told: dict = {}
    exec(code.replace("import httpx\n", "").split("httpx.post")[0], told)  # the lines up to the request
    moment = str(int(datetime.now(UTC).timestamp()))
    assert told["sign"](told["secret"], moment, b"{}") == signature(told["secret"], moment, b"{}")


def test_how_to_add_a_network_names_files_that_are_there() -> None:
    root = Path(__file__).parents[2]
    text = (page("memory").parent / "README.md").read_text(encoding="utf-8")
    named = {name for name in re.findall(r"`((?:src|tests|docs)/[\w./-]+)`", text) if "<" not in name}
    assert named
    assert [name for name in sorted(named) if not (root / name).exists()] == []

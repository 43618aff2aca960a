"""The table of abilities on each network's page, made from what the network declares.

python -m tests.docs.abilities     writes the tables anew
"""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from plein.channels import contract
from plein.channels.contract import Abilities
from plein.channels.registry import NETWORKS, network

PAGES = Path(__file__).parents[2] / "docs" / "channels"
START, END = "<!-- abilities: made by python -m tests.docs.abilities -->", "<!-- end of abilities -->"


def questions() -> dict[str, str]:
    """Return the question that stands above each ability in the contract."""
    found: dict[str, str] = {}
    question = ""
    for line in inspect.getsource(contract.Abilities).splitlines():
        line = line.strip()
        if line.startswith("# "):
            question = f"{question} {line[2:]}".strip() if question and not question.endswith(("?", ")")) else line[2:]
        elif match := re.match(r"(\w+): ", line):
            found[match[1]] = question
    return found


def table(code: str) -> str:
    """Return a network's table."""
    declared, asked = network(code).abilities, questions()
    rows = [f"| `{name}` | {asked[name]} | {answer(name, getattr(declared, name))} |" for name in asked]
    lines = ["| ability | question | answer |", "|---|---|---|", *rows]
    lines += ["", f"Support: **{network(code).support.value}**."]
    return "\n".join([START, *lines, END])


def answer(name: str, value: Any) -> str:
    """Return a value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return {"max_length": "as long as you like", "reply_window": "always", "link_length": "its own length"}.get(
            name, "until it is withdrawn"
        )
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value) or "none"
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 3600:g} hours"
    return str(value.value if isinstance(value, Enum) else value)


def page(code: str) -> Path:
    """Return where a network is documented."""
    return PAGES / f"{code}.md"


def main() -> None:
    """Write the tables anew."""
    for code in NETWORKS:
        text = page(code).read_text(encoding="utf-8")
        before, _, rest = text.partition(START)
        page(code).write_text(f"{before}{table(code)}{rest.partition(END)[2]}", encoding="utf-8")


assert set(questions()) == {field.name for field in fields(Abilities)}

if __name__ == "__main__":
    main()

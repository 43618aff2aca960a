"""Reads the files of cases: what was typed at the beginning of a line, what comes of it indented below."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def pairs(name: str) -> list[tuple[str, list[str]]]:
    """Return every typed text with the lines below it."""
    found: list[tuple[str, list[str]]] = []
    for line in (HERE / name).read_text(encoding="utf-8").split("\n"):
        if line.startswith("    "):
            found[-1][1].append(line[4:])
        elif line:
            found.append((line, []))
    return found

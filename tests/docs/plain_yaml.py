"""Reads the plain part of YAML in which publiccode.yml is written: maps, lists, words, folded text."""

from __future__ import annotations

from typing import Any

Line = tuple[int, str]


def read(text: str) -> Any:
    """Return what a text says. Raises ValueError for what is not plain.

    >>> read('a: 1\\nb:\\n  - x\\n  - c: "y"\\nd: >\\n  long\\n  text\\n')
    {'a': '1', 'b': ['x', {'c': 'y'}], 'd': 'long text'}
    """
    lines = [(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines() if line.strip()]
    value, rest = _block(lines)
    if rest:
        raise ValueError(rest[0][1])
    return value


def _block(lines: list[Line]) -> tuple[Any, list[Line]]:
    """Return the block that begins here, and the lines behind it."""
    depth = lines[0][0]
    return _list(lines, depth) if lines[0][1].startswith("- ") else _map(lines, depth)


def _list(lines: list[Line], depth: int) -> tuple[list, list[Line]]:
    found = []
    while lines and lines[0][0] == depth and lines[0][1].startswith("- "):
        text = lines[0][1][2:]
        if _is_key(text):
            value, lines = _block([(depth + 2, text), *lines[1:]])
        else:
            value, lines = _scalar(text), lines[1:]
        found.append(value)
    return found, lines


def _map(lines: list[Line], depth: int) -> tuple[dict, list[Line]]:
    found: dict[str, Any] = {}
    while lines and lines[0][0] == depth and _is_key(lines[0][1]):
        key, _, text = lines[0][1].partition(":")
        lines = lines[1:]
        if text.strip() == ">":
            inner = _deeper(lines, depth)
            found[key], lines = " ".join(words for _, words in inner), lines[len(inner) :]
        elif text.strip():
            found[key] = _scalar(text.strip())
        else:
            found[key], lines = _block(lines)
    return found, lines


def _deeper(lines: list[Line], depth: int) -> list[Line]:
    end = next((number for number, (at, _) in enumerate(lines) if at <= depth), len(lines))
    return lines[:end]


def _is_key(text: str) -> bool:
    key, colon, rest = text.partition(":")
    return bool(colon) and " " not in key and (not rest or rest.startswith(" "))


def _scalar(text: str) -> Any:
    if text[0] in "[{&*!|":
        raise ValueError(text)
    return {"true": True, "false": False}.get(text, text.strip('"'))

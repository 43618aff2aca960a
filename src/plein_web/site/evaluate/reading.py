"""Labelled data from outside. A malformed row is an error that names its line; nothing is skipped.

Lines end with a line feed and with nothing else, so that a text may hold any other separator.
Quotes in a TSV are quotes of the text. Lines are counted from 1, with the header.
"""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from plein_web.site.evaluate.outcome import TownFile
from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _

Row = dict[str, str]


def malformed(path: Path, line: int, words: str) -> Told:
    """Return the error of a row."""
    return Told(_("%(file)s, line %(line)d: %(words)s") % {"file": path, "line": line, "words": words})


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers; a name that ends in .gz is unpacked. Raises Told."""
    number = 0
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as problem:
        raise malformed(path, number, _("this is not UTF-8")) from problem
    except (OSError, EOFError) as problem:
        raise Told(_("%(file)s cannot be read: %(words)s") % {"file": path, "words": problem}) from problem


def table(path: Path, columns: Sequence[str]) -> list[Row]:
    """Return the wanted columns of a TSV with a header. Raises Told with file and line."""
    lines = lines_of(path)
    header = next(lines, (1, ""))[1].split("\t")
    if missing := [name for name in columns if name not in header]:
        raise malformed(path, 1, _("the header has no column %(names)s") % {"names": ", ".join(missing)})
    return [_cells(path, number, line, header, columns) for number, line in lines]


def _cells(path: Path, number: int, line: str, header: list[str], columns: Sequence[str]) -> Row:
    cells = line.split("\t")
    if len(cells) != len(header):
        words = _("%(found)d columns where the header has %(wanted)d") % {"found": len(cells), "wanted": len(header)}
        raise malformed(path, number, words)
    row = dict(zip(header, cells, strict=True))
    return {name: row[name] for name in columns}


def documents(path: Path, names: Sequence[str]) -> list[Row]:
    """Return the wanted texts of JSON lines. Raises Told with file and line."""
    return [_texts(path, number, line, names) for number, line in lines_of(path)]


def _texts(path: Path, number: int, line: str, names: Sequence[str]) -> Row:
    try:
        found = json.loads(line)
    except ValueError as problem:
        raise malformed(path, number, _("this is not JSON: %(words)s") % {"words": problem}) from problem
    if not isinstance(found, dict):
        raise malformed(path, number, _("this is not a JSON object"))
    for name in names:
        if not isinstance(found.get(name), str):
            raise malformed(path, number, _("%(name)s is missing or no text") % {"name": name})
    return {name: found[name] for name in names}


def one_of(path: Path, rows: list[Row], column: str, allowed: Sequence[str], *, first_line: int = 1) -> None:
    """Check that a column holds nothing else than these; raises Told with file and line. A TSV's rows start at line 2."""
    for number, row in enumerate(rows, first_line):
        if row[column] not in allowed:
            words = _("%(name)s is '%(value)s', and has to be one of: %(allowed)s")
            told = {"name": column, "value": row[column], "allowed": ", ".join(allowed)}
            raise malformed(path, number, words % told)


def town_file(path: Path) -> TownFile:
    """Return what a TOWN.toml says. Raises Told when a name or a list is something else."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise Told(_("%(file)s cannot be read: %(words)s") % {"file": path, "words": problem}) from problem
    if not isinstance(found.get("name"), str):
        raise Told(_("%(file)s: %(name)s is missing or no text") % {"file": path, "name": "name"})
    lists = {one.name: found.get(one.name, []) for one in fields(TownFile) if one.name != "name"}
    for name, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise Told(_("%(file)s: %(name)s has to be a list of texts") % {"file": path, "name": name})
    return TownFile(found["name"], **{name: tuple(value) for name, value in lists.items()})

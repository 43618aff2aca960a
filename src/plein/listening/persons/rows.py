"""The words of a query as a reader puts them together, whatever joins or parts them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, product

from plein.listening.persons.evidence import Said, may_matter, said
from plein.listening.query.errors import Spot
from plein.listening.query.parsing import Path, Query
from plein.listening.query.tree import And, Near, Node, Not, Or, Phrase, Prefix, Tag, Word, parts_of

Row = tuple[Said, ...]
# So many ways to read a query are looked at; who writes more choices has each of them looked at by itself.
MOST = 512
_CAMEL = re.compile("([a-zß-öø-ÿ])([A-ZÀ-ÖØ-Þ])")


def rows_of(query: Query) -> Iterator[tuple[Row, Path]]:
    """Yield every row of words that a post may need, with the way to the part of the query it stands in.

    What stands behind NOT is what nobody looks for, so it is in no row.
    """
    yield from _looked_at(query, query.tree, (), wanted=True)


def _looked_at(query: Query, node: Node, path: Path, *, wanted: bool) -> Iterator[tuple[Row, Path]]:
    if isinstance(node, Not):
        yield from _looked_at(query, node.inner, (*path, 0), wanted=not wanted)
        return
    if not wanted and not isinstance(node, And | Or):
        return
    if not isinstance(node, Or) and wanted:
        yield from ((row, path) for row in _rows(query, node, path) if row)
    if isinstance(node, And | Or | Near):
        for number, part in enumerate(parts_of(node)):
            if isinstance(node, Or) or isinstance(part, Or | Not):
                yield from _looked_at(query, part, (*path, number), wanted=wanted)


def _rows(query: Query, node: Node, path: Path) -> list[Row]:
    match node:
        case Word(text):
            return [_word(text, query.spots[path])]
        case Prefix(text):
            return [(said(text, open=True, glue=""),)]
        case Phrase(words, open_ended):
            return [_phrase(words, open_ended, query.spots[path])]
        case Tag(text):
            return [words_in(text)]
        case Or(parts):
            return [row for number, part in enumerate(parts) for row in _rows(query, part, (*path, number))]
        case And(parts) | Near(parts):
            return _joined(query, parts_of(node), path)
    return [()]


def _word(text: str, where: Spot) -> Row:
    pieces = words_in(text)
    dotted = where.words.startswith(f"{text}.")
    return pieces if len(pieces) > 1 else (said(text, glue="", dotted=dotted),)


def _phrase(words: tuple[str, ...], open_ended: bool, where: Spot) -> Row:
    dots = {one[1] for one in re.finditer(r"(?<!\w)(\w)\.", where.words)}
    row = [piece for word in words for piece in words_in(word)]
    made = [replace(one, dotted=one.text in dots, glue="quoted" if number else "") for number, one in enumerate(row)]
    if open_ended:
        made[-1] = replace(made[-1], open=True)
    return spelt(made)


def words_in(text: str) -> Row:
    """Return the words in camel case, all in a phrase; the word itself when there are none.

    >>> [one.text for one in words_in("JanDeVries")], [one.text for one in words_in("McDonald's")]
    (['Jan', 'De', 'Vries'], ["McDonald's"])
    """
    pieces = [part for part in re.split("[_.]", _CAMEL.sub(r"\1_\2", text)) if part]
    if len(pieces) < 2 or (min(map(len, pieces)) < 2 and "_" not in text) or not all(map(str.isalpha, pieces)):
        pieces = [text]
    return tuple(said(piece, glue="quoted" if number else "") for number, piece in enumerate(pieces))


def spelt(row: Iterable[Said]) -> Row:
    """Return a row with what is spelt letter by letter as one word.

    >>> [one.text for one in spelt([said(letter) for letter in "Jan"])]
    ['Jan']
    """
    found: list[list[Said]] = []
    for one in row:
        letter = len(one.key) == 1 and not one.dotted
        if letter and found and len(found[-1][-1].key) == 1 and not found[-1][-1].dotted:
            found[-1].append(one)
        else:
            found.append([one])
    return tuple(part for run in found for part in (run if len(run) < 3 else [_together(run)]))


def _together(run: list[Said]) -> Said:
    return said("".join(one.text for one in run), glue=run[0].glue)


def _joined(query: Query, parts: tuple[Node, ...], path: Path) -> list[Row]:
    """Return every way to read parts that all have to be there, each with how it is joined to the one before."""
    ways: list[list[Row]] = []
    for number, part in enumerate(parts):
        rows = [row for row in _rows(query, part, (*path, number)) if row] or [()]
        glue = _glue(query, path, number)
        ways.append([_glued_to(row, glue) for row in _telling(rows)])
    return [spelt(one for row in way for one in row) for way in islice(product(*ways), MOST)]


def _glue(query: Query, path: Path, number: int) -> str:
    if number == 0:
        return ""
    between = query.text[query.spots[*path, number - 1].end : query.spots[*path, number].start].strip(" \t\n,;")
    return "typed" if not between or between.startswith(("NEAR", "NABIJ")) else ""


def _glued_to(row: Row, glue: str) -> Row:
    return (replace(row[0], glue=glue), *row[1:]) if row else row


def _telling(rows: list[Row]) -> list[Row]:
    """Return the rows that may be part of a name; of those that say nothing of a person one is enough."""
    telling = [row for row in rows if any(may_matter(one) for one in row)]
    return telling + [row for row in rows if row not in telling][:1] if len(telling) < len(rows) else telling

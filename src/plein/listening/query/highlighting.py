"""The colours of an editor: what each stretch of a text is, also while it is no query yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lark import Token

from plein.listening.query.errors import QueryError, Spot
from plein.listening.query.filters import QUOTES
from plein.listening.query.lexing import pieces, spot
from plein.listening.query.parsing import distance_of, leaf
from plein.listening.query.terms import is_emoji
from plein.listening.query.tree import Phrase, Prefix, Tag
from plein.listening.query.vocabulary import MAX_LENGTH

KINDS = (
    "word", "emoji", "prefix", "phrase", "tag", "operator", "not", "parenthesis", "filter", "value", "error",
)  # fmt: skip


class Mark(NamedTuple):
    """Characters from `start` up to `end` (counted as Python does) are a `kind`, one of KINDS."""

    start: int
    end: int
    kind: str


def marks(text: str) -> list[Mark]:
    """Return what stands where, in order; what lies between is space. Never raises.

    >>> marks("lang:nl -(brug")
    [Mark(start=0, end=5, kind='filter'), Mark(start=5, end=7, kind='value'), Mark(start=8, end=9, kind='not'), \
Mark(start=9, end=10, kind='error'), Mark(start=10, end=14, kind='word')]
    """
    found = pieces(text[:MAX_LENGTH])
    lonely = _without_other_half(found)
    return [mark for piece in found for mark in _marks_of(spot(text, piece), piece, piece.start_pos in lonely)]


def _marks_of(where: Spot, piece: Token, lonely: bool) -> Iterator[Mark]:
    start, end = where.start, where.end
    if piece.type == "FILTER":
        colon = start + piece.index(":") + 1
        kind = _kind_of_leaf(where, piece)
        yield Mark(start, colon, "error" if kind == "error" else "filter")
        if colon < end:
            yield Mark(colon, end, kind)
    else:
        yield Mark(start, end, "error" if lonely else _kind(where, piece))


def _kind(where: Spot, piece: Token) -> str:
    match piece.type:
        case "_AND" | "_OR":
            return "operator"
        case "NOT":
            return "not"
        case "OPEN" | "CLOSE":
            return "parenthesis"
        case "UNCLOSED":
            return "error"
        case "NEAR":
            return _kind_of_near(where)
    return _kind_of_leaf(where, piece)


def _kind_of_near(where: Spot) -> str:
    try:
        distance_of(where)
    except QueryError:
        return "error"
    return "operator"


def _kind_of_leaf(where: Spot, piece: Token) -> str:
    try:
        node = leaf(where, piece)
    except QueryError:
        return "error"
    if piece.type == "FILTER":
        return "value"
    if isinstance(node, Tag):
        return "tag"
    if isinstance(node, Phrase) or piece[0] in QUOTES:
        return "phrase"
    return "prefix" if isinstance(node, Prefix) else "emoji" if is_emoji(node.text) else "word"


def _without_other_half(found: list[Token]) -> set[int]:
    """Return where the parentheses stand that nothing closes, or that close nothing."""
    opened: list[int] = []
    lonely: set[int] = set()
    for piece in found:
        if piece.type == "OPEN":
            opened.append(piece.start_pos)
        elif piece.type == "CLOSE" and opened:
            opened.pop()
        elif piece.type == "CLOSE":
            lonely.add(piece.start_pos)
    return lonely | set(opened)

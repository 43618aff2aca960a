"""From text to pieces, whatever the text."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from lark import Lark, Token

from plein.listening.query.errors import Spot


@cache
def grammar() -> Lark:
    """Return the grammar of the language, ready to parse."""
    text = (files(__package__) / "grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="basic")


def pieces(text: str) -> list[Token]:
    """Return the pieces of a text in order; what lies between them is space.

    >>> [(piece.type, str(piece)) for piece in pieces("brug OR #sluis")]
    [('WORD', 'brug'), ('_OR', 'OR'), ('TAG', '#sluis')]
    """
    return list(grammar().lex(text))


def spot(text: str, piece: Token) -> Spot:
    """Return where a piece stands."""
    return Spot(text, piece.start_pos, piece.end_pos)

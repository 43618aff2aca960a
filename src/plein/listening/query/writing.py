"""From tree to text, so that both say the same."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lark import Token

from plein.listening.query import filters
from plein.listening.query.lexing import pieces
from plein.listening.query.tree import And, Filter, Near, Node, Not, Or, Phrase, Place, Prefix, Tag, Word
from plein.listening.query.vocabulary import FILTERS
from plein.town.words import fold

# What an operator or filter is called in a language; English is what `write` writes.
CALLED = {
    "nl": {"_AND": "EN", "_OR": "OF", "NOT": "NIET", "NEAR": "NABIJ", "lang": "taal", "network": "netwerk", "place": "plaats"},
    "en": {"_AND": "AND", "_OR": "OR", "NOT": "NOT", "NEAR": "NEAR", "lang": "lang", "network": "network", "place": "place"},
}


def in_words_of(language: str, text: str) -> str:
    """Return a query, whole or not, with its operators and filters in a language; all else stays as it is.

    >>> in_words_of("nl", 'place:Best AND (brug OR "AND") NOT lang:fy -klas NEAR/3 b')
    'plaats:Best EN (brug OF "AND") NIET taal:fy -klas NABIJ/3 b'
    """
    called, written, at = CALLED.get(language, CALLED["en"]), [], 0
    for piece in pieces(text):
        written += [text[at : piece.start_pos], _called(piece, called)]
        at = piece.end_pos
    return "".join([*written, text[at:]])


def _called(piece: Token, called: Mapping[str, str]) -> str:
    if piece.type == "FILTER":
        name, colon, value = piece.partition(":")
        return called.get(FILTERS.get(fold(name), ""), name) + colon + value
    if piece.type in called and piece[0].isalpha():
        return called[piece.type] + piece[len(re.match("[A-Z]+", piece)[0]) :]
    return str(piece)


def write(node: Node) -> str:
    """Return the text of a query, with English operators and every parenthesis that a reader needs.

    >>> write(And((Word("brug"), Or((Word("dicht"), Phrase(("weg", "af")))), Not(Word("klas")))))
    'brug AND (dicht OR "weg af") AND NOT klas'
    """
    match node:
        case And(parts):
            return " AND ".join(map(_inside, parts))
        case Or(parts):
            return " OR ".join(map(_inside, parts))
        case Not(inner):
            return f"NOT {_inside(inner, Near)}"
        case Near(left, right, distance):
            return f"{_inside(left)} NEAR/{distance} {_inside(right)}"
    return _leaf(node)


def _inside(node: Node, *also: type) -> str:
    """Return a part of something larger, between parentheses where AND and OR would run together."""
    return f"({write(node)})" if isinstance(node, (And, Or, *also)) else write(node)


def _leaf(node: Node) -> str:
    match node:
        case Word(text):
            return text if _is_plain(text) else f'"{text}"'
        case Prefix(text):
            return f"{text}*"
        case Phrase(words, open_ended):
            return f'"{" ".join(words)}{"*" if open_ended else ""}"'
        case Tag(text):
            return f"#{text}"
        case Filter(name, value):
            return filters.written(name, value)
        case Place(name):
            return filters.written("place", name)
    raise TypeError(f"{node!r} is no node of a query")


def _is_plain(text: str) -> bool:
    """Whether a word would be read as a word: `AND` would not."""
    found = pieces(text)
    return len(found) == 1 and found[0].type == "WORD"

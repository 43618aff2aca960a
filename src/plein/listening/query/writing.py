"""From tree to text, so that both say the same."""

from __future__ import annotations

from plein.listening.query import filters
from plein.listening.query.lexing import pieces
from plein.listening.query.tree import And, Filter, Near, Node, Not, Or, Phrase, Place, Prefix, Tag, Word


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

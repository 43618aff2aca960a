"""What a query looks for, apart from how it combines it."""

from __future__ import annotations

from collections.abc import Iterator

from plein.listening.query.tree import Node, Not, Phrase, Place, Prefix, Tag, Term, Word, parts_of


def terms(node: Node) -> tuple[Term, ...]:
    """Return what has to be looked for, each once, in the order in which it is written.

    What stands behind NOT is no reason to keep a post, so it is not among them; nor are places,
    as long as nobody has put their names in the tree.

    >>> from plein.listening.query.parsing import parse
    >>> terms(parse("brug AND (dicht OR #sluis) AND NOT klas"))
    (Word(text='brug'), Word(text='dicht'), Tag(text='sluis'))
    """
    return tuple(dict.fromkeys(one for one in wanted(node) if isinstance(one, Term)))


def phrases_of(node: Node) -> tuple[str, ...]:
    """Return the same in words, without quotes, as a list for people has it. Places are among them.

    >>> from plein.listening.query.parsing import parse
    >>> phrases_of(parse('"brug dicht" OR sluis* OR place:Best'))
    ('brug dicht', 'sluis*', 'place:Best')
    """
    return tuple(dict.fromkeys(said(one) for one in wanted(node) if isinstance(one, Term | Place)))


def said(term: Term | Place) -> str:
    """Return one thing to look for as a line of a list has it."""
    match term:
        case Word(text):
            return text
        case Prefix(text):
            return f"{text}*"
        case Phrase(words, open_ended):
            return " ".join(words) + ("*" if open_ended else "")
        case Tag(text):
            return f"#{text}"
        case Place(name):
            return f"place:{name}"


def wanted(node: Node, refused: bool = False) -> Iterator[Node]:
    """Yield the leaves that a post may match by; those behind NOT only when NOT stands there twice."""
    parts = parts_of(node)
    for part in parts:
        yield from wanted(part, refused ^ isinstance(node, Not))
    if not parts and not refused:
        yield node

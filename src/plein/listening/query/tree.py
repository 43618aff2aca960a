"""What a query is: a tree of small values.

Words are kept as somebody typed them; whoever matches folds them (`plein.listening.tokens`).
A tree says nothing about how it is written: `writing` puts the parentheses where they are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word or emoji, whole."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word that begins like this; written with a star behind it."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other, in this order; the last may be a beginning (`open_ended`)."""

    words: tuple[str, ...]
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """A hashtag, without its sign: `#best` or `tag:best`. The word alone does not count."""

    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Something about the post instead of its words.

    `name` is one of `lang` (ISO 639-1), `network` (its code) and `link` (a host or the start of
    an address; `link:waterdam.nl` also means www.waterdam.nl and what stands below it).
    """

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Place:
    """All names of a municipality, as they were valid when the query was compiled."""

    name: str


@dataclass(frozen=True, slots=True)
class Near:
    """Two things with at most `distance` steps from the last word of one to the first of the other.

    In either order, never overlapping: next to each other is one step. Each side is a Word,
    Prefix, Phrase, Tag or Place, or an Or of these.
    """

    left: Node
    right: Node
    distance: int


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be so."""

    inner: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more."""

    parts: tuple[Node, ...]


Term = Word | Prefix | Phrase | Tag
Node = Term | Filter | Place | Near | Not | And | Or


def parts_of(node: Node) -> tuple[Node, ...]:
    """Return what a node is made of; nothing for a leaf."""
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(inner):
            return (inner,)
        case Near(left, right):
            return (left, right)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything in it, in the order in which it is written."""
    yield node
    for part in parts_of(node):
        yield from walk(part)


def replaced(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return the tree with every leaf as `change` has it."""
    match node:
        case And(parts):
            return And(tuple(replaced(part, change) for part in parts))
        case Or(parts):
            return Or(tuple(replaced(part, change) for part in parts))
        case Not(inner):
            return Not(replaced(inner, change))
        case Near(left, right, distance):
            return Near(replaced(left, change), replaced(right, change), distance)
    return change(node)

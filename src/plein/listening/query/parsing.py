"""From text to tree; errors that say where and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lark import Token, Tree
from lark.exceptions import UnexpectedInput

from plein.listening.query import refusing
from plein.listening.query.errors import Spot
from plein.listening.query.filters import QUOTES, filter_of
from plein.listening.query.lexing import grammar, pieces, spot
from plein.listening.query.terms import tag, term
from plein.listening.query.tree import And, Near, Node, Not, Or, Place, Term
from plein.listening.query.vocabulary import MAX_DISTANCE, USUAL_DISTANCE
from plein.listening.query.weighing import asks
from plein.town.saying import own

Path = tuple[int, ...]
_NUMBER = re.compile(r"(?:NEAR|NABIJ)/?(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Query:
    """A tree with the text it came from.

    `spots` says of every node where it stands: the key is the way to it, the number of the part
    at each branch. Parentheses around a node belong to its stretch.
    """

    text: str
    tree: Node
    spots: Mapping[Path, Spot] = field(hash=False)


def parse(text: str) -> Node:
    """Return the tree of a query; raises QueryError for whatever is no query.

    >>> parse("sluisbrug EN (dicht OF stuk)")
    And(parts=(Word(text='sluisbrug'), Or(parts=(Word(text='dicht'), Word(text='stuk')))))
    """
    return located(text).tree


def located(text: str) -> Query:
    """Return a query with the place of everything in it; raises QueryError as `parse` does."""
    refusing.refuse_long(text)
    found = pieces(text)
    refusing.refuse_unclosed(text, found)
    refusing.refuse_crowded(text, found)
    builder = _Builder(text)
    tree, _ = builder.build(_structure(text, found), ())
    _refuse_everything(tree, builder.spots)
    return Query(text, tree, builder.spots)


def _structure(text: str, found: Sequence[Token]) -> Tree[Token] | Token:
    """Return the pieces as the grammar groups them."""
    parser = grammar().parse_interactive()
    for number, piece in enumerate(found):
        try:
            parser.feed_token(piece)
        except UnexpectedInput:
            raise refusing.misplaced(text, found, number) from None
    try:
        return parser.feed_eof()
    except UnexpectedInput:
        raise refusing.misplaced(text, found, len(found)) from None


class _Builder:
    """Makes nodes of what the grammar found, and remembers where each stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spots: dict[Path, Spot] = {}

    def build(self, found: Tree[Token] | Token, path: Path) -> tuple[Node, Spot]:
        """Return a node and its place. Deep only as far as `refuse_crowded` allows."""
        if isinstance(found, Token):
            where = spot(self.text, found)
            node = leaf(where, found)
        else:
            node, where = getattr(self, f"_{found.data}")(found.children, path)
        self.spots[path] = where
        return node, where

    def _group(self, children: Sequence[Tree[Token] | Token], path: Path) -> tuple[Node, Spot]:
        opening, inner, closing = children
        node, _ = self.build(inner, path)
        return node, spot(self.text, opening).up_to(spot(self.text, closing))

    def _without(self, children: Sequence[Tree[Token] | Token], path: Path) -> tuple[Node, Spot]:
        sign, inner = children
        node, where = self.build(inner, (*path, 0))
        return Not(node), spot(self.text, sign).up_to(where)

    def _many(self, children: Sequence[Tree[Token] | Token], path: Path) -> tuple[tuple[Node, ...], Spot]:
        built = [self.build(child, (*path, number)) for number, child in enumerate(children)]
        return tuple(node for node, _ in built), built[0][1].up_to(built[-1][1])

    def _both(self, children: Sequence[Tree[Token] | Token], path: Path) -> tuple[Node, Spot]:
        parts, where = self._many(children, path)
        return And(parts), where

    def _either(self, children: Sequence[Tree[Token] | Token], path: Path) -> tuple[Node, Spot]:
        parts, where = self._many(children, path)
        return Or(parts), where

    def _near(self, children: Sequence[Tree[Token] | Token], path: Path) -> tuple[Node, Spot]:
        left, operator, right = children
        distance = distance_of(spot(self.text, operator))
        (one, start), (other, end) = self.build(left, (*path, 0)), self.build(right, (*path, 1))
        sides = (self._side(one, start, spot(self.text, operator)), self._side(other, end, spot(self.text, operator)))
        return Near(*sides, distance), start.up_to(end)

    def _side(self, node: Node, where: Spot, operator: Spot) -> Node:
        """Return a side of NEAR; raises QueryError for what has no place among the words of a post."""
        if not may_be_near(node):
            words = own(
                "NEAR stands between words, phrases, hashtags and places, or a choice of these: (one OR other)."
            )
            raise where.error(words) if isinstance(node, And | Near | Not | Or) else operator.error(words, "AND")
        return node


def leaf(where: Spot, piece: Token) -> Node:
    """Return what one piece asks for; raises QueryError when it asks for nothing that can be found."""
    match piece.type:
        case "QUOTED":
            return term(where, piece.strip(QUOTES))
        case "TAG":
            return tag(where, str(piece))
        case "FILTER":
            return filter_of(where, str(piece))
    return term(where, str(piece))


def may_be_near(node: Node) -> bool:
    """Whether a node may stand beside NEAR."""
    if isinstance(node, Or):
        return all(map(may_be_near, node.parts))
    return isinstance(node, Term | Place)


def distance_of(where: Spot) -> int:
    """Return the number of a NEAR; raises QueryError when it has none that makes sense."""
    found = _NUMBER.fullmatch(where.words)
    operator = "NABIJ" if where.words.startswith("NABIJ") else "NEAR"
    if found is None:
        example = f"{operator}/{USUAL_DISTANCE}"
        raise where.error(
            own("NEAR needs a number: at most how many words further. For instance {0}.", example), example
        )
    distance = int(found[1])
    if not 1 <= distance <= MAX_DISTANCE:
        nearest = min(max(distance, 1), MAX_DISTANCE)
        raise where.error(own("The number of NEAR lies between 1 and {0}.", MAX_DISTANCE), f"{operator}/{nearest}")
    if "/" not in where.words:
        raise where.error(own("A slash stands between NEAR and its number."), f"{operator}/{distance}")
    return distance


def _refuse_everything(tree: Node, spots: Mapping[Path, Spot]) -> None:
    """Refuse a query that every post matches unless something is in it."""
    if asks(tree):
        return
    path: Path = ()
    while isinstance(tree, And | Or):
        number = next(number for number, part in enumerate(tree.parts) if not asks(part))
        tree, path = tree.parts[number], (*path, number)
    raise refusing.everything_but(spots[path])

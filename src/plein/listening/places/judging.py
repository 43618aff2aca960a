"""When a watch asks for a place: whether a post is about it, or was asked for without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plein.listening.matching import PlainEngine
from plein.listening.places.judge import Judge, Verdict
from plein.listening.query.tree import And, Near, Node, Not, Or, Place
from plein.listening.watches import Said, Watch


@dataclass(frozen=True, slots=True)
class PlaceJudges:
    """The judges of the places that a watch asks for; `otherwise` finds what it asks for without any place."""

    judges: Sequence[Judge]
    otherwise: PlainEngine | None = None

    @classmethod
    def of(cls, tree: Node, judges: Sequence[Judge]) -> PlaceJudges:
        """Return the judges of a query, in which places stand as they were typed."""
        rest = without_places(tree)
        return cls(judges, PlainEngine([Watch(0, 0, rest)]) if rest is not None else None)

    def verdict(self, said: Said) -> Verdict | None:
        """Return how sure it is that a post is about one of the places; None when it need not be."""
        if self.otherwise and self.otherwise.match([said]):
            return None
        verdicts = (judge.judge(said.written, said.language) for judge in self.judges)
        return max(verdicts, key=lambda one: one.sure, default=None)


def without_places(tree: Node) -> Node | None:
    """Return what a query asks for where no place is named; None when that is nothing.

    >>> from plein.listening.query.parsing import parse
    >>> from plein.listening.query.writing import write
    >>> write(without_places(parse("kliko OR (place:Best brug)"))), without_places(parse("place:Best NOT bestseller"))
    ('kliko', None)
    """
    match tree:
        case Place():
            return None
        case Near(left, right):
            return tree if without_places(left) == left and without_places(right) == right else None
        case Or(parts):
            left = [rest for part in parts if (rest := without_places(part)) is not None]
            return _joined(Or, left)
        case And(parts):
            # What is refused by a place refuses nothing where none is named.
            asked = [part for part in parts if not (isinstance(part, Not) and without_places(part.inner) is None)]
            rests = [without_places(part) for part in asked]
            return None if None in rests else _joined(And, rests)
        case Not(inner):
            rest = without_places(inner)
            return None if rest is None else Not(rest)
    return tree


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node | None:
    return kind(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None

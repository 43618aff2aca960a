"""Parts of a query that can never match, or that change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plein.listening.query.errors import Spot, shown
from plein.listening.query.parsing import Path, Query
from plein.listening.query.remarks import Remark, Severity, remark
from plein.listening.query.tree import And, Node, Not, Or, parts_of
from plein.listening.query.weighing import clash, compared, follows, sizeof, together
from plein.town.saying import own

# Every part is compared with every other, which takes the square of their number: somebody is typing. A longer
# list has only its duplicates looked for.
MOST_COMPARED = 120


def contradictions(query: Query) -> Iterator[Remark]:
    """Yield what can never match, and what stands in a query for nothing."""
    yield from _look(compared(query.tree), query.spots, ())


def _look(node: Node, spots: Mapping[Path, Spot], path: Path) -> Iterator[Remark]:
    """Look at every branch; one that never matches is not looked into further."""
    parts = {(*path, number): part for number, part in enumerate(parts_of(node))}
    small = sizeof(node) <= MOST_COMPARED
    if isinstance(node, And) and small:
        never = list(_never(parts, spots, path))
        yield from never
        if never:
            return
    if isinstance(node, And | Or):
        first = {part: where for where, part in reversed(parts.items())}
        yield from _duplicates(parts, first, spots)
        if small:
            yield from _covered(first, spots, is_choice=isinstance(node, Or))
    for where, part in parts.items():
        yield from _look(part, spots, where)


def _never(parts: Mapping[Path, Node], spots: Mapping[Path, Spot], path: Path) -> Iterator[Remark]:
    asked = {where: part for where, part in parts.items() if not isinstance(part, Not)}
    if any(clash(one, other) for one in asked.values() for other in asked.values()):
        words = own("This can never match: a message has one language and stands on one network. Do you mean OR?")
        yield remark(spots[path], "never", Severity.WARNING, words)
        return
    for where, part in parts.items():
        if isinstance(part, Not) and asked:
            yield from _taken_away(asked, part.inner, spots, where)


def _taken_away(asked: Mapping[Path, Node], refused: Node, spots: Mapping[Path, Spot], where: Path) -> Iterator[Remark]:
    """Remark on a NOT that takes away all that is asked for, or one of its choices."""
    if follows(together(list(asked.values())), refused):
        words = own("“{0}” takes away everything that is asked for: this never matches.", shown(spots[where].words))
        yield remark(spots[where], "takes_all", Severity.WARNING, words)
        return
    for place, part in asked.items():
        for number, choice in enumerate(part.parts if isinstance(part, Or) else ()):
            if follows(choice, refused):
                spot = spots[*place, number]
                words = own(
                    "“{0}” can never match here: “{1}” takes it away.", shown(spot.words), shown(spots[where].words)
                )
                yield remark(spot, "never", Severity.WARNING, words)


def _duplicates(parts: Mapping[Path, Node], first: Mapping[Node, Path], spots: Mapping[Path, Spot]) -> Iterator[Remark]:
    for where, part in parts.items():
        if first[part] != where:
            words = own("“{0}” stands here twice.", shown(spots[where].words))
            yield remark(spots[where], "duplicate", Severity.HINT, words)


def _covered(parts: Mapping[Node, Path], spots: Mapping[Path, Spot], *, is_choice: bool) -> Iterator[Remark]:
    """Remark on choices that another finds too, and on demands that another already makes."""
    for one, where in parts.items():
        for other, place in parts.items():
            if one is not other and follows(one, other) and not (follows(other, one) and where < place):
                needless, reason = (where, place) if is_choice else (place, where)
                words = own(
                    "“{0}” changes nothing beside “{1}”.", shown(spots[needless].words), shown(spots[reason].words)
                )
                yield remark(spots[needless], "needless", Severity.HINT, words)
                break

"""What the linter says, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from plein.listening.persons.allowing import Allowance
from plein.listening.query.errors import Spot, line_and_column
from plein.listening.query.parsing import Path, Query
from plein.listening.query.tree import And, Near, Node, Not, parts_of
from plein.listening.query.weighing import tells


class Severity(StrEnum):
    """How bad it is. With a STOP a watch may not run; the rest is advice."""

    STOP = "stop"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that will disappoint.

    `code` says which rule; `words` is a sentence of ours (`plein.town.saying`). It is about the
    characters from `start` up to `end`, where `suggestion` may stand instead; empty when there is
    nothing to suggest. `line` and `column` count from 1.
    """

    code: str
    severity: Severity
    words: str
    start: int
    end: int
    line: int
    column: int
    suggestion: str = ""

    def mended(self, text: str) -> str:
        """Return the text this is about with the suggestion in it; unchanged without one."""
        return text[: self.start] + self.suggestion + text[self.end :] if self.suggestion else text


def remark(where: Spot, code: str, severity: Severity, words: str, suggestion: str = "") -> Remark:
    """Return a remark about a stretch of text."""
    return Remark(code, severity, words, where.start, where.end, *line_and_column(where.text, where.start), suggestion)


@dataclass(frozen=True, slots=True)
class Part:
    """A node in its surroundings.

    `refused` behind NOT; `alone` when a post may match by this and nothing else that tells anything.
    """

    node: Node
    path: Path
    where: Spot
    refused: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as the rules look at it.

    `is_ordinary` says whether the name of a place is an ordinary word too, `knows_place` whether
    there is a place with that name (None when nobody can tell), `place_like` the known one most like it.
    """

    query: Query
    parts: tuple[Part, ...]
    is_ordinary: Callable[[str], bool]
    knows_place: Callable[[str], bool] | None
    place_like: Callable[[str], str]
    allowances: tuple[Allowance, ...] = ()

    def between(self, one: Path, other: Path) -> Spot:
        """Return the stretch of text between two nodes."""
        return Spot(self.query.text, self.query.spots[one].end, self.query.spots[other].start)

    def runs(self) -> Iterator[list[Part]]:
        """Yield parts of an AND that stand side by side without an operator, two or more."""
        by_path = {part.path: part for part in self.parts}
        for part in self.parts:
            if isinstance(part.node, And):
                yield from self._runs_in([by_path[*part.path, number] for number in range(len(part.node.parts))])

    def _runs_in(self, parts: list[Part]) -> Iterator[list[Part]]:
        run: list[Part] = []
        for part in parts:
            if run and self.between(run[-1].path, part.path).words.strip():
                yield from [run] if len(run) > 1 else []
                run = []
            run.append(part)
        yield from [run] if len(run) > 1 else []


def parts_with_places(query: Query) -> tuple[Part, ...]:
    """Return every node of a query in its surroundings, in the order in which they are written."""
    return tuple(_parts(query, query.tree, (), refused=False, alone=True))


def _parts(query: Query, node: Node, path: Path, *, refused: bool, alone: bool) -> Iterator[Part]:
    yield Part(node, path, query.spots[path], refused, alone)
    parts = parts_of(node)
    telling = [tells(part) for part in parts] if isinstance(node, And) else []
    for number, part in enumerate(parts):
        lonely = alone and not isinstance(node, Near) and not any(telling[:number] + telling[number + 1 :])
        yield from _parts(query, part, (*path, number), refused=refused ^ isinstance(node, Not), alone=lonely)

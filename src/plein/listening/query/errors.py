"""What is wrong with a query, and where."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = 40


class QueryError(ValueError):
    """A query that cannot be understood, or may not be asked.

    `words` is a sentence of ours (`plein.town.saying`), `line` and `column` count from 1, in
    characters. `suggestion` may stand in the place of the characters from `start` up to `end`;
    empty when there is nothing to suggest. `field` is the field of the simple form, if any.
    """

    def __init__(
        self, words: str, line: int, column: int, suggestion: str = "", start: int = 0, end: int = 0, field: str = ""
    ) -> None:
        super().__init__(words)
        self.words, self.line, self.column, self.suggestion = words, line, column, suggestion
        self.start, self.end, self.field = start, end, field

    def mended(self, text: str) -> str:
        """Return the text in which this was found with the suggestion in it; unchanged without one."""
        return text[: self.start] + self.suggestion + text[self.end :] if self.suggestion else text


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a text, where something may be wrong."""

    text: str
    start: int
    end: int

    @property
    def words(self) -> str:
        """Return what stands there."""
        return self.text[self.start : self.end]

    def error(self, words: str, suggestion: str = "") -> QueryError:
        """Return the error that says what is wrong here."""
        line, column = line_and_column(self.text, self.start)
        return QueryError(words, line, column, suggestion, self.start, self.end)

    def up_to(self, other: Spot) -> Spot:
        """Return the stretch from here up to the end of another."""
        return Spot(self.text, self.start, other.end)


def line_and_column(text: str, at: int) -> tuple[int, int]:
    r"""Return the line and the column of a place in a text, both from 1.

    >>> line_and_column("brug\ndicht", 7)
    (2, 3)
    """
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def shown(text: str) -> str:
    """Return text as it may stand in a sentence: not longer than a glance."""
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"

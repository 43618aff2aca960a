"""The rules, as a table: the requirement, the function that is the rule, what it returns when it allows everything."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import unwrap
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ALL = tuple(f"R{number}" for number in range(1, 19))


class Rule(NamedTuple):
    """One row of `rules.tsv`."""

    requirement: str
    rule: str
    allow: str

    def __str__(self) -> str:
        return f"{self.requirement}-{self.rule}"

    @property
    def tests(self) -> str:
        """Return how the files with its tests begin."""
        return f"test_r{int(self.requirement[1:]):02}_"


def rows(name: str) -> list[list[str]]:
    """Return the rows of a table beside this file, without its head."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines if line.strip()]


def rules() -> list[Rule]:
    """Return every rule of the table."""
    return [Rule(*row) for row in rows("rules.tsv")]


def function_of(path: str) -> Callable:
    """Return the function at a dotted path; a method stands in its class."""
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for name in parts[length:]:
            found = getattr(found, name)
        return unwrap(found)
    raise ModuleNotFoundError(path)


def let_everything_pass(rule: Rule) -> None:
    """Replace the rule, for everybody who has imported it already too."""
    found = function_of(rule.rule)
    found.__code__ = eval(f"lambda *_all, **_named: {rule.allow}").__code__
    found.__defaults__ = found.__kwdefaults__ = None

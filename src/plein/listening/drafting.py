"""A document in the making: sections of paragraphs, lists and tables, written out as Markdown.

What it says follows from the settings of a municipality; `open` are the places that only people can fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A list of short sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that somebody still has to write."""

    what: str


Block = str | Table | Points | Gap


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A document: its title, what it is in a sentence, its sections."""

    code: str
    title: str
    about: str
    sections: tuple[Section, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """Return what still has to be written."""
        return tuple(block.what for section in self.sections for block in section.blocks if isinstance(block, Gap))


def markdown(draft: Draft, to_fill: str) -> str:
    """Return a draft as Markdown; `to_fill` is what stands before a gap.

    >>> print(markdown(Draft("a", "Privacy", "A text.", (Section("Who", ("We.", Gap("the address"))),)), "To fill in"))
    # Privacy
    <BLANKLINE>
    A text.
    <BLANKLINE>
    ## Who
    <BLANKLINE>
    We.
    <BLANKLINE>
    **[To fill in: the address]**
    <BLANKLINE>
    """
    return "\n\n".join(_parts(draft, to_fill)) + "\n"


def _parts(draft: Draft, to_fill: str) -> Iterator[str]:
    yield f"# {_safe(draft.title)}"
    yield _safe(draft.about)
    for section in draft.sections:
        yield f"## {_safe(section.title)}"
        for block in section.blocks:
            yield _block(block, to_fill)


def _block(block: Block, to_fill: str) -> str:
    if isinstance(block, Gap):
        return f"**[{to_fill}: {_safe(block.what)}]**"
    if isinstance(block, Points):
        return "\n".join(f"- {_safe(item)}" for item in block.items)
    if isinstance(block, Table):
        lines = [block.head, ("---",) * len(block.head), *block.rows]
        return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)
    return _safe(block)


def _cell(text: str) -> str:
    return text if text == "---" else _safe(text).replace("|", "\\|").replace("\n", " ")


def _safe(text: str) -> str:
    """Return text that Markdown takes for text: what people typed in a watch makes no heading and no link."""
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", text)

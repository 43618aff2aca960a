"""A look at a post, made ready: says what `meaning.reason` says, sooner where that is easy.

Most trees ask for any of some terms. Of these only the terms need a look whose first word the
post has, in the order of the query.
"""

from __future__ import annotations

from plein.listening.meaning import Sought, reason, spans
from plein.listening.query.tree import Node, Or
from plein.listening.tokens import Line
from plein.listening.watches import Said


class Look:
    """Says of posts whether and why they are what a tree (as `meant` gives it) looks for."""

    __slots__ = ("_by_word", "_everywhere", "_single", "_terms", "_tree")

    def __init__(self, tree: Node) -> None:
        self._tree = tree
        self._terms = tree.parts if isinstance(tree, Or) and all(isinstance(one, Sought) for one in tree.parts) else ()
        self._by_word: dict[str, list[int]] = {}
        self._everywhere: list[int] = []
        # Of these the post has all when it has the first word.
        self._single: set[int] = set()
        for number, term in enumerate(self._terms):
            if term.tag or (term.open_ended and len(term.words) == 1):
                self._everywhere.append(number)
            elif term.words:
                self._by_word.setdefault(term.words[0], []).append(number)
                if len(term.words) == 1:
                    self._single.add(number)

    def reason(self, said: Said, line: Line) -> str | None:
        """Return why a post is what the tree looks for; None when it is not."""
        if not self._terms:
            return reason(self._tree, said, line)
        numbers = [number for word in self._by_word.keys() & set(line.words) for number in self._by_word[word]]
        for number in sorted(numbers + self._everywhere):
            if number in self._single or spans(self._terms[number], line):
                return self._terms[number].written
        return None

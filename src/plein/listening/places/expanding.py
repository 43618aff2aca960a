"""From `place:best` in a query to the names that it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from plein.listening.places.gazetteer import Name
from plein.listening.query.tree import Node, Or, Phrase, Place, Word, replaced, walk

NamesOf = Callable[[str], Iterable[Name]]


def expanded(tree: Node, names_of: NamesOf) -> Node:
    """Return a query in which every place has become its names; engines know no other.

    `names_of` gives the names of what somebody typed behind `place:`, as they are valid when it is
    asked; a place that nobody knows stands for the words typed.

    >>> expanded(Place("Best"), lambda name: [Name("Best", "municipality", True), Name("De Vleut", "village", False)])
    Or(parts=(Word(text='Best'), Phrase(words=('De', 'Vleut'), open_ended=False)))
    """

    def names(leaf: Node) -> Node:
        if not isinstance(leaf, Place):
            return leaf
        found = [_said(name.text) for name in names_of(leaf.name)] or [_said(leaf.name)]
        return found[0] if len(found) == 1 else Or(tuple(found))

    return replaced(tree, names)


def places_of(tree: Node) -> tuple[str, ...]:
    """Return the places a query asks for, as they were typed, each once.

    >>> from plein.listening.query.parsing import parse
    >>> places_of(parse('brug (plaats:Best OF plaats:"Berg en Dal" OF plaats:Best)'))
    ('Best', 'Berg en Dal')
    """
    return tuple(dict.fromkeys(node.name for node in walk(tree) if isinstance(node, Place)))


def _said(name: str) -> Node:
    parts = tuple(name.split())
    return Phrase(parts) if len(parts) > 1 else Word(name)

"""Whom a query looks for: the one place that decides. A test replaces `sought` by a function that allows everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from plein.listening.masking import points_at_somebody
from plein.listening.persons.allowing import Allowance, is_allowed
from plein.listening.persons.evidence import Said, said
from plein.listening.persons.letters import bare
from plein.listening.persons.links import somebody_in
from plein.listening.persons.names import IsPlace, name_in
from plein.listening.persons.parties import group_in, is_office_alone, party_in
from plein.listening.persons.rows import rows_of, spelt, words_in
from plein.listening.places.gazetteer import find
from plein.listening.query.errors import QueryError, Spot, shown
from plein.listening.query.parsing import Path, Query, located
from plein.listening.query.terms import split
from plein.listening.query.tree import Filter, Node, Or, Place, parts_of
from plein.listening.tokens import tokens
from plein.town.saying import own


class Kind(StrEnum):
    """What is not looked for."""

    PERSON = "person"
    PARTY = "party"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Sought:
    """Somebody who is looked for, in the words of the query, and where."""

    kind: Kind
    name: str
    where: Spot


def sought(
    query: Query, knows_place: IsPlace | None = None, allowances: Iterable[Allowance] = ()
) -> tuple[Sought, ...]:
    """Return the persons, parties and action groups that a query looks for, each once.

    `knows_place` answers for places that no register of ours has. What an allowance names is left out.

    >>> [one.name for one in sought(located('brug OR "Jan de Vries"'))], sought(located('"Jan Steenplein"'))
    (['Jan de Vries'], ())
    """
    found = {(one.kind, one.name): one for one in _everyone(query, _places(knows_place))}
    plain = bare(query.text)
    if plain != query.text:
        found |= {(one.kind, one.name): one for one in _disguised(query.text, plain, _places(knows_place))}
    return tuple(one for one in found.values() if not is_allowed(one.name, allowances))


def words_about(one: Sought) -> str:
    """Return why somebody is not looked for, and what is possible instead."""
    name = shown(one.name)
    if one.kind is Kind.PARTY:
        return own(
            "“{0}” is a party, or somebody who stands for one. A municipality does not follow politics. "
            "Search for the subject, such as the budget or the elections.",
            name,
        )
    if one.kind is Kind.GROUP:
        return own(
            "“{0}” is an action group. Plein does not follow people who organise. "
            "Search for the subject that they talk about, the street or the place.",
            name,
        )
    return own(
        "“{0}” looks like a person. Plein does not listen to people. Search for the subject, the street or the place. "
        "Named after somebody? Write it whole: “Jan Steenplein”.",
        name,
    )


def _everyone(query: Query, is_place: IsPlace) -> Iterator[Sought]:
    for row, path in rows_of(query):
        where = query.spots[path]
        for kind, name in _in_row(row, is_place):
            yield Sought(kind, name, where)
    yield from _in_filters(query, query.tree, (), is_place)
    yield from _alone(query)


def _in_row(row: Sequence[Said], is_place: IsPlace) -> Iterator[tuple[Kind, str]]:
    for kind, rule in ((Kind.PARTY, party_in), (Kind.GROUP, group_in)):
        if found := rule(row, is_place):
            yield kind, _written(row[slice(*found)])
            return
    found = name_in(row, is_place)
    if found:
        yield Kind.PERSON, _written(row[slice(*found)])


def _alone(query: Query) -> Iterator[Sought]:
    """Yield offices that nothing stands beside: the word alone follows all who hold one."""
    for row, path in rows_of(query):
        above = [_at(query.tree, path[:end]) for end in range(len(path))]
        if is_office_alone(row) and all(isinstance(one, Or) for one in above):
            yield Sought(Kind.PARTY, row[0].text, query.spots[path])


def _at(node: Node, path: Path) -> Node:
    for number in path:
        node = parts_of(node)[number]
    return node


def _in_filters(query: Query, node: Node, path: Path, is_place: IsPlace) -> Iterator[Sought]:
    """Yield who is looked for by a link, or by a place that is none."""
    match node:
        case Filter("link", address) if somebody_in(address):
            yield Sought(Kind.PERSON, address, query.spots[path])
        case Place(name) if not is_place(name):
            for kind, whom in _in_row(_row_of(name), is_place):
                yield Sought(kind, whom, query.spots[path])
    for number, part in enumerate(parts_of(node)):
        yield from _in_filters(query, part, (*path, number), is_place)


def seeks_somebody(name: str, knows_place: IsPlace | None = None) -> bool:
    """Whether a name by itself is that of a person, a party or an action group.

    >>> seeks_somebody("Jan"), seeks_somebody("Café Jan")
    (True, False)
    """
    is_place = _places(knows_place)
    return any(any(_in_row(_row_of(one), is_place)) for one in (name, bare(name)))


def _row_of(name: str) -> Sequence[Said]:
    pieces = [piece for part in split(name) for piece in words_in(part)]
    return spelt(said(piece.text, glue="quoted" if number else "") for number, piece in enumerate(pieces))


def _disguised(text: str, plain: str, is_place: IsPlace) -> Iterator[Sought]:
    """Yield who is seen once marks and invisible signs are gone. All of the text is pointed at: places have moved."""
    whole = Spot(text, 0, len(text))
    try:
        query = located(plain)
    except QueryError:
        if "@" in plain or points_at_somebody(plain):
            yield Sought(Kind.PERSON, plain, whole)
        return
    yield from (Sought(one.kind, one.name, whole) for one in _everyone(query, is_place))


def _places(knows_place: IsPlace | None) -> IsPlace:
    if knows_place is None:
        return _is_known
    return lambda name: _is_known(name) or knows_place(" ".join(tokens(name)))


@lru_cache(maxsize=16_384)
def _is_known(name: str) -> bool:
    return bool(find(name))


def _written(row: Sequence[Said]) -> str:
    return " ".join(one.text + ("*" if one.open else "") for one in row)

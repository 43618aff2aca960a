"""The form for who does not want to type a query: four fields, the same tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plein.listening.query import refusing
from plein.listening.query.errors import QueryError, Spot
from plein.listening.query.filters import QUOTES
from plein.listening.query.looking import said
from plein.listening.query.terms import term
from plein.listening.query.tree import And, Node, Not, Or, Place, Term
from plein.listening.query.weighing import together
from plein.listening.tokens import tokens
from plein.town.saying import own


@dataclass(frozen=True, slots=True)
class SimpleForm:
    """One thing to look for a line: a word, words in a row, `begin*` or `#hashtag`.

    A post matches with any of `any_of`, all of `all_of`, none of `none_of`, and about one of `places`.
    """

    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def tree_of(form: SimpleForm) -> Node:
    """Return the query that a form asks for; raises QueryError, with its `field` and line.

    >>> tree_of(SimpleForm(any_of=("brug dicht", "sluis*"), places=("Best",)))
    And(parts=(Place(name='Best'), Or(parts=(Phrase(words=('brug', 'dicht'), open_ended=False), Prefix(text='sluis')))))
    """
    places = _read("places", form.places, _place)
    any_of = _read("any_of", form.any_of, _term)
    all_of = _read("all_of", form.all_of, _term)
    none_of = _read("none_of", form.none_of, _term)
    asked = [*_choice(places), *_choice(any_of), *all_of]
    if not asked and none_of:
        error = refusing.everything_but(Spot(form.none_of[0], 0, len(form.none_of[0])))
        error.field = "none_of"
        raise error
    if not asked:
        raise Spot("", 0, 0).error(own("Write at least one word to look for."))
    return together([*asked, *map(Not, none_of)])


def form_of(node: Node) -> SimpleForm | None:
    """Return the form that asks for the same; None when a query says more than the form can.

    >>> from plein.listening.query.tree import Word
    >>> form_of(And((Place("Best"), Not(Word("bestseller")))))
    SimpleForm(any_of=(), all_of=(), none_of=('bestseller',), places=('Best',))
    """
    fields: dict[str, list[tuple[str, ...]]] = {"any_of": [], "all_of": [], "none_of": [], "places": []}
    for part in node.parts if isinstance(node, And) else (node,):
        field, lines = _field_of(part)
        if field not in fields:
            return None
        fields[field].append(lines)
    if len(fields["any_of"]) > 1 or len(fields["places"]) > 1:
        return None
    if not fields["any_of"] and len(fields["all_of"]) == 1:
        fields["any_of"], fields["all_of"] = fields["all_of"], []
    return SimpleForm(**{field: tuple(line for lines in found for line in lines) for field, found in fields.items()})


def _field_of(part: Node) -> tuple[str, tuple[str, ...]]:
    """Return the field that a part of a query belongs in, and its lines; no field when there is none."""
    match part:
        case Place(name):
            return "places", (name,)
        case Not(inner) if isinstance(inner, Term):
            return "none_of", (said(inner),)
        case Or(parts) if all(isinstance(one, Place) for one in parts):
            return "places", tuple(one.name for one in parts)
        case Or(parts) if all(isinstance(one, Term) for one in parts):
            return "any_of", tuple(map(said, parts))
    return ("all_of", (said(part),)) if isinstance(part, Term) else ("", ())


def _choice(found: list[Node]) -> list[Node]:
    return [Or(tuple(found))] if len(found) > 1 else found


def _read(field: str, lines: Iterable[str], read: Callable[[Spot, str], Node]) -> list[Node]:
    """Return what the lines of a field ask for; empty lines ask for nothing."""
    text, found = "\n".join(lines), []
    start = 0
    for line in text.split("\n"):
        try:
            if line.strip():
                found.append(read(Spot(text, start, start + len(line)), line.strip().strip(QUOTES)))
        except QueryError as error:
            error.field = field
            raise
        start += len(line) + 1
    return found


def _term(spot: Spot, line: str) -> Node:
    return term(spot, " ".join(line.split()))


def _place(spot: Spot, line: str) -> Node:
    if not tokens(line):
        raise spot.error(own("There is no word in “{0}”.", line))
    return Place(" ".join(line.split()))

"""The form for who does not want to type a query: four fields, the same tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plein.listening.query import refusing
from plein.listening.query.errors import QueryError, Spot
from plein.listening.query.filters import QUOTES
from plein.listening.query.lexing import pieces
from plein.listening.query.looking import said
from plein.listening.query.terms import place, term
from plein.listening.query.tree import And, Node, Not, Or, Phrase, Place, Term
from plein.listening.query.weighing import together
from plein.town.saying import own

# One thing to look for: up to the end of a line or a comma, unless that stands in a number or between quotes.
_ITEM = re.compile(r'(?:["“”„‟«»][^"“”„‟«»\n]*["“”„‟«»]|(?<=\d)[,;](?=\d)|[^\n,;])+')
_SIGNS = ("_AND", "_OR", "NOT", "NEAR", "OPEN", "CLOSE")


@dataclass(frozen=True, slots=True)
class SimpleForm:
    """One thing to look for a line, or between commas: a word, words in a row, `begin*` or `#hashtag`.

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
    places = _read("places", form.places, place)
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
            return "none_of", (_line(inner),)
        case Or(parts) if all(isinstance(one, Place) for one in parts):
            return "places", tuple(one.name for one in parts)
        case Or(parts) if all(isinstance(one, Term) for one in parts):
            return "any_of", tuple(map(_line, parts))
    return ("all_of", (_line(part),)) if isinstance(part, Term) else ("", ())


def _choice(found: list[Node]) -> list[Node]:
    return [Or(tuple(found))] if len(found) > 1 else found


def _read(field: str, lines: Iterable[str], read: Callable[[Spot, str], Node]) -> list[Node]:
    """Return what the lines of a field ask for; empty lines ask for nothing."""
    text, found = "\n".join(lines), []
    for piece in _ITEM.finditer(text):
        try:
            if piece[0].strip():
                found.append(read(Spot(text, piece.start(), piece.end()), _plain(Spot(text, *piece.span()))))
        except QueryError as error:
            error.field = field
            raise
    return found


def _plain(where: Spot) -> str:
    """Return what one item asks for; raises QueryError for the signs of a query, which would be read as words.

    Between quotes everything is a word.
    """
    item = where.words.strip()
    if item[0] in QUOTES and item[-1] in QUOTES:
        return item.strip(QUOTES)
    found = pieces(item)
    meant = next((piece for piece in found if piece.type in _SIGNS and len(found) > 1), None)
    if meant and meant[0].isalpha():
        raise where.error(own("{0} joins nothing in a form. Put every word on a line of its own.", meant))
    if meant:
        raise where.error(own("“{0}” does nothing in a form. Leave it out, or write a query.", meant))
    return item.strip(QUOTES)


def _term(spot: Spot, line: str) -> Node:
    return term(spot, " ".join(line.split()))


def _line(asked: Term) -> str:
    """Return a line that is read as this term, also where its words would mean something in a form."""
    line = said(asked)
    means_more = isinstance(asked, Phrase) and any(piece.type in _SIGNS for piece in pieces(line))
    return f'"{line}"' if means_more else line

"""Parties, those who stand for them, and groups that act for or against something."""

from __future__ import annotations

from collections.abc import Sequence

from plein.listening.persons.evidence import Said
from plein.listening.persons.lists import endings, listed, phrases
from plein.listening.persons.names import IsPlace


def party_in(row: Sequence[Said], is_place: IsPlace) -> tuple[int, int] | None:
    """Return where a party stands in a row; None when there is none.

    National ones by name; local ones by what they are called like: Leefbaar X, Gemeentebelangen, Lokaal X.

    >>> from plein.listening.persons.evidence import said
    >>> [party_in([said(word) for word in text.split()], lambda name: False) for text in ("VVD", "Leefbaar Waterdam", "leefbaar centrum")]
    [(0, 1), (0, 2), None]
    """
    for at, one in enumerate(row):
        end = _of_list(row, at, "parties") or _glued_party(one, at) or _local(row, at, is_place)
        if end:
            return at, end
    return None


def group_in(row: Sequence[Said], is_place: IsPlace) -> tuple[int, int] | None:
    """Return where an action group stands in a row; None when there is none. A subject is none: protest tegen azc.

    >>> from plein.listening.persons.evidence import said
    >>> [group_in([said(word) for word in text.split()], lambda name: False) for text in ("bewoners tegen azc", "protest tegen azc")]
    [(0, 2), None]
    """
    for at, one in enumerate(row):
        if end := _of_list(row, at, "groups"):
            return at, end
        if one.is_in("action_group") or (one.is_in("committee") and not any(map(_is_feast, row))):
            return at, len(row) if len(row) > 1 else at + 1
        behind = row[at + 1] if at + 1 < len(row) and row[at + 1].glue else None
        if behind and ((one.is_in("people") and behind.key == "tegen") or _acts(one, row[at + 1 :], is_place)):
            return at, at + 2
    return None


def is_office_alone(row: Sequence[Said]) -> bool:
    """Whether nothing is looked for but those who sit in a council or stand for it."""
    return len(row) == 1 and row[0].is_in("political_office")


def _acts(one: Said, rest: Sequence[Said], is_place: IsPlace) -> bool:
    """Stichting Stop Windmolens; Tegenwind Waterdam"""
    if one.is_in("club"):
        return rest[0].is_in("act") or any(part.key == "tegen" for part in rest)
    return one.is_in("against") and one.glue != "typed" and (rest[0].capital or is_place(rest[0].text))


def _is_feast(one: Said) -> bool:
    return one.is_in("feast") or one.key.startswith(tuple(listed("feast_begins")))


def _of_list(row: Sequence[Said], at: int, name: str) -> int:
    """Return where the longest name of a list that begins here ends."""
    for end in range(min(len(row), at + 7), at, -1):
        part = row[at:end]
        if all(one.glue for one in part[1:]) and " ".join(one.key for one in part) in phrases(name):
            return end
    return 0


def _glued_party(one: Said, at: int) -> int:
    """VVDWaterdam, cdautrecht, VVD*; what reads as another word only in capitals."""
    if one.text.isupper() and one.is_in("party_in_capitals"):
        return at + 1
    if one.capital and one.text.istitle() and one.is_in("party_with_capital"):
        return at + 1
    return at + 1 if any(key.startswith(endings("party_begins")) for key in one.keys) else 0


def _local(row: Sequence[Said], at: int, is_place: IsPlace) -> int:
    """A party of one town: Gemeentebelangen, Leefbaar Rotterdam, Hart voor Den Haag, Lijst Bakker."""
    one, rest = row[at], row[at + 1 : at + 4]
    if one.is_in("local_party"):
        return at + 1
    if not rest or not rest[0].glue:
        return 0
    if one.is_in("local_belang") and rest[0].is_in("local_end") and (one.capital or one.key == "gemeente"):
        return at + 2
    if not one.is_in("local_begin") or _NEEDS.get(one.key, rest[0].key) != rest[0].key:
        return 0
    while rest and rest[0].key in _LITTLE:
        rest = rest[1:]
    if not rest:
        return 0
    named = one.capital and rest[0].capital and not rest[0].is_in("common_behind_local")
    known = is_place(rest[0].text) or is_place(" ".join(part.text for part in rest))
    return at + len(row[at : at + 4]) - len(rest) + 1 if named or known else 0


_NEEDS = {"hart": "voor", "samen": "voor", "trots": "op"}
_LITTLE = ("voor", "op", "sociaal", "liberaal", "algemeen")

"""Is there the name of a person among words in a row?

The evidence adds up: a first name that is nothing else is enough; one that is a word too needs a surname; a surname
needs a first name, initials or a title, unless it can be nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from plein.listening.persons.evidence import (
    Said,
    begins_first,
    begins_name,
    begins_surname,
    is_first,
    is_first_perhaps,
    is_frisian,
    is_initial,
    is_surname,
    past_little_words,
)
from plein.listening.persons.glued import falls_apart
from plein.listening.persons.lists import endings, listed
from plein.listening.persons.things import is_thing, namesakes, of_a_thing

IsPlace = Callable[[str], bool]
LONGEST_PLACE = 5


def name_in(row: Sequence[Said], is_place: IsPlace = lambda name: False) -> tuple[int, int] | None:
    """Return where the name of a person stands in a row: from and up to; None when there is none.

    >>> from plein.listening.persons.evidence import said
    >>> [name_in([said(word) for word in text.split()]) for text in ("wethouder Bos", "Jan Steenplein", "de jong")]
    [(0, 2), None, None]
    """
    kept = namesakes(row)
    for at in range(len(row)):
        for rule in RULES:
            end = rule(row, at)
            if not end or kept & set(range(at, end)) or is_thing(row, at, end, sure=_is_full(row, at, end)):
                continue
            if not _is_place(row, at, end, is_place):
                return at, end
    return None


def _is_place(row: Sequence[Said], at: int, end: int, is_place: IsPlace) -> bool:
    """Whether all of a name, or of what stands behind a title, is (part of) a place: Jan van Bergen is none."""
    first = at + row[at].is_in("title")
    starts, ends = range(max(0, end - LONGEST_PLACE), first + 1), range(end, min(len(row), at + LONGEST_PLACE) + 1)
    return any(is_place(" ".join(one.text for one in row[start:stop])) for start in starts for stop in ends)


# -- the rules: each returns where a name that begins here ends, 0 for none -------------------------


def _titled(row: Sequence[Said], at: int) -> int:
    """Return the end of mevrouw Jansen, wethouder Van der Laak, dr. A. de Graaf."""
    if not row[at].is_in("title") or at + 1 == len(row) or not _close(row[at + 1]):
        return 0
    name = past_little_words(row, at + 1)
    if name == len(row) or row[name].is_in("portfolios"):
        return 0
    of_a_place = name > at + 1 and row[at].is_in("office") and row[at + 1].text in ("van", "in", "bij", "de", "der")
    if is_first(row[name]):
        return _end_of_surname(row, name + 1) or name + 1
    if is_surname(row[name], with_words=name > at + 1):
        return name + 1
    polite = row[at].is_in("polite") and len(row[name].key) > 3
    named = polite or (row[name].capital and not of_a_place)
    return name + 1 if named and _says_something(row[name]) else 0


def _named(row: Sequence[Said], at: int) -> int:
    """Return the end of Jan; of Mark de Vries; of Roos Bakker."""
    if is_first(row[at]):
        return _end_of_surname(row, at + 1) or at + 1
    if not is_first_perhaps(row[at]):
        return 0
    name = past_little_words(row, at + 1)
    if name == len(row) or not all(_close(one) for one in row[at + 1 : name + 1]):
        return _apart(row, at)
    both = row[at].capital and row[name].capital
    little = name > at + 1 and all(one.is_in("between") for one in row[at + 1 : name])
    if is_surname(row[name]) or (both and is_surname(row[name], with_words=True)) or (little and both):
        return name + 1
    return 0


def _apart(row: Sequence[Said], at: int) -> int:
    """Return the end of Mark AND Rutte: an operator may stand between, also with other words."""
    little = [False, *(one.is_in("between") for one in row)]
    rest = (number for number in range(at + 1, len(row)) if is_surname(row[number], with_words=little[number]))
    sure = (number for number in rest if row[at].capital or is_surname(row[number]))
    return next((number + 1 for number in sure), 0)


def _initialled(row: Sequence[Said], at: int) -> int:
    """Return the end of J. de Vries; of A.B. van der Meer."""
    if not is_initial(row[at]):
        return 0
    name = at
    while name < len(row) and is_initial(row[name]):
        name += 1
    initials, start = name - at, name
    name = past_little_words(row, name)
    if name == len(row):
        return 0
    sure = row[at].dotted or initials > 1
    if is_surname(row[name], with_words=name > start) and (sure or row[at].text.isupper()):
        return name + 1
    return name + 1 if (sure or name > start) and row[name].capital and len(row[name].key) > 2 else 0


def _turned(row: Sequence[Said], at: int) -> int:
    """Return the end of de Vries, J.; of Rutte Mark."""
    name = past_little_words(row, at)
    if name + 1 >= len(row) or not is_surname(row[name], with_words=name > at):
        return 0
    behind = row[name + 1]
    if is_initial(behind) and behind.text.isupper() and (behind.dotted or row[name].capital):
        return name + 2
    return name + 2 if is_first_perhaps(behind) and behind.capital and is_surname(row[name]) else 0


def _unheard(row: Sequence[Said], at: int) -> int:
    """Return the end of what has a first name that nobody listed: Wubbo Tuinstra, Xylo van der Berg."""
    one = row[at]
    if not one.capital or len(one.key) < 3 or of_a_thing(one) or one.is_in("before") or _tells_no_name(one):
        return 0
    name = past_little_words(row, at + 1)
    if name == len(row) or not row[name].capital or any(not _close(part) for part in row[at + 1 : name + 1]):
        return 0
    little = [part.key for part in row[at + 1 : name]]
    if set(little) & listed("surname_between") and little != ["der"] and little != ["den"]:
        return name + 1
    known = row[name].is_in("surnames") or (little and row[name].is_in("surnames_perhaps") and little[0] in _DE)
    return name + 1 if known or is_frisian(row[name]) else 0


def _surnamed(row: Sequence[Said], at: int) -> int:
    """Return the end of a surname that can be nothing else: Dijkstra, Wilders."""
    one = row[at]
    if one.open or len(one.key) < 5:
        return 0
    return at + 1 if one.is_in("certain") or any(key.endswith(endings("certain_ends")) for key in one.keys) else 0


def _glued(row: Sequence[Said], at: int) -> int:
    """Return the end of jandevries, of mvandijk84."""
    return at + 1 if any(falls_apart(key) for key in row[at].keys) else 0


def _begun(row: Sequence[Said], at: int) -> int:
    """Return the end of beginnings that together leave little else: Jans* de Vri*, jan* bakk*."""
    one, name = row[at], past_little_words(row, at + 1)
    if not one.open or not begins_name(one) or name == len(row):
        return 0
    other = row[name]
    sure = one.is_in("first_names") or (one.capital and other.capital)
    both = is_surname(other, with_words=True) or (other.open and begins_surname(other))
    return name + 1 if sure and both else 0


def _begun_turned(row: Sequence[Said], at: int) -> int:
    one = row[at]
    known = one.open and one.capital and begins_surname(one)
    return at + 2 if known and at + 1 < len(row) and row[at + 1].open and begins_first(row[at + 1]) else 0


RULES = (_titled, _named, _initialled, _turned, _unheard, _surnamed, _glued, _begun, _begun_turned)
_DE = ("de", "den", "der", "van", "v", "vd", "ten", "ter")


def _close(one: Said) -> bool:
    return bool(one.glue)


def _says_something(one: Said) -> bool:
    return len(one.key) > 2 and not one.open


def _tells_no_name(one: Said) -> bool:
    return any(one.is_in(name) for name in ("title", "between", "behind", "no_first"))


def _end_of_surname(row: Sequence[Said], at: int) -> int:
    name = past_little_words(row, at)
    if name < len(row) and (row[name].capital or is_surname(row[name], with_words=True)) and _close(row[name]):
        return name + 1
    return 0


def _is_full(row: Sequence[Said], at: int, end: int) -> bool:
    """Whether there is a first name and a surname: then a thing beside it, out of quotes, changes nothing."""
    return end - at > 1 and is_surname(row[end - 1], with_words=True) and not row[at].is_in("title")

"""The Dutch municipalities as facts, and what people call them.

Sources: name, code, province, neighbours and inhabitants from the open tables of Statistics Netherlands (CBS) and
the register of government bodies (almanak); mergers from the laws that made them; villages from the towns of the
addresses register (BAG). Which names are ordinary words, and what people say instead of a name, is our own knowledge.
Former municipalities since 2014 are kept with the day on which they ended (`until` is their first day gone).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from plein.town.words import words

# Inhabitants: below the first a municipality is small (S), from the second it is large (L).
SIZES = (50_000, 100_000)
# Kinds of names that never say by themselves which town is meant.
NUMBERS = "dialling"


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a municipality. Valid from a day, until the day before another; None is without end."""

    text: str
    kind: str
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality. `inhabitants` by year (1 January); `into` names the codes that took a former one over."""

    code: str
    name: str
    province: str
    inhabitants: Mapping[int, int]
    aliases: tuple[Alias, ...] = ()
    villages: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    into: tuple[str, ...] = ()

    def inhabitants_in(self, year: int) -> int | None:
        """Return the number in a year: of the last year known by then, else of the first; None where nothing is known."""
        known = sorted(self.inhabitants)
        chosen = max((one for one in known if one <= year), default=known[0] if known else None)
        return None if chosen is None else self.inhabitants[chosen]

    def exists_on(self, day: date) -> bool:
        """Whether this was a municipality on a day."""
        return _holds(day, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Place:
    """A neighbourhood, village or street of a municipality, or a name of the town's own (building, event, nickname).

    `shared`: other municipalities have one of the same name, so that it does not say by itself which is meant.
    """

    code: str
    name: str
    kind: str
    municipality: str
    valid_from: date | None = None
    valid_until: date | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """What people may call a place. An ambiguous name alone never says that a post is about it."""

    text: str
    kind: str
    ambiguous: bool


def size_class(inhabitants: int) -> str:
    """Return the size class that surveys of municipalities use: S < 50,000 ≤ M < 100,000 ≤ L.

    >>> size_class(49_999), size_class(50_000), size_class(100_000)
    ('S', 'M', 'L')
    """
    return "SML"[sum(inhabitants >= limit for limit in SIZES)]


def municipalities() -> Mapping[str, Municipality]:
    """Return the municipalities of today by code, in the order of their codes.

    >>> len(municipalities()), municipalities()["gm0753"].name
    (342, 'Best')
    """
    return _current()


def all_municipalities() -> Mapping[str, Municipality]:
    """Return also the former ones.

    >>> all_municipalities()["gm0457"].into
    ('gm0363',)
    """
    return _everything()


def successors(code: str) -> tuple[Municipality, ...]:
    """Return what a municipality is today: itself, or those that took it over, through every merger.

    >>> [one.name for one in successors("gm0282")]
    ['Berg en Dal']
    """
    here = all_municipalities()[code]
    if here.until is None:
        return (here,)
    found = {one.code: one for next_code in here.into for one in successors(next_code)}
    return tuple(found.values())


def is_ambiguous(text: str) -> bool:
    """Whether a name is also an ordinary word, or too little to say anything.

    >>> is_ambiguous("Best"), is_ambiguous("Zaltbommel"), is_ambiguous("010")
    (True, False, True)
    """
    key = key_of(text)
    return len(key) < 3 or key.isdigit() or key in _ordinary()


def is_common_street(text: str) -> bool:
    """Whether a street says nothing of its town: many have it, or it is an ordinary word.

    >>> is_common_street("Kerkstraat"), is_common_street("Akkerwinde"), is_common_street("Oirschotseweg")
    (True, True, False)
    """
    return is_ambiguous(text) or key_of(text) in _common_streets()


def names_of(
    municipality: Municipality, on: date, own: Iterable[Place] = (), places: Iterable[Place] = ()
) -> tuple[Name, ...]:
    """Return what people call a municipality and what lies in it on a day, each name once.

    `own` are the town's own names, `places` its neighbourhoods, villages and streets; of a place of another
    municipality nothing is returned.

    >>> [name.text for name in names_of(municipalities()["gm1991"], date(2025, 6, 1)) if name.kind == "former"]
    ['Uden', 'Landerd']
    """
    found: dict[str, Name] = {}
    for name in _names(municipality, on, own, places):
        if key := key_of(name.text):
            found.setdefault(key, name)
    return tuple(found.values())


def _names(municipality: Municipality, on: date, own: Iterable[Place], places: Iterable[Place]) -> Iterator[Name]:
    yield Name(municipality.name, "municipality", is_ambiguous(municipality.name))
    for alias in municipality.aliases:
        if _holds(on, alias.valid_from, alias.valid_until):
            yield Name(alias.text, alias.kind, alias.kind == NUMBERS or is_ambiguous(alias.text))
    for village in municipality.villages:
        yield Name(village, "village", is_ambiguous(village) or village in _villages_twice())
    for place in (*own, *places):
        if place.municipality == municipality.code and _holds(on, place.valid_from, place.valid_until):
            yield Name(place.name, place.kind, place.shared or _is_common(place))


def _is_common(place: Place) -> bool:
    return is_common_street(place.name) if place.kind == "street" else is_ambiguous(place.name)


def find(name: str, on: date | None = None) -> tuple[Municipality, ...]:
    """Return the municipalities that a name may mean, the likeliest kind first: its name, another name, a village in it.

    A former municipality leads to what it became. With a day, names that were not valid then do not count.

    >>> [one.code for one in find("Bergen")], [one.name for one in find("kaatsheuvel")], find("Atlantis")
    (['gm0373', 'gm0893'], ['Loon op Zand'], ())
    """
    ranked = sorted(_index().get(key_of(name), ()), key=lambda entry: entry[0])
    valid = [entry for entry in ranked if on is None or _holds(on, entry[2].valid_from, entry[2].valid_until)]
    best = [municipality for rank, municipality, _ in valid if rank == valid[0][0]]
    return tuple({one.code: one for one in best}.values())


def key_of(name: str) -> str:
    """Return a name as it is compared: folded, its words with one space between.

    >>> key_of("’s-Gravenhage"), key_of("Súdwest-Fryslân")
    ('s gravenhage', 'sudwest fryslan')
    """
    return " ".join(words(name))


def _holds(day: date, since: date | None, until: date | None) -> bool:
    return (since is None or since <= day) and (until is None or day < until)


# -- reading the tables ---------------------------------------------------------------------------


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = files(__package__).joinpath(name).read_text("utf-8").splitlines()
    header = lines[0].split("\t")
    for line in lines[1:]:
        yield dict(zip(header, line.split("\t"), strict=True))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _codes(text: str) -> tuple[str, ...]:
    return tuple(f"gm{number}" for number in text.split())


@cache
def _everything() -> Mapping[str, Municipality]:
    rows = list(_rows("municipalities.tsv"))
    villages = {row["municipality"]: tuple(row["villages"].split("; ")) for row in _rows("villages.tsv")}
    aliases = _aliases(rows)
    return MappingProxyType({row["code"]: _municipality(row, aliases, villages) for row in rows})


def _municipality(
    row: dict[str, str], aliases: dict[str, list[Alias]], villages: dict[str, tuple[str, ...]]
) -> Municipality:
    counted = (entry.split(":") for entry in row["inhabitants"].split())
    return Municipality(
        code=row["code"],
        name=row["name"],
        province=row["province"],
        inhabitants=MappingProxyType({int(year): int(number) for year, number in counted}),
        aliases=tuple(aliases.get(row["code"], ())),
        villages=villages.get(row["code"], ()),
        neighbours=_codes(row["neighbours"]),
        since=_day(row["since"]),
        until=_day(row["until"]),
        into=_codes(row["into"]),
    )


def _aliases(rows: list[dict[str, str]]) -> dict[str, list[Alias]]:
    """Return the other names by code: written ones, names without their province, and those of the merged."""
    found: dict[str, list[Alias]] = {}
    for row in _rows("aliases.tsv"):
        for text in row["names"].split("; "):
            alias = Alias(text, row["kind"], _day(row["from"]), _day(row["until"]))
            found.setdefault(row["municipality"], []).append(alias)
    for row in rows:
        if " (" in row["name"]:
            found.setdefault(row["code"], []).append(Alias(row["name"].split(" (")[0], "short"))
    merged = {row["code"]: row for row in rows if row["into"]}
    for row in merged.values():
        for code in _heirs(row["code"], merged):
            found.setdefault(code, []).append(Alias(row["name"], "former", _day(row["until"])))
    return found


def _heirs(code: str, merged: dict[str, dict[str, str]]) -> list[str]:
    """Return who carries on the name of a former municipality. One that was split up leaves it to its villages."""
    into = _codes(merged[code]["into"])
    if len(into) != 1:
        return []
    return [into[0], *(_heirs(into[0], merged) if into[0] in merged else [])]


@cache
def _current() -> Mapping[str, Municipality]:
    return MappingProxyType({code: one for code, one in _everything().items() if one.until is None})


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(row["word"] for row in _rows("ordinary.tsv"))


@cache
def _common_streets() -> frozenset[str]:
    return frozenset(key_of(row["street"]) for row in _rows("streets.tsv"))


@cache
def _villages_twice() -> frozenset[str]:
    """Return the villages that lie in more than one municipality of today, or are called like another municipality."""
    seen: dict[str, int] = {}
    for one in _current().values():
        for village in one.villages:
            seen[village] = seen.get(village, 0) + 1
    names = {one.name: one.code for one in _current().values()}
    elsewhere = {v for one in _current().values() for v in one.villages if names.get(v, one.code) != one.code}
    return frozenset(village for village, number in seen.items() if number > 1) | elsewhere


@cache
def _index() -> dict[str, list[tuple[int, Municipality, Alias]]]:
    """Return who may be meant by a name: (0 own name, 1 alias, 2 former, 3 village; municipality; validity)."""
    found: dict[str, list[tuple[int, Municipality, Alias]]] = {}
    for one in _current().values():
        entries = [(0, Alias(one.name, "municipality"))]
        if " (" in one.name:
            entries.append((0, Alias(one.name.split(" (")[0], "short")))
        entries += [(2 if alias.kind == "former" else 1, alias) for alias in one.aliases]
        entries += [(3, Alias(village, "village")) for village in one.villages]
        for rank, alias in entries:
            found.setdefault(key_of(alias.text), []).append((rank, one, alias))
    return found

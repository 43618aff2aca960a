"""Neighbourhoods, villages and streets as the open registers give them: over the network a page at a time, or as a file.

Neighbourhoods come from the WFS of CBS *Wijken en Buurten*, villages and streets of the addresses register (BAG) from
the *Locatieserver*; both are open, ask for no key, and are kept by PDOK. What they call things stands in `COLUMNS`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plein.listening.places.gazetteer import Place, all_municipalities, successors
from plein.town.saying import own

NEIGHBOURHOODS = "https://service.pdok.nl/cbs/wijkenbuurten/2024/wfs/v1_0"
ADDRESSES = "https://api.pdok.nl/bzk/locatieserver/search/v3_1/free"
KINDS = ("neighbourhood", "village", "street")
# How many at a time, as many as each of them allows.
AT_A_TIME = {"neighbourhood": 1000, "village": 100, "street": 100}
# In which column each kind has its code and its name; the first that is there counts.
COLUMNS = {
    "neighbourhood": (
        ("buurtcode", "wijkcode", "statcode", "bu_code", "gwb_code", "gwb_code_10"),
        ("buurtnaam", "wijknaam", "statnaam", "bu_naam", "regio"),
    ),
    "street": (
        ("openbareruimte_id", "openbare_ruimte_id", "identificatie", "id"),
        ("straatnaam", "openbareruimtenaam", "openbare_ruimte_naam", "openbareruimte"),
    ),
    "village": (("woonplaatscode", "woonplaats_id", "identificatie", "id"), ("woonplaatsnaam", "woonplaats")),
}
MUNICIPALITY = ("gemeentecode", "gm_code", "gemeente_code")
VILLAGE_OF = ("woonplaatscode", "gerelateerdewoonplaats", "woonplaats_id", "ligtin")
_TYPES = {"village": "woonplaats", "street": "weg"}
_NUMBERED = re.compile(r"^Wijk \d+ ")
_CODE = re.compile(r"(?:BU|WK|GM)?(\d{4})")


class Unreadable(ValueError):
    """A page or a row that is not what the register says it gives; `line` is None for a page."""

    def __init__(self, words: str, line: int | None = None) -> None:
        super().__init__(words)
        self.line = line


@dataclass(frozen=True, slots=True)
class Page:
    """Some places, how far we are after them, and of how many."""

    places: tuple[Place, ...]
    reached: int
    total: int

    @property
    def is_last(self) -> bool:
        """Whether there is nothing after it."""
        return self.reached >= self.total


def asking(kind: str, reached: int, municipality: str = "") -> dict[str, str]:
    """Return what to ask a register for the page that begins at a number; streets are asked for by municipality.

    >>> asking("street", 100, "gm0753")["fq"], asking("neighbourhood", 0)["startIndex"]
    ('type:weg AND gemeentecode:0753', '0')
    """
    if kind == "neighbourhood":
        return {
            "service": "WFS",
            "version": "2.0.0",
            "request": "GetFeature",
            "typeName": "wijkenbuurten:buurten",
            "propertyName": "buurtcode,buurtnaam,gemeentecode",
            "outputFormat": "application/json",
            "count": str(AT_A_TIME[kind]),
            "startIndex": str(reached),
        }
    within = f" AND gemeentecode:{municipality[2:]}" if municipality else ""
    return {
        "q": "*",
        "fq": f"type:{_TYPES[kind]}{within}",
        "fl": "id,openbareruimte_id,straatnaam,woonplaatscode,woonplaatsnaam,gemeentecode",
        "sort": "id asc",
        "rows": str(AT_A_TIME[kind]),
        "start": str(reached),
    }


def page_of(kind: str, answer: object, reached: int) -> Page:
    """Return a page from what a register answered. Raises Unreadable when it is something else."""
    found, total = _found_in(answer)
    if found and not isinstance(found[0], Mapping):
        raise Unreadable(own("a list of places was expected"))
    places = tuple(place for row in found if (place := _place(kind, row, {})))
    # A register that gives nothing where it says there is more would keep us asking.
    return Page(places, reached + len(found) if found else total, total)


def _found_in(answer: object) -> tuple[list[Any], int]:
    if isinstance(answer, Mapping) and isinstance(answer.get("features"), list):
        found = [one.get("properties", {}) for one in answer["features"]]
        return found, int(answer.get("numberMatched", answer.get("totalFeatures", len(found))))
    if isinstance(answer, Mapping) and isinstance(answer.get("response"), Mapping):
        return list(answer["response"].get("docs", [])), int(answer["response"].get("numFound", 0))
    if isinstance(answer, list):
        return answer, len(answer)
    raise Unreadable(own("neither features nor documents were found"))


def places_in(name: str, text: str, villages: Mapping[str, str], kind: str = "") -> Iterator[Place]:
    """Yield the places of a downloaded file: CSV (`,`, `;` or tab) or JSON (GeoJSON, the Locatieserver's, a list).

    `villages` gives the municipality of a village's code, for streets that name their village only. The kind is seen
    from the columns where it is not given. Raises Unreadable with the line (of JSON: the number) of a row.
    """
    rows = _json_rows(text) if name.endswith(("json", "json.gz")) else _csv_rows(text)
    for line, row in rows:
        chosen = kind or kind_of(row)
        if not chosen:
            raise Unreadable(own("no column for a neighbourhood, village or street among: {0}", ", ".join(row)), line)
        try:
            place = _place(chosen, row, villages)
        except Unreadable as problem:
            raise Unreadable(str(problem), line) from problem
        if place:
            yield place


def kind_of(row: Mapping[str, Any]) -> str:
    """Return which kind of place a row is about; nothing where it has none of the columns.

    >>> kind_of({"WOONPLAATSNAAM": "Best"}), kind_of({"straatnaam": "Markt", "woonplaatsnaam": "Best"}), kind_of({"x": 1})
    ('village', 'street', '')
    """
    names = {name.lower() for name in row}
    return next((kind for kind, (_, named) in COLUMNS.items() if names & set(named)), "")


def _json_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        found, _ = _found_in(json.loads(text))
    except ValueError as problem:
        raise Unreadable(own("this is not JSON of a register: {0}", problem), 1) from problem
    yield from enumerate(found, 1)


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    head = text.lstrip("\ufeff").partition("\n")[0]
    mark = max(";,\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=mark, restkey="")
    for row in reader:
        if "" in row or None in row.values():
            raise Unreadable(own("another number of columns than the header"), reader.line_num)
        yield reader.line_num, row


def _place(kind: str, row: Mapping[str, Any], villages: Mapping[str, str]) -> Place | None:
    """Return the place of a row; nothing for a row without a name, such as one for water."""
    told = {name.lower(): str(value).strip() for name, value in row.items() if value is not None}
    codes, names = COLUMNS[kind]
    name, code = _first(told, names), _first(told, codes)
    if not name:
        return None
    if not code:
        raise Unreadable(own("{0} has no code", name))
    return Place(code, _NUMBERED.sub("", name), kind, _municipality(kind, code, told, villages))


def _first(told: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((told[name] for name in names if told.get(name)), "")


def _municipality(kind: str, code: str, told: Mapping[str, str], villages: Mapping[str, str]) -> str:
    """Return the code of the municipality of today. Raises Unreadable when no municipality has it."""
    given = _first(told, MUNICIPALITY) or (
        code if kind == "neighbourhood" else villages.get(_first(told, VILLAGE_OF), "")
    )
    found = _CODE.match(given.upper())
    known = f"gm{found[1]}" if found else ""
    if known not in all_municipalities():
        raise Unreadable(own("no municipality has the code '{0}'", given))
    heirs = successors(known)
    return heirs[0].code if len(heirs) == 1 else known

"""Bring places from the open registers into rows, a page at a time, so that it may be stopped anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import httpx
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from plein.listening.places.gazetteer import Place, find, key_of
from plein.listening.places.registers import Page, Unreadable, asking, page_of
from plein.listening.query.terms import place_name
from plein_web.listening.actions import CHANGED
from plein_web.listening.models import PlaceLoad, PlaceName
from plein_web.town.actions import emit
from plein_web.town.models import Town

# Rows in one statement.
AT_ONCE = 500
FIELDS = ["name", "key", "municipality", "valid_from", "valid_until", "loaded_at"]


def parts_for(municipalities: Iterable[str]) -> list[str]:
    """Return what to load, in order: neighbourhoods and villages of the country, streets of some municipalities.

    >>> parts_for(["gm0753"])
    ['neighbourhood', 'village', 'street:gm0753']
    """
    return ["neighbourhood", "village", *(f"street:{code}" for code in municipalities)]


def municipalities_of_towns() -> list[str]:
    """Return the codes of the municipalities that the towns here are."""
    found = (find(place_name(name))[:1] for name in Town.objects.order_by("id").values_list("name", flat=True))
    return list(dict.fromkeys(one.code for municipalities in found for one in municipalities))


def begin(part: str, now: datetime, *, anew: bool = False) -> PlaceLoad:
    """Return how far a part has come; one that was finished stays so, unless it is to be done anew."""
    load, _ = PlaceLoad.objects.get_or_create(part=part, defaults={"started_at": now})
    if anew and load.finished_at:
        load.reached, load.total, load.started_at, load.finished_at = 0, 0, now, None
        load.save()
    return load


def pages(load: PlaceLoad, client: httpx.Client) -> Iterator[Page]:
    """Ask for what is left of a part and keep each page as it comes. Raises httpx.HTTPError and Unreadable."""
    kind, _, municipality = load.part.partition(":")
    address = settings.NEIGHBOURHOODS_URL if kind == "neighbourhood" else settings.ADDRESSES_URL
    while load.finished_at is None:
        answer = client.get(address, params=asking(kind, load.reached, municipality)).raise_for_status()
        try:
            page = page_of(kind, answer.json(), load.reached)
        except ValueError as problem:
            raise Unreadable(str(problem)) from problem
        keep_page(load, page, timezone.now())
        yield page


@transaction.atomic
def keep_page(load: PlaceLoad, page: Page, now: datetime) -> None:
    """Keep a page and how far we are, together; after the last, end what the register no longer has."""
    keep(page.places, now)
    load.reached, load.total = page.reached, page.total
    if page.is_last:
        load.finished_at = now
        kind, _, municipality = load.part.partition(":")
        gone = PlaceName.objects.filter(kind=kind, loaded_at__lt=load.started_at, valid_until=None)
        (gone.filter(municipality=municipality) if municipality else gone).update(valid_until=now.date())
    load.save()


def keep(places: Iterable[Place], now: datetime) -> int:
    """Keep places, each once by kind and code; return how many."""
    rows = {(one.kind, one.code): _row(one, now) for one in places}
    PlaceName.objects.bulk_create(
        rows.values(), AT_ONCE, update_conflicts=True, unique_fields=["kind", "code"], update_fields=FIELDS
    )
    return len(rows)


def _row(place: Place, now: datetime) -> PlaceName:
    return PlaceName(
        kind=place.kind,
        code=place.code,
        name=place.name[:200],
        key=key_of(place.name)[:200],
        municipality=place.municipality,
        valid_from=place.valid_from,
        valid_until=place.valid_until,
        loaded_at=now,
    )


@transaction.atomic
def mark_shared(kinds: Iterable[str], now: datetime) -> None:
    """Write which names several municipalities have, and let every town's watches take up the names."""
    for kind in kinds:
        keys = PlaceName.objects.shared_keys(kind)
        PlaceName.objects.filter(kind=kind, shared=True).update(shared=False)
        for some in _some(sorted(keys)):
            PlaceName.objects.filter(kind=kind, key__in=some).update(shared=True)
    for town in Town.objects.all():
        emit(town=town, kind=CHANGED, at=now)


def _some(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def villages() -> dict[str, str]:
    """Return the municipality of every village that was loaded, by the village's code."""
    return dict(PlaceName.objects.filter(kind="village").values_list("code", "municipality"))

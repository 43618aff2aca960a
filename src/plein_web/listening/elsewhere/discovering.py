"""From new mentions to the places where they were said: a worker with a cursor, so that listening itself loses no time.

Only what a watch caught becomes part of a place, because only that is a mention.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from plein.listening.joining.discovering import Spot, spots
from plein.listening.places.judge import ABOUT
from plein_web.channels.models import Source
from plein_web.listening.elsewhere.models import ConversationPlace, Spoken
from plein_web.listening.models import Mention
from plein_web.town.models import Cursor

CONSUMER = "places"
AT_ONCE = 200
FIELDS = ("pk", "town_id", "network_code", "uri_hash", "thread", "tags", "source", "posted_at")


class Where(NamedTuple):
    """A place as its row is unique by."""

    town: int
    network: str
    kind: str
    key: str


@dataclass(slots=True)
class Heard:
    """What new mentions bring to one place."""

    first_at: datetime
    last_at: datetime
    hashes: set[str]


def discover(now: datetime) -> int:
    """Put new mentions in their places; returns how many mentions were looked at."""
    cursor = Cursor.objects.get_or_create(consumer=CONSUMER)[0]
    if not Mention.objects.filter(pk__gt=cursor.event).exists():
        return 0
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(consumer=CONSUMER)
        fresh = list(
            Mention.objects.filter(pk__gt=cursor.event).order_by("pk").values(*FIELDS, "sure", "about")[:AT_ONCE]
        )
        if fresh:
            put([row for row in fresh if _counts(row)], now)
            cursor.event = fresh[-1]["pk"]
            cursor.save(update_fields=["event"])
    return len(fresh)


def put(mentions: list[dict], now: datetime) -> None:
    """Put mentions in the places where they were said; doing it again changes nothing."""
    heard = _by_place(mentions)
    if not heard:
        return
    rows = [
        ConversationPlace(town_id=at.town, network_code=at.network, kind=at.kind, key=at.key, first_at=new.first_at,
                          last_at=new.last_at, changed_at=now)
        for at, new in heard.items()
    ]  # fmt: skip
    ConversationPlace.objects.bulk_create(rows, ignore_conflicts=True)
    places = _held(heard)
    Spoken.objects.bulk_create(
        [Spoken(place=places[at], uri_hash=one) for at, new in heard.items() for one in sorted(new.hashes)],
        ignore_conflicts=True,
    )
    for at, place in places.items():
        place.last_at, place.first_at = max(place.last_at, heard[at].last_at), min(place.first_at, heard[at].first_at)
        place.changed_at = now
    ConversationPlace.objects.bulk_update(places.values(), ["first_at", "last_at", "changed_at"])


def _by_place(mentions: list[dict]) -> dict[Where, Heard]:
    kinds = dict(Source.objects.filter(pk__in={row["source"] for row in mentions} - {None}).values_list("pk", "kind"))
    found: dict[Where, Heard] = {}
    for row in mentions:
        for spot in _spots(row, kinds):
            at, posted = Where(row["town_id"], row["network_code"], str(spot.kind), spot.key), row["posted_at"]
            new = found.setdefault(at, Heard(posted, posted, set()))
            new.first_at, new.last_at = min(new.first_at, posted), max(new.last_at, posted)
            new.hashes.add(row["uri_hash"])
    return found


def _spots(row: dict, kinds: dict[int, str]) -> list[Spot]:
    return list(spots(row["thread"] or "", row["tags"] or "", row["source"], kinds.get(row["source"], "")))


def _held(heard: dict[Where, Heard]) -> dict[Where, ConversationPlace]:
    keys: dict[tuple[int, str], list[str]] = defaultdict(list)
    for at in heard:
        keys[at.town, at.network].append(at.key)
    rows = [
        place
        for (town, network), named in keys.items()
        for place in ConversationPlace.objects.filter(town=town, network_code=network, key__in=named)
    ]
    found = {Where(row.town_id, row.network_code, row.kind, row.key): row for row in rows}
    return {at: found[at] for at in heard if at in found}


def _counts(row: dict) -> bool:
    """Whether a mention is about us, as `MentionQuerySet.counting` says it of rows."""
    if row["about"] is not None:
        return row["about"]
    return row["sure"] is None or row["sure"] >= ABOUT

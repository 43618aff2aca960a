"""What listening holds of one resident: mentions, found by making the pseudonym of each watch and month anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import groupby

from django.db import transaction

from plein.listening.hearing import Keys
from plein.town.retention import is_held
from plein_web.channels.residents import HELD
from plein_web.listening.keeping.forgetting import delete, subject_of
from plein_web.listening.models import Mention
from plein_web.town.actions import vault
from plein_web.town.residents import Erased, Resident


def find(resident: Resident) -> list[dict[str, object]]:
    """Return every overheard post of a resident, with the watch that brought it."""
    rows = Mention.objects.filter(pk__in=_ids(resident)).select_related("watch").order_by("posted_at", "id")
    return [_told(row) for row in rows]


@transaction.atomic
def erase(resident: Resident, now: datetime, holds: Collection[str] = ()) -> Erased:
    """Delete every overheard post of a resident, with a proof for each watch; what a legal hold keeps stays."""
    rows = Mention.objects.filter(pk__in=_ids(resident)).select_related("watch").order_by("watch", "id")
    gone = kept = 0
    for watch, held in groupby(rows, key=lambda row: row.watch):
        portion = list(held)
        if is_held(subject_of(watch), holds):
            kept += len(portion)
            continue
        delete(portion, town=resident.town, subject=subject_of(watch), up_to=None, now=now, why="request")
        gone += len(portion)
    return Erased("mentions", gone, ((kept, HELD),) if kept else ())


def _ids(resident: Resident) -> list[int]:
    return list(_matching(resident))


def _matching(resident: Resident) -> Iterator[int]:
    """Yield the mentions under each name that a resident has here: another one for every watch and month."""
    keys = Keys(vault().derive)
    heard = Mention.objects.of(resident.town).filter(network_code=resident.network)
    for watch, period in heard.order_by("watch", "period").values_list("watch", "period").distinct():
        author = keys.disguise(watch, period).author(resident.author_id)
        yield from heard.filter(watch=watch, period=period, author=author).values_list("pk", flat=True)


def _told(row: Mention) -> dict[str, object]:
    return {
        "watch": row.watch.name,
        "purpose": row.watch.purpose,
        "network": row.network_code,
        "posted_at": row.posted_at.isoformat(timespec="seconds"),
        "heard_at": row.heard_at.isoformat(timespec="seconds"),
        "text": row.text,
        "language": row.language,
        "matched": row.phrase,
    }

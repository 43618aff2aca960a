"""What listening holds of one resident: mentions, found by making the pseudonym of each watch and month anew."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from plein.listening.hearing import Keys
from plein_web.listening.models import Mention
from plein_web.town.actions import ask_to_press, vault
from plein_web.town.residents import Erased, Resident

AT_ONCE = 200


def find(resident: Resident) -> list[dict[str, object]]:
    """Return every overheard post of a resident, with the watch that brought it."""
    rows = Mention.objects.filter(pk__in=_ids(resident)).select_related("watch").order_by("posted_at", "id")
    return [_told(row) for row in rows]


@transaction.atomic
def erase(resident: Resident) -> Erased:
    """Delete every overheard post of a resident; nothing of it stays."""
    ids = _ids(resident)
    for start in range(0, len(ids), AT_ONCE):
        Mention.objects.filter(pk__in=ids[start : start + AT_ONCE]).delete()
    if ids:
        ask_to_press(Mention._meta.db_table)
    return Erased("mentions", len(ids))


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

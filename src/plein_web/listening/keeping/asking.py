"""Ask the networks, at least once a day, whether what was overheard still stands; what was deleted there goes here.

Not every network tells strangers of deletions, and a stream that was away for a moment has missed some. The addresses
are opened for it, which the audit trail says once for every time around.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from plein.channels.fates import Fate, fates
from plein.listening.hearing import Keys
from plein.town.vault import WrongKey
from plein_web.channels.clients import of_the_house
from plein_web.listening import store
from plein_web.listening.keeping.forgetting import delete, subject_of
from plein_web.listening.keeping.models import AskRound
from plein_web.listening.models import Mention
from plein_web.town.actions import audit, door_for, vault
from plein_web.town.models import Town

# A time around begins so often, and takes less: 25 in fifteen seconds are 72,000 in twelve hours.
AROUND_EVERY = timedelta(hours=12)
AT_ONCE = 25
# Posts younger than this are still told by their streams.
LEAVE_ALONE = timedelta(minutes=5)


def ask_networks(now: datetime) -> int:
    """Ask after some overheard posts of every town. Returns 0, whatever there is: politeness sets the pace."""
    for town in Town.objects.filter(mentions__isnull=False).distinct().order_by("pk"):
        ask_some(town, now)
    return 0


def ask_some(town: Town, now: datetime) -> int:
    """Ask after the next portion of a town; returns how many went."""
    progress = AskRound.objects.filter(town=town).first() or AskRound(town=town, began_at=now)
    rows = _next(town, progress.reached, now)
    if not rows and now - progress.began_at >= AROUND_EVERY:
        progress.reached, progress.began_at = 0, now
        rows = _next(town, 0, now)
    if not rows:
        return 0
    if not progress.reached:
        _tell(town, now)
    gone = _gone(town, rows)
    _forget(gone, now)
    progress.reached = rows[-1].pk
    progress.save()
    return len(gone)


def _next(town: Town, reached: int, now: datetime) -> list[Mention]:
    rows = Mention.objects.of(town).filter(pk__gt=reached, heard_at__lte=now - LEAVE_ALONE)
    return list(rows.defer("text", "search", "why").order_by("pk")[:AT_ONCE])


def _tell(town: Town, now: datetime) -> None:
    """Write down that the addresses are opened: once a time around, before the first is."""
    number = Mention.objects.of(town).count()
    details = {"number": number, "at": now.isoformat()}
    audit(town=town, actor="retention", action="mention.asked_after", subject=f"town:{town.slug}", details=details)


def _gone(town: Town, rows: Iterable[Mention]) -> list[Mention]:
    """Return the mentions of which the post is gone, or whose author asks since not to be read by strangers."""
    addresses = _opened(rows)
    by_network: dict[str, list[Mention]] = defaultdict(list)
    for row in rows:
        if row.pk in addresses:
            by_network[row.network_code].append(row)
    gone = []
    for network, part in by_network.items():
        uris = sorted({addresses[row.pk] for row in part})
        found = fates(network, uris, door_for(town), of_the_house(network))
        gone += [row for row in part if found.get(addresses[row.pk]) in (Fate.GONE, Fate.HIDDEN)]
    return gone


def _opened(rows: Iterable[Mention]) -> dict[int, str]:
    keys, found = Keys(vault().derive), {}
    for row in rows:
        try:
            found[row.pk] = keys.disguise(row.watch_id, row.period).unlock(row.locator, row.uri_hash)
        except (WrongKey, ValueError):
            continue
    return found


def _forget(gone: list[Mention], now: datetime) -> None:
    """Delete what is gone, for every watch and town that has it, with proof; a hold does not keep it."""
    hashes = sorted({row.uri_hash for row in gone})
    if not hashes:
        return
    with transaction.atomic():
        by_watch: dict[int, list[Mention]] = defaultdict(list)
        for row in Mention.objects.filter(uri_hash__in=hashes).select_related("watch").order_by("watch", "pk"):
            by_watch[row.watch_id].append(row)
        for rows in by_watch.values():
            watch = rows[0].watch
            delete(rows, town=watch.town_id, subject=subject_of(watch), up_to=None, now=now, why="network")
        store.forget(hashes, now)

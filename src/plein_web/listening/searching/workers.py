"""Look back, one page of one watch at a time: what is found goes the way of everything overheard.

Rows first, then where we are: killed in between, a page is read again, and unique keys make it harmless.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from random import Random

from django.utils import timezone

from plein.channels.asking import back_off
from plein.channels.errors import ChannelError
from plein.listening.lawful.states import may_collect
from plein.listening.searching import search_from, terms_of
from plein.town.saying import own
from plein_web.channels.clients import client_for
from plein_web.channels.models import Channel, Source
from plein_web.channels.workers.lanes import Lanes
from plein_web.channels.workers.trouble import UNREACHABLE, as_channel_error, sign_in_needed
from plein_web.listening import store
from plein_web.listening.compiling import compiled
from plein_web.listening.lawful.standing import mandated_towns, standing_of
from plein_web.listening.models import LookBack, Watch
from plein_web.listening.standing import STANDING

# Pages of one account in a round of five seconds, and of one term in all.
PAGES_A_ROUND = 2
MOST_PAGES = 10
USUAL = 60.0
STREAMS = ("jetstream", "firehose")
CHANCE = Random()
_lanes = Lanes("search")


def look_back(now: datetime) -> int:
    """Search for the watches of every town that has an account where can be searched. Returns 0: politeness sets the pace."""
    speaking = {}
    for channel in Channel.objects.open().select_related("town").order_by("-pk"):
        if channel.abilities.searches:
            speaking[channel.town_id, channel.network_code] = channel
    _lanes.run({key: partial(look_back_as, channel, now) for key, channel in speaking.items()})
    return 0


def look_back_as(channel: Channel, now: datetime) -> int:
    """Read some pages as one account; returns how many mentions are new."""
    heard_at = _stream_heard_at(channel)
    mandated = mandated_towns(now)
    new = pages = 0
    for watch in Watch.objects.of(channel.town).live(now).select_related("town"):
        if not may_collect(standing_of(watch, mandated), now):
            continue
        row = _row(watch, channel, now)
        while pages < PAGES_A_ROUND and _is_due(row, heard_at, now):
            pages += 1
            new += _look(row, watch, channel, now)
    return new


def _stream_heard_at(channel: Channel) -> datetime | None:
    sources = Source.objects.of(channel.town).filter(network_code=channel.network_code, kind__in=STREAMS, active=True)
    return max((source.last_ok_at for source in sources if source.last_ok_at), default=None)


def _row(watch: Watch, channel: Channel, now: datetime) -> LookBack:
    values = {"due_at": now}
    return LookBack.objects.get_or_create(watch=watch, network_code=channel.network_code, defaults=values)[0]


def _is_due(row: LookBack, heard_at: datetime | None, now: datetime) -> bool:
    """Whether there is a page to read; begins a round when it is time for one."""
    if row.due_at > now:
        return False
    if row.until is None:
        since = search_from(row.reached, heard_at, now)
        if since is None:
            return False
        _keep(row, since=since, until=now, term=0, page="", pages=0, words="")
    return True


def _look(row: LookBack, watch: Watch, channel: Channel, now: datetime) -> int:
    terms = terms_of(compiled(watch, timezone.localdate(now)).watch.tree)
    if terms is None:
        words = own("This query cannot be searched for there: it is too broad, or has words that are only begun.")
        return _done(row, words=words, due_at=now + timedelta(hours=6))
    if row.term >= len(terms):
        return _done(row)
    try:
        found = client_for(channel).search(terms[row.term], row.since, row.page)
    except (ChannelError, *UNREACHABLE) as trouble:
        return _failed(row, channel, as_channel_error(trouble), now)
    listener = STANDING.listener(channel.town_id)
    new = store.save(None, listener.hear_items(found.items, now), now)
    _move_on(row, terms, found.following)
    return new


def _move_on(row: LookBack, terms: tuple[str, ...], following: str) -> None:
    """Go to the next page, else to the next term, else to the end."""
    if following and row.pages + 1 < MOST_PAGES:
        _keep(row, page=following, pages=row.pages + 1, failures=0)
        return
    words = own("More was said with {0} than the search shows.", terms[row.term]) if following else row.words
    _keep(row, term=row.term + 1, page="", pages=0, failures=0, words=words)
    if row.term >= len(terms):
        _done(row)


def _done(row: LookBack, **more: object) -> int:
    _keep(row, reached=row.until, until=None, **more)
    return 0


def _failed(row: LookBack, channel: Channel, error: ChannelError, now: datetime) -> int:
    if error.needs_sign_in:
        sign_in_needed(channel, error, now)
    wait = back_off(row.failures, USUAL, CHANCE, permanent=error.permanent, retry_after=error.retry_after)
    _keep(row, failures=min(row.failures + 1, 1000), due_at=now + wait, words=error.words)
    return 0


def _keep(row: LookBack, **values: object) -> None:
    LookBack.objects.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(row, name, value)

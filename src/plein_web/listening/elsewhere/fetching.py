"""Bring what was joined here: the network's own thread, read with the town's own account. The only place that asks for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from plein.channels.errors import ChannelError
from plein.channels.posts import Deleted
from plein.listening.hearing import Keys
from plein.town.saying import own
from plein.town.vault import WrongKey
from plein_web.channels.actions.receiving import take
from plein_web.channels.clients import client_for
from plein_web.channels.models import Post
from plein_web.channels.workers.hearing import nameless_source
from plein_web.channels.workers.trouble import UNREACHABLE, as_channel_error
from plein_web.listening.elsewhere.actions import JOINED
from plein_web.listening.elsewhere.models import PlaceChoice
from plein_web.town.actions import emit, vault

AT_ONCE = 5
TRIES = 6
FIRST_WAIT = timedelta(seconds=2)
GONE = own("The message is no longer there.")
NO_ACCOUNT = own("The account with which we would answer is gone.")


def fetch_joined(now: datetime) -> int:
    """Fetch some of the conversations that were joined; returns how many are here, or never will be."""
    rows = PlaceChoice.objects.to_fetch(now).select_related("channel__town", "town")[:AT_ONCE]
    return sum(fetch(choice, now) for choice in rows)


def fetch(choice: PlaceChoice, now: datetime) -> int:
    """Fetch one conversation; what is only late is asked for again."""
    if choice.channel is None:
        return _failed(choice, NO_ACCOUNT, now)
    try:
        uri = _uri_of(choice)
        items = _thread(client_for(choice.channel), uri)
    except WrongKey as error:
        return _failed(choice, str(error), now)
    except (ChannelError, *UNREACHABLE) as trouble:
        error = as_channel_error(trouble)
        return _failed(choice, error.words, now) if error.permanent else _later(choice, error.words, now)
    take(source=nameless_source(choice.channel), items=items, now=now, ask_threads=False)
    post = (
        Post.objects.of(choice.town).filter(network_code=choice.channel.network_code, uri=uri, deleted_at=None).first()
    )
    return _here(choice, post, now) if post else _failed(choice, GONE, now)


def _thread(client, uri: str) -> tuple:
    """Return the thread around a post, with the post itself, also where the network leaves that out."""
    items = client.thread(uri, "")
    if any(item.uri == uri for item in items if hasattr(item, "uri")):
        return items
    found = client.check(uri, "")
    return items if isinstance(found, Deleted) else (*items, found)


def _uri_of(choice: PlaceChoice) -> str:
    """Return the address that a colleague opened by joining; that was written down then."""
    disguise = Keys(vault().derive).disguise(choice.watch, choice.period)
    return disguise.unlock(choice.locator, choice.uri_hash)


@transaction.atomic
def _here(choice: PlaceChoice, post: Post, now: datetime) -> int:
    written = PlaceChoice.objects.filter(pk=choice.pk, fetch="waiting").update(
        fetch="here", post=post, locator="", words=""
    )
    if written:
        emit(town=choice.town, kind=JOINED, subject=choice.pk, at=now)
    return written


def _later(choice: PlaceChoice, words: str, now: datetime) -> int:
    if choice.tries + 1 >= TRIES:
        return _failed(choice, words, now)
    wait = FIRST_WAIT * 2**choice.tries
    PlaceChoice.objects.filter(pk=choice.pk).update(tries=choice.tries + 1, fetch_at=now + wait, words=words)
    return 0


@transaction.atomic
def _failed(choice: PlaceChoice, words: str, now: datetime) -> int:
    """Write why a conversation cannot be brought here; its place waits in the queue again."""
    PlaceChoice.objects.filter(pk=choice.pk).update(fetch="failed", locator="", words=words)
    choice.town.conversation_places.filter(chosen_at=choice.made_at, state="joined").update(
        state="open", chosen_at=None
    )
    emit(town=choice.town, kind="place.chosen", subject=choice.pk, at=now)
    return 1

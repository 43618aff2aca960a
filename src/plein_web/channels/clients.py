"""From a row to a client that can speak with its network."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from plein.channels.basis import why_not_connect
from plein.channels.contract import Account, SourceSpec
from plein.channels.registry import codes, network
from plein_web.channels.models import Channel, Source
from plein_web.town.actions import door_for, keep_secret, secret
from plein_web.town.models import Secret

PRACTICE = "memory"


def offered() -> tuple[str, ...]:
    """Return the networks that may be connected here: the practice square only where there is one."""
    here = (code for code in codes() if code != PRACTICE or settings.PRACTICE_SQUARE)
    return tuple(code for code in here if not why_not_connect(network(code).abilities))


def of_the_house(code: str) -> dict[str, str]:
    """Return what whoever runs Plein sets for a network: of the practice square, where it is kept."""
    return {"address": settings.PRACTICE_SQUARE} if code == PRACTICE and settings.PRACTICE_SQUARE else {}


def client_for(channel: Channel):
    """Return a client that speaks as a channel. Refreshed tokens are stored by themselves.

    Two processes that refresh at once would end each other's session: only the engine asks for one.
    """
    return network(channel.network_code).connect(account_of(channel), door_for(channel.town))


def client_for_source(source: Source):
    """Return a client that reads a source, as its channel or as nobody."""
    if speaker := source.channel or source.reads_as:
        return client_for(speaker)
    account = Account(network=source.network_code, settings=of_the_house(source.network_code) | source.settings)
    return network(source.network_code).connect(account, door_for(source.town))


class Kept:
    """Clients that live from round to round, so that their connections do.

    One lane of work keeps its own: a client is used by one thread at a time. Whatever it was
    made of changes (tokens that another lane refreshed, settings), it is made anew.
    """

    def __init__(self) -> None:
        self._clients: dict[int, tuple[object, object]] = {}

    def client_for(self, channel: Channel):
        """Return the client of a channel."""
        account = (channel.network_code, channel.handle, channel.identity, channel.settings)
        made_of = (*account, channel.town.allowed_addresses, _tokens_changed_at(channel))
        kept = self._clients.get(channel.pk)
        if kept is None or kept[0] != made_of:
            kept = self._clients[channel.pk] = (made_of, client_for(channel))
        return kept[1]


def _tokens_changed_at(channel: Channel) -> datetime | None:
    return Secret.objects.filter(name=channel.secret_name).values_list("changed_at", flat=True).first()


def spec_of(source: Source) -> SourceSpec:
    """Return a source as its network sees it."""
    return SourceSpec(source.kind, source.address, source.settings)


def account_of(channel: Channel) -> Account:
    """Return a channel as its network sees it, with its tokens in the clear."""
    secrets = secret(channel.secret_name)

    def keep(refreshed: dict[str, str]) -> None:
        secrets.update(refreshed)
        keep_secret(name=channel.secret_name, values=secrets)

    # The server told us its own limit when the channel was connected.
    limit = {"max_length": str(channel.max_length)} if channel.max_length else {}
    return Account(channel.network_code, channel.handle, channel.identity, channel.settings | limit, secrets, keep)


# By code: it takes a client to know, and the answer does not change.
_streaming_networks: dict[str, bool] = {}


def streams(source: Source) -> bool:
    """Whether the network of a source tells what is new by itself."""
    if source.network_code not in _streaming_networks:
        _streaming_networks[source.network_code] = hasattr(client_for_source(source), "stream")
    return _streaming_networks[source.network_code]

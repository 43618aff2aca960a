"""Look what the site at an address offers to read. Nothing is written."""

from __future__ import annotations

from plein.channels.sites import Site, explore
from plein.town.roles import Right
from plein_web.channels.workers.trouble import UNREACHABLE, as_channel_error
from plein_web.town.access import Actor
from plein_web.town.actions import door_for


def look_at_site(*, actor: Actor, address: str) -> Site:
    """Return the feeds of a site, and whether its page may be watched. Raises ChannelError."""
    actor.need(Right.WRITE, "channels")
    try:
        return explore(address, door_for(actor.town))
    except UNREACHABLE as trouble:
        raise as_channel_error(trouble) from trouble

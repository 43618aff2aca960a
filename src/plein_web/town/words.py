"""What the audit trail says: the stored codes of actions, in the words of the screens."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

ACTIONS: dict[str, Promise] = {
    "backup.restored": lazy("put a backup back"),
    "channel.connected": lazy("connected a channel"),
    "channel.disconnected": lazy("disconnected a channel"),
    "channel.paused": lazy("paused a channel"),
    "channel.resumed": lazy("resumed a channel"),
    "channel.sign_in_needed": lazy("lost access to a channel"),
    "conversation.assigned": lazy("assigned a conversation"),
    "conversation.closed": lazy("closed a conversation"),
    "conversation.reopened": lazy("opened a conversation again"),
    "conversation.waiting": lazy("let a conversation wait for the resident"),
    "hold.lifted": lazy("lifted a stop"),
    "hold.placed": lazy("stopped sending"),
    "mention.opened": lazy("looked up where a message stands"),
    "outgoing.cancelled": lazy("took a message back"),
    "outgoing.planned": lazy("sent a message"),
    "outgoing.settled_by_hand": lazy("said whether a message arrived"),
    "outgoing.tried_again": lazy("tried to send a message again"),
    "person.invited": lazy("invited somebody"),
    "person.link_made": lazy("made a one-time link"),
    "person.removed": lazy("took a role away"),
    "person.role_changed": lazy("changed a role"),
    "post.entered": lazy("entered a message by hand"),
    "source.added": lazy("started reading a source"),
    "source.removed": lazy("stopped reading a source"),
    "town.addresses_allowed": lazy("changed the allowed addresses"),
    "town.changed": lazy("changed the settings"),
    "town.founded": lazy("set up the municipality"),
    "watch.changed": lazy("changed a watch"),
    "watch.made": lazy("made a watch"),
    "watch.stopped": lazy("stopped a watch"),
}


def action(code: str) -> str:
    """Return what somebody did; an unknown code stays as it is."""
    return str(ACTIONS.get(code, code))

"""The only way from a person to a conversation."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from plein.town.roles import Right, may
from plein_web.inbox.models import Conversation
from plein_web.town.access import Actor
from plein_web.town.models import Membership, Person

# No row has a number of more figures, and Python refuses to read one of thousands.
MOST_FIGURES = 18


def number_of(text: str) -> int:
    """Return the number of a row as an address or a form names it; what names none is 0.

    >>> number_of("12"), number_of("twelve"), number_of("9" * 5000)
    (12, 0, 0)
    """
    return int(text) if text.isdecimal() and len(text) <= MOST_FIGURES else 0


def conversation_for(actor: Actor, pk: int, right: Right = Right.READ) -> Conversation:
    """Return a conversation of the actor's town; another town's does not exist."""
    actor.need(right, "inbox")
    rows = Conversation.objects.of(actor.town).select_related("channel", "assignee")
    return get_object_or_404(rows, pk=pk)


def colleagues_of(actor: Actor) -> list[Person]:
    """Return who may be given a conversation in the actor's town, by name."""
    roles = Membership.objects.filter(town=actor.town, person__is_active=True).select_related("person")
    people = [row.person for row in roles if may(row.role, Right.WRITE, "inbox")]
    return sorted(people, key=lambda person: person.name.casefold())

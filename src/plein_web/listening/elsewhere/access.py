"""The only way from a person to a place of conversation, or to a choice about one."""

from __future__ import annotations

from django.http import Http404

from plein.town.roles import Right
from plein_web.listening.elsewhere.models import ConversationPlace, PlaceChoice
from plein_web.listening.models import Mention
from plein_web.town.access import Actor
from plein_web.town.models import Membership, Person

ROOM = "listening"


def place_for(actor: Actor, pk: int) -> ConversationPlace:
    """Return a place of the actor's town."""
    actor.need(Right.READ, ROOM)
    place = ConversationPlace.objects.of(actor.town).select_related("assignee").filter(pk=pk).first()
    if place is None:
        raise Http404(pk)
    return place


def choice_for(actor: Actor, pk: int) -> PlaceChoice:
    """Return a choice that somebody of the actor's town made, undone ones included."""
    actor.need(Right.READ, ROOM)
    rows = PlaceChoice.objects.filter(town=actor.town, pk=pk)
    choice = rows.select_related("place", "post", "person", "channel").first()
    if choice is None:
        raise Http404(pk)
    return choice


def mention_in(place: ConversationPlace, uri_hash: str) -> Mention | None:
    """Return what was said in a place, by its hash; none where it is gone or was said elsewhere."""
    if not place.spoken.filter(uri_hash=uri_hash).exists():
        return None
    rows = Mention.objects.of(place.town_id).filter(uri_hash=uri_hash)
    return rows.select_related("watch").order_by("id").first()


def colleagues_of(actor: Actor) -> list[Person]:
    """Return who may be handed a place: who may answer, by name, without the actor."""
    rows = Membership.objects.filter(town=actor.town, person__is_active=True).select_related("person")
    people = [row.person for row in rows if row.may(Right.WRITE, "inbox") and row.person_id != actor.person.pk]
    return sorted(people, key=lambda person: person.name.casefold())

"""The only way from a signed-in person to a town."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404

from plein.town.roles import Right
from plein_web.town.models import Membership, Person, Town

# For a page that holds no resident's words and shows its own form again: Back finds it where `no-store` would be
# an error page (docs/decisions/0025-back-and-the-shared-computer.md).
OWN_FORM = {"private": True, "no_cache": True}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in a town, in a role: what every action and every access function starts from."""

    person: Person
    town: Town
    membership: Membership

    def may(self, right: Right, room: str) -> bool:
        """Whether the role gives a right in a room."""
        return self.membership.may(right, room)

    def need(self, right: Right, room: str) -> None:
        """Raise PermissionDenied unless the role gives the right."""
        if not self.may(right, room):
            raise PermissionDenied(room)


def actor_for(person: Person, slug: str, right: Right = Right.READ, room: str = "inbox") -> Actor:
    """Return a person as an actor in a town. A town that is not theirs does not exist for them."""
    membership = Membership.objects.select_related("town").filter(person_id=person.pk, town__slug=slug).first()
    if membership is None:
        raise Http404(slug)
    actor = Actor(person, membership.town, membership)
    actor.need(right, room)
    return actor

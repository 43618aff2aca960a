"""A town is founded; people come, change role and go; rooms are switched on; addresses allowed."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from plein.town.roles import Right, Role
from plein_web.town.access import Actor
from plein_web.town.actions import audit
from plein_web.town.models import Membership, Person, Town

# First words of our own addresses: no town may be called so.
RESERVED = frozenset(
    {
        "approve",
        "enter",
        "healthz",
        "help",
        "hooks",
        "language",
        "live",
        "me",
        "metrics",
        "setup",
        "sign-in",
        "sign-out",
        "sign-up",
        "static",
    }
)


class LastAdministrator(Exception):
    """A town cannot be without an administrator."""


def slug_of(name: str) -> str:
    """Return the first part of a town's addresses, free and not one of our own words."""
    wanted = slugify(name)[:40] or "gemeente"
    slug, number = wanted, 1
    while slug in RESERVED or Town.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug


@transaction.atomic
def found_town(*, name: str, preset: str, administrator: Person) -> Actor:
    """Make a town with its first administrator."""
    town = Town.objects.create(name=name, slug=slug_of(name), preset=preset, language=administrator.language)
    membership = Membership.objects.create(town=town, person=administrator, role=Role.ADMINISTRATOR)
    audit(town=town, actor=administrator, action="town.founded", subject=f"town:{town.pk}", details={"preset": preset})
    return Actor(administrator, town, membership)


@transaction.atomic
def invite(*, actor: Actor, name: str, email: str, role: str) -> Person:
    """Give somebody a role here; somebody who is new gets a row and has to come in by link."""
    actor.need(Right.WRITE, "town")
    email = email.lower()
    person = Person.objects.filter(email=email).first() or Person.objects.create_user(
        email, name=name, language=actor.town.language
    )
    Membership.objects.get_or_create(person=person, town=actor.town, defaults={"role": role})
    _note(actor, "person.invited", person, role=role)
    return person


@transaction.atomic
def change_role(*, actor: Actor, membership: Membership, role: str) -> None:
    """Make somebody administrator, webcare or reader. Raises LastAdministrator."""
    actor.need(Right.WRITE, "town")
    if role != Role.ADMINISTRATOR:
        _spare_last(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    _note(actor, "person.role_changed", membership.person, before=before, role=role)


@transaction.atomic
def let_answer_requests(*, actor: Actor, membership: Membership, answers: bool) -> None:
    """Say whether somebody handles what residents ask about their own data, beside their role."""
    actor.need(Right.WRITE, "town")
    if membership.answers_requests == answers:
        return
    membership.answers_requests = answers
    membership.save(update_fields=["answers_requests"])
    _note(actor, "person.requests_switched", membership.person, answers=answers)


@transaction.atomic
def remove(*, actor: Actor, membership: Membership) -> None:
    """Take somebody's role away; what they did stays. Raises LastAdministrator."""
    actor.need(Right.WRITE, "town")
    _spare_last(membership)
    membership.delete()
    _note(actor, "person.removed", membership.person, role=membership.role)


@transaction.atomic
def change_town(*, actor: Actor, name: str, preset: str, rooms: list[str], language: str) -> None:
    """Change how the town is called and which rooms it shows."""
    actor.need(Right.WRITE, "town")
    town = actor.town
    town.name, town.preset, town.rooms, town.language = name, preset, rooms, language
    town.save(update_fields=["name", "preset", "rooms", "language"])
    details = {"name": name, "preset": preset, "rooms": rooms, "language": language}
    audit(town=town, actor=actor.person, action="town.changed", subject=f"town:{town.pk}", details=details)


@transaction.atomic
def allow_addresses(*, actor: Actor, addresses: list[str]) -> None:
    """Let channels of this town reach these private addresses, and no others."""
    actor.need(Right.WRITE, "town")
    town = actor.town
    before, town.allowed_addresses = town.allowed_addresses, addresses
    town.save(update_fields=["allowed_addresses"])
    details = {"before": before, "after": addresses}
    audit(town=town, actor=actor.person, action="town.addresses_allowed", subject=f"town:{town.pk}", details=details)


def may_have_link(actor: Actor, person: Person) -> bool:
    """Whether an administrator of this town may make a way in as somebody.

    Whoever has the link is that person, in every town: so never for who serves another one as
    well, nor for who runs Plein.
    """
    elsewhere = Membership.objects.filter(person=person).exclude(town=actor.town)
    return not person.is_superuser and not elsewhere.exists()


def note_link(*, actor: Actor, person: Person) -> None:
    """Write down that an administrator made a one-time link for somebody."""
    actor.need(Right.WRITE, "town")
    _note(actor, "person.link_made", person)


def _spare_last(membership: Membership) -> None:
    """Raise LastAdministrator when nobody else could let people in."""
    if membership.role != Role.ADMINISTRATOR:
        return
    administrators = Membership.objects.select_for_update().filter(
        town_id=membership.town_id, role=Role.ADMINISTRATOR, person__is_active=True
    )
    if not [other for other in administrators if other.pk != membership.pk]:
        raise LastAdministrator


def _note(actor: Actor, action: str, person: Person, **details: object) -> None:
    audit(
        town=actor.town,
        actor=actor.person,
        action=action,
        subject=f"person:{person.pk}",
        details={"email": person.email, **details},
    )

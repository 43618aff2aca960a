"""What people call a town that no register has: added, removed, put back."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from plein.listening.places.gazetteer import key_of
from plein.listening.watching import name_objection
from plein.town.roles import Right
from plein_web.listening.actions import CHANGED
from plein_web.listening.models import OwnName
from plein_web.town.access import Actor
from plein_web.town.actions import audit, emit


class NoName(ValueError):
    """What may not be a name; the reason in a sentence of ours."""


class AlreadyThere(ValueError):
    """The town has this name already."""


def add_name(*, actor: Actor, name: str, kind: str) -> OwnName:
    """Add a name; every watch on the town's place takes it up. Raises AlreadyThere and NoName."""
    actor.need(Right.WRITE, "listening")
    if objection := name_objection(name):
        raise NoName(objection)
    try:
        with transaction.atomic():
            made = OwnName.objects.create(
                town=actor.town, name=name, key=key_of(name), kind=kind, added_by=actor.person
            )
            _tell(actor, made, "name.added")
    except IntegrityError as problem:
        raise AlreadyThere(name) from problem
    return made


@transaction.atomic
def remove_name(*, actor: Actor, own: OwnName) -> None:
    """Take a name away. It can be put back."""
    actor.need(Right.WRITE, "listening")
    if OwnName.objects.filter(pk=own.pk, removed_at=None).update(removed_at=timezone.now()):
        _tell(actor, own, "name.removed")


def restore_name(*, actor: Actor, own: OwnName) -> None:
    """Put a name back. Raises AlreadyThere when it was added again meanwhile, NoName when it may be none."""
    actor.need(Right.WRITE, "listening")
    if objection := name_objection(own.name):
        raise NoName(objection)
    try:
        with transaction.atomic():
            if OwnName.objects.filter(pk=own.pk).exclude(removed_at=None).update(removed_at=None):
                _tell(actor, own, "name.added")
    except IntegrityError as problem:
        raise AlreadyThere(own.name) from problem


def _tell(actor: Actor, own: OwnName, action: str) -> None:
    details = {"name": own.name, "kind": own.kind}
    audit(town=actor.town, actor=actor.person, action=action, subject=f"name:{own.pk}", details=details)
    emit(town=actor.town, kind=CHANGED)

"""Take a request in, make a code for it, close it; hear somebody no more, or again.

The audit trail keeps the number of a request, never the account: what stands there cannot be erased.
"""

from __future__ import annotations

import secrets
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plein.listening.answering import Kind, Outcome, due
from plein.listening.proving import LASTS, UNPROVEN, bare, new_code
from plein.listening.unheard import digest, purpose_of
from plein.town.roles import Right
from plein_web.listening.rights.access import ROOM
from plein_web.listening.rights.models import Objection, Particulars, Request
from plein_web.town.access import Actor
from plein_web.town.actions import audit, emit, vault
from plein_web.town.models import Town

OBJECTED = "objection.changed"


def open_request(*, actor: Actor, kind: str, network: str, handle: str, received_on: date | None = None) -> Request:
    """Take in what a resident asks, with a code that shows whose account it is."""
    actor.need(Right.WRITE, ROOM)
    if network in UNPROVEN or not bare(handle):
        raise ValidationError(_("An account on this network cannot be proved with a code."))
    now = timezone.now()
    received_on = received_on or timezone.localdate(now)
    with transaction.atomic():
        made = Request.objects.create(
            town=actor.town,
            kind=Kind(kind),
            network_code=network,
            handle=bare(handle),
            code=new_code(secrets.choice),
            code_until=now + LASTS,
            received_on=received_on,
            due_on=due(received_on),
            opened_by=actor.person,
            opened_at=now,
        )
        note(actor, made, "request.opened", kind=made.kind, network=network)
    return made


@transaction.atomic
def renew_code(*, actor: Actor, request: Request) -> Request:
    """Make another code; the one before it proves nothing any more."""
    actor.need(Right.WRITE, ROOM)
    code, until = new_code(secrets.choice), timezone.now() + LASTS
    if Request.objects.open().filter(pk=request.pk, proved_at=None).update(code=code, code_until=until):
        request.code, request.code_until = code, until
        note(actor, request, "request.code_made")
    return request


@transaction.atomic
def close_request(*, actor: Actor, request: Request, outcome: str) -> Request:
    """Close a request, with how it ended."""
    actor.need(Right.WRITE, ROOM)
    now, outcome = timezone.now(), Outcome(outcome)
    closed = {"outcome": outcome, "closed_at": now, "closed_by": actor.person, "code": ""}
    if Request.objects.open().filter(pk=request.pk).update(**closed):
        for name, value in closed.items():
            setattr(request, name, value)
        note(actor, request, "request.closed", outcome=str(outcome))
    return request


@transaction.atomic
def stop_hearing(*, actor: Actor, request: Request) -> None:
    """Drop from now on what the author of a proven request writes in the open, before anything is written."""
    _need_proof(actor, request)
    Objection.objects.get_or_create(town=request.town, digest=_digest(request))
    note(actor, request, "objection.made")
    emit(town=request.town_id, kind=OBJECTED)


@transaction.atomic
def hear_again(*, actor: Actor, request: Request) -> None:
    """Take an objection back, at the request of who made it."""
    _need_proof(actor, request)
    Objection.objects.filter(town=request.town, digest=_digest(request)).delete()
    note(actor, request, "objection.withdrawn")
    emit(town=request.town_id, kind=OBJECTED)


def is_unheard(request: Request) -> bool:
    """Whether the author of a proven request objected."""
    return Objection.objects.filter(town=request.town, digest=_digest(request)).exists()


@transaction.atomic
def tell_particulars(*, actor: Actor, **told: str) -> Particulars:
    """Write down what the register says of a town beside its watches."""
    actor.need(Right.WRITE, ROOM)
    told["changed_at"] = timezone.now()
    row, _made = Particulars.objects.update_or_create(town=actor.town, defaults=told)
    audit(town=actor.town, actor=actor.person, action="register.changed", subject=f"town:{actor.town.pk}")
    return row


def particulars_of(town: Town) -> Particulars:
    """Return what a town wrote down; empty where it wrote nothing."""
    return Particulars.objects.filter(town=town).first() or Particulars(town=town)


def note(actor: Actor, request: Request, action: str, **details: object) -> None:
    """Write down a step of a request. Never the account, never a word."""
    audit(town=actor.town, actor=actor.person, action=action, subject=f"request:{request.pk}", details=details)


def _need_proof(actor: Actor, request: Request) -> None:
    actor.need(Right.WRITE, ROOM)
    if request.proved_at is None or not request.author_id:
        raise ValidationError(_("First the code has to arrive from this account."))


def _digest(request: Request) -> str:
    key = vault().derive(purpose_of(request.town_id))[-1]
    return digest(key, request.network_code, request.author_id)

"""Approve or refuse what a watch says, advise on it, and record what the mayor signed."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from plein.listening.lawful.asking import is_officer, is_too_near
from plein.listening.lawful.public_order import bars_to_approval
from plein.listening.lawful.purposes import PUBLIC_ORDER
from plein.listening.watching import Fault, Objection
from plein.town.roles import Right, Role
from plein_web.listening.actions import CHANGED, NotAllowed
from plein_web.listening.lawful.asking import said
from plein_web.listening.lawful.models import Advice, Mandate, Terms
from plein_web.listening.lawful.standing import mandate_of, officers_of
from plein_web.listening.models import Watch
from plein_web.town.access import Actor
from plein_web.town.actions import audit, emit
from plein_web.town.models import Person


class Decided(Exception):
    """Nothing waits for a decision any more: it was taken, or what was asked has changed."""


def decide_by_link(*, terms: Terms, approved: bool, name: str, reason: str, visitor: Person | None = None) -> None:
    """Decide as the one whom the link was made for. Raises Decided, NotAllowed, PermissionDenied.

    `visitor` is who is signed in: with the link in hand, maker and owner still approve nothing of their own.
    """
    _keep_apart(terms, terms.approver_email)
    if visitor is not None:
        _keep_apart(terms, visitor.email)
    _decide(terms, approved, f"{name} <{terms.approver_email}>", reason, "link")


def decide_on_screen(*, actor: Actor, terms: Terms, approved: bool, reason: str) -> None:
    """Decide as an administrator who neither made nor owns the watch. Raises Decided, NotAllowed, PermissionDenied."""
    actor.need(Right.WRITE, "town")
    _keep_apart(terms, actor.person.email)
    _decide(terms, approved, f"{actor.person.name} <{actor.person.email}>", reason, "screen")


def may_decide(actor: Actor, terms: Terms) -> bool:
    """Whether somebody may decide on the screen about a version."""
    return actor.may(Right.WRITE, "town") and not is_too_near(actor.person.email, _involved(terms))


def advise(*, actor: Actor, terms: Terms, text: str) -> Advice:
    """Give advice on a version, as an officer. Raises Decided."""
    actor.need(Right.WRITE, "advice")
    if not Terms.objects.pending().filter(pk=terms.pk).exists():
        raise Decided
    with transaction.atomic():
        advice = Advice.objects.create(terms=terms, person=actor.person, role=actor.membership.role, text=text)
        details = {"role": advice.role, "version": terms.pk, "words": text}
        audit(town=actor.town, actor=actor.person, action="watch.advised", subject=f"watch:{terms.watch_id}", details=details)
    return advice


@transaction.atomic
def record_mandate(*, actor: Actor, mayor: str, reference: str, until: date) -> Mandate:
    """Write down that the mayor lets the town listen for public order until a day."""
    actor.need(Right.WRITE, "town")
    given = {"mayor": mayor, "reference": reference, "until": until}
    mandate = Mandate.objects.create(town=actor.town, recorded_by=actor.person, **given)
    details = given | {"until": until.isoformat()}
    audit(town=actor.town, actor=actor.person, action="mandate.recorded", subject=f"mandate:{mandate.pk}", details=details)
    return mandate


@transaction.atomic
def withdraw_mandate(*, actor: Actor, mandate: Mandate) -> None:
    """End a mandate now: what searches for public order stops at once."""
    actor.need(Right.WRITE, "town")
    now = timezone.now()
    if Mandate.objects.filter(pk=mandate.pk, town=actor.town, withdrawn_at=None).update(withdrawn_at=now):
        audit(town=actor.town, actor=actor.person, action="mandate.withdrawn", subject=f"mandate:{mandate.pk}")
        emit(town=actor.town, kind=CHANGED, at=now)


def _involved(terms: Terms) -> tuple[str, ...]:
    owner = terms.watch.owner
    return (terms.maker.email, owner.email if owner else "")


def _keep_apart(terms: Terms, address: str) -> None:
    """Refuse who made or owns the watch, and who advises on it."""
    if is_too_near(address, _involved(terms)) or is_officer(address, officers_of(terms.watch.town)):
        raise PermissionDenied


def _decide(terms: Terms, approved: bool, who: str, reason: str, how: str) -> None:
    now = timezone.now()
    if approved:
        _permit(terms, now)
    with transaction.atomic():
        here = Terms.objects.pending().filter(pk=terms.pk, ends_at__gt=now)
        if not here.update(decided_at=now, approved=approved, decided_by=who, reason=reason):
            raise Decided
        _settle(terms, approved, who, now)
        details = {"by": who, "how": how, "reason": reason, "version": terms.pk, "query": terms.query}
        action = "watch.approved" if approved else "watch.refused"
        town = terms.watch.town
        audit(town=town, actor=who[:160], action=action, subject=f"watch:{terms.watch_id}", details=details)
        emit(town=town, kind=CHANGED, subject=terms.watch_id, at=now)


def _permit(terms: Terms, now: datetime) -> None:
    if terms.purpose_code != PUBLIC_ORDER.code:
        return
    advised = terms.advice.filter(role=Role.DATA_PROTECTION_OFFICER).exists()
    mandated = mandate_of(terms.watch.town, now) is not None
    if bars := bars_to_approval(mandated, advised):
        raise NotAllowed(tuple(Objection("purpose_code", Fault(bar.value)) for bar in bars))


def _settle(terms: Terms, approved: bool, who: str, now: datetime) -> None:
    """Let the watch be what was approved; refused, what was approved before goes on."""
    rows = Watch.objects.filter(pk=terms.watch_id)
    if not approved:
        rows.filter(approved_at=None).update(refused_at=now)
        return
    rows.filter(approved_at=None).update(starts_at=now)
    rows.update(**said(terms), approved_at=now, approved_by=who, refused_at=None, changed_at=now)

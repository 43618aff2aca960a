"""How long a town keeps what it has, what a hold keeps longer, and the row that proves a deletion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from plein.town.retention import TERMS, Kind, days_of, holds_on, last_due_day
from plein.town.roles import Right
from plein_web.town.access import Actor
from plein_web.town.actions import audit, vault
from plein_web.town.models import ChosenTerm, DeletionProof, LegalHold, Town

LONGEST_HOLD_DAYS = 5 * 365


class CannotHold(ValueError):
    """Why a hold cannot be placed, or a term cannot be chosen: a word that the screens have a sentence for."""


def chosen_terms(town: Town) -> dict[tuple[str, str], int]:
    """Return what a town chose: days by kind and subject."""
    rows = ChosenTerm.objects.filter(town=town).values_list("kind", "subject", "days")
    return {(kind, subject): days for kind, subject, days in rows}


def days_kept(town: Town | None, kind: Kind | str, subject: str = "", chosen: dict | None = None) -> int | None:
    """Return how many days a town keeps a kind of data, for one row where that was chosen; None: for good."""
    if chosen is None:
        chosen = chosen_terms(town) if town and TERMS[Kind(kind)].chosen_by_town else {}
    return days_of(kind, chosen.get((str(kind), subject), chosen.get((str(kind), ""))))


def due_day(town: Town | None, kind: Kind, now: datetime, subject: str = "", chosen: dict | None = None) -> date | None:
    """Return the newest day, as the town counts days, of which everything has to go now."""
    return last_due_day(days_kept(town, kind, subject, chosen), timezone.localdate(now))


def end_of(day: date) -> datetime:
    """Return the moment after the last of a day."""
    return timezone.make_aware(datetime.combine(day, datetime.max.time()))


def standing_holds(town: Town, now: datetime) -> list[LegalHold]:
    """Return the holds that stand now, the newest first."""
    today = timezone.localdate(now)
    rows = LegalHold.objects.filter(town=town, lifted_at=None).select_related("placed_by").order_by("-id")
    return [row for row in rows if holds_on(row.lifted_at, row.until, today)]


def held(town: Town, now: datetime) -> frozenset[str]:
    """Return what is held: the subjects of all holds that stand."""
    return frozenset(row.subject for row in standing_holds(town, now))


@transaction.atomic
def choose_term(*, actor: Actor, kind: Kind, days: int, subject: str = "") -> ChosenTerm:
    """Choose how long a kind of data, or that of one watch, is kept. Raises CannotHold outside the table."""
    _need_officer(actor)
    if not TERMS[kind].chosen_by_town or days_of(kind, days) != days:
        raise CannotHold("days")
    before = days_kept(actor.town, kind, subject)
    values = {"days": days, "chosen_by": actor.person, "chosen_at": timezone.now()}
    row, _made = ChosenTerm.objects.update_or_create(town=actor.town, kind=kind, subject=subject, defaults=values)
    details = {"kind": str(kind), "days_before": before, "days": days}
    audit(town=actor.town, actor=actor.person, action="term.chosen", subject=subject or "term", details=details)
    return row


@transaction.atomic
def place_hold(*, actor: Actor, subject: str, reason: str, until: date | None, now: datetime) -> LegalHold:
    """Keep a watch's texts or a conversation from being deleted until a day. Raises CannotHold."""
    _need_officer(actor)
    today = timezone.localdate(now)
    if not reason.strip():
        raise CannotHold("reason")
    if until is None or until < today or (until - today).days > LONGEST_HOLD_DAYS:
        raise CannotHold("until")
    if subject in held(actor.town, now):
        raise CannotHold("twice")
    hold = LegalHold.objects.create(
        town=actor.town, subject=subject, reason=reason.strip()[:300], until=until, placed_by=actor.person, placed_at=now
    )
    details = {"hold": hold.pk, "reason": hold.reason, "until": until.isoformat()}
    audit(town=actor.town, actor=actor.person, action="legal_hold.placed", subject=subject, details=details)
    return hold


@transaction.atomic
def lift_hold(*, actor: Actor, hold: LegalHold, now: datetime) -> None:
    """Let retention have its way again; what has had its time goes in the next round."""
    _need_officer(actor)
    lifted = LegalHold.objects.filter(pk=hold.pk, town=actor.town, lifted_at=None)
    if lifted.update(lifted_at=now, lifted_by=actor.person):
        details = {"hold": hold.pk, "reason": hold.reason}
        audit(town=actor.town, actor=actor.person, action="legal_hold.lifted", subject=hold.subject, details=details)


def may_hold(actor: Actor) -> bool:
    """Whether somebody may choose terms and place holds: an administrator or a privacy officer."""
    return actor.may(Right.WRITE, "town") or (actor.may(Right.READ, "audit") and actor.may(Right.WRITE, "requests"))


def _need_officer(actor: Actor) -> None:
    if not may_hold(actor):
        actor.need(Right.WRITE, "town")


def note_deletion(
    *,
    town: Town | int,
    kind: Kind,
    number: int,
    what: Iterable[str],
    now: datetime,
    subject: str = "",
    up_to: date | None = None,
    why: str = "term",
) -> DeletionProof:
    """Write that rows were deleted, in the transaction that deletes them. `what` names each row for good.

    The audit trail says it too, with the digest of all digests: a proof that is changed later no longer fits.
    """
    town_id = town if isinstance(town, int) else town.pk
    key = vault()
    digests = sorted({digest_of(one, key) for one in what})
    proof = DeletionProof.objects.create(
        town_id=town_id, kind=kind, subject=subject, why=why, number=number, up_to=up_to, digests=digests, at=now
    )
    details = {"of": str(kind), "number": number, "why": why, "up_to": up_to and up_to.isoformat()}
    details["digest"] = digest_of("".join(digests), key)
    audit(town=town_id, actor="retention", action="data.deleted", subject=subject or f"proof:{proof.pk}", details=details)
    return proof


def digest_of(what: str, key=None) -> str:
    """Return under which keyed digest a deleted row is known: 24 hexadecimal digits."""
    return (key or vault()).keyed_hash("deletion", what, length=24)



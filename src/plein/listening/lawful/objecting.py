"""What stands in the way of a watch by law: everything that it has to say beside what it searches for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from plein.listening.lawful.asking import is_officer, is_too_near
from plein.listening.lawful.public_order import Mandate, bars
from plein.listening.lawful.purposes import ALL_PURPOSES, PUBLIC_ORDER
from plein.listening.watching import Fault, Objection, Proposal


def lawful_objections(
    proposal: Proposal, now: datetime, officers: Collection[str] = (), mandate: Mandate | None = None
) -> tuple[Objection, ...]:
    """Return what is missing or may not be; `officers` are the addresses of who advises on watches."""
    return (
        *_said(proposal),
        *_people(proposal, officers),
        *(_public_order(proposal, now, mandate) if proposal.purpose_code == PUBLIC_ORDER.code else ()),
    )


def _said(proposal: Proposal) -> Iterator[Objection]:
    if proposal.purpose_code not in ALL_PURPOSES:
        yield Objection("purpose_code", Fault.PURPOSE_CODE_MISSING)
    elif not proposal.article.strip():
        yield Objection("article", Fault.ARTICLE_MISSING)
    if proposal.ends_at and (proposal.review_at is None or proposal.review_at > proposal.ends_at):
        yield Objection("ends_at", Fault.REVIEW_MISSING)


def _people(proposal: Proposal, officers: Collection[str]) -> Iterator[Objection]:
    if not proposal.approver_name.strip():
        yield Objection("approver_name", Fault.APPROVER_MISSING)
    if not proposal.approver_email.strip():
        yield Objection("approver_email", Fault.APPROVER_MISSING)
    elif is_too_near(proposal.approver_email, (proposal.owner, proposal.maker)):
        yield Objection("approver_email", Fault.APPROVER_IS_OWNER)
    elif is_officer(proposal.approver_email, officers):
        yield Objection("approver_email", Fault.APPROVER_ADVISES)
    if is_officer(proposal.owner, officers):
        yield Objection("owner", Fault.OWNER_ADVISES)


def _public_order(proposal: Proposal, now: datetime, mandate: Mandate | None) -> Iterator[Objection]:
    fields = {"public_order_too_long": "ends_at", "directed": "query"}
    for bar in bars(proposal.query, proposal.ends_at, now, mandate):
        yield Objection(fields.get(bar, "purpose_code"), Fault(bar.value))

"""What the privacy pages show: requests with their clock, watches that wait, the papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from plein.channels.registry import network
from plein.listening.answering import Kind, Outcome, Urgency, urgency
from plein.town.roles import Right
from plein_web.channels.models import Channel
from plein_web.listening.lawful.models import Terms
from plein_web.listening.models import Watch
from plein_web.listening.rights.access import ROOM
from plein_web.listening.rights.actions import is_unheard, particulars_of
from plein_web.listening.rights.models import Objection, Request
from plein_web.listening.rights.words import KEPT, KINDS, OUTCOMES
from plein_web.site.privacy.papers import PAPERS
from plein_web.town.access import Actor
from plein_web.town.models import Membership, Person
from plein_web.town.moments import day_inside

CLOSED_SHOWN = 20
COLOURS = {Urgency.FINE: "green", Urgency.SOON: "amber", Urgency.LATE: "red"}


@dataclass(frozen=True, slots=True)
class Row:
    """A request in a list. `days` are left; below zero it is too late by as many."""

    request: Request
    what: str
    network: str
    days: int
    colour: str
    last: str
    outcome: str


def is_guardian(actor: Actor) -> bool:
    """Whether somebody reads the trail or answers requests: for them there is a privacy page."""
    return actor.may(Right.READ, "audit") or actor.may(Right.WRITE, ROOM)


def room_of(person: Person, slug: str) -> str:
    """Return through which right somebody comes to the privacy page."""
    membership = Membership.objects.filter(person=person, town__slug=slug).first()
    return ROOM if membership and membership.may(Right.WRITE, ROOM) else "audit"


def hub(actor: Actor, now: datetime) -> dict[str, object]:
    """Return what the hub shows. Of requests, who may not answer them sees how many there are."""
    mine = actor.may(Right.WRITE, ROOM)
    rows = Request.objects.of(actor.town)
    pending = Terms.objects.pending().filter(watch__town=actor.town).select_related("watch")
    return {
        "may_answer": mine,
        "open": [row_of(one, now) for one in rows.open()] if mine else [],
        "closed": [row_of(one, now) for one in rows.closed()[:CLOSED_SHOWN]] if mine else [],
        "open_count": rows.open().count(),
        "waiting": list(pending),
        "running": Watch.objects.of(actor.town).live(now).count(),
        "objections": Objection.objects.filter(town=actor.town).count(),
        "papers": PAPERS,
        "missing": missing(actor),
        "deletions": _address("deletions", actor.town.slug),
    }


def missing(actor: Actor) -> int:
    """Return how much of what only the town can say is not written down."""
    told = particulars_of(actor.town)
    return sum(not getattr(told, name) for name in ("owner", "contact", "officer", "processor"))


def row_of(one: Request, now: datetime) -> Row:
    """Return a request with its clock."""
    today = timezone.localdate(now)
    return Row(
        request=one,
        what=str(KINDS[Kind(one.kind)]),
        network=network(one.network_code).name,
        days=(one.due_on - today).days,
        colour=COLOURS[urgency(one.due_on, today)],
        last=day_inside(one.due_on, today),
        outcome=str(OUTCOMES[Outcome(one.outcome)]) if one.outcome else "",
    )


def of_request(one: Request, now: datetime) -> dict[str, object]:
    """Return what the page of a request shows while nothing was looked up."""
    kept = [(number, str(KEPT[why])) for part in one.erased.values() for number, why in part["kept"]]
    return {
        "row": row_of(one, now),
        "asked": one,
        "channels": Channel.objects.of(one.town).filter(network_code=one.network_code),
        "expired": one.proved_at is None and one.code_until <= now,
        "unheard": bool(one.author_id) and is_unheard(one),
        "gone": {kind: part["count"] for kind, part in one.erased.items()},
        "kept": kept,
    }


def _address(name: str, *args: object) -> str:
    """Return the address of a page that another room may bring; empty where it does not."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""

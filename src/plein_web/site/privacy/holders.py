"""Who holds words of residents: a table of rooms, each with how it finds and erases. Together they answer a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from plein.listening.leaving import Purpose, marked
from plein.town.roles import Right
from plein_web.channels import residents as channels
from plein_web.inbox import residents as inbox
from plein_web.listening.rights import residents as listening
from plein_web.listening.rights.access import ROOM
from plein_web.listening.rights.actions import is_unheard, note
from plein_web.listening.rights.models import Request
from plein_web.town.access import Actor
from plein_web.town.actions import vault
from plein_web.town.keeping import held
from plein_web.town.residents import Erased, Resident

FINDERS: dict[str, Callable[[Resident], list[dict[str, object]]]] = {
    "posts": channels.find,
    "conversations": inbox.find,
    "mentions": listening.find,
}


class NotProven(ValueError):
    """Nothing is looked up of an account that nobody proved to be theirs."""


def resident_of(request: Request) -> Resident:
    """Return whom a request is about. Raises NotProven while the code did not arrive."""
    if request.proved_at is None or not request.author_id:
        raise NotProven(request.pk)
    return Resident(request.town_id, request.network_code, request.author_id)


def found_about(*, actor: Actor, request: Request, now: datetime) -> dict[str, list[dict[str, object]]]:
    """Return everything that the rooms hold of who asks; that somebody looked is written down."""
    actor.need(Right.WRITE, ROOM)
    resident = resident_of(request)
    found = {name: find(resident) for name, find in FINDERS.items()}
    with transaction.atomic():
        Request.objects.filter(pk=request.pk).update(looked_at=now)
        note(actor, request, "request.looked", **{name: len(rows) for name, rows in found.items()})
    return found


def watches_in(found: dict[str, list[dict[str, object]]]) -> list[str]:
    """Return which watches contained something of who asks."""
    return sorted({str(row["watch"]) for row in found["mentions"]})


def export(*, actor: Actor, request: Request, now: datetime) -> dict[str, object]:
    """Return what is given to the resident: everything, with the purpose and a watermark."""
    found = found_about(actor=actor, request=request, now=now)
    content: dict[str, object] = {
        "municipality": actor.town.name,
        "request": request.pk,
        "made_at": now.isoformat(timespec="seconds"),
        "account": request.handle,
        "network": request.network_code,
        "objected": is_unheard(request),
        "watches": watches_in(found),
        **found,
    }
    note(actor, request, "request.exported", purpose=str(Purpose.OWN_DATA))
    return marked(content, Purpose.OWN_DATA, seal())


def seal() -> Callable[[str], str]:
    """Return what makes the watermark of an export; nobody without our key can make one that fits."""
    key = vault()
    return lambda text: key.keyed_hash("export", text)


@transaction.atomic
def erase_all(*, actor: Actor, request: Request, now: datetime) -> tuple[Erased, ...]:
    """Erase what may go in every room, and write down what went, what was kept, and why."""
    actor.need(Right.WRITE, ROOM)
    resident, holds = resident_of(request), held(actor.town, now)
    kept = inbox.held_posts(resident, holds)
    gone = (
        # The inbox finds its conversations by posts that still say whose they are.
        inbox.erase(resident, kept),
        channels.erase(resident, now, kept),
        listening.erase(resident, now, holds),
    )
    request.erased = {one.kind: asdict(one) for one in gone}
    Request.objects.filter(pk=request.pk).update(erased=request.erased)
    counts = {one.kind: one.count for one in gone} | {"kept": sum(number for one in gone for number, _why in one.kept)}
    note(actor, request, "request.erased", **counts)
    return gone

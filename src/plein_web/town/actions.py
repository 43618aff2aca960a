"""Events, audit rows and secrets: the three writes that every room leans on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from plein.town.door import Door
from plein.town.vault import Vault
from plein_web.town.models import AuditRow, Cursor, Event, Person, Pressing, Secret, Town

# PostgreSQL hands out ids before it commits, so that a reader who keeps a cursor could pass by
# a row that commits late. Whoever emits therefore holds this lock until the end of the
# transaction; SQLite has one writer and needs none.
EMIT_LOCK = 0x504C4549


def emit(
    *, town: Town | int, kind: str, subject: int = 0, payload: dict | None = None, at: datetime | None = None
) -> Event:
    """Write an event in the transaction of what it tells. Call it last: it holds the order of events."""
    _hold_order()
    town_id = town if isinstance(town, int) else town.pk
    return Event.objects.create(
        town_id=town_id, kind=kind, subject=subject, payload=payload or {}, at=at or timezone.now()
    )


def emit_all(*, town: int, happened: Iterable[tuple[str, int]], at: datetime) -> None:
    """Write many events (kind, subject) of one transaction, in order. Call it last, as `emit`."""
    rows = [Event(town_id=town, kind=kind, subject=subject, at=at) for kind, subject in happened]
    if rows:
        _hold_order()
        Event.objects.bulk_create(rows)


def _hold_order() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [EMIT_LOCK])


def lock_town(town: int) -> None:
    """Be the only writer of a town's messages until the transaction ends. Comes before any other lock.

    On SQLite a transaction that writes is alone anyway.
    """
    Town.objects.select_for_update(no_key=True).filter(pk=town).values_list("pk").get()


def audit(*, town: Town | int, actor: Person | str, action: str, subject: str, details: dict | None = None) -> None:
    """Write down who did what. The row is sealed within seconds by the sealing worker."""
    town_id = town if isinstance(town, int) else town.pk
    name = actor if isinstance(actor, str) else actor.email
    AuditRow.objects.create(town_id=town_id, actor=name, action=action, subject=subject, details=details or {})


def ask_to_press(table: str) -> None:
    """Have a table's index pressed before long. Part of the transaction that deletes."""
    asked = Pressing.objects.filter(pk=table).update(asked=F("asked") + 1)
    if not asked:
        Pressing.objects.create(table=table, asked=1)


def vault() -> Vault:
    """Return the vault with this installation's keys."""
    return Vault.open(settings.KEY_FILE)


def door_for(town: Town | None = None) -> Door:
    """Return the door to the network, with what an administrator allowed this town."""
    allowed = [*settings.ALLOWED_ADDRESSES, *(town.allowed_addresses if town else [])]
    return Door(frozenset(allowed), settings.PROXY, settings.CA_FILE)


def keep_secret(*, name: str, values: dict[str, str]) -> None:
    """Store tokens, encrypted, in place of those of the same name."""
    locked = vault().lock(msgspec.json.encode(values).decode())
    Secret.objects.update_or_create(name=name, defaults={"locked": locked, "changed_at": timezone.now()})


def secret(name: str) -> dict[str, str]:
    """Return the tokens kept under a name; none is an empty dict."""
    row = Secret.objects.filter(name=name).first()
    return msgspec.json.decode(vault().unlock(row.locked)) if row else {}


def forget_secret(*, name: str) -> None:
    """Throw away the tokens kept under a name."""
    Secret.objects.filter(name=name).delete()


def consume(*, consumer: str, kinds: frozenset[str], apply, limit: int = 100) -> int:
    """Apply the events that a consumer has not seen, each in one transaction with its cursor.

    `apply(event)` has to be idempotent all the same: a restored backup may bring events again.
    Returns how many events passed, those of other kinds included.
    """

    def apply_each(events: list[Event]) -> None:
        for event in events:
            apply(event)

    return consume_together(consumer=consumer, kinds=kinds, apply=apply_each, limit=limit)


def consume_together(
    *, consumer: str, kinds: frozenset[str], apply: Callable[[list[Event]], None], limit: int = 100
) -> int:
    """Do as `consume`, for an `apply` that takes some events at once."""
    seen = Cursor.objects.get_or_create(consumer=consumer)[0].event
    # Most of the time there is nothing: then nobody has to wait for a transaction of ours.
    if not Event.objects.filter(id__gt=seen).exists():
        return 0
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(consumer=consumer)
        events = list(Event.objects.filter(id__gt=cursor.event).order_by("id")[:limit])
        if wanted := [event for event in events if event.kind in kinds]:
            apply(wanted)
        if events:
            cursor.event = events[-1].id
            cursor.save(update_fields=["event"])
    return len(events)

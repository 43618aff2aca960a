"""The register of a town, from its rows: its watches without their words, and what it wrote down beside them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext

from plein.channels.registry import network
from plein.listening.lawful.purposes import ALL_PURPOSES, PUBLIC_ORDER
from plein.listening.register import Entry, Register, State, is_listed
from plein.town.saying import told
from plein_web.channels.models import Source
from plein_web.channels.words import kind
from plein_web.listening.models import Mention, Watch
from plein_web.listening.rights.actions import particulars_of
from plein_web.listening.rights.models import Particulars
from plein_web.town.keeping import chosen_terms, days_kept
from plein_web.town.models import Town

OVERHEARD = "overheard"


def register_of(town: Town, now: datetime) -> Register:
    """Return what everybody may know of what a town listens for."""
    beside, sources = particulars_of(town), sources_of(town)
    chosen = chosen_terms(town)
    rows = Watch.objects.of(town).annotate(collected=Exists(Mention.objects.filter(watch=OuterRef("pk"))))
    listed = [row for row in rows if is_listed(row.approved_at is not None, row.collected)]
    entries = [entry_of(row, beside, sources, days_kept(town, OVERHEARD, f"watch:{row.pk}", chosen), now) for row in listed]
    return Register(
        municipality=town.name,
        address=settings.ADDRESS.rstrip("/"),
        made_at=now,
        contact=beside.contact,
        officer=beside.officer,
        processor=beside.processor,
        networks=tuple(sorted({network(code).name for code, _kind in sources})),
        entries=tuple(sorted(entries, key=lambda entry: (tuple(State).index(entry.state), entry.name))),
    )


def sources_of(town: Town) -> list[tuple[str, str]]:
    """Return where a town listens: network and kind. No address: that of a hashtag is what one listens for."""
    rows = Source.objects.of(town).filter(channel=None, active=True)
    return sorted(set(rows.values_list("network_code", "kind").order_by()))


def entry_of(row: Watch, beside: Particulars, sources: list[tuple[str, str]], days: int, now: datetime) -> Entry:
    """Return a watch as it stands in the register."""
    state, until = _state(row, now), min(row.ends_at, row.stopped_at or row.ends_at)
    last, public_order = timezone.localdate(until), row.purpose_code == PUBLIC_ORDER.code
    return Entry(
        number=row.pk,
        name="" if public_order and state is not State.ENDED else row.name,
        topic=topic_of(row.purpose_code),
        purpose=row.purpose,
        legal_ground=row.legal_ground,
        article=row.article,
        owner=beside.owner,
        state=state,
        since=timezone.localdate(row.starts_at),
        until=last,
        approved_on=_day(row.approved_at),
        review_on=_day(row.review_at),
        retention_days=days,
        deleted_on=last + timedelta(days=days),
        public_order=public_order,
        sources=tuple(f"{network(code).name}: {kind(what)}" for code, what in sources),
    )


def topic_of(code: str) -> str:
    """Return what kind of matter a watch is about; nothing where it is of no common kind."""
    known = ALL_PURPOSES.get(code)
    return told(known.name, gettext) if known and code != "other" else ""


def _state(row: Watch, now: datetime) -> State:
    if row.stopped_at or row.ends_at <= now:
        return State.ENDED
    return State.RUNNING if row.starts_at <= now else State.COMING


def _day(at: datetime | None):
    return timezone.localdate(at) if at else None

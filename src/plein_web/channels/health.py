"""Does everything run in a town: the facts from the rows, judged by `plein.channels.health`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Sum

from plein.channels import health
from plein.channels.health import Health, Level
from plein.channels.outgoing import State
from plein_web.channels.models import Channel, Gap, Outgoing, SendHold, Source, Unread
from plein_web.channels.queries import BROUGHT, OutgoingQuerySet
from plein_web.town.models import Town, WorkerBeat

RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source and how it is doing."""

    source: Source
    health: Health


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel with its sources and its queue, and the worst of what is the matter."""

    channel: Channel
    sources: tuple[SourceState, ...]
    waiting: int
    oldest: datetime | None
    health: Health


@dataclass(frozen=True, slots=True)
class Pulse:
    """The town in one glance: the worst finding and where, and when we last heard anything at all."""

    health: Health
    source: Source | None
    last_ok_at: datetime | None
    connected: bool


def judge(source: Source, now: datetime) -> Health:
    """Return how a source is doing. `source.channel` has to be at hand."""
    return health.of_source(
        health.SourceFacts(
            active=source.active,
            channel_status=speaker.status if (speaker := source.channel or source.reads_as) else "open",
            by_itself=source.kind not in BROUGHT,
            last_ok_at=source.last_ok_at,
            due_at=source.due_at,
            failures=source.failures,
            poll_seconds=source.network.poll_seconds,
        ),
        now,
    )


def channels(town: Town, now: datetime) -> list[ChannelState]:
    """Return the channels of a town with their health, in four queries."""
    sources = list(Source.objects.of(town).exclude(channel=None).select_related("channel", "reads_as"))
    held_everywhere, held = _held(town)
    queues, asked = _queues(town), _asked(town)
    return [
        _channel(
            row, [s for s in sources if s.channel_id == row.pk], queues, asked, held_everywhere or row.pk in held, now
        )
        for row in Channel.objects.of(town)
    ]


def _channel(
    row: Channel, sources: list[Source], queues: dict, asked: set[int], held: bool, now: datetime
) -> ChannelState:
    states = tuple(SourceState(source, judge(source, now)) for source in sources)
    waiting, oldest = queues.get(row.pk, (0, None))
    findings = [_status(row), health.of_token(row.token_expires_at, now), health.of_queue(oldest, held, now)]
    if row.pk in asked:
        findings.append(health.ASKS_PERSON)
    active = [state.health for state in states if state.source.active]
    return ChannelState(row, states, waiting, oldest, health.worst([*findings, *active]))


def _status(row: Channel) -> Health:
    if row.status == Channel.Status.PAUSED:
        return Health("paused", Level.LOOK)
    if row.status == Channel.Status.SIGN_IN_NEEDED:
        return Health("sign_in_needed", Level.WRONG)
    return health.FINE


def _queues(town: Town) -> dict[int, tuple[int, datetime]]:
    """Return per channel how many messages wait and since when the oldest should have left."""
    rows = Outgoing.objects.of(town).on_the_way().filter(needs_person=False)
    rows = rows.values("channel_id").annotate(waiting=Count("id"), oldest=Min("due_at"))
    return {row["channel_id"]: (row["waiting"], row["oldest"]) for row in rows}


def _asked(town: Town) -> set[int]:
    """Return the channels on which only a person can tell whether something arrived."""
    rows = Outgoing.objects.of(town).on_the_way().filter(needs_person=True)
    return set(rows.order_by().values_list("channel_id", flat=True))


def _held(town: Town) -> tuple[bool, set[int]]:
    channels = set(SendHold.objects.standing().filter(town=town).values_list("channel_id", flat=True))
    return None in channels, channels - {None}


def public_sources(town: Town, now: datetime) -> list[SourceState]:
    """Return what a town overhears: the sources without a channel."""
    rows = Source.objects.of(town).filter(channel=None, active=True).select_related("reads_as")
    return [SourceState(source, judge(source, now)) for source in rows]


def workers(now: datetime) -> list[tuple[WorkerBeat, Health]]:
    """Return the workers of the engine with how they are doing."""
    return [
        (beat, health.of_worker(beat.worker, beat.at, beat.error, now))
        for beat in WorkerBeat.objects.order_by("worker")
    ]


def gaps(town: Town, now: datetime) -> list[Gap]:
    """Return the newest stretches of this week that may have passed unseen."""
    rows = Gap.objects.filter(source__in=Source.objects.of(town), at__gte=now - RECENT)
    return list(rows.select_related("source").order_by("-at")[:20])


def unread(town: Town, now: datetime) -> list[dict]:
    """Return what could not be read this week, per source and error."""
    rows = Unread.objects.filter(source__in=Source.objects.of(town), last_at__gte=now - RECENT)
    found = rows.values("source__network_code", "source__kind", "source__address", "error")
    return list(found.annotate(times=Sum("count")).order_by("-times")[:20])


def to_look_at(town: Town) -> OutgoingQuerySet:
    """Return the answers of which only a person can find out whether they arrived."""
    rows = Outgoing.objects.of(town).filter(state=State.UNKNOWN, needs_person=True)
    return rows.select_related("channel").order_by("written_at")


def pulse(town: Town, now: datetime) -> Pulse:
    """Return in one query whether everything that is read still comes in.

    Where messages are only brought to us, nothing is late when the engine dies: then it is asked itself.
    """
    sources = list(
        Source.objects.of(town).filter(active=True).exclude(channel__status="disconnected").select_related("channel", "reads_as")
    )
    judged = [(_of_source_and_channel(source, now), source) for source in sources]
    if sources and all(source.kind in BROUGHT for source in sources):
        judged += [(state, None) for _beat, state in workers(now)]
    found, source = max(judged, key=_how_bad, default=(health.FINE, None))
    heard = [source.last_ok_at for source in sources if source.last_ok_at]
    return Pulse(found, source, max(heard, default=None), any(source.channel_id for source in sources))


def _of_source_and_channel(source: Source, now: datetime) -> Health:
    states = [judge(source, now)]
    return health.worst([*states, _status(source.channel)] if source.channel else states)


def _how_bad(judged: tuple[Health, Source | None]) -> tuple[Level, bool]:
    """Return the order of findings: what stays until somebody does something before what mends itself."""
    return judged[0].level, judged[0].word == "paused"

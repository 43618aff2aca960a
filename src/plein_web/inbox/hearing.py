"""What the indicator of the inbox says: whether what is shown is up to date, and whether answers got stuck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from plein_web.channels import health
from plein_web.inbox.asking import stuck
from plein_web.inbox.shown import network_name
from plein_web.town.access import Actor
from plein_web.town.moments import ago, in_words


@dataclass(frozen=True, slots=True)
class Hearing:
    """Whether what the list shows is up to date, and if not, what is the matter and since when.

    `state` is one of runs, starting, silent, still (the engine), paused, sign_in and none (connected).
    `stuck` are the answers that did not leave as they should and wait for a person.
    """

    state: str
    network: str = ""
    channel: int | None = None
    words: str = ""
    stuck: tuple[int, ...] = ()


# What the screens call the findings of `plein.channels.health`; what is not here mends itself.
HEARING = {
    "engine_still": "still",
    "failing": "silent",
    "sign_in_needed": "sign_in",
    "paused": "paused",
    "not_yet": "starting",
}


def hearing_now(actor: Actor, now: datetime) -> Hearing:
    """Return how our hearing fares, the worst source first."""
    pulse = health.pulse(actor.town, now)
    if not pulse.connected:
        return Hearing("none")
    state = HEARING.get(pulse.health.word, "runs")
    if state in ("runs", "starting") and pulse.last_ok_at:
        return Hearing("runs", words=ago(pulse.last_ok_at, now), stuck=tuple(stuck(actor.town)))
    if pulse.source is None or state == "runs":
        return Hearing(state)
    since = pulse.source.last_ok_at
    name = str(pulse.source.channel) if state == "paused" else network_name(pulse.source.network_code)
    return Hearing(state, name, pulse.source.channel_id, in_words(since, now) if since else "")

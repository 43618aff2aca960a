"""The life of something we send, and whether it may leave now.

States and moves are data. A send is claimed before the network is called, so that whatever
kills us in between leaves a row that says: this may have gone out.

The rule against sending twice is the pair (claimed -> unknown, unknown -> planned): only an
answer of the network that it does not have the message leads back to planned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter

from plein.channels.contract import Receipt
from plein.channels.posts import Visibility


class State(StrEnum):
    """Where something we send stands."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


MOVES: dict[State, frozenset[State]] = {
    # Sent or refused at once: a person copied it over, and says so.
    State.PLANNED: frozenset({State.CLAIMED, State.CANCELLED, State.UNKNOWN, State.SENT, State.REFUSED}),
    State.CLAIMED: frozenset({State.SENT, State.REFUSED, State.UNKNOWN}),
    State.UNKNOWN: frozenset({State.SENT, State.PLANNED, State.REFUSED, State.CANCELLED}),
    State.REFUSED: frozenset({State.PLANNED, State.CANCELLED}),
    State.SENT: frozenset(),
    State.CANCELLED: frozenset(),
}

# A claim that is older than this was left behind by a process that died.
CLAIM_EXPIRES = timedelta(seconds=60)
# How long we wait before asking after an unknown outcome for the n-th time, in seconds.
ASK_AFTER = (2, 5, 15, 60, 300, 900, 3600)


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody stopped sending: everywhere in the town, or on one channel."""

    reason: str
    channel: int | None = None
    spares: frozenset[str] = frozenset()

    def covers(self, channel: int, kind: str) -> bool:
        """Whether this hold stops a message of this kind on this channel."""
        return self.channel in (None, channel) and kind not in self.spares


@dataclass(frozen=True, slots=True)
class Ruling:
    """May it be sent? If not, `reason` says why in words for the sender."""

    allowed: bool
    reason: str = ""


ALLOWED = Ruling(True)


def somebody_sent(author: object) -> bool:
    """Whether a person pressed send. Nothing leaves by itself: no answer, no message, whatever advised it (R11).

    >>> somebody_sent("femke.visser@waterdam.example"), somebody_sent(None)
    (True, False)
    """
    return bool(author)


def may_send(
    *,
    channel: int,
    kind: str,
    author: object,
    due_at: datetime,
    holds: Iterable[Hold],
    channel_open: bool,
    now: datetime,
) -> Ruling:
    """Whether something may leave now. The first reason against it is the one that is told."""
    if not somebody_sent(author):
        return Ruling(False, "nobody_sent")
    if not channel_open:
        return Ruling(False, "channel_closed")
    for hold in holds:
        if hold.covers(channel, kind):
            return Ruling(False, hold.reason)
    return ALLOWED if due_at <= now else Ruling(False, "not_yet")


# A send of which we heard nothing may still be under way to the network for so long.
UNDER_WAY = timedelta(seconds=30)


def absence_is_certain_at(claimed_at: datetime | None, receipt: Receipt) -> datetime | None:
    """Return from when on "we do not have it" is the last word about a send; None: at once.

    A network that recognises a second try needs no such patience.
    """
    if claimed_at is None or receipt is Receipt.IDEMPOTENT:
        return None
    return claimed_at + UNDER_WAY


def narrowest(theirs: str, asked: str) -> Visibility:
    """Return how visible an answer is: as asked, but never wider than what it answers.

    >>> str(narrowest("direct", "public")), str(narrowest("public", "")), str(narrowest("public", "unlisted"))
    ('direct', 'public', 'unlisted')
    """
    return max((Visibility(level) for level in (theirs, asked) if level), key=attrgetter("width"))


def ask_again_after(tries: int) -> timedelta:
    """Return how long to wait before asking after an unknown outcome, after so many tries.

    >>> ask_again_after(0).total_seconds()
    2.0
    """
    return timedelta(seconds=ASK_AFTER[min(tries, len(ASK_AFTER) - 1)])

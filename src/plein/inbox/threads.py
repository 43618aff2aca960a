"""What a thread amounts to: who spoke last, what they said, and whether somebody waits for us.

Reckoned anew from the whole thread every time something happens in it, so that it does not
matter in which order, or how often, we hear of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

TITLE = 160
SNIPPET = 240
# A reply begins with whom it is addressed to; the list already says who speaks to whom.
_ADDRESSED = re.compile(r"^(?:@[\w.@-]+[\s,:]+)+(?=\S)")


class Status(StrEnum):
    """What a conversation waits for: us, the resident, or nobody."""

    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One post of a thread. `arrived` is when we could first read it; `changed` when its text was made."""

    uri: str
    name: str
    words: str
    at: datetime
    arrived: datetime
    changed: datetime | None = None
    ours: bool = False
    deleted: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Handling:
    """What we did so far.

    `answered` are the moments of our answers, those on their way included and those that the
    network refused not; `sent` the uris of those that we sent, so that what we wrote elsewhere
    stands out. `handled` is when a colleague last closed, parked or reopened the conversation.
    """

    status: Status = Status.OPEN
    answered: tuple[datetime, ...] = ()
    sent: frozenset[str] = frozenset()
    handled: datetime | None = None
    waited: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What the list of conversations shows."""

    status: Status
    title: str
    resident: str
    snippet: str
    private: bool
    edited: bool
    posts: int
    unseen: int
    waiting_since: datetime | None
    last_post_at: datetime


def summary(posts: Sequence[Spoken], done: Handling) -> Summary:
    """Return what a thread amounts to. There is at least one post in it."""
    ordered = sorted(posts, key=lambda post: (post.at, post.uri))
    residents = [post for post in ordered if not post.ours]
    living = [post for post in residents if not post.deleted]
    unanswered = [post for post in living if not _is_answered(post, ordered, done)]
    standing = [post for post in ordered if not post.deleted] or ordered
    speaker = (living or residents or ordered)[-1]
    return Summary(
        status=_status(done, unanswered, living),
        title=shortened(said(living[0].words), TITLE) if living else "",
        resident=speaker.name[:200],
        snippet=shortened(said(living[-1].words), SNIPPET) if living else "",
        private=any(post.private for post in residents),
        edited=any(_changed_since_answer(post, ordered, done) for post in living),
        posts=sum(not post.deleted for post in ordered),
        unseen=len(unanswered),
        waiting_since=unanswered[0].at if unanswered else None,
        last_post_at=standing[-1].at,
    )


def said(words: str) -> str:
    """Return words without the handles they begin with.

    >>> said("@gemeentewaterdam de brug is dicht @wethouder")
    'de brug is dicht @wethouder'
    """
    return _ADDRESSED.sub("", words.lstrip())


def shortened(text: str, longest: int) -> str:
    """Return text on one line, cut off between words where it is too long.

    >>> shortened("De brug  is\\ndicht, al dagen", 16)
    'De brug is…'
    """
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return (line[: longest - 1].rpartition(" ")[0] or line[: longest - 1]).rstrip(" ,;:.") + "…"


def _is_answered(post: Spoken, posts: Sequence[Spoken], done: Handling) -> bool:
    """Whether we reacted to a post that we could have read by then."""
    if done.handled and post.arrived <= done.handled:
        return True
    return any(post.arrived <= at for at in done.answered) or any(post.at <= own.at for own in _elsewhere(posts, done))


def _elsewhere(posts: Sequence[Spoken], done: Handling) -> list[Spoken]:
    """Return what we wrote in the network's own app."""
    return [post for post in posts if post.ours and not post.deleted and post.uri not in done.sent]


def _changed_since_answer(post: Spoken, posts: Sequence[Spoken], done: Handling) -> bool:
    if post.changed is None:
        return False
    reacted = [*done.answered, *(own.at for own in _elsewhere(posts, done)), *([done.handled] if done.handled else [])]
    return not reacted or post.changed > max(reacted)


def _status(done: Handling, unanswered: Sequence[Spoken], living: Sequence[Spoken]) -> Status:
    """Return the status that follows; what a colleague decided stands until a resident writes again."""
    if unanswered:
        return Status.OPEN
    if done.status is Status.OPEN and done.waited:
        return Status.WAITING if living else Status.DONE
    return done.status

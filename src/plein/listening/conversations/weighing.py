"""How much a municipality could contribute where people talk: from 0, stay away, to 3, needed now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from plein.listening.conversations.activity import activity, unseen
from plein.listening.conversations.messages import Message, Placed, authors_of, in_order, moment
from plein.listening.conversations.teaching import Taught
from plein.listening.conversations.weighed import Kind, Question, Step, Weighed
from plein.listening.places.knowledge import TownKnowledge
from plein.listening.topics import ELSE, topic_of
from plein.town.saying import own

Town = TownKnowledge
MOST = 3.0


def weigh(
    name: str,
    messages: Sequence[Message],
    now: datetime | None,
    town: Town | None = None,
    taught: Taught | None = None,
) -> Weighed:
    """Weigh a place by what was said there. With `town`, places elsewhere go down; `taught` are its own choices."""
    said = in_order(messages)
    topic = topic_of(" ".join(one.message.text[:400] for one in said[:200])).code
    asked = open_questions(said, now)
    kind = Kind.QUESTION if asked and topic != ELSE else Kind.CHATTER
    step = Step.ANSWER if kind is Kind.QUESTION else Step.LEAVE
    score = (2.0 if kind is Kind.QUESTION else 0.5) + (taught.shift(kind, topic) if taught else 0.0)
    why = own("{0} questions stand open.", len(asked)) if asked else own("Nothing is asked here.{0}", "")
    return Weighed(max(0.0, min(MOST, score)), why, kind, step, topic, asked, (why,), activity(messages), unseen(said),
                   authors_of(said))  # fmt: skip


def open_questions(said: Sequence[Placed], now: datetime | None) -> tuple[Question, ...]:
    """Return the questions to which nobody replied, the longest waiting first."""
    replied = {one.parent for one in said}
    return tuple(
        Question(one.message.text, one.message.id, one.message.at, _waits(one, now), topic_of(one.message.text).code)
        for one in said
        if "?" in one.message.text and one.number not in replied
    )


def _waits(one: Placed, now: datetime | None) -> timedelta | None:
    return moment(now) - moment(one.message.at) if now and one.message.at else None

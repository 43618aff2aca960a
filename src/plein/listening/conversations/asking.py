"""Which questions stand open in a place: asked, and answered by nobody who knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from plein.listening.conversations.messages import moment
from plein.listening.conversations.reading import Reading
from plein.listening.conversations.weighed import Question

# So far after a question an answer is looked for; who answers later answers something else.
REACH = 40
# How well a reply answers, from 0 to 1: by who gives it, and how it is said.
BY_ORGANISATION, THANKED, TOLD, CORRECTED, SAID, GUESSED = 0.97, 0.9, 0.65, 0.6, 0.3, 0.08
OPEN = 0.5
_BUT = re.compile(r"\b(?:maar|helaas|helpt (?:mij |me )?niet|but|wacht)\b", re.IGNORECASE)
LEAST_OF_AN_ANSWER = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, how far it is answered (0 to 1), and how many replied without knowing."""

    reading: Reading
    answered: float
    guesses: int
    by_organisation: bool

    @property
    def is_open(self) -> bool:
        """Return whether somebody who knows could still answer."""
        return self.answered < OPEN


def asked_in(readings: Sequence[Reading]) -> list[Asked]:
    """Return the questions of a place in order of time, each with how far it is answered. What an organisation asks is none."""
    children: dict[int, list[Reading]] = {}
    for one in readings:
        if one.placed.parent is not None:
            children.setdefault(one.placed.parent, []).append(one)
    return [
        _judged(one, list(_after(one, readings, children))) for one in readings if one.question and not one.official
    ]


def _after(asked: Reading, readings: Sequence[Reading], children: dict[int, list[Reading]]) -> Iterator[Reading]:
    """Yield what was said in answer: the replies and what replies to them, and what replies to nothing in particular."""
    number = asked.placed.number
    inside = {number}
    for one in readings[number + 1 : number + 1 + REACH]:
        parent = one.placed.parent
        if parent in inside or (parent is None and not one.placed.unseen_parent):
            inside.add(one.placed.number)
            yield one
        elif asked.placed.parent is not None and parent == asked.placed.parent and one.official:
            yield one


def _judged(asked: Reading, replies: Sequence[Reading]) -> Asked:
    answered, guesses, official = 0.0, 0, False
    for one in replies:
        if one.author == asked.author:
            answered = _after_their_own_words(one, answered, guesses)
            continue
        answers = _worth(one)
        official = official or one.official
        guesses += answers == GUESSED and not one.question
        answered = max(answered, answers)
    return Asked(asked, answered, guesses, official)


def _after_their_own_words(one: Reading, answered: float, guesses: int) -> float:
    """Who asked says thanks, or asks again."""
    if _is_content(one) and (one.of("thanks") >= 1 or answered >= SAID) and (answered or guesses):
        return max(answered, THANKED)
    if (one.of("echo") or one.question) and answered < BY_ORGANISATION:
        return min(answered, SAID)
    return answered


def _is_content(one: Reading) -> bool:
    """Whether somebody thanks without asking on: not "dank, maar dat helpt mij niet"."""
    return bool(one.of("thanks")) and not one.question and not one.marked and not _BUT.search(one.text)


def _worth(one: Reading) -> float:
    """Return how well a reply answers."""
    if one.official:
        return BY_ORGANISATION
    if one.guesses or one.of("echo"):
        return GUESSED
    if one.of("corrected") >= 1:
        return CORRECTED
    if one.tells:
        return TOLD
    if max(one.of("insult"), one.of("grief"), one.of("rumour")):
        return 0.0
    return SAID if one.words >= LEAST_OF_AN_ANSWER else 0.0


def open_questions(asked: Sequence[Asked], now: datetime | None) -> tuple[Question, ...]:
    """Return the questions that stand open, the longest waiting first."""
    return tuple(
        Question(
            one.reading.question,
            one.reading.placed.message.id,
            (at := one.reading.placed.message.at),
            max(moment(now) - moment(at), timedelta()) if now and at else None,
            one.reading.topic,
            one.guesses,
        )
        for one in asked
        if one.is_open
    )

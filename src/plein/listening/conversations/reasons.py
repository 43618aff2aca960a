"""Says in sentences of ours why a place has its score: the one that counts, then what else speaks for or against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from plein.listening.conversations.cues import cues_of
from plein.listening.conversations.deciding import AWAY, strength
from plein.listening.conversations.measuring import CIVIC, Measured
from plein.listening.conversations.reading import LONGEST
from plein.listening.conversations.weighed import WELCOME, Kind, Question
from plein.listening.tokens import tokens
from plein.listening.topics import ELSE, topic_of
from plein.town.saying import own

# So much of a question is quoted where it has no word that tells what it is about.
QUOTED = 60
# A kind to stay away from is told as a warning from here.
HINT = 0.25
# Words that name the municipality itself, and so tell nothing of what it is about.
_EVERYWHERE = frozenset(
    "gemeente gemeentehuis stadhuis bewoners melden gemeld aanvraag municipality belediye gmina".split()
)
_LEAST, _MINUTES, _HOURS = timedelta(minutes=2), timedelta(minutes=90), timedelta(hours=48)

ABOUT = {
    Kind.ANSWERED: own("What was asked here has been answered."),
    Kind.CHATTER: own("Nothing is asked here that a municipality knows."),
    Kind.GRIEF: own("People share grief or worry about somebody here."),
    Kind.QUARREL: own("This is about parties and votes."),
    Kind.INSULTS: own("People are insulted here."),
    Kind.CONSPIRACY: own("A conspiracy is the subject here; facts do not help."),
    Kind.TRADE: own("People buy, sell and advertise here."),
    Kind.LEISURE: own("This is about sport, television, pets or a hobby."),
    Kind.NEWS: own("This is about national or foreign news."),
    Kind.PRIVATE: own("People arrange something among themselves here."),
    Kind.MONOLOGUE: own("One person speaks, and nobody replies."),
    Kind.ELSEWHERE: own("This is about another municipality."),
}


def reasons(kind: Kind, found: Measured, asked: Sequence[Question]) -> list[str]:
    """Return the sentences, the one that counts first."""
    return list(dict.fromkeys([_first(kind, found, asked), *_more(kind, found, asked)]))


def _first(kind: Kind, found: Measured, asked: Sequence[Question]) -> str:
    subject = subject_of(found, asked)
    match kind:
        case Kind.QUESTION if asked:
            return waiting(subject, asked)
        case Kind.MISINFORMATION:
            return own("Something is passed on about “{0}”, and nobody has checked it.", subject)
        case Kind.HELP:
            return own("Somebody looks for help with “{0}”.", subject)
        case Kind.IDEA:
            return own("Residents are making a plan: “{0}”.", subject)
        case Kind.MATTER | Kind.QUESTION if _people(found) == 1:
            return own("Somebody talks about “{0}”, a matter of the municipality.", subject)
        case Kind.MATTER | Kind.QUESTION:
            return own("{0} people talk about “{1}”, a matter of the municipality.", _people(found), subject)
    return ABOUT[kind]


def waiting(subject: str, asked: Sequence[Question]) -> str:
    """Return how many questions stand open, about what, and for how long.

    >>> from plein.town.saying import plain
    >>> plain(waiting("container", [Question("", "", None, timedelta(hours=3), "afval")]))
    'A question about “container” has stood open for 3 hours.'
    """
    waits = max((one.waits for one in asked if one.waits is not None), default=None)
    number = len(asked)
    if waits is None or waits < _LEAST:
        if number == 1:
            return own("A question about “{0}” has no answer yet.", subject)
        return own("{0} questions about “{1}” have no answer yet.", number, subject)
    if waits < _MINUTES:
        minutes = round(waits / timedelta(minutes=1))
        if number == 1:
            return own("A question about “{0}” has stood open for {1} minutes.", subject, minutes)
        return own("{0} questions about “{1}” have stood open, the first for {2} minutes.", number, subject, minutes)
    if waits < _HOURS:
        hours = round(waits / timedelta(hours=1))
        if number == 1:
            return own("A question about “{0}” has stood open for {1} hours.", subject, hours)
        return own("{0} questions about “{1}” have stood open, the first for {2} hours.", number, subject, hours)
    if number == 1:
        return own("A question about “{0}” has stood open for {1} days.", subject, waits.days)
    return own("{0} questions about “{1}” have stood open, the first for {2} days.", number, subject, waits.days)


def subject_of(found: Measured, asked: Sequence[Question]) -> str:
    """Return the word that tells what it is about; where there is none, the beginning of what was asked or said."""
    texts = [one.text for one in asked]
    texts += [one.text for one in sorted(found.readings, key=lambda one: (one.civic < CIVIC, one.placed.number))[:2]]
    named = (name for text in texts if (name := _matter_in(text)))
    return next(named, _shortened(next((text for text in texts if text), "")))


def _matter_in(text: str) -> str:
    """Return the word of a text that a municipality does something about: of ours, else of its topic."""
    own_words = [
        word for word in tokens(text[:LONGEST]) if cues_of([word]).get("civic", 0.0) >= 1 and word not in _EVERYWHERE
    ]
    topic = topic_of(text[:LONGEST])
    return max(own_words, key=len) if own_words else (topic.words[0] if topic.code != ELSE and topic.words else "")


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else f"{line[: QUOTED - 1].rstrip()}…"


def _more(kind: Kind, found: Measured, asked: Sequence[Question]) -> Iterator[str]:
    if guesses := sum(one.guesses for one in asked):
        yield own("Replies from people who do not know either: {0}.", guesses)
    if asked and kind is not Kind.QUESTION:
        yield waiting(subject_of(found, asked), asked)
    if kind in WELCOME and found.measures["rumour of ours"] >= HINT and kind is not Kind.MISINFORMATION:
        yield own("Something is passed on that nobody has checked.")
    if found.measures["official"]:
        yield own("An organisation has already spoken here.")
    if found.measures["corrected"]:
        yield own("Somebody already contradicts it.")
    yield from _warnings(kind, found)
    yield own("People who take part: {0}.", _people(found))


def _warnings(kind: Kind, found: Measured) -> Iterator[str]:
    for away in AWAY:
        if away is not kind and strength(away, found.measures) >= HINT:
            yield ABOUT[away]


def _people(found: Measured) -> int:
    return len({one.author for one in found.readings})

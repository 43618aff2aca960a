"""What a place is above all, by its measures; the limits that nothing outweighs; and what to do first."""

from __future__ import annotations

from collections.abc import Mapping

from plein.listening.conversations.weighed import WELCOME, Kind, Step

Measures = Mapping[str, float]
# How strongly a place is of a kind from which a municipality stays away: by its themes.
AWAY: dict[Kind, tuple[str, ...]] = {
    Kind.GRIEF: ("grief", "missing"),
    Kind.QUARREL: ("party",),
    Kind.INSULTS: ("insult",),
    Kind.CONSPIRACY: ("conspiracy",),
    Kind.TRADE: ("trade",),
    Kind.LEISURE: ("sport", "tv", "hobby", "pet"),
    Kind.NEWS: ("news",),
    Kind.PRIVATE: ("private",),
}
# From here a place is of that kind; and the score that it then gets at most, whatever is asked there.
FROM = 0.45
AT_MOST = {Kind.GRIEF: 0.2, Kind.QUARREL: 0.6, Kind.INSULTS: 0.4, Kind.CONSPIRACY: 0.4}
# What the first message does, without any doubt, counts beside what all do.
_FIRST = 0.3
# From this score a place is worth a look; below it something else than a need is what it is above all.
WORTH = 1.2
STEPS = {
    Kind.QUESTION: Step.ANSWER,
    Kind.MISINFORMATION: Step.CORRECT,
    Kind.HELP: Step.REFER,
    Kind.IDEA: Step.INVITE,
    Kind.MATTER: Step.EXPLAIN,
    Kind.ANSWERED: Step.WATCH,
}


def kept_away(measures: Measures) -> Kind | None:
    """Return the kind for which a municipality stays away, whatever is asked: grief, quarrel, insults, conspiracy.

    >>> kept_away({"grief": 0.8, "grief:first": 1.0}), kept_away({"trade": 1.0}), kept_away({})
    (<Kind.GRIEF: 'grief'>, None, None)
    """
    strongest = max(AT_MOST, key=lambda kind: strength(kind, measures))
    return strongest if strength(strongest, measures) >= FROM else None


def strength(kind: Kind, measures: Measures) -> float:
    """Return how much a place is of a kind to stay away from, from 0."""
    return max(measures.get(theme, 0.0) + _FIRST * (measures.get(f"{theme}:first", 0.0) >= 1) for theme in AWAY[kind])


def kind_of(measures: Measures, score: float) -> Kind:
    """Return what a place is above all."""
    if away := kept_away(measures):
        return away
    if measures.get("elsewhere", 0.0) >= 1 and score < WORTH:
        return Kind.ELSEWHERE
    return _needed(measures) if score >= WORTH else _not_needed(measures)


def _needed(measures: Measures) -> Kind:
    """Return what is needed there: by what the first message does, then by what most do."""
    asks_first = measures.get("open:first", 0.0) >= 0.5
    if measures.get("help of ours", 0.0) >= 0.12 and (measures.get("help:first", 0.0) >= 1 or not asks_first):
        return Kind.HELP
    if measures.get("rumour:first", 0.0) >= 0.6 and measures.get("rumour of ours", 0.0) >= (0.3 if asks_first else 0.1):
        return Kind.MISINFORMATION
    if measures.get("idea of ours", 0.0) >= 0.2 and not asks_first:
        return Kind.IDEA
    return Kind.QUESTION if measures.get("open", 0.0) > 0 else Kind.MATTER


def _not_needed(measures: Measures) -> Kind:
    strongest = max(AWAY, key=lambda kind: strength(kind, measures))
    if strength(strongest, measures) >= FROM:
        return strongest
    if measures.get("answered", 0.0) >= 0.5:
        return Kind.ANSWERED
    return Kind.MONOLOGUE if measures.get("alone") else Kind.CHATTER


def step_for(kind: Kind, measures: Measures) -> Step:
    """Return what to do first. A question that another organisation has to answer is brought there."""
    if kind is Kind.QUESTION and measures.get("other desk", 0.0) >= 0.3:
        return Step.REFER
    return STEPS[kind] if kind in WELCOME or kind in STEPS else Step.LEAVE

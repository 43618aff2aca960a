"""`plein evaluate conversation-places`: JSON lines with `place`, `messages` and `worth_joining`; are the best ranked first?

Of the first 20 it counts; nothing but the order has a say. Places of one score share their places in the order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from plein.listening.conversations.messages import Message, moment, newest
from plein.listening.conversations.teaching import Choice, Taught
from plein.listening.conversations.weighed import Weighed
from plein.listening.conversations.weighing import weigh
from plein.listening.places.knowledge import TownKnowledge
from plein.town.saying import told
from plein_web.site.evaluate.outcome import Figure, Given, Outcome, TownFile
from plein_web.site.evaluate.ranking import FIRST, chance_ndcg, ndcg, share_of_first
from plein_web.site.evaluate.reading import lines_of, malformed
from plein_web.site.evaluate.scoring import mean
from plein_web.site.saying import gettext as _

LABELS = (0, 1, 2, 3)
WELCOME = 2
# Places whose newest messages lie so close together are judged at one moment.
SAME_DAYS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class LabelledPlace:
    """A place with what was said there, and how much it is worth to join, from 0 to 3."""

    name: str
    messages: tuple[Message, ...]
    worth: int


def evaluate(given: Given) -> Outcome:
    """Weigh every place, then score the order against the labels."""
    rows = labelled(given.input)
    town = given.town and _knowledge(given.town)
    taught = taught_by(labelled(given.learn), town) if given.learn else None
    found = weighed(rows, town, taught)
    scores = [one.score for one in found]
    predictions = [
        {"place": row.name, "score": round(one.score, 4), "why": told(one.why, _)}
        for row, one in zip(rows, found, strict=True)
    ]
    baseline = _("the places with most messages first; chance: any order, exactly")
    return Outcome(len(rows), predictions, figures(rows, scores), baseline, unwelcome(rows, found))


def weighed(rows: Sequence[LabelledPlace], town: TownKnowledge | None, taught: Taught | None = None) -> list[Weighed]:
    """Weigh the places at the moment of the newest message: of all, or of each when they are of different days."""
    last = [newest(row.messages) for row in rows]
    known = [one for one in last if one]
    end = max(known, default=None)
    together = end is not None and 2 * sum(end - one <= SAME_DAYS for one in known) > len(known)
    moments = [end if together else one for one in last]
    return [weigh(row.name, row.messages, now, town, taught) for row, now in zip(rows, moments, strict=True)]


def taught_by(rows: Sequence[LabelledPlace], town: TownKnowledge | None) -> Taught:
    """Return what a town teaches that joins the places worth it, and leaves the others."""
    taught = Taught()
    for row, one in zip(rows, weighed(rows, town), strict=True):
        taught = taught.learn(one, Choice.JOIN if row.worth >= WELCOME else Choice.LEAVE)
    return taught


def figures(rows: Sequence[LabelledPlace], scores: Sequence[float]) -> list[Figure]:
    """Return how good the first 20 are, beside an order by number of messages, and any order."""
    worth = [row.worth for row in rows]
    volume = [float(len(row.messages)) for row in rows]
    steep, straight = [2.0**one - 1 for one in worth], [float(one) for one in worth]
    welcome, useless = [float(one >= WELCOME) for one in worth], [float(one == 0) for one in worth]
    found = [
        Figure(name, ndcg(gains, scores), ndcg(gains, volume), chance_ndcg(gains), len(rows))
        for name, gains in ((_("NDCG@20"), steep), (_("NDCG@20, gain is the label itself"), straight))
    ]
    first = min(FIRST, len(rows))
    return found + [
        Figure(name, share_of_first(which, scores), share_of_first(which, volume), mean(which), first)
        for name, which in ((_("welcome (2 or 3) in the first 20"), welcome), (_("label 0 in the first 20"), useless))
    ]


def unwelcome(rows: Sequence[LabelledPlace], found: Sequence[Weighed]) -> list[str]:
    """Return a line for each of the first 20 that is not welcome: a label 0 may be grief or a quarrel."""
    words = _("among the first 20: %(place)s, label %(label)d, score %(score).2f, taken for %(kind)s")
    order = sorted(range(len(rows)), key=lambda number: -found[number].score)[:FIRST]
    return [
        words % {"place": rows[one].name, "label": rows[one].worth, "score": found[one].score, "kind": found[one].kind}
        for one in order
        if rows[one].worth < WELCOME
    ]


def _knowledge(town: TownFile) -> TownKnowledge:
    return TownKnowledge(**{one.name: getattr(town, one.name) for one in fields(TownKnowledge)})


# -- reading -------------------------------------------------------------------------------------


def labelled(path: Path) -> list[LabelledPlace]:
    """Return the places of a labelled file. Raises Told with file and line."""
    return [_place(path, number, line) for number, line in lines_of(path)]


def _place(path: Path, number: int, line: str) -> LabelledPlace:
    try:
        found = json.loads(line)
    except ValueError as problem:
        raise malformed(path, number, _("this is not JSON: %(words)s") % {"words": problem}) from problem
    if not isinstance(found, dict):
        raise malformed(path, number, _("this is not a JSON object"))
    worth, messages = found.get("worth_joining"), found.get("messages")
    if not isinstance(found.get("place"), str):
        raise malformed(path, number, _("%(name)s is missing or no text") % {"name": "place"})
    if worth not in LABELS or isinstance(worth, bool):
        raise malformed(path, number, _("%(name)s has to be 0, 1, 2 or 3") % {"name": "worth_joining"})
    if not isinstance(messages, list):
        raise malformed(path, number, _("%(name)s is missing or no list") % {"name": "messages"})
    return LabelledPlace(found["place"], tuple(_message(path, number, one) for one in messages), int(worth))


def _message(path: Path, number: int, given: Any) -> Message:
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise malformed(path, number, _("a message has no %(name)s, or it is no text") % {"name": "text"})
    for name, kinds in (("author", str | None), ("id", str | int | None), ("reply_to", str | int | None)):
        if not isinstance(given.get(name), kinds):
            raise malformed(path, number, _("%(name)s of a message is neither text, number nor null") % {"name": name})
    return Message(
        given["text"], _at(path, number, given), given.get("author") or "", given.get("reply_to"), _id(given)
    )


def _id(given: Mapping[str, Any]) -> str:
    return "" if given.get("id") is None else str(given["id"])


def _at(path: Path, number: int, given: Mapping[str, Any]) -> datetime | None:
    written = given.get("at")
    if written is None:
        return None
    try:
        return moment(datetime.fromisoformat(written))
    except (TypeError, ValueError) as problem:
        raise malformed(path, number, _("'%(at)s' is no moment (ISO 8601)") % {"at": written}) from problem

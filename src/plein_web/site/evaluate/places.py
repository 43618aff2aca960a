"""`plein evaluate places`: TSV with `place`, `text` and `label` (1: about the place or a place in it); macro over the places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from plein.listening.places.gazetteer import key_of
from plein.listening.places.judge import Judge, Verdict
from plein.listening.places.knowledge import TownKnowledge
from plein.listening.places.reasons import reasons
from plein.town.saying import told
from plein_web.site.evaluate.outcome import Figure, Given, Outcome, Prediction, TownFile
from plein_web.site.evaluate.reading import Row, malformed, one_of, table
from plein_web.site.evaluate.scoring import mean, precision_recall
from plein_web.site.saying import gettext as _

COLUMNS = ("place", "text", "label")
ABOUT, NOT_ABOUT = "1", "0"


def evaluate(given: Given) -> Outcome:
    """Judge every text for its place, then score against the labels."""
    rows = labelled(given.input)
    judges = {place: Judge(knowledge_of(place, given.town)) for place in sorted({row["place"] for row in rows})}
    for row in labelled(given.learn) if given.learn else []:
        if row["place"] in judges:
            judges[row["place"]] = judges[row["place"]].learn(row["text"], row["label"] == ABOUT)
    verdicts = [judges[row["place"]].judge(row["text"]) for row in rows]
    predictions = [_prediction(number, verdict) for number, verdict in enumerate(verdicts)]
    answers = [ABOUT if verdict.about else NOT_ABOUT for verdict in verdicts]
    baseline = _("the name of the place stands in the text")
    return Outcome(len(rows), predictions, figures(rows, answers), baseline, each_place(rows, answers))


def labelled(path: Path) -> list[Row]:
    """Return the rows of a labelled file. Raises Told with file and line."""
    rows = table(path, COLUMNS)
    one_of(path, rows, "label", (ABOUT, NOT_ABOUT), first_line=2)
    for line, row in enumerate(rows, 2):
        if not row["place"].strip():
            raise malformed(path, line, _("%(name)s is missing or no text") % {"name": "place"})
    return rows


def knowledge_of(place: str, town: TownFile | None) -> TownKnowledge:
    """Return what the town's own file says when the place is that town; else its name is all there is."""
    if town is None or key_of(town.name) != key_of(place):
        return TownKnowledge(place)
    return TownKnowledge(**{one.name: getattr(town, one.name) for one in fields(TownKnowledge)})


def _prediction(number: int, verdict: Verdict) -> Prediction:
    why = "; ".join(told(sentence, _) for sentence in reasons(verdict.why))
    return {"row": number, "about": verdict.about, "sure": round(verdict.sure, 4), "why": why}


def by_plain_matching(place: str, text: str) -> str:
    """Say that a text is about a place when its name stands in it, as words, in whatever case.

    >>> by_plain_matching("Bergen (NH)", "De bergen in!"), by_plain_matching("Best", "Beste mensen")
    ('1', '0')
    """
    return ABOUT if f" {key_of(place.split(' (')[0])} " in f" {key_of(text)} " else NOT_ABOUT


def figures(rows: Sequence[Row], answers: Sequence[str]) -> list[Figure]:
    """Return macro precision and recall, beside plain matching and the toss of a coin."""
    ours, theirs = (
        _by_place(rows, answers),
        _by_place(rows, [by_plain_matching(row["place"], row["text"]) for row in rows]),
    )
    names = (_("precision, mean of the places"), _("recall, mean of the places"))
    chances = (mean([_share(rows, place) for place in ours]), 0.5)
    return [
        Figure(names[which], _mean(ours, which), _mean(theirs, which), chances[which], len(rows)) for which in range(2)
    ]


def each_place(rows: Sequence[Row], answers: Sequence[str]) -> list[str]:
    """Return a line for each place."""
    words = _("%(place)s: precision %(precision).2f, recall %(recall).2f, %(rows)d rows")
    numbers = {place: sum(row["place"] == place for row in rows) for place in {row["place"] for row in rows}}
    return [
        words % {"place": place, "precision": pair[0], "recall": pair[1], "rows": numbers[place]}
        for place, pair in _by_place(rows, answers).items()
    ]


def _by_place(rows: Sequence[Row], answers: Sequence[str]) -> dict[str, tuple[float, float]]:
    pairs: dict[str, list[tuple[str, str]]] = {}
    for row, answer in zip(rows, answers, strict=True):
        pairs.setdefault(row["place"], []).append((row["label"], answer))
    measured = {}
    for place, of_place in sorted(pairs.items()):
        true, said = [one for one, _answer in of_place], [other for _label, other in of_place]
        measured[place] = precision_recall(true, said, ABOUT)
    return measured


def _mean(measured: dict[str, tuple[float, float]], which: int) -> float:
    return mean([pair[which] for pair in measured.values()])


def _share(rows: Sequence[Row], place: str) -> float:
    return mean([float(row["label"] == ABOUT) for row in rows if row["place"] == place])

"""`plein evaluate topics`: JSON lines with `text` and `topic`; the score is macro-F1."""

from __future__ import annotations

from collections import Counter

from plein.listening.topics import TOPICS, by_keywords, topic_of
from plein_web.site.evaluate.outcome import Figure, Given, Outcome
from plein_web.site.evaluate.reading import documents, one_of
from plein_web.site.evaluate.scoring import accuracy, chance_macro_f1, f1, macro_f1, precision_recall
from plein_web.site.saying import gettext as _


def evaluate(given: Given) -> Outcome:
    """Judge every text, then score against the labels. Raises Told when a label is no topic."""
    rows = documents(given.input, ["text", "topic"])
    one_of(given.input, rows, "topic", TOPICS)
    found = [topic_of(row["text"]) for row in rows]
    answers = [one.code for one in found]
    simple = [by_keywords(row["text"]) for row in rows]
    predictions = [{"row": number, "topic": one.code, "why": ", ".join(one.words)} for number, one in enumerate(found)]
    baseline = _("the topic with most words of its lexicon in the text, else anders")
    return Outcome(len(rows), predictions, figures([row["topic"] for row in rows], answers, simple), baseline)


def figures(true: list[str], answers: list[str], simple: list[str]) -> list[Figure]:
    """Return macro-F1 and accuracy, then the F1 of each topic."""
    number = Counter(true)
    chance = chance_macro_f1(true, len(TOPICS))
    each = [
        Figure(topic, *(f1(*precision_recall(true, one, topic)) for one in (answers, simple)), rows=number[topic])
        for topic in sorted(number)
    ]
    return [
        Figure(_("macro-F1"), macro_f1(true, answers), macro_f1(true, simple), chance, len(true)),
        Figure(_("accuracy"), accuracy(true, answers), accuracy(true, simple), 1 / len(TOPICS), len(true)),
        *each,
    ]

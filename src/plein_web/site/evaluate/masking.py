"""`plein evaluate masking`: JSON lines with `text` and `pii`, the exact pieces to mask; the scores are precision and recall."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from plein.listening.masking import Kind, Span, find
from plein_web.site.evaluate.outcome import Figure, Given, Outcome, Prediction
from plein_web.site.evaluate.reading import documents, lines_of, malformed
from plein_web.site.saying import gettext as _

# The baseline: what each kind looks like, without a check and without a look at the words around it.
PLAIN = re.compile(
    r"(?i)[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?\b|(?:\+\d{2}|\b0)[\d -]{8,12}\d\b|"
    r"\b\d{9}\b|\b[a-z0-9]{1,3}-[a-z0-9]{2,3}-[a-z0-9]{1,2}\b|\b\w+(?:straat|laan|weg|plein|kade|gracht|dijk) \d+[a-z]?\b"
)


def evaluate(given: Given) -> Outcome:
    """Mask every text, then score against the labels. Accounts (@jan) are masked too, but are no part of what is measured."""
    texts = [row["text"] for row in documents(given.input, ["text"])]
    spans = [[one for one in find(text) if one.kind is not Kind.ACCOUNT] for text in texts]
    answers = [pieces(text, found) for text, found in zip(texts, spans, strict=True)]
    simple = [list(dict.fromkeys(PLAIN.findall(text))) for text in texts]
    true = labels(given.input, texts)
    predictions: list[Prediction] = [{"row": number, "masked": masked} for number, masked in enumerate(answers)]
    baseline = _("what looks like it to a plain pattern, without a check and without the words around it")
    return Outcome(len(texts), predictions, figures(texts, true, answers, simple), baseline, wrong(true, answers))


def pieces(text: str, spans: Sequence[Span]) -> list[str]:
    """Return the pieces that are masked, each once, in the order of the text.

    >>> pieces("bel 112 of 112", [Span(4, 7, Kind.PHONE), Span(11, 14, Kind.PHONE)])
    ['112']
    """
    return list(dict.fromkeys(text[one.start : one.end] for one in spans))


def labels(path: Path, texts: Sequence[str]) -> list[list[str]]:
    """Return the pieces to mask of every row, each once. Raises Told with file and line."""
    found = []
    for (line, written), text in zip(lines_of(path), texts, strict=True):
        asked = json.loads(written).get("pii")
        if not isinstance(asked, list) or not all(isinstance(one, str) and one for one in asked):
            raise malformed(path, line, _("%(name)s is missing or no list of texts") % {"name": "pii"})
        for one in asked:
            if one not in text:
                raise malformed(path, line, _("'%(piece)s' does not stand in the text") % {"piece": one})
        found.append(list(dict.fromkeys(asked)))
    return found


def figures(
    texts: Sequence[str], true: Sequence[list[str]], answers: Sequence[list[str]], simple: Sequence[list[str]]
) -> list[Figure]:
    """Return precision and recall of whole pieces, then of the characters in them. Chance has no sense here."""
    total, rows = sum(map(len, true)), len(texts)
    names = (_("precision"), _("recall"), _("precision, by character"), _("recall, by character"))
    ours = (*of_pieces(true, answers), *of_characters(texts, true, answers))
    theirs = (*of_pieces(true, simple), *of_characters(texts, true, simple))
    return [
        Figure(name, score, base, rows=rows if number % 2 == 0 else total)
        for number, (name, score, base) in enumerate(zip(names, ours, theirs, strict=True))
    ]


def of_pieces(true: Sequence[list[str]], answers: Sequence[list[str]]) -> tuple[float, float]:
    """Return precision and recall of pieces that are exactly right; 1 where nothing was masked, or nothing had to be.

    >>> of_pieces([["a", "b"], []], [["a"], ["c"]])
    (0.5, 0.5)
    """
    hits = sum(len(set(one) & set(other)) for one, other in zip(true, answers, strict=True))
    return ratio(hits, sum(map(len, answers))), ratio(hits, sum(map(len, true)))


def of_characters(texts: Sequence[str], true: Sequence[list[str]], answers: Sequence[list[str]]) -> tuple[float, float]:
    """Return precision and recall of the characters: a piece that is a little too long or too short counts for what it is.

    >>> of_characters(["bel 0612"], [["0612"]], [["061"]])
    (1.0, 0.75)
    """
    hits = said = asked = 0
    for text, one, other in zip(texts, true, answers, strict=True):
        wanted, given = _characters(text, one), _characters(text, other)
        hits, said, asked = hits + len(wanted & given), said + len(given), asked + len(wanted)
    return ratio(hits, said), ratio(hits, asked)


def ratio(part: int, whole: int) -> float:
    """Return the share; of nothing, all is right."""
    return part / whole if whole else 1.0


def _characters(text: str, found: Sequence[str]) -> set[int]:
    return {at for one in found for match in re.finditer(re.escape(one), text) for at in range(*match.span())}


def wrong(true: Sequence[list[str]], answers: Sequence[list[str]]) -> list[str]:
    """Return a line for every row that is not as labelled."""
    words = _("row %(row)d: missed %(missed)s, too much %(extra)s")
    return [
        words % {"row": number, "missed": _listed(one, other), "extra": _listed(other, one)}
        for number, (one, other) in enumerate(zip(true, answers, strict=True))
        if set(one) != set(other)
    ]


def _listed(these: Sequence[str], without: Sequence[str]) -> str:
    return ", ".join(f"'{one}'" for one in these if one not in without) or "–"

"""`plein evaluate language`: TSV with `language` and `text`; the score is the mean of the accuracies of the languages."""

from __future__ import annotations

from collections import Counter

from plein.listening.language import CODES, UNKNOWN, language_of, words_of
from plein_web.site.evaluate.outcome import Figure, Given, Outcome
from plein_web.site.evaluate.reading import table
from plein_web.site.evaluate.scoring import accuracy, accuracy_each, mean
from plein_web.site.saying import gettext as _

# The baseline: whoever has most of its commonest words in a text; Dutch where nobody has.
COMMON = {
    "nl": "de het een en van ik je is dat in niet te zijn op voor met er maar wat ook aan als om dit nog wel naar of bij",
    "fy": "it in de en fan ik net te op yn is dat oan foar mei ek as mar der wy jim binne hat wurdt hawwe wol",
    "en": "the a and of i you is that in not to are on for with but what also at as this be have it we was my",
    "de": "der die das und ich du ist nicht zu sind auf für mit aber was auch an als dies ein eine es wir war den im",
    "tr": "bir ve bu ben sen ne de da için çok değil ama var yok gibi daha mi ile o biz",
    "pl": "i w nie na to się z że jest do jak co tak ale a o po dla czy już",
    "ar": "في من على لا ما هذا أن إلى مع هو هي كل عن لم و يا كان قد إن أنا",
}
_SETS = {code: frozenset(text.split()) for code, text in COMMON.items()}


def evaluate(given: Given) -> Outcome:
    """Judge every text, then score against the labels. A label that we do not know counts as a language to answer und for."""
    rows = table(given.input, ["language", "text"])
    answers = [language_of(row["text"]).code for row in rows]
    simple = [by_common_words(row["text"]) for row in rows]
    labels = [row["language"].strip().lower() for row in rows]
    true = [label if label in CODES else UNKNOWN for label in labels]
    predictions = [{"row": number, "language": code} for number, code in enumerate(answers)]
    baseline = _("the language with most of its commonest words in the text, else Dutch")
    return Outcome(len(rows), predictions, figures(true, answers, simple), baseline)


def figures(true: list[str], answers: list[str], simple: list[str]) -> list[Figure]:
    """Return the mean over the languages, then the rows together, then each language."""
    ours, theirs = accuracy_each(true, answers), accuracy_each(true, simple)
    chance = 1 / len(CODES)
    number = Counter(true)
    return [
        Figure(
            _("accuracy, mean of the languages"),
            mean(list(ours.values())),
            mean(list(theirs.values())),
            chance,
            len(true),
        ),
        Figure(_("accuracy, all rows"), accuracy(true, answers), accuracy(true, simple), chance, len(true)),
        *(Figure(code, ours[code], theirs[code], chance, number[code]) for code in ours),
    ]


def by_common_words(text: str) -> str:
    """Return the language with most of its commonest words in a text; Dutch where none has one."""
    found = Counter(code for word in words_of(text) for code, words in _SETS.items() if word in words)
    return max(CODES[:-1], key=lambda code: (found[code], code == "nl"))

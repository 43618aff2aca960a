"""What a mention is about, in the words of the screens."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from plein.listening.masking import without_placeholders
from plein.listening.topics import ELSE, topic_of

LABELS = {
    "afval": lazy("Waste"),
    "verkeer-en-parkeren": lazy("Traffic and parking"),
    "groen-en-water": lazy("Green and water"),
    "wegen-en-straatmeubilair": lazy("Roads and street furniture"),
    "overlast-en-veiligheid": lazy("Nuisance and safety"),
    "wonen-en-bouwen": lazy("Living and building"),
    "zorg-en-welzijn": lazy("Care and welfare"),
    "jeugd-en-onderwijs": lazy("Youth and education"),
    "burgerzaken": lazy("Civil affairs"),
    "belastingen": lazy("Taxes"),
    "asiel-en-opvang": lazy("Asylum and reception"),
    "energie-en-klimaat": lazy("Energy and climate"),
    "bestuur": lazy("Council and government"),
    "evenementen": lazy("Events"),
}
# Less sure than this a topic is not worth a line.
TOLD = 0.5


def told_topic(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the topic of a masked text and the words that decided it; None where it is unsure or none of ours."""
    found = topic_of(without_placeholders(text))
    if found.code == ELSE or found.sure < TOLD:
        return None
    return str(LABELS[found.code]), found.words

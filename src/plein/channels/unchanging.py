"""What of a passage counts when a page is compared with itself: not its clock, its counters and its tokens.

A date that stands by itself, or behind "last changed", says when somebody looked or saved. A date
within a sentence is news: a meeting that was moved.
"""

from __future__ import annotations

import re

from plein.town.words import fold

_MONTHS = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|"
    "january|february|march|may|june|july|august|october|jan|feb|mrt|apr|jun|jul|aug|sept?|okt|nov|dec"
)
_DAYS = (
    "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|di|wo|do|vr|za|zo|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_UNITS = "seconden?|minuten?|min|uur|uren|dagen|dag|weken|week|maanden?|jaar|seconds?|minutes?|hours?|days?|weeks?|months?|years?"
_COUNTED = (
    "reacties?|views?|weergaven|keer bekeken|keer gelezen|bezoekers?|resultaten|resultaat|likes?|berichten|downloads?|"
    "comments?|results?|visitors?|documenten|items?|stemmen|ondertekeningen"
)
_CLOCK = r"\d{1,2}[:.]\d{2}([:.]\d{2})?( ?uur)?"
_DATE = rf"(\d{{1,2}}[-/. ](\d{{1,2}}|{_MONTHS})[-/. ]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}} ({_MONTHS}))"
# What varies wherever it stands.
_VARIES = (
    re.compile(rf"\b(\d+|een|a|an|one) ({_UNITS}) (geleden|ago)\b"),
    re.compile(r"\b(zojuist|zonet|just now)\b"),
    re.compile(rf"\b\d[\d.,]*\+? ({_COUNTED})\b"),
    re.compile(rf"\b({_COUNTED})[: ]*\(?\d[\d.,]*\)?"),
    re.compile(r"\b(pagina|page) \d+ (van|of) \d+\b"),
    re.compile(r"\b(?=[0-9a-f-]*\d)[0-9a-f]{8}[0-9a-f-]{8,}\b"),
    re.compile(r"\(\d+\)"),
)
_STAMPED = re.compile(
    r"\b(laatst (gewijzigd|bijgewerkt|aangepast|gecontroleerd)|bijgewerkt|gewijzigd|afgedrukt|het is nu|vandaag|"
    r"last (changed|updated|modified)|updated|today|now)\b"
)
_MOMENT = re.compile(rf"\b({_DATE}|{_CLOCK}|({_DAYS})(?= ?({_DATE}|\d)))")
_ONLY_MOMENT = re.compile(rf"^(({_DAYS}|{_DATE}|{_CLOCK}|om|at|op|on|uur|[,.:|–-]|\d{{4}}) ?)+$")


def bare(passage: str) -> str:
    """Return a passage without what changes by itself; nothing when there is nothing else.

    >>> bare("Laatst gewijzigd: 3 maart 2026, 10.45 uur") == bare("Laatst gewijzigd: 4 maart 2026, 9.00 uur")
    True
    >>> bare("De raad vergadert op 12 maart.") == bare("De raad vergadert op 19 maart.")
    False
    """
    text = " ".join(fold(passage).split())
    if _ONLY_MOMENT.match(text):
        return ""
    for varies in _VARIES:
        text = varies.sub("~", text)
    if _STAMPED.search(text):
        text = _MOMENT.sub("~", text)
    return text if re.search(r"[^\W\d_]{2}", text) else ""

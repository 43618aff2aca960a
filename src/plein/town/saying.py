"""Plein's own sentences about what a network did, kept as text and said in the reader's language.

What went wrong is written down by one process and read by people of different languages, often
days later. So the sentence is kept in English, with each value between the signs that Unicode has
for a run of text from elsewhere (FSI and PDI, invisible, and right for Arabic values too). The
screens find the sentence back by them and translate it. A network's own words have no such form,
and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

OPEN, CLOSE = "\u2068", "\u2069"
_VALUE = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_MARKS = str.maketrans("", "", OPEN + CLOSE)


def own(template: str, *values: object) -> str:
    """Return an own sentence; its places are `{0}`, `{1}`, in the order in which they stand.

    >>> plain(own("The text is {0} characters too long.", 3))
    'The text is 3 characters too long.'
    """
    return template.format(*(f"{OPEN}{plain(str(value))}{CLOSE}" for value in values))


def is_own(text: str) -> bool:
    """Whether a kept text is a sentence of ours about somebody or something, and not a network's words.

    >>> is_own(own("Not on the network, says {0}.", "Femke")), is_own("Duplicate status")
    (True, False)
    """
    return OPEN in text


def plain(text: str) -> str:
    """Return a kept text without the signs, for logs and terminals."""
    return text.translate(_MARKS)


def told(text: str, translate: Callable[[str], str]) -> str:
    """Return a kept text as a reader gets it; what is no sentence of ours stays as it is.

    >>> told(own("There is no feed at {0} now.", "waterdam.example"), {"There is no feed at {0} now.": "Niets op {0}."}.get)
    'Niets op waterdam.example.'
    """
    values = _VALUE.findall(text)
    places = iter(range(len(values)))
    template = _VALUE.sub(lambda _: f"{{{next(places)}}}", text)
    translated = translate(template) if template else ""
    if not translated or translated == template:
        return plain(text)
    return translated.format(*values)

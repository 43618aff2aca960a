"""A text as the judge reads it: its words, how each is written, and what stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plein.town.words import fold

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDS_SENTENCE = re.compile(r"[.!?:\n“”\"|•\u2600-\u27bf\U0001f300-\U0001faff]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word. `before` is what stands between it and the word before; `opens`: it begins a sentence.

    `loud`: all of the text is in capitals, so that one says nothing.
    """

    raw: str
    folded: str
    before: str
    opens: bool
    loud: bool = False

    @property
    def capital(self) -> bool:
        return self.raw[0].isupper() and not self.loud

    @property
    def shouted(self) -> bool:
        return len(self.raw) > 2 and self.raw.isupper()

    @property
    def tagged(self) -> bool:
        return self.before.endswith("#")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A whole text. `style`: how it uses capitals: "shouted", "none" or "cased". `after` closes the text."""

    words: tuple[Word, ...]
    after: str
    style: str

    def gap(self, place: int) -> str:
        """Return what stands before word number `place`; what closes the text when there is none."""
        return self.words[place].before if place < len(self.words) else self.after

    def raw(self, first: int, end: int) -> str:
        """Return the text of words `first` up to `end`, with what stands between them."""
        chosen = self.words[max(first, 0) : end]
        return "".join(f"{word.before if number else ''}{word.raw}" for number, word in enumerate(chosen))


def read(text: str) -> Utterance:
    """Return a text as words.

    >>> [word.folded for word in read("In #Best: 'n put stinkt!").words], read("in best stinkt 't").style
    (['in', 'best', 'n', 'put', 'stinkt'], 'none')
    """
    found, end, style = [], 0, _style(text)
    for match in _WORD.finditer(text):
        before = text[end : match.start()]
        opens = not found or bool(_ENDS_SENTENCE.search(before))
        found.append(
            Word(match[0], fold(match[0]).replace("'", "").replace("’", ""), before, opens, style == "shouted")
        )
        end = match.end()
    return Utterance(tuple(found), text[end:], style)


def _style(text: str) -> str:
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    if len(letters) > 12 and capitals > 0.7 * len(letters):
        return "shouted"
    return "cased" if capitals else "none"

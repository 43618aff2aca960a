"""What one word may be: a first name, a surname, an initial, a little word between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plein.listening.persons.glued import without_little_words
from plein.listening.persons.letters import keys_of
from plein.listening.persons.lists import begins_one, endings, listed

# How far apart the parts of a name may stand: a first name, initials and little words before the surname.
REACH = 6


@dataclass(frozen=True, slots=True)
class Said:
    """A word of a row. `open`: any word that begins so. `dotted`: a full stop stands behind it.

    `glue` says what joins it to the word before: "quoted" in a phrase, "typed" side by side, "" an operator.
    """

    text: str
    keys: tuple[str, ...]
    open: bool = False
    dotted: bool = False
    glue: str = "quoted"

    @property
    def key(self) -> str:
        return self.keys[0]

    @property
    def capital(self) -> bool:
        """Whether it is written as a name: a capital, or an initial; not all in capitals."""
        return self.text[:1].isupper() and (len(self.text) == 1 or not self.text[1:].isupper())

    def is_in(self, name: str) -> bool:
        """Whether it stands in a list, however it is spelt."""
        return any(key in listed(name) for key in self.keys)


def said(text: str, **more: object) -> Said:
    """Return a word as the rules see it."""
    return Said(text, keys_of(text), **more)


def is_first(one: Said) -> bool:
    """Whether a word is a first name and nothing else, or begins like no other word."""
    if one.open and one.capital and len(one.key) > 3 and one.is_in("first_names"):
        return True
    if one.open:
        return any(key[:size] in listed("beginnings") for key in one.keys for size in range(3, len(key) + 1))
    return one.is_in("first_names")


def is_first_perhaps(one: Said) -> bool:
    """Whether a word is a first name, and a word, a place or a brand as well."""
    return one.is_in("first_names_perhaps")


def begins_name(one: Said) -> bool:
    """Whether an open word may begin a first name or a surname."""
    return begins_first(one) or begins_surname(one)


def begins_first(one: Said) -> bool:
    """Whether a first name begins like an open word."""
    return any(begins_one("first_names", key) for key in one.keys if len(key) > 2)


def begins_surname(one: Said) -> bool:
    """Whether a surname begins like an open word."""
    return any(begins_one(name, key) for name in ("surnames", "surnames_perhaps") for key in one.keys if len(key) > 2)


def is_surname(one: Said, *, with_words: bool = False) -> bool:
    """Whether a word is a surname. `with_words`: little words or a first name make one of an ordinary word too."""
    if one.is_in("surnames") or is_frisian(one) or any(without_little_words(key) != key for key in one.keys):
        return True
    return with_words and (one.is_in("surnames_perhaps") or (one.open and begins_surname(one)))


def is_frisian(one: Said) -> bool:
    """Whether a word with a capital ends as surnames do."""
    return one.capital and len(one.key) > 5 and one.key.endswith(endings("surname_ends"))


def is_initial(one: Said) -> bool:
    """Whether a word is one capital."""
    return len(one.key) == 1 and one.key.isalpha() and (one.text.isupper() or one.dotted) and not one.open


def past_little_words(row: Sequence[Said], at: int) -> int:
    """Return where the little words and initials from here on end."""
    end = min(len(row), at + REACH)
    return next((number for number in range(at, end) if not is_little(row[number])), len(row))


def is_little(one: Said) -> bool:
    """Whether a word stands between first name and surname: van, de, an initial."""
    return one.is_in("between") or is_initial(one)


def may_matter(one: Said) -> bool:
    """Whether a word may be part of a name, or of what tells that it is one."""
    return one.open or one.capital or is_initial(one) or any(one.is_in(name) for name in _MATTER)


_MATTER = ("first_names", "first_names_perhaps", "surnames", "surnames_perhaps", "title", "between")

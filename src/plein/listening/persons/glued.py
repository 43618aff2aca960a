"""Names without a space between, and names letter by letter."""

from __future__ import annotations

from functools import lru_cache

from plein.listening.persons.lists import endings, listed

_LITTLE = ("vander", "vanden", "vande", "vant", "van", "vd", "ter", "ten", "den", "der", "de", "el", "ben", "")
_SHORTEST = 3


@lru_cache(maxsize=16_384)
def falls_apart(key: str) -> bool:
    """Whether a word is a first name or an initial with a surname glued to it.

    >>> falls_apart("jandevries"), falls_apart("mvandijk"), falls_apart("sluisbrug")
    (True, True, False)
    """
    if len(key) < 7 or key in listed("glued_words"):
        return False
    return any(_is_rest(key[at:], key[:at]) for at in range(1, len(key) - _SHORTEST + 1))


@lru_cache(maxsize=16_384)
def has_little_word(key: str) -> bool:
    """Whether a surname is glued behind a little word: a name, also where it ends as a street does.

    >>> has_little_word("mariekevandijk"), has_little_word("wilhelminapark")
    (True, False)
    """
    if key.endswith(endings("streets")):
        return False
    rests = (key[at:] for at in range(len(key) - _SHORTEST) if at < 2 or key[:at] in listed("first_names"))
    return any(without_little_words(rest) != rest for rest in rests)


def _is_rest(rest: str, before: str) -> bool:
    if len(before) == 1:
        return without_little_words(rest) != rest and _is_known(without_little_words(rest), len(rest))
    if before in listed("first_names") and len(before) >= _SHORTEST:
        bare = without_little_words(rest)
        return _is_known(bare, len(rest)) or (len(rest) > 3 < len(before) and rest in listed("surnames_perhaps"))
    return False


def _is_known(bare: str, size: int) -> bool:
    """Whether a surname; one that is a word too counts behind a little word only."""
    return len(bare) >= _SHORTEST and (
        bare in listed("surnames") or (bare in listed("surnames_perhaps") and len(bare) < size)
    )


def without_little_words(key: str) -> str:
    """Return a surname without what is glued before it.

    >>> without_little_words("vandenberg"), without_little_words("brug")
    ('berg', 'brug')
    """
    for little in _LITTLE:
        bare = key.removeprefix(little)
        if little and bare != key and (bare in listed("surnames") or bare in listed("surnames_perhaps")):
            return bare
    return key

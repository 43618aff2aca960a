"""One thing to look for: from what somebody typed to a word, a beginning, a phrase or a hashtag."""

from __future__ import annotations

import re
import unicodedata

from plein.listening.masking import points_at_somebody
from plein.listening.query.errors import QueryError, Spot, shown
from plein.listening.query.tree import Phrase, Place, Prefix, Tag, Term, Word
from plein.listening.query.vocabulary import MAX_TERM, MIN_BEGINNING, SIGNS
from plein.listening.tokens import KEYCAP, tag_of, tokens
from plein.town.saying import own

# Letters and digits with apostrophes between; 's and 't may begin with theirs.
_WORD = re.compile(r"(?:(?<![^\W_])['’](?=[^\W\d_](?![^\W_])))?[^\W_]+(?:['’][^\W_]+)*")
_EDGES = ".,;:!?…-–—−_/\\[]{}'‘’`´&+=|<>%^~·•$€@#"
_HASHTAG = re.compile(r"[#＃](?!\ufe0f?\u20e3)[^\s#＃]+")
_MUNICIPALITY = re.compile(r"(?i)^(?:gemeente|gem\.?)\s+(?=\w)")
_SMALL_NEAR = re.compile(r"(?i)(near|nabij)/\d+")


def term(spot: Spot, typed: str) -> Term:
    """Return what is to be looked for; raises QueryError at `spot` when that cannot be said.

    >>> term(Spot("foto's", 0, 6), "foto's")
    Word(text="foto's")
    >>> term(Spot("sluis-brug*", 0, 11), "sluis-brug*")
    Phrase(words=('sluis', 'brug'), open_ended=True)
    """
    typed = unicodedata.normalize("NFC", typed)
    _check(spot, typed)
    if _HASHTAG.fullmatch(typed.strip()):
        return tag(spot, typed)
    typed = typed.strip().rstrip(".,;:!?…") or typed.strip()
    beginning = typed.endswith("*") and KEYCAP not in typed
    base = typed[:-1] if beginning else typed
    words = tuple(split(base))
    _check_words(spot, typed, base, words)
    if beginning:
        _check_beginning(spot, base, words)
    if len(words) > 1:
        return Phrase(words, beginning)
    return Prefix(words[0]) if beginning else Word(words[0])


def tag(spot: Spot, typed: str) -> Tag:
    """Return a hashtag, with or without its sign; raises QueryError when it cannot be one."""
    typed = unicodedata.normalize("NFC", typed)
    _check(spot, typed)
    name = typed.strip().lstrip("#＃").strip(_EDGES)
    if "*" in name:
        raise spot.error(
            own("A hashtag has no star. Without its sign, “{0}” may have one.", shown(name)), f"{_joined(name)}*"
        )
    if not tag_of(name):
        raise spot.error(own("There is no word in “{0}”.", shown(typed)))
    if not all(part for part in name.split("_")) or re.search(r"[^\w'’]", name) or len(_found(name)) != 1:
        raise spot.error(own("A hashtag is one word, without spaces or other signs."), f"#{_joined(name)}")
    return Tag(name)


def place(spot: Spot, typed: str) -> Place:
    """Return a place, however somebody calls it a municipality; raises QueryError when there is no word in it."""
    if not tokens(typed):
        raise spot.error(own("There is no word in “{0}”.", shown(typed)))
    return Place(place_name(typed))


def place_name(typed: str) -> str:
    """Return the name of a place without what only says that it is a municipality.

    >>> place_name("Gemeente  Berg en Dal"), place_name("gem. Best"), place_name("Best")
    ('Berg en Dal', 'Best', 'Best')
    """
    return _MUNICIPALITY.sub("", " ".join(typed.split()))


def split(text: str) -> list[str]:
    """Return the words of a text as they were typed, each of them one word for whoever matches.

    >>> split("'s-Gravenhage, (foto’s)")
    ["'s", 'Gravenhage', 'foto’s']
    """
    return [word for chunk in text.split() for word in _split(chunk)]


def about_a_person(spot: Spot, typed: str) -> QueryError:
    """Return the refusal of an account, an address or a telephone number."""
    return spot.error(person_words(typed))


def person_words(typed: str) -> str:
    """Return why Plein does not look for something."""
    return own(
        "“{0}” points at a person. Plein does not listen to people. Search for the subject or the street.", shown(typed)
    )


def is_emoji(word: str) -> bool:
    """Whether a word is a picture."""
    return KEYCAP in word or not any(map(str.isalnum, word))


def _split(chunk: str) -> list[str]:
    folded = tokens(chunk)
    typed = _WORD.findall(chunk)
    if [tokens(word) for word in typed] == [[word] for word in folded]:
        return typed
    bare = chunk.strip(_EDGES)
    return (
        [bare]
        if len(folded) == 1 and tokens(bare) == folded
        else [unicodedata.normalize("NFC", word) for word in folded]
    )


def _joined(name: str) -> str:
    return re.sub(r"[\W_]", "", tag_of(name))


def _found(name: str) -> list[str]:
    return [part for part in re.split(r"[^\w'’]+", name) if tokens(part)]


def _check(spot: Spot, typed: str) -> None:
    """Refuse what points at a person, and what is longer than anybody writes."""
    if "@" in typed or "＠" in typed or points_at_somebody(typed):
        raise about_a_person(spot, typed)
    if len(typed) > MAX_TERM:
        raise spot.error(own("This is longer than {0} characters. Split it with AND or OR.", MAX_TERM))
    if found := _SMALL_NEAR.fullmatch(typed):
        raise spot.error(own("Write NEAR in capitals: otherwise it is a word like any other."), found[0].upper())
    if typed.startswith("~"):
        raise spot.error(own("Plein has no ~. Two words near each other are written brug NEAR/5 dicht."))


def _check_words(spot: Spot, typed: str, base: str, words: tuple[str, ...]) -> None:
    if "*" in base and KEYCAP not in base:
        if base.startswith("*"):
            raise spot.error(own("A star stands behind the beginning of a word, not before it."), _without_stars(typed))
        raise spot.error(own("A star only stands at the end of a word."), _cut_off(typed))
    if words:
        return
    if typed == "*":
        raise spot.error(own("A star alone matches everything. Put at least {0} letters before it.", MIN_BEGINNING))
    if not typed:
        raise spot.error(own("There is no word between these quotes."))
    raise spot.error(own("There is no word in “{0}”.", shown(typed)), _operator_for(spot, typed))


def _operator_for(spot: Spot, sign: str) -> str:
    """Return the operator that a sign may stand for, apart from what stands before it."""
    operator = SIGNS.get(sign, "")
    glued = operator and not spot.text[: spot.start][-1:].isspace()
    return f" {operator}" if glued and spot.start else operator


def _without_stars(typed: str) -> str:
    words = split(typed.replace("*", ""))
    return f'"{" ".join(words)}"' if len(words) > 1 else "".join(words)


def _cut_off(typed: str) -> str:
    """Return a piece up to its first star; nothing when too little is left, or too much lost."""
    first, _, rest = typed.partition("*")
    words = split(first)
    if not words or " " in rest or len(tokens(words[-1])[0]) < MIN_BEGINNING:
        return ""
    return f'"{" ".join(words)}*"' if len(words) > 1 else f"{words[0]}*"


def _check_beginning(spot: Spot, base: str, words: tuple[str, ...]) -> None:
    if tokens(base + "x")[-1:] == ["x"]:
        raise spot.error(own("A star stands directly behind letters."), _without_stars(base))
    if len(tokens(words[-1])[0]) < MIN_BEGINNING:
        raise spot.error(
            own(
                "A star needs at least {0} letters before it: “{1}” begins too many words.",
                MIN_BEGINNING,
                shown(words[-1]),
            )
        )

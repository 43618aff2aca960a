"""Number plates, by the series in which they are given out (`sidecodes.tsv`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from plein.listening.masking.spans import Kind, Span, blanked
from plein.listening.masking.words import after, before, cues, is_of_a_file, lines_of

_ROWS = [line.partition("\t")[::2] for line in lines_of("sidecodes.tsv")]
_NOTES = {shape: note for shape, note in _ROWS if note}
_SHAPES = {shape.replace("-", ""): shape for shape, _ in _ROWS}
_MONTHS = frozenset("jan feb mrt apr mei jun jul aug sep okt nov dec".split())


_END = r"(?![\w-])(?![.,:/]\d)"
_PART = r"(?:\d{1,3}|[A-Za-z]{1,3})"
_HYPHENED = re.compile(rf"\b{_PART}-{_PART}-{_PART}{_END}")
_BARE = re.compile(rf"\b(?=[A-Za-z]{{0,3}}\d)[A-Za-z\d]{{6,7}}{_END}")
_MIXED = re.compile(r"\d(?:[A-Za-z]|(?<=[A-Za-z]\d))(?<![A-Za-z]{4}\d)(?<![A-Za-z]{4}\d[A-Za-z])")
_AS_REGEX = str.maketrans({"X": "[A-Za-z]", "9": r"\d", "-": "[ .·]"})
_SPACED = re.compile(rf"\b(?:{'|'.join(shape.translate(_AS_REGEX) for shape, _ in _ROWS)}){_END}")
# Looking for each is quicker than one pattern of all.
_CALLED = tuple(
    "kenteken nummerbord plaat plate plaka rejestra duits pools belg frans auto bus wagen golf scooter brommer taxi parkeer "
    "rijdt camper fiets motor".split()
)
_PARTLY = re.compile(rf"\b(?=[A-Za-z\d]{{0,5}}-)(?:[A-Za-z\d]{{2,5}}-[A-Za-z\d]{{1,4}}){_END}")
_BELGIAN = re.compile(rf"\b[1-9]-[A-Za-z]{{3}}-\d{{3}}{_END}")
_GERMAN_HYPHEN = re.compile(r"(?<![\w-])[A-ZÄÖÜ]{1,3}-[A-ZÄÖÜ]{1,2}[- ]?[1-9]\d{0,3}(?![\w-])")
# Of whatever country: letters and digits in groups, directly after a word for a plate.
_FOREIGN = re.compile(r"(?<![\w-])(?=[A-Z\d -]{0,9}\d{2})[A-Z\d]{1,4}(?:[- ][A-Z\d]{1,5}){0,2}(?![\w-])(?![.,:/]\d)")
_GERMAN = re.compile(r"(?<![\w-])[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[- ]?\d{1,4}(?![\w-])")
_VOWEL = re.compile(r"[aeiouAEIOU]")
_LETTERS = re.compile(r"[A-Za-z]+")
_GLUED = re.compile(r"-$|\d[.,:/]$")
_FAR = 8


def plates(text: str) -> Iterator[Span]:
    """Yield the number plates: with hyphens unless the words deny it, else where the words tell of a vehicle."""
    passes = [(_HYPHENED, _is_hyphened_plate)] if "-" in text else []
    if _MIXED.search(text):
        passes.append((_BARE, _is_plate))
    low = text.lower()
    if any(word in low for word in _CALLED):
        passes += _WHERE_CALLED
    for pattern, is_one in passes:
        if found := list(_that(text, pattern, is_one)):
            text = blanked(text, found)
            yield from found


def _that(text: str, pattern: re.Pattern[str], is_one: Callable[[str, re.Match[str]], bool]) -> Iterator[Span]:
    for match in pattern.finditer(text):
        before = text[max(0, match.start() - 2) : match.start()]
        if not _GLUED.search(before) and is_one(text, match) and not _is_a_thing(text, match):
            yield Span(*match.span(), Kind.PLATE)


def _is_a_thing(text: str, match: re.Match[str]) -> bool:
    named = [word for word in before(text, match.start(), 4) if word not in cues("neutral") and word != "met"]
    near = named[:1] + after(text, match.end(), 1)
    return is_of_a_file(text, *match.span()) or any(word in cues("thing") for word in near)


def _shape(written: str) -> str:
    return re.sub(r"\d", "9", re.sub(r"[A-Za-z]", "X", re.sub(r"[\W_]", "", written)))


def _is_hyphened_plate(text: str, match: re.Match[str]) -> bool:
    shape = _SHAPES.get(_shape(match[0]))
    if shape is None or any(part.lower() in _MONTHS for part in match[0].split("-")):
        return False
    note = _NOTES.get(shape, "")
    if _BELGIAN.fullmatch(match[0]):
        return True
    if note == "abroad":
        return _tells(text, match, "plate", _FAR)
    return (note == "old" or not _VOWEL.search(match[0])) or _tells(text, match, "plate", _FAR)


def _is_plate(text: str, match: re.Match[str]) -> bool:
    """Whether something without hyphens is one. A word, a year or a postcode needs to be called a plate."""
    shape = _SHAPES.get(_shape(match[0]))
    if shape is None or any(part.lower() in _MONTHS for part in _LETTERS.findall(match[0])):
        return False
    note = _NOTES.get(shape, "")
    signs = any(not sign.isalnum() for sign in match[0])
    if signs and not note and not _VOWEL.search(match[0]):
        return _tells(text, match, "plate", 4)
    if note or signs or not match[0].isupper() or _VOWEL.search(match[0]):
        return _tells(text, match, "number_plate" if note or signs else "plate", _FAR)
    return True


def _is_partly_hyphened(text: str, match: re.Match[str]) -> bool:
    return _shape(match[0]) in _SHAPES and _tells(text, match, "number_plate", _FAR)


def _is_german_plate(text: str, match: re.Match[str]) -> bool:
    return _shape(match[0]) not in _SHAPES and _tells(text, match, "number_plate", 3)


def _is_german_beside_a_vehicle(text: str, match: re.Match[str]) -> bool:
    return _shape(match[0]) not in _SHAPES and _tells(text, match, "plate", 4)


def _is_foreign(text: str, match: re.Match[str]) -> bool:
    """Whether something with two letters and two digits stands directly after a word for a plate, or one that says from where."""
    signs = [sign for sign in match[0] if sign.isalnum()]
    letters = sum(sign.isalpha() for sign in signs)
    if not 5 <= len(signs) <= 9 or letters < 2 or len(signs) - letters < 2:
        return False
    near = before(text, match.start(), 4)
    return any(word in cues("any_plate") for word in near[:2]) and any(word in cues("plate") for word in near)


_WHERE_CALLED: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], bool]], ...] = (
    (_SPACED, _is_plate),
    (_PARTLY, _is_partly_hyphened),
    (_GERMAN, _is_german_plate),
    (_GERMAN_HYPHEN, _is_german_beside_a_vehicle),
    (_FOREIGN, _is_foreign),
)


def _tells(text: str, match: re.Match[str], says: str, most: int) -> bool:
    words = before(text, match.start(), most) + after(text, match.end(), most)
    return any(word in cues(says) or word in cues("number_plate") for word in words)

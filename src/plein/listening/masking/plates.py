"""Number plates, by the series in which they are given out (`sidecodes.tsv`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from plein.listening.masking.spans import Kind, Span
from plein.listening.masking.words import after, before, cues, is_of_a_file, lines_of

_ROWS = [line.partition("\t")[::2] for line in lines_of("sidecodes.tsv")]
_NOTES = {shape: note for shape, note in _ROWS if note}
_SHAPES = {shape.replace("-", ""): shape for shape, _ in _ROWS}
_MONTHS = frozenset("jan feb mrt apr mei jun jul aug sep okt nov dec".split())


_END = r"(?![\w-])(?![.,:/]\d)"
_PART = r"(?:\d{1,3}|[A-Za-z]{1,3})"
_HYPHENED = re.compile(rf"\b{_PART}-{_PART}-{_PART}{_END}")
_BARE = re.compile(rf"\b(?=[A-Za-z]{{0,3}}\d)[A-Za-z\d]{{6,7}}{_END}")
_MIXED = re.compile(r"\d(?:[A-Za-z]|(?<=[A-Za-z]\d))")
_AS_REGEX = str.maketrans({"X": "[A-Za-z]", "9": r"\d", "-": "[ .·]"})
_SPACED = re.compile(rf"\b(?:{'|'.join(shape.translate(_AS_REGEX) for shape, _ in _ROWS)}){_END}")
_CALLED = ("kenteken", "nummerbord", "plaat", "duits", "pools")
_GERMAN = re.compile(r"(?<![\w-])[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[- ]?\d{1,4}(?![\w-])")
_VOWEL = re.compile(r"[aeiouAEIOU]")
_LETTERS = re.compile(r"[A-Za-z]+")
_GLUED = re.compile(r"-$|\d[.,:/]$")
_FAR = 8


def plates(text: str) -> Iterator[Span]:
    """Yield the number plates: with hyphens unless the words deny it, else where the words tell of a vehicle."""
    if "-" in text:
        yield from _that(text, _HYPHENED, _is_hyphened_plate)
    if _MIXED.search(text):
        yield from _that(text, _BARE, _is_plate)
    low = text.lower()
    if any(word in low for word in _CALLED):
        yield from _that(text, _SPACED, _is_plate)
        yield from _that(text, _GERMAN, _is_german_plate)


def _that(text: str, pattern: re.Pattern[str], is_one: Callable[[str, re.Match[str]], bool]) -> Iterator[Span]:
    for match in pattern.finditer(text):
        before = text[max(0, match.start() - 2) : match.start()]
        if not _GLUED.search(before) and is_one(text, match) and not _is_a_thing(text, match):
            yield Span(*match.span(), Kind.PLATE)


def _is_a_thing(text: str, match: re.Match[str]) -> bool:
    near = before(text, match.start(), 1) + after(text, match.end(), 1)
    return is_of_a_file(text, *match.span()) or any(word in cues("thing") for word in near)


def _shape(written: str) -> str:
    return re.sub(r"\d", "9", re.sub(r"[A-Za-z]", "X", re.sub(r"[\W_]", "", written)))


def _is_hyphened_plate(text: str, match: re.Match[str]) -> bool:
    shape = _SHAPES.get(_shape(match[0]))
    if shape is None or any(part.lower() in _MONTHS for part in match[0].split("-")):
        return False
    note = _NOTES.get(shape, "")
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
    if note or signs or not match[0].isupper() or _VOWEL.search(match[0]):
        return _tells(text, match, "number_plate" if note or signs else "plate", _FAR)
    return True


def _is_german_plate(text: str, match: re.Match[str]) -> bool:
    return _shape(match[0]) not in _SHAPES and _tells(text, match, "number_plate", 3)


def _tells(text: str, match: re.Match[str], says: str, most: int) -> bool:
    words = before(text, match.start(), most) + after(text, match.end(), most)
    return any(word in cues(says) or word in cues("number_plate") for word in words)

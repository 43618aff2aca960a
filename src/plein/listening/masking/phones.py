"""Telephone numbers: Dutch ones as people write them, and those of other countries with their code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plein.listening.masking.spans import Kind, Span
from plein.listening.masking.words import after, before, cues, is_of_a_file, lines_of

REGION = "NL"
_AREAS = frozenset(code for line in lines_of("area_codes.tsv") for code in line.split())
_SEP = r"[ \u00a0.\-–/_]{0,3}"
_END = r"(?!\d)(?![.,:-]\d)"
_BEGIN = r"(?:(?<![\w+])|(?<=[a-z]:)|(?<=\b[TM])|(?<=\btel)|(?<=\bTel))(?<!\d[.,:/-])"
# Two numbers may be parted by a slash only, a letter may stand for tel. or mobile, and an O for the nought.
_MOBILE = re.compile(
    rf"(?:(?<![\w+])|(?<=[a-z]:)|(?<=\b[TtMm])|(?<=\btel)|(?<=\bTel))(?<!\d[.,:-])(?<!(?<!\d{{6}})\d/)"
    rf"(?:[0oO]{_SEP}6|\(06\))(?:[:=,]\d{{3}}|{_SEP}\d(?:{_SEP}\d){{2}})(?:{_SEP}\d){{5}}{_END}"
)
_ABROAD_DUTCH = re.compile(
    rf"(?:(?<![\w+])|(?<=\b[TM]))(?:\(?\+|00) ?31\)?{_SEP}(?:\(0\))?{_SEP}[1-9](?:{_SEP}\d){{8}}{_END}"
)
_BARE = re.compile(rf"{_BEGIN}31 ?6{_SEP}\d(?:{_SEP}\d){{7}}{_END}")
_NO_ZERO = re.compile(rf"{_BEGIN}6{_SEP}\d(?:{_SEP}\d){{7}}{_END}")
_FIXED = re.compile(rf"{_BEGIN}\(?(0[1-9]\d{{1,2}})\)?(?:{_SEP}\d){{6,7}}{_END}")
_CODE = re.compile(r"(?<!\w)(?:\+|00) ?[1-9]\d")
# The search for other countries' numbers is slow: only texts with such a code get it.
# 14 and an area code, 0800, 0900 and 088 belong to no person, with the code of the country neither.
_OF_ALL = re.compile(r"(?:\+|00) ?31[ -]?(?:\(0\))?[ -]?(?:14[ -]?0|800|900|88)")
_PLUS = re.compile(rf"(?<![\w+])\+(?!31)[1-9](?:{_SEP}\(?\d\)?){{9,13}}{_END}")
_FIRST = re.compile(r"\(?(\d+)")


def phones(text: str) -> Iterator[Span]:
    """Yield the telephone numbers; each digit at most once."""
    taken = 0
    for start, end in sorted(set(_dutch(text))):
        if _OF_ALL.match(text, start):
            continue
        if start >= taken and not is_of_a_file(text, start, end, near=2):
            taken = end
            yield Span(start, end, Kind.PHONE)


def _dutch(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_MOBILE, _ABROAD_DUTCH, _BARE):
        yield from (match.span() for match in pattern.finditer(text))
    yield from (match.span() for match in _NO_ZERO.finditer(text) if _is_called(text, match))
    yield from (match.span() for match in _FIXED.finditer(text) if _is_fixed(match))


def _is_called(text: str, match: re.Match[str]) -> bool:
    near = before(text, match.start(), 3)
    follows = after(text, match.end(), 3)
    return any(word in cues("phone") for word in (*near, *(follows[1:] if follows[:1] == ["is"] else ())))


def _is_fixed(match: re.Match[str]) -> bool:
    """Whether ten digits begin with an area code, and a sign stands nowhere before its end."""
    digits = re.sub(r"\D", "", match[0])
    first = _FIRST.match(match[0])[1]
    return len(digits) == 10 and bool(known := area(digits)) and len(first) >= len(known)


def area(digits: str) -> str:
    """Return the area code that digits begin with; nothing where they begin with none."""
    return next((code for code in (digits[:3], digits[:4]) if code in _AREAS), "")


def belongs_to_somebody(digits: str) -> bool:
    """Whether ten digits begin as a mobile number or one of a place does.

    >>> belongs_to_somebody("0612345678"), belongs_to_somebody("0900123456")
    (True, False)
    """
    return digits.startswith("06") or bool(area(digits))


def abroad(text: str) -> Iterator[Span]:
    """Yield the valid numbers of other countries."""
    if not _CODE.search(text):
        return
    # Its tables take a tenth of a second to load, which only the process that masks has to wait for.
    import phonenumbers

    ends = 0
    for match in phonenumbers.PhoneNumberMatcher(text, REGION, leniency=phonenumbers.Leniency.VALID):
        if match.raw_string.startswith(("+", "00")) and not is_of_a_file(text, match.start, match.end, near=2):
            ends = match.end
            kind = None if _OF_ALL.match(match.raw_string) else Kind.PHONE
            yield Span(match.start, match.end, kind)
    # A plus with that many digits is a telephone number, whether or not its country has given it out.
    if "+" in text[ends:]:
        yield from (Span(*one.span(), Kind.PHONE) for one in _PLUS.finditer(text, ends))

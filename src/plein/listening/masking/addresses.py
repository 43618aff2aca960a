"""Home addresses: a street with a house number, a postcode with one, and what follows them.

The search goes back from the number: texts have few numbers and many words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from plein.listening.masking.spans import Kind, Span
from plein.listening.masking.words import after, before, cues, lines_of, sets_of

_ADDITION = (
    r"(?:[ -]?(?:bis|hs|huis|boven|beneden|rd|zw|I{1,3}V?)\b| ?[-/] ?[1-9]\d{0,2}\b(?!-)"
    r"|[ -]?[A-Z]\b(?!['’.-]\w)|[ -]?[a-hj-l](?:-\d{1,2})?\b(?!['’.])|-?[IVX]+\b)?(?<=[\dA-Za-z])(?:(?<=I)[ -]hoog\b)?"
)
# Typed against what it belongs to: Kerkstr.12, Kerkstraat12, nr12.
_STUCK = r"(?<=(?:str|aat|aan|ein)[1-9])(?<=[a-z]{3}[1-9])|(?<=str\.[1-9])|(?<=\bnr[1-9])|(?<=\bnr\.[1-9])"
_NUMBER = re.compile(
    rf"[1-9](?:(?<![\w.,:/€@#+-][1-9])|{_STUCK})(?<!€ [1-9])\d{{0,3}}(?!\d){_ADDITION}(?![\w°%€+])(?![.,:]\d)(?!-\w)(?!/\d)"
)
_LABEL = re.compile(r"(?i)[, ]*(?:\bop )?\b(?:huisnummer|huisnr|nummer|nr|no|nrs)[.:]? ?$")
_CODE = r"[1-9]\d{3} ?(?!(?i:s[ads]|\d))[A-Za-z]{2}"
_CODE_BEFORE = re.compile(rf"(?<![\w-]){_CODE}(?:, ?| | ?- ?)?$")
_TOWN = r"[A-Z][\w'’-]+(?: (?:aan|den|de|der|op|en|van)(?: de[nr]?)? [A-Z][\w'’-]+)?"
_CODE_AFTER = re.compile(
    rf"(?:,? ?\(?|,?\n)[1-9]\d{{3}} ?[A-Z]{{2}}\b(?:,? {{1,2}}{_TOWN})?|,? [1-9]\d{{3}} ?[a-z]{{2}}\b(?=[,.]|$)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# Names that do not end as a street does: Laan van Nieuwland, Oude Rijn.
_NAMED_OTHERWISE = re.compile(
    r"(?:\b(?:Laan|Weg|Plein|Hof|Kade|Park|Dreef) (?:van|naar|der|tot)(?: de[nr]?| het)? (?:[A-Z]\w+ ){0,2}"
    r"|\b(?:Oude|Lange|Korte|Hoge|Lage) )$"
)
# More houses of the same street: 12 en 14, 12 t/m 18.
_MORE = re.compile(r" ?(?:en|&|t/m) [1-9]\d{0,3}(?:[a-h]\b)?(?= ?(?:[.,;:!?)\n]|$))")
# Parts of a street: Hoofdweg Noord, Dorpsstraat-West.
_PART = re.compile(r"(?<=\w)[ -](?:Noord|Oost|Zuid|West|Noordzijde|Oostzijde|Zuidzijde|Westzijde|[NOZW]\.?Z\.?)$")
# A street with a year in its name: Plein 1944 12.
_WITH_YEAR = re.compile(r"\b(?:Plein|Laan|Straat|Weg|Hof) (?:18|19|20)\d\d(?:-(?:19|20)\d\d)? $")
# A name behind `aan de` with a number that nothing follows: aan de Amstel 144.
_ALONG = re.compile(r"\baan (?:de|het) $")
_ENDS = re.compile(r"[.,;:!?)\n]|$| (?:is|staat|ligt|heeft|woont|woon|te|in|ter|en|maar|want|waar)\b")
_PLACE_BEFORE = re.compile(
    r"(?<![\w-])(?<!naast )(?<!naast de )(?<!boven de )(?<!achter de )(?<!tegenover )(?<!tegenover de )(?<!boven )"
    r"([A-Za-z]\w{2,30})(?: (?:de|het|'t|[A-Z][\w'’-]{1,20})){0,4},? (?:\(|(?:aan|op|in) (?:de |het )?)?$"
)
# What stands before this is there: Smit van de Kerkstraat, een Salon op de Markt. (A first name or a title belongs to the street.)
_OF_THE = re.compile(r"(?:van|op|aan|in|bij|voor) (?:de|het) ")
_INITIALS = re.compile(r"(?:[A-Z]\.){1,4}|[b-df-hj-mpwB-DF-HJ-MPW]")
_WHERE = re.compile(r"(?i)\b(?:op|aan|bij|van|voor|tegenover|naast|thv|t\.h\.v\.) $")
_LIVING = re.compile(
    r"(?:\b[Ww]o(?:on|nen)\w*|\b[Aa]dres(?: is)?:?)(?: \w+)? (?:(?:op|aan|bij|te) )?(?:(?:de|het|'t) )?(?:[A-Z]\w+ )?$"
)
_WHERE_THE = re.compile(r"(?:^|[\n,.] ?|\b(?:op|aan|bij|van|voor|de) )$")
_OPENING = re.compile(r"[\s(\"“‘:>;/*,!?\ue000]")
# Two letters of a small-lettered postcode that are rather a word: "in 2026 en 12 keer".
_TWO_LETTERS = frozenset(
    "al cm dd de en er he hj ik in is je km kg la me mm na nl nr nu of om op ow te tm uu we zo zn".split()
)
# Above this nobody counts, below it a number may count what follows.
_COUNTED = 200
# How many characters before a number are looked at: for a street, and for what stands directly before it.
_BACK, _LABELLED = 120, 20


def addresses(text: str) -> Iterator[Span]:
    """Yield the home addresses."""
    for number in _NUMBER.finditer(text):
        if not _may_follow(text, number.start()):
            continue
        base = max(0, number.start() - _BACK)
        head = text[base : number.start()]
        label = _LABEL.search(head, max(0, len(head) - _LABELLED))
        if label:
            head = f"{head[: label.start()]} "
        if (start := _code_start(head)) is None:
            start = _street_start(head, text, number, bool(label))
        if start is not None and (label or not _counts(text, number, head)):
            more = _CODE_AFTER.match(text, number.end()) or _MORE.match(text, number.end())
            yield Span(base + start, more.end() if more else number.end(), Kind.HOME)


def _may_follow(text: str, start: int) -> bool:
    """Whether it is worth the while to look at what stands before a number: most numbers are of no house."""
    words = text[max(0, start - 45) : start].split()
    if not words:
        return False
    word = words[-1].rstrip(".,:-")
    return word[:1].isupper() or word[:1].isdigit() or len(word) == 2 or word.lower().endswith(_streets().last)


def _street_start(head: str, text: str, number: re.Match[str], label: bool) -> int | None:
    """Return where the street begins that `head` ends with."""
    if named := _WITH_YEAR.search(head) if head.endswith(" ") else None:
        return named.start()
    if _is_after(text, number.end()):
        return None
    certain = label or _is_certain(text, number)
    return _streets().start(head.removesuffix(" "), certain, bool(_ENDS.match(text, number.end())))


def _is_after(text: str, end: int) -> bool:
    """Whether what is told of a number between brackets is a public building."""
    return text[end : end + 2] == " (" and any(word in cues("building") for word in after(text, end, 2))


def _code_start(head: str) -> int | None:
    """Return where the postcode before a number begins."""
    found = _CODE_BEFORE.search(head, max(0, len(head) - _LABELLED))
    if not found:
        return None
    letters = re.search(r"[A-Za-z]{2}", found[0])[0]
    return None if letters.lower() in _TWO_LETTERS and not letters.isupper() else found.start()


def _is_certain(text: str, number: re.Match[str]) -> bool:
    """Whether a number has something that only the number of a house has."""
    return not number[0].isdigit() or bool(_CODE_AFTER.match(text, number.end()))


def _counts(text: str, number: re.Match[str], head: str) -> bool:
    """Whether the number counts what follows it: minutes, cars, trees; or is the first of something."""
    follows = re.match(r" ([^\W\d_][\w'’/]*|%)", text[number.end() : number.end() + 40])
    word = follows[1].lower() if follows else ""
    if not word:
        return (
            number[0] == "24/7"
            or bool(_YEAR.fullmatch(number[0]))
            or bool(re.match(r" ?(?:%|°|€|km|- ?\d)", text[number.end() : number.end() + 6]))
        )
    if number[0] == "24/7" or (number[0] == "112" and "bel" in word):
        return True
    if word in cues("amount") or _YEAR.fullmatch(number[0]):
        return True
    rest = text[number.end() + follows.end() :][:12]
    if (word == "van" and number[0] == "1") or (word in ("wordt", "naar") and re.match(r" \d", rest)):
        return True
    if re.fullmatch(r"\d+ ?e", number[0]):
        return word not in cues("no_amount")
    if not number[0].isdigit() or int(number[0]) > _COUNTED or _lives(head):
        return False
    return word.endswith(("en", "s")) and len(word) > 3 and word not in cues("no_amount") and follows[1].islower()


def _lives(head: str) -> bool:
    return any(word in cues("home") for word in before(head, len(head), 6))


class _Streets:
    """Says where a street at the end of a text begins."""

    def __init__(self) -> None:
        self._sets = sets_of("streets.tsv")
        lists = {
            says: tuple(words.split()) for says, _, words in (line.partition("\t") for line in lines_of("streets.tsv"))
        }
        self._endings, self._capital = lists["ending"], lists["capital"]
        self.last = (*self._endings, "nummer", "huisnr", "noord", "oost", "zuid", "west")

    def start(self, head: str, certain: bool, ends: bool) -> int | None:
        """Return where the street begins that `head` ends with; None where it ends with none. `ends`: nothing follows the number."""
        if part := _PART.search(head):
            return self.start(head[: part.start()], certain, ends)
        tail = head[max(head.rfind(" "), head.rfind("\n")) + 1 :]
        word = _OPENING.split(tail)[-1]
        rest = head[: len(head) - len(word)]
        if not word[:1].isalpha() or not (
            self._is_street(word, rest, certain) or (ends and self._lies_along(word, rest))
        ):
            return None
        start = self._first_word(head, len(head) - len(word))
        if head[:start].endswith("'t "):
            start -= 3
        return None if self._is_public(head, start) else start

    def _is_street(self, word: str, head: str, certain: bool) -> bool:
        low, capital = word.lower().rstrip("."), word[0].isupper()
        if low in self._sets["alone"]:
            return capital or (certain and _lives(head))
        if low in self._sets["noun"]:
            return (
                capital
                and low != "weg"
                and (certain or _lives(head) or bool(low in self._sets["name"] and _WHERE_THE.search(head)))
            )
        if low.endswith(self._endings):
            return low not in self._endings or (capital and (certain or self._has_title(head) or _lives(head)))
        if not capital or len(low) < 4:
            return False
        if low.endswith(self._capital) and len(low) > 5 and (certain or _lives(head) or _WHERE.search(head)):
            return True
        return bool(_NAMED_OTHERWISE.search(head) or _LIVING.search(head))

    def _lies_along(self, word: str, head: str) -> bool:
        return word.istitle() and len(word) > 3 and word.lower() not in self._sets["noun"] and bool(_ALONG.search(head))

    def _has_title(self, head: str) -> bool:
        return bool(words := head.split()) and words[-1].lower().rstrip(".") in self._sets["title"]

    def _first_word(self, head: str, start: int) -> int:
        """Return where the name begins whose last word begins at `start`."""
        pending = start
        for _ in range(5):
            token = re.search(r"[^\s,:;!?()\ue000\"]+ $", head[:pending])
            if not token:
                break
            word, low, at = token[0][:-1], token[0][:-1].lower(), token.start()
            opens = not head[:at].strip() or head[:at].rstrip()[-1] in ".!?\n\ue000"
            titled = low.rstrip(".") in self._sets["title"] or _INITIALS.fullmatch(word)
            if titled or (low == "van" and pending < start and re.match(r"de[rn] ", head[pending:])):
                start = pending = at
            elif low in self._sets["particle"] and (not word[0].isupper() or (opens and word != "Van")):
                pending = at
            elif (
                word[0].isupper()
                and low not in self._sets["opening"]
                and (low in self._sets["alone"] or not (pending < start and _OF_THE.match(head, pending)))
                and (not opens or pending < start or word == "Van")
            ):
                start = pending = at
            else:
                break
        return start

    def _is_public(self, head: str, start: int) -> bool:
        if self._is_of_a_place(head, start):
            return True
        near = before(head, start, 5)
        for number, word in enumerate(near):
            if word in cues("home"):
                return False
            if word in cues("building"):
                return not any(one in cues("beside") for one in near[number + 1 : number + 3])
        return False

    def _is_of_a_place(self, head: str, start: int) -> bool:
        """Whether the address is that of a school, a shop or the like: it stands directly before, with its name or not."""
        found = _PLACE_BEFORE.search(head[max(0, start - 60) : start])
        return bool(found) and any(word in cues("place") for word in found[0].lower().replace(",", "").split())


@cache
def _streets() -> _Streets:
    return _Streets()

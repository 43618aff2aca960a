"""Accounts and e-mail addresses: what has an @, what is in a link to somebody, and addresses as they are spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plein.listening.masking.spans import Kind, Span, blanked

# From where a name begins: without that a long word would be tried from each of its letters.
_ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]*[\w+%-][@＠][\w-]+(?:\.[\w-]+)*")
_ACCOUNT = re.compile(r"[@＠]\w(?:[\w.-]*\w)?(?:[@＠]\w(?:[\w.-]*\w)?)?")
_PROFILE = re.compile(r"(?i)((?:/profile|/users?|/u|/in|acct:|did:[a-z]+:)[/]?)(?<=[/:])[\w.:@-]*\w")
# Where the first part of the path is somebody, unless it is one of these places.
_HOSTS = r"(?:(?:x|twitter|instagram|facebook|fb|threads|tiktok|youtube|snapchat|pinterest)\.com|(?:t|telegram)\.me)"
_PLACES = (
    r"about|addstickers|embed|events?|explore|feed|gaming|groups?|hashtag|home|i|intent|joinchat|live|login|marketplace|p|"
    r"permalink\.php|photo|photo\.php|photos|pin|playlist|profile\.php|reels?|results|search|share|sharer|sharer\.php|shorts|"
    r"story\.php|tags?|tv|videos?|watch"
)
_BEFORE = r"add|c|channel|pages|people|pg|s|stories|user"
_HOSTED = re.compile(
    rf"(?i)(?<![\w-])({_HOSTS}/(?:(?:{_BEFORE})/(?=[\w%]))?)(?!(?:{_PLACES})(?![\w.%-]))[\w.%-]*\w(?!\w)"
)
_NUMBERED = re.compile(
    r"(?i)((?:facebook|fb)\.com/(?:people/[^/\s]{1,200}/|[a-z]{1,20}\.php\?(?:[^\s#]{0,200}&)?id=))\d+"
)
_HOMES = re.compile(r"(?i)(?<![\w-])(?:[\w-]{1,63}\.){1,5}bsky\.social\b")

# Written so that no machine should read them: jan (at) post.nl, jan at post punt nl.
_TOP = r"(?:nl|com|org|net|eu|be|de|fr|info|nu|frl|amsterdam|gov|edu|io|me|example|test)"
_DOT = r"(?: ?[\[({] ?(?:punt|dot|\.) ?[\])}] ?| (?:punt|dot) )"
_TAIL = r"ap[en]{1,2}staart(?:je)?"
_AT = rf" ?[\[({{<] ?(?:at?|{_TAIL}|@) ?[\])}}>] ?| ?[-–] ?at ?[-–] ?| (?:{_TAIL}|@) |@ | @(?=[\w.-]{{1,40}} (?:punt|dot) )"
_NAME = r"[\w+-]{1,40}"
_JOINT = r" (?:underscore|laag streepje|streepje) "
_SPOKEN = re.compile(
    rf"(?i)(?<![\w.]){_NAME}(?:(?:{_DOT}|\.|{_JOINT}){_NAME}){{0,4}}"
    rf"(?:(?:{_AT}){_NAME}(?:(?:{_DOT}|\.){_NAME}){{0,3}}?(?:{_DOT}|\.)| at {_NAME}(?:{_DOT}{_NAME}){{0,3}}?{_DOT}){_TOP}\b"
)
_SIGNS = re.compile(r"[\[({<] ?(?:at?[\])}> ]|ap)|ap[en]{1,2}staart|[\[({< ]@[\])}> ]|@ | at |[-–] ?at ?[-–]")
# Typed amiss: a comma or spaces where the dot is, or the dot in words.
_SLIPPED = re.compile(rf"(?i)(?<![\w@.])[\w.+-]{{1,63}}@[\w-]{{1,40}}(?:,| \. ?| (?:punt|dot) ){_TOP}\b")
# Where the words announce an e-mail address, more can be one.
_ANNOUNCED = re.compile(
    rf"(?i)\bmail\w*(?: ?adres\w*)?(?: (?:is|me|mij|naar|to))?:? "
    rf"((?!(?:us|me|ons|mij)\b)[\w.+-]{{1,40}}(?: at | ?@ ?)[\w-]{{1,40}}\.{_TOP})\b"
)
_SEVERAL = re.compile(r"(?i)\bmail\w*(?: ?adres)?(?: is|:){1,2} ((?:[^\W\d_]{1,20} ){1,3})$")
_CLOSED = ("at)", "at]", "at}", "at>", "at-", "(a)", "[a]")


def find(text: str) -> tuple[list[Span], str]:
    """Return the spans of accounts and e-mail addresses, and the text without them."""
    low = text.lower()
    found: list[Span] = []
    if " at " in low or "@" in text or "staart" in low or any(sign in low for sign in _CLOSED):
        text = _take(found, text, _spoken(text) if _SIGNS.search(low) else ())
        text = _take(found, text, _amiss(text)) if "@" in text or "mail" in low else text
    if "@" in text or "＠" in text:
        text = _take(found, text, _addresses(text))
        text = _take(found, text, (Span(*one.span(), Kind.ACCOUNT) for one in _ACCOUNT.finditer(text)))
    if "/" in text or ":" in text:
        for pattern in (_NUMBERED, _HOSTED, _PROFILE):
            text = _take(found, text, (Span(one.end(1), one.end(), Kind.ACCOUNT) for one in pattern.finditer(text)))
    if "bsky" in low:
        text = _take(found, text, (Span(*one.span(), Kind.ACCOUNT) for one in _HOMES.finditer(text)))
    return found, text


def _take(found: list[Span], text: str, spans: Iterator[Span] | tuple[()]) -> str:
    new = list(spans)
    found += new
    return blanked(text, new) if new else text


def _spoken(text: str) -> Iterator[Span]:
    for one in _SPOKEN.finditer(text):
        several = _SEVERAL.search(text[max(0, one.start() - 90) : one.start()])
        yield Span(one.start() - len(several[1]) if several else one.start(), one.end(), Kind.EMAIL)


def _amiss(text: str) -> Iterator[Span]:
    ends = 0
    found = [one.span() for one in _SLIPPED.finditer(text)] + [one.span(1) for one in _ANNOUNCED.finditer(text)]
    for start, end in sorted(found):
        if start >= ends:
            ends = end
            yield Span(start, end, Kind.EMAIL)


def _addresses(text: str) -> Iterator[Span]:
    """Yield a.b@c.d, but leave @a@b.c to the accounts. What has no dot behind the @ reaches nobody by mail."""
    for one in _ADDRESS.finditer(text):
        if text[one.start() - 1 : one.start()] in ("@", "＠"):
            continue
        yield Span(*one.span(), Kind.EMAIL if "." in one[0].replace("＠", "@").partition("@")[2] else Kind.ACCOUNT)

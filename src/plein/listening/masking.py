"""Takes out of an overheard text what points at a person: accounts, addresses, telephone numbers.

What was taken out is visible as a placeholder, so that nobody thinks the author wrote it that
way. Names of people in plain words stay; the fuller masking is a task of its own.
"""

from __future__ import annotations

import re

ACCOUNT, ADDRESS, NUMBER = "[account]", "[e-mail]", "[tel.]"
_PLACEHOLDER = re.compile(r"\[(?:account|e-mail|tel\.)\]")

# As long as the part before the @ may be: without a limit a long word would be tried from each of its letters.
_ADDRESS = re.compile(r"[\w.+%-]{0,63}[\w+%-][@＠][\w-]+(?:\.[\w-]+)*")
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
_MOBILE = re.compile(r"(?<![\d+])0[\s.-]{0,2}6(?:[\s./-]{0,2}\d){8}(?!\d)")
# The search for telephone numbers is slow: only texts with seven digits near each other get it.
_MANY_DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){6}")
REGION = "NL"


def mask(text: str) -> str:
    """Return text with placeholders for accounts, e-mail addresses and telephone numbers.

    >>> mask("@jan@plein.example Bel 020 624 1111 of mail jan.bos@post.example!")
    '[account] Bel [tel.] of mail [e-mail]!'
    """
    if "@" in text or "＠" in text:
        text = _ACCOUNT.sub(ACCOUNT, _mask_addresses(text))
    if "/" in text or ":" in text:
        for pattern in (_NUMBERED, _HOSTED, _PROFILE):
            text = pattern.sub(rf"\1{ACCOUNT}", text)
    if "bsky" in text.lower():
        text = _HOMES.sub(ACCOUNT, text)
    return _mask_numbers(text) if _MANY_DIGITS.search(text) else text


def without_placeholders(masked: str) -> str:
    """Return masked text with a space for every placeholder: what may be searched."""
    return _PLACEHOLDER.sub(" ", masked) if "[" in masked else masked


def points_at_somebody(text: str) -> bool:
    """Whether there is something in a text that masking would take out."""
    return mask(text) != text


def _mask_addresses(text: str) -> str:
    """Mask a.b@c.d, but leave @a@b.c to the accounts."""
    return _ADDRESS.sub(
        lambda found: found[0] if text[found.start() - 1 : found.start()] in ("@", "＠") else ADDRESS, text
    )


def _mask_numbers(text: str) -> str:
    # Its tables take a tenth of a second to load, which only the process that masks has to wait for.
    import phonenumbers

    found = phonenumbers.PhoneNumberMatcher(text, REGION, leniency=phonenumbers.Leniency.VALID)
    for match in reversed(list(found)):
        text = f"{text[: match.start]}{NUMBER}{text[match.end :]}"
    return _MOBILE.sub(NUMBER, text)

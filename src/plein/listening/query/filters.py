"""What is asked about a post instead of its words: `lang:nl`, `place:Waterdam`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from plein.channels.registry import codes
from plein.listening.masking import points_at_somebody
from plein.listening.query.errors import Spot, shown
from plein.listening.query.nearest import nearest
from plein.listening.query.terms import about_a_person, place, tag
from plein.listening.query.tree import Filter, Place, Tag
from plein.listening.query.vocabulary import (
    FILTERS,
    LANGUAGE_NAMES,
    LANGUAGES,
    MAX_TERM,
    MEANT,
    PERSON_FILTERS,
)
from plein.listening.tokens import tokens
from plein.town.saying import own
from plein.town.words import fold

QUOTES = '"“”„‟«»'
_SCHEME = re.compile(r"(?i)^https?://")
_HOST = re.compile(r"[^\s/.]+(?:\.[^\s/.]+)+(?:[/?#].*)?")


def filter_of(spot: Spot, typed: str) -> Filter | Place | Tag:
    """Return the filter in `name:value`; raises QueryError when there is no such filter or value.

    >>> filter_of(Spot("taal:NL", 0, 7), "taal:NL")
    Filter(name='lang', value='nl')
    """
    name, _, value = typed.partition(":")
    kind = FILTERS.get(fold(name))
    if kind is None:
        raise _unknown(spot, name, value)
    value = unicodedata.normalize("NFC", value.strip(QUOTES)).strip()
    if not value:
        raise _nothing_behind(spot, name)
    if len(value) > MAX_TERM:
        raise spot.error(own("This is longer than {0} characters. Split it with AND or OR.", MAX_TERM))
    return _READERS[kind](spot, value, name)


def bare_address(typed: str) -> str:
    """Return an address as `link` looks for it: without https:// and a last slash.

    >>> bare_address("https://waterdam.example/sluis/")
    'waterdam.example/sluis'
    """
    return _SCHEME.sub("", typed).rstrip("/")


def written(name: str, value: str) -> str:
    """Return a filter as it is written, with quotes where it needs them."""
    return f'{name}:"{value}"' if re.search(r"[\s\ufeff\u200b\u2060()]", value) else f"{name}:{value}"


def _nothing_behind(spot: Spot, name: str) -> Exception:
    """Point at a space behind the colon, if that is what is wrong."""
    behind = re.match(r"[^\S\n]+([^\s()\"“”„‟«»]+)", spot.text[spot.end :])
    if behind is None:
        return spot.error(own("Something has to follow {0}", f"{name}:"))
    whole = Spot(spot.text, spot.start, spot.end + behind.end())
    return whole.error(own("There is a space behind {0}", f"{name}:"), f"{name}:{behind[1]}")


def _unknown(spot: Spot, name: str, value: str) -> Exception:
    folded = fold(name)
    if "@" in spot.words or points_at_somebody(spot.words):
        return about_a_person(spot, spot.words)
    if folded in PERSON_FILTERS:
        return spot.error(own("Plein does not listen to people: there is no filter {0}", f"{name}:"))
    if folded in ("http", "https"):
        return spot.error(
            own("Looking for an address? Put link: before it."), written("link", bare_address(spot.words))
        )
    meant = MEANT.get(folded) or nearest(folded, FILTERS)
    if meant and value:
        suggestion = f"{meant}:{value}"
    else:
        suggestion = f'"{name} {value}"' if tokens(value) and not set(value) & set(QUOTES + "*") else ""
    return spot.error(
        own("There is no filter {0} There are: lang, network, tag, link, place.", f"{name}:"), suggestion
    )


def _language(spot: Spot, value: str, name: str) -> Filter:
    code = fold(value)
    if code in LANGUAGES:
        return Filter("lang", code)
    meant = LANGUAGE_NAMES.get(code) or LANGUAGE_NAMES.get(nearest(code, LANGUAGE_NAMES), "")
    meant = meant or (code[:2] if re.fullmatch("[a-z]{2}[-_][a-z]{2,4}", code) and code[:2] in LANGUAGES else "")
    suggestion = _several(name, value) or (f"{name}:{meant}" if meant else "")
    raise spot.error(
        own("“{0}” is no language that we know. Use its code of two letters, such as lang:nl", shown(value)), suggestion
    )


def _network(spot: Spot, value: str, name: str) -> Filter:
    code = value.casefold()
    if code in codes():
        return Filter("network", code)
    meant = nearest(code, codes())
    suggestion = _several(name, value) or (f"{name}:{meant}" if meant else "")
    raise spot.error(own("Plein has no network “{0}”. There are: {1}.", shown(value), ", ".join(codes())), suggestion)


def _several(name: str, value: str) -> str:
    """Return `lang:nl,fy` as the language has it."""
    parts = [part.strip() for part in re.split("[,;|]", value) if part.strip()]
    return f"({' OR '.join(f'{name}:{part}' for part in parts)})" if len(parts) > 1 else ""


def _link(spot: Spot, value: str, name: str) -> Filter:
    address = bare_address(value)
    if "@" in address or points_at_somebody(f"/{address}"):
        raise about_a_person(spot, value)
    if not _HOST.fullmatch(address):
        raise spot.error(own("“{0}” is no address. Write it as link:waterdam.nl", shown(value)))
    return Filter("link", address)


def _place(spot: Spot, value: str, name: str) -> Place:
    return place(spot, value)


def _tag(spot: Spot, value: str, name: str) -> Tag:
    return tag(spot, value)


_READERS: dict[str, Callable[[Spot, str, str], Filter | Place | Tag]] = {
    "lang": _language,
    "network": _network,
    "link": _link,
    "tag": _tag,
    "place": _place,
}

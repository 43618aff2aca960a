"""What changed on a page since it was read before: new items, and passages that came and went.

A link that was not there before is an item, told at once. Other words count once they were seen (or
missed) twice in a row: a tip of the day or a rotating banner is no news. A page that is read for
the first time has nothing new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import msgspec

from plein.channels.pages import Page, PageLink, Passage, canonical
from plein.channels.unchanging import bare

# How many links and passages of a page are remembered.
MOST_LINKS = 4000
MOST_PASSAGES = 400
KEPT_LETTERS = 600


class Kept(msgspec.Struct, array_like=True):
    """A passage as we remember it: what it is compared by, and its first words."""

    digest: str
    text: str


class Standing(msgspec.Struct, omit_defaults=True):
    """A page as far as it is certain; `last` is what the last look showed, by digest."""

    looks: int = 0
    base: list[Kept] = []
    last: list[str] = []
    links: list[str] = []


@dataclass(frozen=True, slots=True)
class Item:
    """A link that is new: its words, where it leads, and what stands around it."""

    title: str
    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """Words that came and words that went, at one place of the page."""

    came: tuple[str, ...]
    went: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the change as lines, each with its sign.

        >>> Change(("De brug is open.",), ("De brug is dicht.",)).text
        '+ De brug is open.\\n− De brug is dicht.'
        """
        return "\n".join([*(f"+ {line}" for line in self.came), *(f"− {line}" for line in self.went)])


def compare(before: Standing, page: Page) -> tuple[list[Item], list[Change], Standing]:
    """Return what is new on a page, and how it stands now.

    >>> first = compare(Standing(), Page(passages=(Passage("De brug is dicht."),)))[2]
    >>> compare(first, Page(passages=(Passage("De brug is dicht."),)))[:2]
    ([], [])
    """
    shown = _kept(page)
    found = _places(page)
    links = [_digest(address) for address in found]
    if not before.looks:
        return [], [], Standing(1, shown, [one.digest for one in shown], links[:MOST_LINKS])
    known = set(before.links)
    new = {address: where for address, where in found.items() if _digest(address) not in known}
    items = _items(new)
    told = {_digest(bare(passage.text)) for places in new.values() for _, passage in places}
    changes, base = _changes(before, shown, told)
    remembered = list(dict.fromkeys([*links, *before.links]))[:MOST_LINKS]
    return items, changes, Standing(before.looks + 1, base, [one.digest for one in shown], remembered)


def is_settled(standing: Standing) -> bool:
    """Whether nothing waits to be seen a second time."""
    return [one.digest for one in standing.base] == standing.last


def _places(page: Page) -> dict[str, list[tuple[PageLink, Passage]]]:
    """Return where each address stands on the page: a card leads to one place from several passages."""
    found: dict[str, list[tuple[PageLink, Passage]]] = {}
    for passage in page.passages:
        for link in passage.links:
            found.setdefault(canonical(link.address), []).append((link, passage))
    return found


def _items(new: dict[str, list[tuple[PageLink, Passage]]]) -> list[Item]:
    """Return an item for every new address: the words of its first link, and what stands around it."""
    return [Item(places[0][0].text, address, _around(places)) for address, places in new.items()]


def _around(places: list[tuple[PageLink, Passage]]) -> str:
    """Return the passages of an address; of one that it shares with others, only its own words."""
    lines = [link.text if len({one.address for one in passage.links}) > 1 else passage.text for link, passage in places]
    return "\n".join(dict.fromkeys(lines))


def _changes(before: Standing, shown: list[Kept], told: set[str]) -> tuple[list[Change], list[Kept]]:
    """Return the changes that are certain by now, and the page with them."""
    was, now = {one.digest for one in before.base}, {one.digest for one in shown}
    last = set(before.last)
    changes, base = [], []
    matcher = SequenceMatcher(None, [one.digest for one in before.base], [one.digest for one in shown], autojunk=False)
    for _, i, j, k, m in matcher.get_opcodes():
        old, new = before.base[i:j], shown[k:m]
        came = [one for one in new if one.digest not in was and one.digest in last]
        went = [one for one in old if one.digest not in now and one.digest not in last]
        # What only the first look showed may have been a tip of the day: it goes without a word.
        base += [one for one in old if one.digest not in now and one.digest in last and before.looks > 1]
        base += [one for one in new if one.digest in was or one.digest in last or one.digest in told]
        fresh = tuple(one.text for one in came if one.digest not in told)
        if fresh or went:
            changes.append(Change(fresh, tuple(one.text for one in went)))
    return changes, base


def _kept(page: Page) -> list[Kept]:
    """Return the passages that count, each once."""
    kept: dict[str, Kept] = {}
    for passage in page.passages:
        words = bare(passage.text)
        if words and len(kept) < MOST_PASSAGES:
            kept.setdefault(_digest(words), Kept(_digest(words), passage.text[:KEPT_LETTERS]))
    return list(kept.values())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]


def fingerprint(parts: Iterable[str] | Sequence[str]) -> str:
    """Return a short name for some words: the same words, the same name."""
    return _digest("\0".join(parts))

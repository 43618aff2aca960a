"""What people ask of whoever reads their posts: the signals that networks give for it, as a few codes.

An adapter reads the signals of its network; what follows from them for posts that were only overheard is decided
in one place, `may_be_overheard`. A post that was addressed to the town is answered all the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum


class Wish(StrEnum):
    """Something that an author asked, by a setting or a word in their profile."""

    NOT_SEARCHED = "not_searched"
    NOT_INDEXED = "not_indexed"
    NOT_RECOMMENDED = "not_recommended"
    NO_MACHINES = "no_machines"
    SIGNED_IN_ONLY = "signed_in_only"


# Each of these is enough. That an author is not to be recommended says nothing where they allow to be searched for.
KEPT_OUT_BY = frozenset({Wish.NOT_SEARCHED, Wish.NOT_INDEXED, Wish.NO_MACHINES, Wish.SIGNED_IN_ONLY})
# Hashtags by which people on the fediverse say in their profile that no program may collect what they write.
TAGS = frozenset({"nobot", "nobots", "noindex", "nosearch", "noarchive", "norobots"})
_TAG = re.compile(r"#(\w+)")
_MARKUP = re.compile(r"<[^>]*>")


def in_profile(text: str) -> frozenset[Wish]:
    """Return what a profile asks in its own words; markup in it is left out.

    >>> sorted(in_profile('Fietser. <a href="x">#<span>NoBot</span></a>')), sorted(in_profile("Ik houd van #bots"))
    ([<Wish.NO_MACHINES: 'no_machines'>], [])
    """
    tags = {tag.casefold() for tag in _TAG.findall(_MARKUP.sub("", text))}
    return frozenset({Wish.NO_MACHINES}) if tags & TAGS else frozenset()


def may_be_overheard(visibility: str, wishes: Collection[Wish] = ()) -> bool:
    """Whether a post that nobody addressed to the town may be matched with watches and kept.

    "Unlisted" is public for who comes by, and kept out of the lists on purpose: a watch is such a list.

    >>> may_be_overheard("public"), may_be_overheard("unlisted"), may_be_overheard("public", {Wish.NO_MACHINES})
    (True, False, False)
    """
    return visibility == "public" and not KEPT_OUT_BY & set(wishes)

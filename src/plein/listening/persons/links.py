"""Addresses that are somebody's: a profile, a page of one's own."""

from __future__ import annotations

import re

from plein.listening.persons.evidence import said
from plein.listening.persons.glued import falls_apart
from plein.listening.persons.names import name_in

# Where the first part of the path is somebody.
_PROFILES = re.compile(
    r"(?i)^(?:www\.|m\.)?(?:linktr\.ee|medium\.com|github\.com|gitlab\.com|vimeo\.com|soundcloud\.com|twitch\.tv|patreon\.com|"
    r"about\.me|flickr\.com/(?:people|photos)|strava\.com/athletes|reddit\.com/(?:u|user)|ko-fi\.com|onlyfans\.com|vk\.com|"
    r"mastodon\.[a-z]+/web/accounts|(?:open\.)?spotify\.com/user|truthsocial\.com/@|gettr\.com/user)/[^/?#]+/?$"
)
_AGES = re.compile(r"\d{2,4}$")


def somebody_in(address: str) -> bool:
    """Whether an address is that of a person: a profile, or a name before the dot.

    >>> somebody_in("github.com/sanne"), somebody_in("jan-devries.nl"), somebody_in("waterdam.nl/nieuws")
    (True, True, False)
    """
    if _PROFILES.search(address):
        return True
    host, *path = re.split("[/?#]", address.lower())
    return any(_names_somebody(part) for part in (*host.split(".")[:-1], *path))


def _names_somebody(part: str) -> bool:
    pieces = [_AGES.sub("", piece) for piece in re.split(r"[-_.+%]", part) if piece]
    if any(map(falls_apart, pieces)):
        return True
    row = [said(piece, glue="quoted" if number else "") for number, piece in enumerate(pieces) if piece]
    return len(row) > 1 and bool(name_in(row))

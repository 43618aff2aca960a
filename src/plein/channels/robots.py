"""What a site asks of programs (robots.txt, RFC 9309), for a page that we read now and then."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

OUR_NAME = "Plein"
# More than this of such a file is not read; a day long it is not asked for again, in seconds.
MAX_BYTES = 512 * 1024
KEPT = 86_400.0


@dataclass(frozen=True, slots=True)
class Wish:
    """Whether a page may be read, and how many seconds to leave between two looks (0: nothing is asked)."""

    may: bool = True
    delay: float = 0.0


def address_of(page: str) -> str:
    """Return where a site keeps its wishes.

    >>> address_of("https://w.example:8443/raad/stukken?jaar=2026")
    'https://w.example:8443/robots.txt'
    """
    parts = urlsplit(page)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def wish_in(text: str, page: str) -> Wish:
    """Return what a robots.txt asks of us about a page.

    >>> wish_in("User-agent: *\\nDisallow: /zoeken", "https://w.example/zoeken?q=brug").may
    False
    """
    read = RobotFileParser()
    read.parse(text.removeprefix("\ufeff").splitlines())
    try:
        delay = float(read.crawl_delay(OUR_NAME) or 0)
    except ValueError:
        delay = 0.0
    return Wish(read.can_fetch(OUR_NAME, page), delay)

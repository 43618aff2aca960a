"""What a query means: the one place that decides whether a post is what somebody looks for.

Engines differ in how they find the few posts worth a look. What a look says is written here, for
all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from plein.listening.query.tree import (
    And,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Place,
    Prefix,
    Tag,
    Word,
    replaced,
    walk,
)
from plein.listening.tokens import Line, Span, tag_of, tokens
from plein.listening.watches import Said

FILTERS = ("lang", "network", "link")


@dataclass(frozen=True, slots=True)
class Sought:
    """A term as it is looked for: folded words, the last perhaps only begun; or a tag.

    Without words it is found nowhere. `written` is the term as it stands in the query.
    """

    words: tuple[str, ...]
    written: str
    open_ended: bool = False
    tag: bool = False


def meant(tree: Node) -> Node:
    """Return a tree with every term as a `Sought`.

    Raises ValueError for what cannot be matched: a Place that was not replaced by its names, a
    filter that does not exist, a Near of anything else than terms.
    """
    sought = replaced(tree, _leaf_meant)
    for near in (node for node in walk(sought) if isinstance(node, Near)):
        if not all(isinstance(node, Sought | Or) for side in (near.left, near.right) for node in walk(side)):
            raise ValueError("NEAR stands between words, phrases and hashtags, or several of these with OR.")
    return sought


def reason(tree: Node, said: Said, line: Line) -> str | None:
    """Return why a post is what a tree (as `meant` gives it) looks for; None when it is not.

    >>> tree = meant(And((Or((Word("brug"), Prefix("sluis"))), Not(Word("open")))))
    >>> post = Said("De Sluisbrug is dicht")
    >>> reason(tree, post, Line(post.written))
    'sluis*'
    """
    if not holds(tree, said, line):
        return None
    causes = list(_causes(tree, said, line))
    terms = [cause.written for cause in causes if isinstance(cause, Sought)]
    filters = [f"{cause.name}:{cause.value}" for cause in causes if isinstance(cause, Filter)]
    return next(iter(terms + filters), "")


def holds(tree: Node, said: Said, line: Line) -> bool:
    """Whether a post is what a tree looks for."""
    match tree:
        case Sought():
            return bool(spans(tree, line))
        case Or(parts):
            return any(holds(part, said, line) for part in parts)
        case And(parts):
            return all(holds(part, said, line) for part in parts)
        case Not(inner):
            return not holds(inner, said, line)
        case Near():
            return any(_pairs(tree, line))
        case Filter(name, value):
            return _passes(name, value, said)
    raise ValueError(f"{tree!r} is not something to look for.")


def spans(sought: Sought, line: Line) -> Sequence[Span]:
    """Return where a term stands in a line."""
    asked = sought.words
    if sought.tag:
        return line.tags.get(asked[0], ())
    if len(asked) == 1 and sought.open_ended:
        return [Span(at, at) for at, word in enumerate(line.words) if word.startswith(asked[0])]
    starts = line.places.get(asked[0], ()) if asked else ()
    if len(asked) == 1:
        return [Span(at, at) for at in starts]
    return [Span(at, at + len(asked) - 1) for at in starts if _stands_at(sought, line.words[at : at + len(asked)])]


def near_sides(near: Near) -> tuple[list[Sought], list[Sought]]:
    """Return the terms on either side of a Near as `meant` gives it."""
    return _terms(near.left), _terms(near.right)


def _stands_at(sought: Sought, found: list[str]) -> bool:
    *whole, last = sought.words
    if len(found) < len(sought.words) or found[:-1] != whole:
        return False
    return found[-1].startswith(last) if sought.open_ended else found[-1] == last


def _pairs(near: Near, line: Line) -> Iterator[Sought]:
    """Yield the left term of every pair that stands near enough, in the order of the query."""
    lefts, rights = near_sides(near)
    others = [span for right in rights for span in spans(right, line)]
    for left in lefts:
        if any(_close(one, other, near.distance) for one in spans(left, line) for other in others):
            yield left


def _close(one: Span, other: Span, distance: int) -> bool:
    return 1 <= other.first - one.last <= distance or 1 <= one.first - other.last <= distance


def _causes(tree: Node, said: Said, line: Line) -> Iterator[Sought | Filter]:
    """Yield what made a tree hold that does, in the order of the query. What is absent makes nothing hold."""
    match tree:
        case Sought() | Filter():
            yield tree
        case And(parts):
            for part in parts:
                yield from _causes(part, said, line)
        case Or(parts):
            for part in parts:
                if holds(part, said, line):
                    yield from _causes(part, said, line)
        case Near():
            yield from _pairs(tree, line)


def _passes(name: str, value: str, said: Said) -> bool:
    if name == "network":
        return said.network.casefold() == value.casefold()
    if name == "lang":
        return _main_language(said.language) == _main_language(value)
    return any(_leads_to(value, link) for link in said.links)


def _main_language(code: str) -> str:
    return re.split("[-_]", code.casefold(), maxsplit=1)[0]


def _leads_to(asked: str, link: str) -> bool:
    """Whether a link goes to an asked host or below it, and to the asked path or what begins with it."""
    (host, path), (found_host, found_path) = _address(asked), _address(link)
    return bool(host) and f".{found_host}".endswith(f".{host}") and found_path.startswith(path)


def _address(link: str) -> tuple[str, str]:
    """Return the host of an address without `www.`, and what comes behind it; nothing when it is none.

    >>> _address("https://WWW.waterdam.nl:443/Nieuws/?p=1"), _address("waterdam.nl/Nieuws")
    (('waterdam.nl', '/Nieuws/?p=1'), ('waterdam.nl', '/Nieuws'))
    """
    try:
        parts = urlsplit(link if "//" in link else f"//{link}")
        host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return "", ""
    return host, parts.path + (f"?{parts.query}" if parts.query else "")


def _leaf_meant(leaf: Node) -> Node:
    match leaf:
        case Word(text):
            return Sought(tuple(tokens(text)), text)
        case Prefix(text):
            return Sought(tuple(tokens(text)), f"{text}*", open_ended=True)
        case Phrase(words, open_ended):
            asked = tuple(token for word in words for token in tokens(word))
            return Sought(asked, " ".join(words) + "*" * open_ended, open_ended)
        case Tag(text):
            return Sought((tag_of(text),), f"#{text}", tag=True)
        case Place(name):
            raise ValueError(f"The place {name!r} has not been replaced by its names.")
        case Filter(name) if name not in FILTERS:
            raise ValueError(f"There is no filter {name!r}; there are {', '.join(FILTERS)}.")
    return leaf


def _terms(side: Node) -> list[Sought]:
    return [node for node in walk(side) if isinstance(node, Sought)]

"""How much a query asks, and what follows from what."""

from __future__ import annotations

from plein.listening.query.terms import is_emoji
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
from plein.listening.query.wordlists import COMMON
from plein.listening.tokens import tag_of, tokens
from plein.town.words import fold

MIN_LETTERS = 3


def asks(node: Node) -> bool:
    """Whether a post has to have something to match, so that not every other post does."""
    match node:
        case Not(inner):
            return not asks(inner)
        case And(parts):
            return any(map(asks, parts))
        case Or(parts):
            return all(map(asks, parts))
    return True


def tells(node: Node) -> bool:
    """Whether a post that matches is likely to be about a subject: not any post with "het" in it."""
    match node:
        case Word(text):
            return tells_something(text)
        case Phrase(words):
            return any(map(tells_something, words))
        case Filter(name):
            return name == "link"
        case Near(left, right):
            return tells(left) or tells(right)
        case And(parts):
            return any(map(tells, parts))
        case Or(parts):
            return all(map(tells, parts))
        case Not():
            return False
    return True


def tells_something(word: str) -> bool:
    """Whether a word says something about a subject.

    >>> tells_something("brug"), tells_something("Het"), tells_something("N9"), tells_something("ja")
    (True, False, True, False)
    """
    folded = "".join(tokens(word))
    if is_emoji(folded):
        return bool(folded)
    return folded not in COMMON and (len(folded) >= MIN_LETTERS or (len(folded) > 1 and not folded.isalpha()))


def compared(node: Node) -> Node:
    """Return a tree as matching sees it: words folded, tags without their joints."""
    return replaced(node, _compared)


def _compared(leaf: Node) -> Node:
    match leaf:
        case Word(text):
            return Word("".join(tokens(text)))
        case Prefix(text):
            return Prefix("".join(tokens(text)))
        case Phrase(words, open_ended):
            return Phrase(tuple("".join(tokens(word)) for word in words), open_ended)
        case Tag(text):
            return Tag(tag_of(text))
        case Place(name):
            return Place(" ".join(tokens(name)))
        case Filter(name, value):
            return Filter(name, fold(value))
    return leaf


def follows(one: Node, other: Node) -> bool:
    """Whether every post that matches one (compared) tree surely matches the other.

    >>> follows(Phrase(("brug", "dicht")), Word("brug")), follows(Word("brug"), Word("dicht"))
    (True, False)
    """
    if one == other:
        return True
    if isinstance(one, Or):
        return all(follows(part, other) for part in one.parts)
    if isinstance(other, And):
        return all(follows(one, part) for part in other.parts)
    return _follows_by_part(one, other) or _follows_as_leaf(one, other)


def _follows_by_part(one: Node, other: Node) -> bool:
    match one:
        case And(parts) if any(follows(part, other) for part in parts):
            return True
        case Near(left, right) if follows(left, other) or follows(right, other):
            return True
    match other:
        case Or(parts):
            return any(follows(one, part) for part in parts)
        case Not(inner):
            return clash(one, inner) or (isinstance(one, Not) and follows(inner, one.inner))
    return False


def _follows_as_leaf(one: Node, other: Node) -> bool:
    words, last = _in_a_row(one), _beginning(one)
    match other:
        case Word(text):
            return text in words
        case Prefix(text):
            return any(word.startswith(text) for word in (*words, last) if word)
        case Phrase(asked, False):
            return _stands_in(asked, words)
    return False


def clash(one: Node, other: Node) -> bool:
    """Whether no post matches both: a post is in one language, on one network."""
    if isinstance(one, And):
        return any(clash(part, other) for part in one.parts)
    if not (isinstance(one, Filter) and isinstance(other, Filter)):
        return False
    return one.name == other.name != "link" and one.value != other.value


def together(parts: list[Node]) -> Node:
    """Return all of one or more."""
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def sizeof(node: Node) -> int:
    """Return of how many nodes a tree is made."""
    return sum(1 for _ in walk(node))


def _in_a_row(leaf: Node) -> tuple[str, ...]:
    match leaf:
        case Word(text):
            return (text,)
        case Phrase(words, open_ended):
            return words[:-1] if open_ended else words
    return ()


def _beginning(leaf: Node) -> str:
    match leaf:
        case Prefix(text):
            return text
        case Phrase(words, True):
            return words[-1]
    return ""


def _stands_in(asked: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(asked)] == asked for at in range(len(words) - len(asked) + 1))

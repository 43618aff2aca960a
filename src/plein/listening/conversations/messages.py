"""What was said in a place of conversation, in the order in which it was said, and what replies to what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

# A text without end tells nothing more after so many characters.
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its text, when (a time without zone is UTC; None: unknown), who, and what it replies to.

    `author` may be a name, an account or a pseudonym: it is only compared. `reply_to` is the `id` of a message or its
    number among those given, from 0; the name of an author means the last message of theirs before this one. What points
    to nothing that is here, replies to something we do not see.
    """

    text: str
    at: datetime | None = None
    author: str = ""
    reply_to: str | int | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A message in its thread: its number by time, and the numbers of what it replies to (None: nothing, or unseen)."""

    message: Message
    number: int
    parent: int | None
    unseen_parent: bool


def in_order(messages: Sequence[Message]) -> list[Placed]:
    """Return the messages by time, each with what it replies to. Without a time a message keeps its place after the one before.

    >>> at = datetime(2026, 5, 4, 9, tzinfo=UTC)
    >>> said = in_order([Message("dinsdag", at.replace(hour=10), "b", reply_to=1), Message("wanneer?", at, "a")])
    >>> [(one.message.text, one.parent) for one in said]
    [('wanneer?', None), ('dinsdag', 0)]
    """
    moments = _moments(messages)
    order = sorted(range(len(messages)), key=lambda place: (moments[place], messages[place].id))
    number_of = {place: number for number, place in enumerate(order)}
    parents = _Parents(messages, order, number_of)
    return [_placed(messages[place], number, parents) for number, place in enumerate(order)]


def _placed(message: Message, number: int, parents: _Parents) -> Placed:
    asked = message.reply_to not in (None, "")
    parent = parents.of(message, number) if asked else None
    return Placed(message, number, parent, asked and parent is None)


def moment(at: datetime) -> datetime:
    """Return a time with its zone; without one it is UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _moments(messages: Sequence[Message]) -> list[datetime]:
    found, last = [], datetime.min.replace(tzinfo=UTC)
    for one in messages:
        last = moment(one.at) if one.at else last
        found.append(last)
    return found


class _Parents:
    """Finds what a message replies to."""

    def __init__(self, messages: Sequence[Message], order: Sequence[int], number_of: dict[int, int]) -> None:
        self._number_of = number_of
        self._ids = {one.id: number_of[place] for place, one in enumerate(messages) if one.id}
        self._of_author: dict[str, list[int]] = {}
        for number, place in enumerate(order):
            self._of_author.setdefault(messages[place].author, []).append(number)

    def of(self, message: Message, number: int) -> int | None:
        """Return the number of what a message replies to; None where it is not here, or is the message itself."""
        found = self._by_id_or_number(message.reply_to)
        if found is None:
            found = self._by_author(str(message.reply_to), number)
        return None if found == number else found

    def _by_id_or_number(self, asked: str | int | None) -> int | None:
        if isinstance(asked, str) and asked in self._ids:
            return self._ids[asked]
        if isinstance(asked, int) or (isinstance(asked, str) and asked.isdecimal() and len(asked) < 10):
            return self._number_of.get(int(asked), self._ids.get(str(asked)))
        return None

    def _by_author(self, author: str, number: int) -> int | None:
        earlier = [one for one in self._of_author.get(author.removeprefix("@"), ()) if one < number][-1:]
        return earlier[0] if earlier else None


def authors_of(said: Iterable[Placed]) -> int:
    """Return how many authors there are; messages without one count as one together."""
    return len({one.message.author for one in said})


def newest(messages: Iterable[Message]) -> datetime | None:
    """Return the time of the newest message; None where no message has a time."""
    return max((moment(one.at) for one in messages if one.at), default=None)

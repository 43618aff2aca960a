"""What engines are given and what they give back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple, Protocol

from plein.listening.query.tree import Node, Or, Phrase
from plein.listening.tokens import Line

ALWAYS = datetime.max.replace(tzinfo=UTC)
NEVER_BEFORE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Watch:
    """A standing query as matching needs it. It collects from `starts_at` until before `ends_at`.

    Places in the tree have been replaced by their names (`Place` is refused by every engine).
    """

    id: int
    town: int
    tree: Node
    starts_at: datetime = NEVER_BEFORE
    ends_at: datetime = ALWAYS

    @classmethod
    def of_phrases(
        cls,
        number: int,
        town: int,
        phrases: Iterable[str],
        starts_at: datetime = NEVER_BEFORE,
        ends_at: datetime = ALWAYS,
    ) -> Watch:
        """Return the watch that looks for any of these, each as somebody wrote it.

        >>> Watch.of_phrases(1, 7, ["zwerfvuil", "brug dicht"]).tree
        Or(parts=(Phrase(words=('zwerfvuil',), open_ended=False), Phrase(words=('brug', 'dicht'), open_ended=False)))
        """
        return cls(number, town, Or(tuple(Phrase(tuple(phrase.split())) for phrase in phrases)), starts_at, ends_at)

    def collects(self, now: datetime) -> bool:
        """Whether this watch may collect at this moment."""
        return self.starts_at <= now < self.ends_at


@dataclass(frozen=True, slots=True)
class Said:
    """What watches look at in a post. `tags` are hashtags beside the text, `links` addresses in it."""

    text: str
    tags: Sequence[str] = ()
    language: str = ""
    network: str = ""
    links: Sequence[str] = ()

    @property
    def written(self) -> str:
        """Return the text with the tags behind it, each on a line of its own.

        >>> Said("Brug dicht", tags=["Rode Loper"]).written
        'Brug dicht\\n#Rode_Loper'
        """
        return "\n".join([self.text, *("#" + "_".join(tag.split()) for tag in self.tags)]) if self.tags else self.text


class Hit(NamedTuple):
    """Text number `index` is what `watch` looks for.

    `reason` is the first term in the order of the query that made it match, as it is written
    there; a filter where no term did (`lang:fy`), and nothing where only absence did.
    """

    index: int
    watch: int
    reason: str


class Batch:
    """Posts that are matched together: their texts at hand, all else only when a watch asks."""

    def __init__(self, texts: Sequence[str], said: Callable[[int], Said]) -> None:
        self.texts = texts
        self._said = said
        self._heard: dict[int, tuple[Said, Line]] = {}

    @classmethod
    def of(cls, posts: Posts) -> Batch:
        """Return posts as a batch; a bare text is a post of which nothing else is known."""
        if isinstance(posts, Batch):
            return posts
        if all(isinstance(post, str) for post in posts):
            return cls(posts, lambda index: Said(posts[index]))
        known = [Said(post) if isinstance(post, str) else post for post in posts]
        return cls([post.written for post in known], known.__getitem__)

    def __len__(self) -> int:
        return len(self.texts)

    def heard(self, index: int) -> tuple[Said, Line]:
        """Return a post and its words."""
        if index not in self._heard:
            self._heard[index] = (self._said(index), Line(self.texts[index]))
        return self._heard[index]

    @cached_property
    def joined(self) -> str:
        """All texts with a NUL between them, and nowhere else."""
        joined = "\0".join(self.texts)
        if joined.count("\0") >= len(self.texts) > 0:
            return "\0".join([text.replace("\0", " ") for text in self.texts])
        return joined

    @cached_property
    def encoded(self) -> bytes:
        """All texts in UTF-8 with a NUL behind each, and nowhere else; halves of characters as they are."""
        try:
            encoded = b"\0".join(map(str.encode, self.texts)) + b"\0"
        except UnicodeEncodeError:
            encoded = b"\0".join([text.encode("utf-8", "surrogatepass") for text in self.texts]) + b"\0"
        if encoded.count(b"\0") > len(self.texts):
            return self.joined.encode("utf-8", "surrogatepass") + b"\0"
        return encoded


Posts = Batch | Sequence[Said | str]


class Engine(Protocol):
    """Knows watches and finds them in posts. Hits come in order of post, then of watch."""

    watches: dict[int, Watch]

    def put(self, watch: Watch) -> None:
        """Add a watch, or replace the one with the same id. Counts from the next post on.

        Raises ValueError for a tree that cannot be matched (see `plein.listening.meaning`).
        """
        ...

    def drop(self, watch_id: int) -> None:
        """Forget a watch; one that is not there is no error."""
        ...

    def match(self, posts: Posts) -> list[Hit]:
        """Return which posts hold which watch."""
        ...

"""The residents of the demo: they go on talking, and react to what the municipality answers.

A process of its own beside web and engine, without Django. It only knows the practice square:

    python -m plein_web.site.demo.residents SQUARE [PORT]

With a port they also publish the local newspaper there.
"""

from __future__ import annotations

import heapq
import itertools
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from plein.channels.memory import Square, author_of, item_from
from plein.channels.posts import Post
from plein_web.site.demo.news import publish
from plein_web.site.demo.stories import Cast, Later, answers, cast, later
from plein_web.site.processes import end_with_parent

LOOK_SECONDS = 0.5
# Seconds between two new messages, from and to, and before the first; after so many it becomes quieter.
PACE, QUIETER = (20.0, 50.0), (50.0, 130.0)
LIVELY = 12
FIRST = 6.0
# Seconds before a resident reacts to an answer, and before they come back on what they said.
PATIENCE = (4.0, 9.0)
SECOND_THOUGHTS = (12.0, 25.0)
# How somebody takes an answer to a question, and to what was no question.
MOODS = {"thanks": 35, "question": 30, "grumble": 20, "solved": 15}
CONTENT = {"thanks": 75, "solved": 25}
LANGUAGES = {"en": "english", "tr": "turkish", "pl": "polish", "ar": "arabic", "fy": "frisian"}
CHANCE_OF_EDIT, CHANCE_OF_DELETE = 0.12, 0.06


@dataclass(frozen=True, slots=True)
class Script:
    """What residents have to say."""

    cast: Cast
    messages: tuple[Later, ...]
    answers: Mapping[str, list[str]]

    @classmethod
    def read(cls) -> Script:
        """Read it from the files beside this one."""
        return cls(cast(), tuple(later()), answers())

    @property
    def accounts(self) -> frozenset[str]:
        """Return the handles of the municipalities."""
        return frozenset(one["handle"] for town in self.cast.towns for one in town.channels)


class Residents:
    """Everybody who talks on the square. `round(now)` does what is due; `now` is in seconds."""

    def __init__(self, square: Square, script: Script, chance: Random, now: float) -> None:
        self.square, self.script, self.chance = square, script, chance
        self._place = square.end()
        self._due: list[tuple[float, int, Callable[[float], None]]] = []
        self._number = itertools.count()
        self._messages = self._unsaid()
        self._told, self._used = 0, Counter[str]()
        self._later(now + FIRST, self._say_something)

    def round(self, now: float) -> int:
        """Hear what the municipalities said and do what is due; returns how much was done."""
        for said in self._heard():
            self._later(now + self.chance.uniform(*PATIENCE), lambda at, said=said: self._react(said, at))
        count = 0
        while self._due and self._due[0][0] <= now:
            heapq.heappop(self._due)[2](now)
            count += 1
        return count

    def _heard(self) -> list[Post]:
        """Return what the municipalities said since the last look."""
        accounts = sorted(self.script.accounts)
        where = f"kind = 'post' AND handle IN ({', '.join('?' * len(accounts))})"
        lines = self.square.log(self._place, where, accounts)
        if lines:
            self._place = lines[-1][0]
        items = [item_from(kind, body, uri) for _, kind, body, uri in lines]
        return [item for item in items if isinstance(item, Post) and item.edited_at is None]

    def _later(self, at: float, deed: Callable[[float], None]) -> None:
        heapq.heappush(self._due, (at, next(self._number), deed))

    def _unsaid(self) -> Iterator[Later]:
        """Yield the messages that nobody said yet, also not before an earlier end: each is one resident's, and said once."""
        said = {post.text for post in self.square.posts() if post.text}
        yield from (one for one in self.script.messages if not said & {one.says, one.more})

    def _say_something(self, now: float) -> None:
        message = next(self._messages, None)
        if message is None:
            return
        uri = self._post(message.who, message.says, private=message.private, language=message.lang)
        if message.then:
            self._later(now + self.chance.uniform(*SECOND_THOUGHTS), lambda at: self._come_back(message, uri))
        self._told += 1
        self._later(now + self.chance.uniform(*(PACE if self._told < LIVELY else QUIETER)), self._say_something)

    def _come_back(self, message: Later, uri: str) -> None:
        if message.then == "adds":
            self._post(message.who, message.more, uri, private=message.private, language=message.lang)
        elif isinstance(self.square.get(uri), Post):
            if message.then == "edits":
                self.square.edit(uri, message.more)
            else:
                self.square.delete(uri)

    def _react(self, said: Post, now: float) -> None:
        """Answer an answer; comment on a message of the municipality's own."""
        asked = self.square.get(said.parent) if said.parent else None
        if not isinstance(self.square.get(said.uri), Post) or (said.parent and not isinstance(asked, Post)):
            return
        if isinstance(asked, Post) and asked.author.handle not in self.script.accounts:
            who, language = asked.author.handle, asked.language
            mood = LANGUAGES.get(language) or self._mood(MOODS if "?" in asked.text else CONTENT)
        else:
            who, mood, language = self.chance.choice(sorted(self.script.cast.residents)), "comments", "nl"
        text = self._words(mood).format(name=said.author.handle)
        uri = self._post(who, text, said.uri, private=said.visibility == "direct", language=language)
        if language == "nl":
            self._perhaps_regret(uri, text, now)

    def _perhaps_regret(self, uri: str, text: str, now: float) -> None:
        at, drawn = now + self.chance.uniform(*SECOND_THOUGHTS), self.chance.random()
        if drawn < CHANCE_OF_DELETE:
            self._later(at, lambda _: self.square.delete(uri))
        elif drawn < CHANCE_OF_DELETE + CHANCE_OF_EDIT:
            self._later(at, lambda _: self.square.edit(uri, f"{text} (en nu zonder typefout 😉)"))

    def _mood(self, moods: Mapping[str, int]) -> str:
        return self.chance.choices(list(moods), weights=moods.values())[0]

    def _words(self, mood: str) -> str:
        """Return words for a mood: those that were used least."""
        words = min(self.script.answers[mood], key=lambda each: (self._used[each], self.chance.random()))
        self._used[words] += 1
        return words

    def _post(self, who: str, text: str, to: str | None = None, *, private: bool = False, language: str = "nl") -> str:
        author = author_of(who, self.script.cast.residents.get(who, who))
        return self.square.post(author, text, to, visibility="direct" if private else "public", language=language)


def main(path: str, port: str = "") -> int:
    """Let them talk until a signal says stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    end_with_parent()
    if port:
        publish(int(port))
    everybody = Residents(Square(path), Script.read(), Random(), time.monotonic())
    while not stop.wait(LOOK_SECONDS):
        everybody.round(time.monotonic())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

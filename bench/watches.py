"""Seeded watches and posts for the engines: what a hundred towns would ask, and what a network says.

Nothing in them is real. Phrases are streets (one word), names of people and places (two or three
words, three in ten of them ordinary ones) and now and then a hashtag. A watch is ANY of 2 to 22 phrases AND ANY of some topics (one
in three a beginning with a star) AND NOT some others. The first phrase of all stands in every
twentieth post; a third of the posts holds some other phrase.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from bench.posts import BEGINNINGS, ENDS, MIDDLES, Writer, post_line
from plein.listening.query.tree import And, Near, Node, Not, Or, Phrase, Prefix, Tag, Word
from plein.listening.watches import Watch

HOT = 0.05
MENTIONS = 0.30
ON_TOPIC = 0.5
VOCABULARY = 40_000
TOPICS = (
    "afval zwerfvuil lawaai overlast verkeer fietspad parkeren stoplicht wateroverlast riool bomen speeltuin "
    "subsidie zwembad bibliotheek buurthuis woningbouw sloop vergunning demonstratie jaarwisseling vuurwerk "
    "onveilig verlichting stank drugs inbraak raadsvergadering referendum begroting"
).split()
DESCRIPTION = (
    f"seed 1; posts: lognormal length, Zipf over {VOCABULARY:,} words, 4 in 10 beyond ASCII (accents, emoji, curly quotes), "
    f"a fifth with a hashtag; {HOT:.0%} hold one and the same phrase, {MENTIONS:.0%} another one, "
    f"{ON_TOPIC:.0%} of these also a topic; phrases in capitals (15 %), in lower case (20 %), else as a name; "
    "half the phrases are one made-up word, the others two or three words of which three in ten are ordinary"
)


class Town:
    """Writes watches and the posts they are after; the same seed writes the same."""

    def __init__(self, phrases: int, seed: int = 1) -> None:
        self.writer = Writer(seed, VOCABULARY)
        self.random = self.writer.random
        made: dict[tuple[str, ...], None] = {}
        while len(made) < phrases:
            made[self._phrase()] = None
        self.phrases = list(made)

    def watches(self, *, plain: bool, most: int = 22) -> Iterator[Watch]:
        """Yield watches until every phrase is asked for; `plain` leaves out what other engines cannot express."""
        left = iter(self.phrases)
        for number in itertools.count(1):
            some = list(itertools.islice(left, self.random.randrange(2, most + 1)))
            if not some:
                return
            yield Watch(number, number % 342, self._tree(some, plain))

    def text(self) -> str:
        """Return the text of a post."""
        draw = self.random.random()
        if draw >= HOT + MENTIONS:
            return self.writer.text()
        phrase = " ".join(self.phrases[0] if draw < HOT else self.random.choice(self.phrases))
        case = self.random.random()
        phrase = phrase.upper() if case < 0.15 else phrase if case < 0.35 else phrase.title()
        topic = self.random.choice(TOPICS) if self.random.random() < ON_TOPIC else ""
        return f"{self.writer.text()[:180]} {phrase} {topic}{self.random.choice(('', '!', ' 😡', '.'))}"

    def line(self, number: int) -> bytes:
        """Return a post as Jetstream sends it."""
        return post_line(self.writer, number, self.text())

    def _phrase(self) -> tuple[str, ...]:
        chance = self.random
        draw = chance.random()
        if draw < 0.5:
            parts = [chance.choice(BEGINNINGS), chance.choice(MIDDLES), chance.choice(MIDDLES), chance.choice(ENDS)]
            return ("".join([*parts, chance.choice(ENDS)]),)
        return tuple(self._name() for _ in range(2 if draw < 0.85 else 3))

    def _name(self) -> str:
        """Return a part of a name; three in ten are ordinary words."""
        chance = self.random
        if chance.random() < 0.3:
            return chance.choice(self.writer.words)
        return chance.choice(BEGINNINGS) + chance.choice(MIDDLES) + chance.choice(ENDS) + chance.choice(MIDDLES)

    def _tree(self, some: list[tuple[str, ...]], plain: bool) -> Node:
        chance = self.random
        terms = tuple(self._term(phrase, plain) for phrase in some)
        wanted = tuple(self._topic(topic) for topic in chance.sample(TOPICS, chance.randrange(2, 8)))
        unwanted = tuple(Word(topic) for topic in chance.sample(TOPICS, chance.randrange(1, 4)))
        if not plain and chance.random() < 0.1:
            return And((Near(_any(terms), _any(wanted), 8), Not(_any(unwanted))))
        return And((_any(terms), _any(wanted), Not(_any(unwanted))))

    def _term(self, phrase: tuple[str, ...], plain: bool) -> Node:
        if len(phrase) > 1:
            return Phrase(phrase)
        return Tag(phrase[0]) if not plain and self.random.random() < 0.1 else Word(phrase[0])

    def _topic(self, topic: str) -> Node:
        return Prefix(topic[:5]) if self.random.random() < 0.33 else Word(topic)


def _any(parts: tuple[Node, ...]) -> Node:
    return Or(parts) if len(parts) > 1 else parts[0]

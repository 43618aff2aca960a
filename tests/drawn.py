"""Posts and queries drawn by lot, made to fool engines: they meet often, and in every spelling.

The words are few, so that much matches. They are written in capitals, with accents and loose
marks, in fancy fonts, glued to emoji, split by apostrophes, as hashtags; between them stands
whatever Unicode has.
"""

from __future__ import annotations

import random
import unicodedata

from plein.listening.query.tree import And, Filter, Near, Node, Not, Or, Phrase, Prefix, Tag, Term, Word
from plein.listening.watches import Said, Watch

WORDS = (
    "brug sluis sluisbrug dicht open best de een foto's 's avonds café coöperatie straße ﬁets gemeente "
    "мост ΓΈΦΥΡΑ σας İstanbul ısı ԵՐԵՎԱՆ ᎠᏂᏴᏫᏯ გზა 𐐀𐐨 대한민국 가 مدينة العربية 日本 カﾞ สะพาน 24 7 ① ½ ™ ⅷ"
).split()
EMOJI = "🙂 😡 👍🏽 👍 ❤️ ❤ 👨‍👩‍👧 🏳️‍🌈 🇳🇱 🇧🇪 🇳 1️⃣ #️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ⓜ ☀ ©".split()
GLUE = [
    "",
    " ",
    " ",
    " ",
    "  ",
    "-",
    "'",
    "’",
    "''",
    "_",
    "#",
    "@",
    "/",
    "\n",
    "\0",
    "\u200d",
    "\ufe0f",
    "\u20e3",
    "\u00ad",
    "…",
]
MARKS = ["\u0301", "\u0308", "\u0323", "\u0345", "\u3099", "\U0001f3fd", "\ufe0f", "\u0e49"]
LANGUAGES = ("nl", "nl-BE", "fy", "de", "")
NETWORKS = ("bluesky", "mastodon")
LINKS = (
    "https://www.waterdam.nl/nieuws/1",
    "https://waterdam.nl",
    "http://loket.waterdam.nl/",
    "https://x.example/?u=waterdam.nl",
)
_FONTS = (0x1D400, 0x1D4D0, 0x1D670, 0xFF21)


class Drawn:
    """What a seed draws; the same seed draws the same."""

    def __init__(self, seed: int | str) -> None:
        self.chance = random.Random(seed)

    def spelled(self, word: str) -> str:
        """Return a word as somebody might write it."""
        return self.chance.choice((str, str, str.upper, str.title, self._marked, self._fancy, self._decomposed))(word)

    def piece(self) -> str:
        """Return something that stands in a text."""
        draw = self.chance.random()
        if draw < 0.62:
            return self.spelled(self.chance.choice(WORDS))
        if draw < 0.78:
            return self.chance.choice(EMOJI)
        if draw < 0.9:
            return "#" + self.spelled(self.chance.choice(WORDS))
        return self.anything()

    def anything(self) -> str:
        """Return any character of Unicode, halves of characters and unassigned ones included."""
        return chr(
            self.chance.choice(
                (self.chance.randrange(0x250), self.chance.randrange(0x3000), self.chance.randrange(0x110000))
            )
        )

    def text(self) -> str:
        """Return a text: mostly some words, sometimes nothing or thousands."""
        many = self.chance.choices(
            (0, self.chance.randrange(1, 14), self.chance.randrange(14, 60), 3_000), (1, 60, 20, 0.1)
        )[0]
        return "".join(self.piece() + self.chance.choice(GLUE) for _ in range(many))

    def said(self) -> Said:
        """Return a post."""
        chance = self.chance
        tags = [self.spelled(chance.choice(WORDS)) for _ in range(chance.choice((0, 0, 0, 2)))]
        links = chance.sample(LINKS, chance.choice((0, 0, 1, 2)))
        return Said(self.text(), tags, chance.choice(LANGUAGES), chance.choice(NETWORKS), links)

    def word(self) -> str:
        """Return a word as it stands in a query."""
        return self.chance.choice(EMOJI) if self.chance.random() < 0.2 else self.spelled(self.chance.choice(WORDS))

    def term(self) -> Term:
        """Return something to look for."""
        chance = self.chance
        draw = chance.random()
        if draw < 0.4:
            return Word(self.word())
        if draw < 0.55:
            return Prefix(self.word()[: chance.randrange(1, 6)])
        if draw < 0.8:
            return Phrase(tuple(self.word() for _ in range(chance.randrange(1, 4))), open_ended=chance.random() < 0.2)
        if draw < 0.95:
            return Tag(self.word())
        return Word(self.text()[:20])

    def tree(self, depth: int = 3) -> Node:
        """Return a query."""
        chance = self.chance
        draw = chance.random() if depth else 0
        if draw < 0.3:
            return self.term()
        if draw < 0.58:
            return Or(tuple(self.tree(depth - 1) for _ in range(chance.randrange(2, 5))))
        if draw < 0.76:
            return And(tuple(self.tree(depth - 1) for _ in range(2)))
        if draw < 0.86:
            return Not(self.tree(depth - 1))
        if draw < 0.93:
            return Near(self._side(), self._side(), chance.randrange(1, 12))
        return self._filter()

    def watch(self, number: int) -> Watch:
        """Return a standing query."""
        return Watch(number, number % 7, self.tree())

    def _side(self) -> Node:
        return self.term() if self.chance.random() < 0.7 else Or((self.term(), Or((self.term(), self.term()))))

    def _filter(self) -> Filter:
        name, value = self.chance.choice(
            [
                ("lang", "nl"),
                ("lang", "FY"),
                ("network", "Bluesky"),
                ("link", "waterdam.nl"),
                ("link", "https://waterdam.nl/nieuws"),
            ]
        )
        return Filter(name, value)

    def _marked(self, word: str) -> str:
        return "".join(letter + (self.chance.choice(MARKS) if self.chance.random() < 0.4 else "") for letter in word)

    def _fancy(self, word: str) -> str:
        font = self.chance.choice(_FONTS)
        return "".join(
            chr(font + ord(letter) - ord("A")) if "A" <= letter <= "Z" else letter for letter in word.upper()
        )

    def _decomposed(self, word: str) -> str:
        return unicodedata.normalize(self.chance.choice(("NFD", "NFC", "NFKC")), word)

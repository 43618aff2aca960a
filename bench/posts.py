"""Seeded posts that look like Dutch ones: skewed words, accents, emoji, long and short.

Nothing in them is real. The shares follow what public samples of short posts show: four in ten
hold something beyond ASCII, words are distributed after Zipf, a fifth has a hashtag.
"""

from __future__ import annotations

import itertools
import random
from bisect import bisect
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

COMMON = (
    "de en van ik te dat die in een hij het niet zijn is was op aan met als voor had er maar om hem dan zou of "
    "wat mijn men dit zo door over ze zich bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze u "
    "want nog zal me zij nu ge geen omdat iets worden toch al waren veel meer doen toen moet ben zonder kan hun "
    "dus alles onder ja eens hier wie werd altijd doch wordt wezen kunnen ons zelf tegen na reeds wil kon niets "
    "uw iemand geweest andere foto's café één hè vóór coördinatie geïnteresseerd reünie"
).split()
BEGINNINGS = (
    "be ge ver ont her aan af bij door in na om op over uit voor sluis brug water haven markt kerk dorp".split()
)
MIDDLES = "ker lan dor wen bos vel rij sta pla gro kle vaar trek loop huis weg kade plein zorg afval licht boom".split()
ENDS = "en er ing heid lijk s t el je tje baar steeg straat dijk polder gracht laan singel dag tijd loos".split()
ACCENTS = str.maketrans({"e": "é", "i": "ï", "o": "ö", "a": "à", "u": "ü"})
EMOJI = ("🙂", "😡", "🚲", "🌧️", "👍🏽", "🎉", "❤️", "🇳🇱", "👨‍👩‍👧", "…", "’s avonds", "–", "€ 12")
START = datetime(2026, 11, 1, 8, tzinfo=UTC)


def any_of(phrases: list[str]) -> str:
    """Return the query that asks for any of these."""
    return " OR ".join(f'"{phrase}"' for phrase in phrases)


class Writer:
    """Writes posts; the same seed writes the same posts."""

    def __init__(self, seed: int = 1, vocabulary: int = 20_000) -> None:
        self.random = random.Random(seed)
        self.words = self._vocabulary(vocabulary)
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def _vocabulary(self, size: int) -> list[str]:
        made = dict.fromkeys(COMMON)
        while len(made) < size:
            parts = [self.random.choice(BEGINNINGS), self.random.choice(MIDDLES), self.random.choice(ENDS)]
            word = "".join(parts) + (self.random.choice(MIDDLES) if self.random.random() < 0.25 else "")
            made[word.translate(ACCENTS) if self.random.random() < 0.01 else word] = None
        return list(made)

    def some(self, count: int) -> list[str]:
        """Return words in the proportions in which people use them."""
        top = self._weights[-1]
        return [self.words[bisect(self._weights, self.random.random() * top)] for _ in range(count)]

    def phrases(self, count: int) -> list[str]:
        """Return phrases that no generated post contains by itself: they are put in on purpose."""
        return [
            f"zoek{self.random.choice(MIDDLES)}{number} {self.random.choice(self.words[100:])}"
            if number % 3 == 0
            else f"waterdam{self.random.choice(MIDDLES)}{number}"
            for number in range(count)
        ]

    def text(self, phrase: str = "") -> str:
        """Return the text of a post, with a phrase somewhere inside."""
        words = self.some(max(3, min(60, int(self.random.lognormvariate(3.0, 0.55)))))
        words[0] = words[0].capitalize()
        if self.random.random() < 0.2:
            words[self.random.randrange(len(words))] = "#" + self.random.choice(self.words[100:])
        if self.random.random() < 0.25:
            words.insert(self.random.randrange(len(words)), self.random.choice(EMOJI))
        if self.random.random() < 0.1:
            words.insert(self.random.randrange(len(words)), f"@buur{self.random.randrange(9999)}.example")
        if phrase:
            words[20:] = []
            words.insert(self.random.randrange(len(words)), phrase.capitalize())
        return " ".join(words)[:300]

    def did(self) -> str:
        """Return the id of somebody; a few people write a lot."""
        return f"did:plc:{int(self.random.paretovariate(0.4)) % 10**9:024d}"


def jetstream(
    writer: Writer, count: int, *, phrases: list[str], hits: float, first: int = 0, deletes: float = 0.0
) -> Iterator[bytes]:
    """Yield lines as Jetstream sends them. Exactly every 1/hits-th post holds one phrase.

    `deletes` is the share of lines that delete a post that went before.
    """
    every = round(1 / hits) if hits else 0
    for number in range(first, first + count):
        if deletes and number and writer.random.random() < deletes:
            yield delete_line(writer, number)
            continue
        phrase = phrases[number % len(phrases)] if every and number % every == 0 else ""
        yield post_line(writer, number, writer.text(phrase))


def moment(number: int) -> datetime:
    """Return when the n-th line was made: two thousand a second."""
    return START + timedelta(microseconds=500 * number)


def post_line(writer: Writer, number: int, text: str, did: str | None = None) -> bytes:
    """Return the line of a new post."""
    at = moment(number)
    record = {
        "$type": "app.bsky.feed.post",
        "createdAt": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "langs": ["nl"],
        "text": text,
    }
    if number % 4 == 0:
        target = {"cid": f"bafyrei{number:052d}", "uri": f"at://{writer.did()}/app.bsky.feed.post/3l{number:011d}"}
        record["reply"] = {"parent": target, "root": target}
    commit = {
        "rev": f"3l{number:011d}",
        "operation": "create",
        "collection": "app.bsky.feed.post",
        "rkey": f"3k{number:011d}",
        "record": record,
        "cid": f"bafyrei{number:052d}",
    }
    return _line(did or writer.did(), at, commit)


def delete_line(writer: Writer, number: int, did: str | None = None, rkey: str | None = None) -> bytes:
    """Return the line of a deletion."""
    commit = {
        "rev": f"3l{number:011d}",
        "operation": "delete",
        "collection": "app.bsky.feed.post",
        "rkey": rkey or f"3k{writer.random.randrange(max(1, number)):011d}",
    }
    return _line(did or writer.did(), moment(number), commit)


def _line(did: str, at: datetime, commit: dict) -> bytes:
    return msgspec.json.encode(
        {"did": did, "time_us": int(at.timestamp() * 1_000_000), "kind": "commit", "commit": commit}
    )

"""Acceptance: both engines, and the compiled base, say what the specification says, about everything."""

from __future__ import annotations

import random
from dataclasses import dataclass
from importlib.util import find_spec

import pytest

from plein.listening.anchored import Anchored
from plein.listening.matching import FastEngine, PlainEngine
from tests.drawn import Drawn

DATABASES = ("sqlite",)
PAIRS = 1_200_000
WATCHES, POSTS, CHANGES = 120, 100, 30


@dataclass
class Compared:
    """What a comparison counted, and the first difference."""

    pairs: int = 0
    matches: int = 0
    watches: int = 0
    changes: int = 0
    difference: str = ""

    def __str__(self) -> str:
        return (
            f"  {self.pairs:,} pairs of a post and a watch, {self.matches:,} matches ({self.matches / self.pairs:.1%}), "
            f"{self.watches:,} watches, {self.changes:,} changes while posts passed"
        )


def compare(engines: list[FastEngine], pairs: int, seed: str) -> Compared:
    """Let engines and the specification hear the same, with watches coming and going; stop at a difference."""
    drawn, chance, plain, counted = Drawn(seed), random.Random(seed), PlainEngine(), Compared()
    while counted.pairs < pairs and not counted.difference:
        for _ in range(CHANGES if plain.watches else WATCHES):
            number = chance.randrange(2 * WATCHES)
            _change([plain, *engines], number, None if number in plain.watches and chance.random() < 0.5 else drawn)
            counted.changes += 1
        if chance.random() < 0.3:
            for engine in engines:
                engine.settle()
        posts = [drawn.said() for _ in range(POSTS)]
        expected = plain.match(posts)
        counted.pairs += len(posts) * len(plain.watches)
        counted.matches += len(expected)
        for engine in engines:
            if (heard := engine.match(posts)) != expected:
                wrong = sorted(set(expected) ^ set(heard))[0]
                counted.difference = f"{engine.base}: {wrong}\n{plain.watches.get(wrong.watch)}\n{posts[wrong.index]!a}"
    counted.watches = counted.changes
    return counted


def _change(engines, number: int, drawn: Drawn | None) -> None:
    watch = drawn.watch(number) if drawn else None
    for engine in engines:
        if watch:
            engine.put(watch)
        else:
            engine.drop(number)


def engines() -> list[FastEngine]:
    """Return the engine of the default install, and the one with the compiled base."""
    return [FastEngine(compiled=False)] + [FastEngine(compiled=True)] * (find_spec("numba") is not None)


@pytest.mark.timeout(0)
def test_the_engines_say_what_the_specification_says(whole, seed):
    counted = compare(engines(), PAIRS if whole else PAIRS // 10, f"engines {seed}")
    print(f"\nseed {seed}\n{counted}")
    assert not counted.difference
    assert counted.matches > counted.pairs / 20, "the lots drawn hardly ever match: this proves little"


class DeafToTheRest(Anchored):
    """A base that believes a term is there as soon as its longest word is: what the look is for."""

    def candidates(self, batch):
        return (one._replace(reason="") for one in super().candidates(batch))


class Forgetful(FastEngine):
    """An engine in which what is dropped from the base goes on being heard."""

    def drop(self, watch_id):
        if watch_id not in self._in_base:
            super().drop(watch_id)


class Hasty(FastEngine):
    """An engine that looks for bytes without folding what is beyond ASCII."""

    def match(self, posts):
        return super().match([post.text.encode("ascii", "ignore").decode() for post in posts])


class Trusting(FastEngine):
    """An engine that does not look at what its base brings."""

    @staticmethod
    def _anchored(watches):
        from plein.listening.finding import Sketch

        return DeafToTheRest(map(Sketch, watches.values()))


@pytest.mark.parametrize("broken", [Forgetful, Hasty, Trusting])
def test_an_engine_that_is_wrong_is_found_out(broken, seed):
    counted = compare([broken(compiled=False)], PAIRS // 10, f"engines {seed}")
    assert counted.difference

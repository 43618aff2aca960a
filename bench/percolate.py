"""Standing queries: the engines beside three databases, and beside merely decoding the same lines.

First whole boolean watches against PostgreSQL, tantivy and SQLite FTS5, which all get the same
words and only watches they can express; every set of results must be the same. Then from raw
lines to hits as a multiple of the typed decode of the same lines, for more and more phrases.
Last, how soon a new watch is live and a removed one silent while 80,000 stand and posts flow.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

from bench.peers import Found, Fts5, Tantivy, Tsquery, batches
from bench.watches import DESCRIPTION, Town
from plein.channels import jetstream
from plein.listening.hearing import hits_in
from plein.listening.matching import FastEngine, Watch
from plein.listening.meaning import meant
from plein.listening.tokens import tokens

PHRASES = 100_000
POSTS = 10_000
BATCH = 2_000
# The slower a peer, the fewer of the same posts it gets. Batches as large as serves it best.
PEERS = {"tsquery": (200, 200, 1_000), "tantivy": (4_000, 4_000, 10), "fts5": (2_000, 2_000, 40)}
SIZES = (1_000, 10_000, 100_000, 1_000_000)
MOST_DECODES = {100_000: 3.0, 1_000_000: 5.0}
MOST_BYTES = 150
STANDING = 80_000
FLOW = 5_000
SECONDS = 8
MOST_MS = 100


def main(*chosen: str) -> bool:
    """Measure, print, and return whether every bound was kept."""
    parts = {"peers": against_peers, "decode": against_decode, "changes": while_posts_flow}
    print(f"standing queries ({DESCRIPTION})")
    kept = [parts[name]() for name in chosen or parts]
    return all(kept)


def against_peers() -> bool:
    """Print how many times as fast as each peer the engine is, on the same posts and watches."""
    town = Town(PHRASES)
    watches = list(town.watches(plain=True))
    texts = [" ".join(tokens(town.text())) for _ in range(POSTS)]
    trees = {watch.id: meant(watch.tree) for watch in watches}
    engine = settled(watches)
    seconds, found = quickest(lambda: ours(engine, texts), 5)
    rate = len(texts) / seconds
    print(
        f"  whole watches: {len(watches):,} with {PHRASES:,} phrases, {len(texts):,} posts, {len(found):,} matches;"
        f" ours {rate:,.0f} posts/s ({type(engine.base).__name__})"
    )
    kept = True
    for name, peer in peers(trees):
        many, batch, least = PEERS[name]
        began = time.perf_counter()
        theirs = {
            (start + post, watch) for start, some in batches(texts[:many], batch) for post, watch in peer.match(some)
        }
        ratio = rate * (time.perf_counter() - began) / many
        same(peer.name, theirs, {pair for pair in found if pair[0] < many})
        kept &= ratio >= least
        print(
            f"  {ratio:9,.0f} times {peer.name} (at least {least:,}); {many:,} posts, {len(theirs):,} matches, the same"
        )
    return kept


def peers(trees: dict):
    """Yield the peers, one at a time."""
    from tests.databases import postgres_server

    yield "tsquery", Tsquery(trees, postgres_server().url("postgres"))
    yield "tantivy", Tantivy(trees)
    yield "fts5", Fts5(trees)


def ours(engine: FastEngine, texts: list[str]) -> Found:
    """Return what the engine finds, in batches."""
    return {(start + hit.index, hit.watch) for start, some in batches(texts, BATCH) for hit in engine.match(some)}


def same(name: str, theirs: Found, ours: Found) -> None:
    """Stop unless both found the same."""
    if theirs != ours:
        raise SystemExit(f"{name} says otherwise: {len(theirs - ours)} more, {len(ours - theirs)} fewer, e.g. "
                         f"{sorted(theirs ^ ours)[:3]}")  # fmt: skip


def against_decode(sizes: tuple[int, ...] = SIZES) -> bool:
    """Print from lines to hits as a multiple of decoding the lines, with and without the compiled base."""
    kept = True
    print(f"  raw lines to hits as a multiple of their typed decode, {BATCH:,} lines at a time")
    for size in sizes:
        town = Town(size)
        watches = list(town.watches(plain=False))
        lines = [town.line(number) for number in range(POSTS)]
        for compiled in (True, False) if find_spec("numba") else (False,):
            before = memory()
            engine = settled(watches, compiled)
            grown = (memory() - before) / size
            decode, hearing, hits = both(engine, lines)
            ratio = hearing / decode
            text = f"    {size:>9,} phrases {'with' if compiled else 'without'} scale: {ratio:5.2f}"
            if compiled and size in MOST_DECODES:
                text += f" (at most {MOST_DECODES[size]:.0f})"
                kept &= ratio <= MOST_DECODES[size]
            if compiled:
                each = engine.base.nbytes / size
                text += f"; tables {each:.0f} bytes a phrase"
                if size in MOST_DECODES:
                    text += f" (at most {MOST_BYTES})"
                    kept &= each <= MOST_BYTES
            else:
                text += f"; grown by {grown:.0f} bytes a phrase"
            print(f"{text}; {len(lines) / hearing:,.0f} posts/s, {hits:,} hits, {len(watches):,} watches", flush=True)
            del engine
            gc.collect()
    return kept


def both(engine: FastEngine, lines: list[bytes], rounds: int = 5) -> tuple[float, float, int]:
    """Return the seconds of decoding and of hearing lines, taken in turns, and the number of hits."""
    times: list[list[float]] = [[], []]
    some = list(batches(lines, BATCH))
    hits = 0
    for _ in range(rounds):
        for which, run in enumerate((jetstream.decode, lambda part: hits_in(engine, part))):
            gc.collect()
            began = time.process_time()
            results = [run(part) for _start, part in some]
            times[which].append(time.process_time() - began)
        hits = sum(len(heard.hits) for heard in results)
    return min(times[0]), min(times[1]), hits


def while_posts_flow() -> bool:
    """Print how soon a change counts while many watches stand and posts flow."""
    town = Town(3 * STANDING)
    watches = list(town.watches(plain=False, most=4))
    engine = settled(watches)
    each = FLOW // 50
    posts = [town.text() for _ in range(FLOW)]
    live, silent, pauses = [], [], []
    began = time.perf_counter()
    for tick in range(SECONDS * 50):
        some = posts[tick * each % FLOW :][:each]
        number, word = STANDING + 10 + tick // 2, f"zonnewijzer{tick // 2}"
        asked = time.perf_counter()
        if tick % 2:
            engine.drop(number)
        else:
            engine.put(Watch.of_phrases(number, 1, [word]))
        heard = any(hit.watch == number for hit in engine.match([*some, f"de {word} is weg"]))
        taken = (time.perf_counter() - asked) * 1000
        (silent if tick % 2 else live).append(taken)
        if heard == bool(tick % 2):
            raise SystemExit("a change did not count")
        pauses.append(taken)
        time.sleep(max(0.0, began + (tick + 1) / 50 - time.perf_counter()))
    rate = SECONDS * 50 * each / (time.perf_counter() - began)
    rebuilt = rebuilding(engine, town, posts, each)
    print(
        f"  {len(watches):,} watches stand, {rate:,.0f} posts/s flow: a new watch is live within {max(live):.1f} ms, "
        f"a removed one silent within {max(silent):.1f} ms (at most {MOST_MS}); longest pause while a new base is made "
        f"{rebuilt:.1f} ms"
    )
    return max(live) <= MOST_MS and max(silent) <= MOST_MS


def rebuilding(engine: FastEngine, town: Town, posts: list[str], each: int) -> float:
    """Let a new base be made while posts flow; return the longest that some of them waited, in milliseconds."""
    before, longest, tick = engine.base, 0.0, 0
    for number in range(STANDING // 6):
        engine.put(Watch.of_phrases(10 * STANDING + number, 1, [f"nieuwbouw{number} {k}" for k in range(10)]))
    while engine.base is before and tick < 6_000:
        began = time.perf_counter()
        engine.match(posts[tick * each % FLOW :][:each])
        longest = max(longest, time.perf_counter() - began)
        tick += 1
        time.sleep(max(0.0, 0.02 - (time.perf_counter() - began)))
    return longest * 1000


def settled(watches: list[Watch], compiled: bool | None = None) -> FastEngine:
    """Return an engine that has made everything it makes in the background."""
    engine = FastEngine(watches, compiled=compiled)
    engine.match(["warm"])
    engine.settle()
    return engine


def quickest(run: Callable[[], Found], rounds: int) -> tuple[float, Found]:
    """Return the seconds of the quickest round, and what it found."""
    times, found = [], set()
    for _ in range(rounds):
        gc.collect()
        began = time.perf_counter()
        found = run()
        times.append(time.perf_counter() - began)
    return min(times), found


def memory() -> int:
    """Return how much memory this process holds, in bytes."""
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


if __name__ == "__main__":
    sys.exit(0 if main(*sys.argv[1:]) else 1)

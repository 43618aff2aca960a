"""Fit the weights of `plein.listening.language`, and write `src/plein/listening/languages.bin`.

    pip install numpy scipy wordfreq
    python tools/fit_language.py [--buckets 524288] [--hold-out]

What it learns from: how often words occur in each language, as the package wordfreq knows (Robyn Speer, data under
CC BY-SA 4.0), and for Frisian and the Dutch dialects the word lists and sentences that we wrote ourselves
(`tools/language`). No labelled text from elsewhere is read. With --hold-out every tenth word is kept apart and the
share that is then recognised is printed; without it everything is learned from.

A word that several languages know is learned in the shares in which they use it; that is what makes single words work.
Pieces are learned from words whose own weight is left out half of the time, so that they also serve unknown words.
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
import zlib
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from wordfreq import get_frequency_dict

from plein.listening.language import CODES, pieces, words_of

HERE = Path(__file__).parent
OUT = HERE.parent / "src/plein/listening/languages.bin"
LARGE = {"nl": 150_000, "en": 90_000, "de": 110_000, "tr": 63_000, "pl": 80_000, "ar": 60_000}
# What und is learned from: neighbours, languages of many residents, and those that share an alphabet with ours.
OTHERS = "fr es it pt ca da nb sv fi cs sk sl sh hu ro lt lv id fil vi is fa ur".split()
OTHER_WORDS = 14_000
# Our own texts are small; a word of theirs counts as a word of a language of which we read this many words.
OWN_SIZE = {"fy": 3_600, "nl": 60_000}
# A Dutch word that stands in our Frisian text less often than this may be there by chance.
SURE = 3
FLOOR = 2e-9
# How much a word counts by how often it is used: 0 all alike, 1 as often as it is said.
POWER = 0.3
PRIOR = {"nl": 1.0, "fy": 0.25, "en": 1.0, "de": 1.0, "tr": 1.0, "pl": 1.0, "ar": 1.0, "und": 1.0}
ORIGIN = (
    "fitted from wordfreq 3 (CC BY-SA 4.0) and own lists by tools/fit_language.py; licence of this file: CC BY-SA 4.0"
)


def frequencies() -> dict[str, np.ndarray]:
    """Return for every word the share of it in each language's text: an array in the order of CODES."""
    found: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(len(CODES)))
    for code, number in LARGE.items():
        _add(found, code, get_frequency_dict(code, "small" if code == "tr" else "large"), number)
    for other in OTHERS:
        _add(found, "und", get_frequency_dict(other, "small"), OTHER_WORDS, 1 / 4)
    for code, name in (("fy", "fy.txt"), ("nl", "nl-dialects.txt")):
        counted = Counter(words_of((HERE / "language" / name).read_text()))
        for word, number in counted.items():
            share = _share_of_own(found[word], code, number)
            for spelled, likely in spellings(code, word).items():
                found[spelled][CODES.index(code)] += share * likely
    return found


def _share_of_own(elsewhere: np.ndarray, code: str, number: int) -> float:
    """Return how often a word of our own texts is said; a Dutch word that happens to stand there is no Frisian one for that."""
    share = number / OWN_SIZE[code]
    dutch = CODES.index("nl")
    if code != "nl" and number < SURE and elsewhere.argmax() == dutch and elsewhere[dutch] > 0:
        return min(share, elsewhere[dutch])
    return share


def spellings(code: str, word: str) -> dict[str, float]:
    """Return a word as people also type it, each with its share: without accents, with the ß that wordfreq folds away."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    plain = plain.replace("ı", "i").replace("ł", "l") if code in ("tr", "pl") else plain
    found = {word: 1.0}
    if plain != word and code in ("tr", "pl", "de", "fy"):
        found[plain] = 0.15
    if code == "de" and "ss" in word:
        found[word.replace("ss", "ß")] = 0.5
    return found


def _add(found: dict[str, np.ndarray], code: str, shares: dict[str, float], number: int, weight: float = 1.0) -> None:
    place = CODES.index(code)
    for word, share in sorted(shares.items(), key=lambda item: -item[1])[:number]:
        for part in words_of(word):
            if len(part) == len(word):
                for spelled, likely in spellings(code, part).items():
                    found[spelled][place] += share * weight * likely


def examples(found: dict[str, np.ndarray]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return words, the shares of the languages in each, and how much each counts."""
    words = sorted(found)
    table = np.stack([found[word] for word in words])
    prior = np.array([PRIOR[code] for code in CODES])
    likely = (table + FLOOR) * prior
    weights = table.max(axis=1) ** POWER
    shares = likely / likely.sum(axis=1, keepdims=True)
    # Every language counts as much as another, however many words it has here.
    totals = (shares * weights[:, None]).sum(axis=0)
    balance = (shares * (prior / totals)).sum(axis=1)
    weights = weights * balance
    return words, shares.astype(np.float32), (weights / weights.mean()).astype(np.float32)


def matrices(words: list[str], buckets: int) -> tuple[csr_matrix, csr_matrix]:
    """Return the words as rows of buckets: with the word itself, and by its pieces only."""
    columns, starts, whole = [], [0], []
    for word in words:
        hashed = [zlib.crc32(piece) % buckets for piece in pieces(word)]
        whole.append(hashed.pop())
        columns.extend(hashed)
        starts.append(len(columns))
    ones = np.ones(len(columns), np.float32)
    by_pieces = csr_matrix((ones, np.array(columns, np.int32), np.array(starts)), shape=(len(words), buckets))
    own = csr_matrix(
        (np.ones(len(words), np.float32), np.array(whole, np.int32), np.arange(len(words) + 1)), shape=by_pieces.shape
    )
    return by_pieces + own, by_pieces


def fit(
    full: csr_matrix, partly: csr_matrix, shares: np.ndarray, weights: np.ndarray, rounds: int, seed: int = 3
) -> np.ndarray:
    """Return the weights (bucket, language), by Adagrad on minibatches."""
    rng = np.random.default_rng(seed)
    number = full.shape[0]
    found = np.zeros((full.shape[1], shares.shape[1]), np.float32)
    seen = np.full_like(found, 1e-6)
    for turn in range(rounds):
        order = rng.permutation(number)
        for start in range(0, number, 20_000):
            chosen = order[start : start + 20_000]
            rows = (full if rng.random() < 0.5 else partly)[chosen]
            scores = rows @ found
            scores -= scores.max(axis=1, keepdims=True)
            guess = np.exp(scores)
            guess /= guess.sum(axis=1, keepdims=True)
            wrong = (guess - shares[chosen]) * weights[chosen, None] / len(chosen)
            slope = rows.T @ wrong + 2e-9 * found
            seen += slope * slope
            found -= 0.12 * slope / np.sqrt(seen)
        print(f"round {turn + 1} of {rounds}", file=sys.stderr, flush=True)
    return found


def write(found: np.ndarray, path: Path) -> None:
    """Write the weights as signed bytes, compressed, behind a line that says what they are."""
    scale = float(np.quantile(np.abs(found[found != 0]), 0.9995)) / 127
    rows = np.clip(np.round(found / scale), -127, 127).astype(np.int8)
    head = json.dumps({"origin": ORIGIN, "codes": CODES, "buckets": len(found), "scale": scale})
    path.write_bytes(head.encode() + b"\n" + zlib.compress(rows.tobytes(), 9))


def main() -> int:
    """Fit and write; with --hold-out fit on nine words in ten and tell how many of the others are recognised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--buckets", type=int, default=2**19)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--hold-out", action="store_true")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    words, shares, weights = examples(frequencies())
    apart = np.array([zlib.crc32(word.encode(), 1) % 10 == 0 for word in words]) & options.hold_out
    full, partly = matrices(words, options.buckets)
    print(f"{len(words)} words, {full.nnz} pieces", file=sys.stderr)
    found = fit(full[~apart], partly[~apart], shares[~apart], weights[~apart], options.rounds)
    if options.hold_out:
        guess = (full[apart] @ found).argmax(axis=1)
        for place, code in enumerate(CODES):
            mine = shares[apart].argmax(axis=1) == place
            print(f"{code}: {np.mean(guess[mine] == place):.3f} of {mine.sum()} unseen words", file=sys.stderr)
        return 0
    write(found, options.out)
    print(f"{options.out}: {options.out.stat().st_size:,} bytes", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

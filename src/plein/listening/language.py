"""In which language a short, sloppy text is written: nl (its dialects too), fy, en, de, tr, pl, ar, or und.

Every word is cut into its beginnings, middles and ends of one to five letters. Each piece, and the word itself,
has a weight for each language; the sum says how likely the word is in each, and the words of a text are taken
together. The weights were fitted by `tools/fit_language.py`; the first line of `languages.bin` says from what.
Numbers, links, emoji, other scripts and other languages are `und`: not knowing is an answer.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

CODES = ("nl", "fy", "en", "de", "tr", "pl", "ar", "und")
UNKNOWN = "und"
# How likely a post of a Dutch municipality is in each language, before a word of it is read.
PRIOR = {"nl": 0.35, "fy": 0.04, "en": 0.17, "de": 0.12, "tr": 0.09, "pl": 0.09, "ar": 0.10, "und": 0.04}
# Pieces of a word, in letters; longer ones hardly say more than the word does.
LONGEST = 5
# What a single word may say at most for or against a language (natural logarithm): names and slips are everywhere.
LIMIT = 7.0
# More words than this say nothing new.
ENOUGH = 400
# Below this share we say that we do not know.
DOUBT = 0.40

_NOISE = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+|[@＠][\w.@-]+|&\w+;|\b\w+\.(?:nl|com|org|net|eu|frl)\b\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’`´][^\W\d_]+)*['’]?|['’][^\W\d_]+")
_DRAWN = re.compile(r"(.)\1{2,}")
# A letter that is neither Latin nor Arabic: none of our languages is written in it.
_OTHER_SCRIPT = re.compile("[^'\\x00-\u024f\u0300-\u036f\u0600-\u077f\u1e00-\u1eff\ufb50-\ufeff]")
_MARK, _END, _WHOLE = "\x02", "\x03", "\x04"


@dataclass(frozen=True, slots=True)
class Guess:
    """A language (ISO 639-1) or und, and how sure we are from 0 to 1."""

    code: str
    sure: float


def language_of(text: str) -> Guess:
    """Return the language of a text.

    >>> language_of("wanneer wordt de kliko geleegd?").code, language_of("👍 https://waterdam.example 06").code
    ('nl', 'und')
    """
    shares = shares_of(text)
    code = max(shares, key=shares.__getitem__)
    if shares[code] < DOUBT:
        return Guess(UNKNOWN, 1 - shares[code])
    return Guess(code, shares[code])


def shares_of(text: str) -> dict[str, float]:
    """Return how likely each language is; together they are 1. A text without words is und.

    >>> sorted(shares_of("12:30")) == sorted(CODES), shares_of("12:30")["und"]
    (True, 1.0)
    """
    scores = [math.log(PRIOR[code]) for code in CODES]
    read = 0
    for word in words_of(text):
        scores = [score + more for score, more in zip(scores, _word_scores(word), strict=True)]
        read += 1
        if read == ENOUGH:
            break
    if not read:
        return {code: float(code == UNKNOWN) for code in CODES}
    return dict(zip(CODES, _softmax(scores), strict=True))


def words_of(text: str) -> Iterator[str]:
    """Yield the words as the model knows them: without links, handles, addresses and the signs of hashtags.

    >>> list(words_of("RT @jan: Zóóóó mooi #Waterdam https://waterdam.example/1 😀 2x"))
    ['rt', 'zóó', 'mooi', 'waterdam', 'x']
    """
    clean = _NOISE.sub(" ", unicodedata.normalize("NFKC", text))
    for found in _WORD.finditer(clean):
        word = found[0].replace("’", "'").replace("`", "'").replace("´", "'")
        yield _DRAWN.sub(r"\1\1", word.lower().replace("i̇", "i"))[:40]


def pieces(word: str) -> list[bytes]:
    """Return what is looked up for a word: its pieces of one to five letters, with beginning and end, and itself last.

    >>> [piece.decode() for piece in pieces("ik")]
    ['i', 'k', '\\x02i', 'ik', 'k\\x03', '\\x02ik', 'ik\\x03', '\\x02ik\\x03', '\\x04ik']
    """
    marked = f"{_MARK}{word}{_END}"
    found = list(word)
    for size in range(2, LONGEST + 1):
        found += [marked[start : start + size] for start in range(len(marked) - size + 1)]
    return [piece.encode() for piece in (*found, _WHOLE + word)]


@dataclass(frozen=True, slots=True)
class Model:
    """The weights: one row of signed bytes for each bucket, a byte for each language; `scale` turns them into logarithms."""

    rows: bytes
    scale: float
    origin: str

    @property
    def buckets(self) -> int:
        """Return the number of rows."""
        return len(self.rows) // len(CODES)


@cache
def model() -> Model:
    """Return the fitted weights, read at the first use."""
    packed = files(__package__).joinpath("languages.bin").read_bytes()
    head, _, body = packed.partition(b"\n")
    told = json.loads(head)
    return Model(zlib.decompress(body), told["scale"], told["origin"])


@lru_cache(maxsize=8192)
def _word_scores(word: str) -> tuple[float, ...]:
    """Return the logarithm of how likely each language is by this word, at most LIMIT below the likeliest."""
    if _OTHER_SCRIPT.search(word):
        return tuple(0.0 if code == UNKNOWN else -LIMIT for code in CODES)
    known = model()
    width, buckets = len(CODES), known.buckets
    starts = [zlib.crc32(piece) % buckets * width for piece in pieces(word)]
    sums = [0] * width
    for start in starts:
        row = known.rows[start : start + width]
        for place, byte in enumerate(row):
            sums[place] += byte - 256 if byte > 127 else byte
    logits = [total * known.scale for total in sums]
    highest = max(logits)
    floored = [max(logit - highest, -LIMIT) for logit in logits]
    return tuple(floored)


def _softmax(scores: list[float]) -> list[float]:
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    return [power / sum(powers) for power in powers]

"""What a message to or about a municipality is about: one of fifteen topics, with the words that decided it.

Two sources speak together: a lexicon of word beginnings for each topic (`lexicon.tsv`), and the weights of words and
of pieces of words that were fitted on messages of our own (`learned.tsv`, by `tools/fit_topics.py`). Where nothing
decides, it is `anders`. Advice, never more: a person can always say otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from plein.town.words import words

ELSE = "anders"
TOPICS = (
    "afval",
    "verkeer-en-parkeren",
    "groen-en-water",
    "wegen-en-straatmeubilair",
    "overlast-en-veiligheid",
    "wonen-en-bouwen",
    "zorg-en-welzijn",
    "jeugd-en-onderwijs",
    "burgerzaken",
    "belastingen",
    "asiel-en-opvang",
    "energie-en-klimaat",
    "bestuur",
    "evenementen",
    ELSE,
)
# What stands in every message and is about nothing.
EMPTY = frozenset(
    """
    aan achter af al alle alleen alles als altijd alweer ander andere anders at ben bent bij bijna binnen boven daar dacht
    dag dan dat de deed den der deze die dit doe doen doet door doorgaan dr drie dus echt een eens eerst eindelijk elk elke
    en er ergens even ga gaan gaat ging gedaan geen geef geeft geven gewoon gister gisteren goed goede graag groot had halen
    heb hebben hebt heeft heel hele helemaal het hier hij hoe hoeveel hoezo hun iedereen iemand iets ik in ineens is ja jaar
    je jij jou jouw jullie kan kijk kijken klein kom komen komt kon krijg krijgen krijgt kun kunnen kunt laat laten lang
    langs maakt maak maar maken man me meer mensen met meteen mij mijn misschien mn moest moet moeten mooi morgen mag naar
    naast na neem niemand niet niets niks nieuw nieuwe nog nooit nou nu of om omdat ook onder ons onze ook op over paar per
    pas pfff plek samen serieus sinds snap soms staan staat steeds t te tegen terug terwijl toch toen tot trots twee u uit uur
    van vanaf vandaag vanavond vannacht vanochtend veel vind voor waar waarom wacht wachten wanneer want waren was wat week
    weken weer weg weet wel welke werd werken wie wij wil willen wilt wist word worden wordt ze zeg zeggen zegt zelf zelfs zet
    zich zie ziek zien ziet zij zijn zitten zit zn zo zou zonder aub dank bedankt gemeente keer euro gehad gaf mogen dagen
    maand maanden eigenlijk precies beetje
    """.split()
)
# Pieces of a word that are looked up, in letters: they find the parts of a compound (afval in afvalpasje).
PIECES = (4, 5, 6)
# Weights are kept as hundredths of a logarithm.
UNIT = 100
# At most so many words are given as the reason.
REASONS = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, how sure from 0 to 1, and the words that spoke most for it, the strongest first."""

    code: str
    sure: float
    words: tuple[str, ...]


def topic_of(text: str) -> Topic:
    """Return the topic of a message.

    >>> found = topic_of("de ondergrondse container zit weer vol")
    >>> found.code, "container" in found.words
    ('afval', True)
    """
    said = telling(text)
    votes = {word: _of_word(word) for word in said}
    votes |= {phrase: one for phrase, one in _of_phrases(said) if one}
    scores = [sum(vote[place] for vote in votes.values() if vote) for place in range(len(TOPICS))]
    shares = _shares([score / _spread(votes) for score in scores])
    best = max(range(len(TOPICS)), key=lambda place: (shares[place], TOPICS[place] == ELSE))
    return Topic(TOPICS[best], shares[best], _reasons(votes, best))


def by_keywords(text: str) -> str:
    """Return the topic with most words of its lexicon in a text; `anders` where none has more than the others.

    >>> by_keywords("kliko vol"), by_keywords("goedemorgen")
    ('afval', 'anders')
    """
    said = telling(text)
    hits = [0] * len(TOPICS)
    for phrase in (*said, *_pairs(said)):
        for place in _lexicon_of(phrase):
            hits[place] += 1
    best = max(hits)
    return TOPICS[hits.index(best)] if best and hits.count(best) == 1 else ELSE


def telling(text: str) -> list[str]:
    """Return the words that may be about something, folded.

    >>> telling("De kliko is weer niet geleegd!")
    ['kliko', 'geleegd']
    """
    return [word for word in words(text) if word not in EMPTY]


def features(said: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (word, feature) for every feature of a message: each word once, its pieces, and what the lexicon says of it."""
    for word in dict.fromkeys(said):
        yield from ((word, feature) for feature in _features_of(word))
    for phrase in dict.fromkeys(_pairs(said)):
        yield from ((phrase, f"+{TOPICS[place]}") for place in _lexicon_of(phrase))


def spread(number: int) -> float:
    """Return by what the sum over a number of words is divided: long messages say the same more often.

    >>> spread(4)
    2.0
    """
    return math.sqrt(max(number, 1))


def _spread(votes: dict[str, list[float] | None]) -> float:
    return spread(len(votes))


def _features_of(word: str) -> Iterator[str]:
    marked = f"^{word}$"
    yield f"={word}"
    seen = {marked[start : start + size] for size in PIECES for start in range(len(marked) - size + 1)}
    yield from sorted(seen)
    yield from (f"+{TOPICS[place]}" for place in _lexicon_of(word))


def _pairs(said: list[str]) -> list[str]:
    return [f"{one} {other}" for one, other in pairwise(said)]


# People use few words often.
@lru_cache(maxsize=20_000)
def _of_word(word: str) -> list[float] | None:
    return _sum(list(_features_of(word)))


def _of_phrases(said: list[str]) -> Iterator[tuple[str, list[float] | None]]:
    for phrase in dict.fromkeys(_pairs(said)):
        yield phrase, _sum([f"+{TOPICS[place]}" for place in _lexicon_of(phrase)])


def _sum(found: list[str]) -> list[float] | None:
    rows = [row for row in map(_weights().get, found) if row]
    return [sum(column) / UNIT for column in zip(*rows, strict=True)] if rows else None


def _shares(scores: list[float]) -> list[float]:
    scores = [score + bias / UNIT for score, bias in zip(scores, _weights()["#"], strict=True)]
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    return [power / sum(powers) for power in powers]


def _reasons(votes: dict[str, list[float] | None], best: int) -> tuple[str, ...]:
    """Return the words that spoke for the best topic, above what they say for all topics together."""
    said = {word: vote[best] - sum(vote) / len(vote) for word, vote in votes.items() if vote}
    strong = sorted((word for word in said if said[word] > 0.3), key=lambda word: -said[word])
    return tuple(strong[:REASONS])


# -- the tables ----------------------------------------------------------------------------------


def _rows(name: str) -> list[list[str]]:
    text = files("plein.listening.topics").joinpath(name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()[1:]]


@cache
def _weights() -> dict[str, tuple[int, ...]]:
    """Return the fitted weights, a number a topic; `#` is what every message starts with."""
    return {row[0]: tuple(map(int, row[1].split(" "))) for row in _rows("weights.tsv")}


@cache
def _lexicon() -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Return whole words and phrases, and beginnings, each with the places of their topics."""
    whole: dict[str, list[int]] = {}
    beginnings: dict[str, list[int]] = {}
    for topic, stems in _rows("lexicon.tsv"):
        for stem in stems.split(" "):
            text = " ".join(words(stem.rstrip("*").replace("_", " ").replace("-", " ")))
            (beginnings if stem.endswith("*") else whole).setdefault(text, []).append(TOPICS.index(topic))
    return whole, beginnings


def _lexicon_of(phrase: str) -> list[int]:
    whole, beginnings = _lexicon()
    found = list(whole.get(phrase, ()))
    # Of two words the first alone has been looked at already.
    for size in range(max(2, phrase.find(" ") + 2), len(phrase) + 1):
        found += beginnings.get(phrase[:size], ())
    return sorted(set(found))

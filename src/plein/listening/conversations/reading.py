"""What one message does: does it ask, guess, answer, thank; is it about a matter of a municipality; does an organisation speak?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from plein.listening.conversations.cues import cues_of
from plein.listening.conversations.messages import Placed
from plein.listening.tokens import tokens
from plein.listening.topics import ELSE, topic_of

# A text without end tells nothing more after so many characters.
LONGEST = 2_000
# A question in fewer words asks nothing by itself ("echt?", "toch?"): it repeats what was asked. One word less will do when it
# begins as a question does ("kan dit online?").
LEAST_WORDS = 4

_SENTENCE = re.compile(r"[^.!?؟…\n]+[.!?؟…]*(?:\s|$)|[^.!?؟…\n]+[?؟]+")
# How a question begins, after a greeting; and what makes a question of any sentence. Also without a question mark.
_GREETING = r"(?:(?:hoi|hallo|hey|hi|goedemorgen|goedenavond|vraag|vraagje|en|maar|of|dus|yo|beste mensen)[,: ]+)*"
_BEGINS = (
    r"wie |wat |waar |wanneer |waarom |welke? |hoe(?:\b|lang|veel)|kan iemand|kunnen we|kun je|kan (?:je|ik|dat)",
    r"weet (?:iemand|er|jij|jullie|iem)|iemand (?:enig|een|idee|ervaring|die)|heeft (?:er )?(?:hier )?iemand",
    r"is er (?:iemand|al|nog|ook)|zijn er |mag (?:je|ik|dat|men)|moet (?:je|ik|dat|er)",
    r"where |when |who |how |what |can (?:i|anyone|someone)|does anyone|do i |is there |anyone ",
    r"wit (?:immen|ien)|wa wit|wêr |wannear|gdzie |kiedy |jak |czy |nerede |nasıl |ne zaman |kim ",
)
_INSIDE = (
    r"(?:weet|wist) (?:er )?iemand|weten jullie|weet jij|wie weet|iemand (?:enig |een )?idee|iemand weet|kan iemand",
    r"vr(?:oeg|aag) me af|ben benieuwd (?:of|hoe|wanneer|waar)|wil(?:len)? (?:graag |ook )?weten|anyone know|wa wit",
    r"waar (?:kan|moet|meld|vraag) (?:ik|je)|of niet\b|wel of geen|klopt het dat",
)
# What asks to think along is a plan, not something that somebody has to know.
_PLANS = re.compile(
    r"^(?:en |maar |dus )?(?:wat als|zou het niet|zullen we|kunnen we niet|what if|waarom maken we|"
    r"wie (?:doet|wilt?) er mee|wie lijkt|wie wil er)",
    re.IGNORECASE,
)
_MARK = re.compile("[?？؟]")
_ASKS = re.compile(rf"^{_GREETING}(?:{'|'.join(_BEGINS)})", re.IGNORECASE)
_ASKS_INSIDE = re.compile("|".join(_INSIDE), re.IGNORECASE)
# Who is called so speaks for an organisation; and so does who signs with initials (^MV).
_OFFICIAL = re.compile(
    r"gemeente|^gem[_\-. ]|webcare|^gemwater|politie|waterschap|\bstad(?:huis)?_|municip|brandweer|^ggd", re.IGNORECASE
)
_SIGNED = re.compile(r"\^ ?[A-Z][A-Za-z]{0,11}\s*$")
_TELLS = re.compile(
    r"https?://|www\.|\b[\w-]+\.(?:nl|com|org)\b|\b14 ?0\d{2,3}\b|\b0800\b|€ ?\d|\b\d+ euro", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One message as the judge sees it. `says`: what its words say (`cues.tsv`), each from 0 to 1."""

    placed: Placed
    says: dict[str, float] = field(default_factory=dict)
    words: int = 0
    question: str = ""
    marked: bool = False
    topic: str = ELSE
    civic: float = 0.0
    sure: float = 0.0
    official: bool = False
    tells: bool = False

    def of(self, cue: str) -> float:
        """Return how strongly the words say something."""
        return self.says.get(cue, 0.0)

    @property
    def guesses(self) -> bool:
        """Return whether somebody answers without knowing."""
        return self.of("guess") >= 1 or bool(self.question and not self.official)

    @property
    def text(self) -> str:
        """Return what was written."""
        return self.placed.message.text

    @property
    def author(self) -> str:
        """Return who wrote it."""
        return self.placed.message.author


def read(placed: Placed) -> Reading:
    """Read one message."""
    text = placed.message.text[:LONGEST]
    words = tokens(text)
    says, found = cues_of(words), topic_of(text)
    return Reading(
        placed,
        says,
        len(words),
        question_in(text),
        bool(_MARK.search(text)),
        found.code,
        _civic(says, found.code, found.sure),
        0.0 if found.code == ELSE else found.sure,
        bool(_OFFICIAL.search(placed.message.author)) or bool(_SIGNED.search(text)) or says.get("official", 0) >= 1,
        bool(_TELLS.search(text)) or says.get("answer", 0) >= 1,
    )


def question_in(text: str) -> str:
    """Return the first sentence of a text that asks something; nothing where none does.

    >>> question_in("Hoi! Wanneer komt de kliko? Groet"), question_in("weet iemand hoe laat"), question_in("echt??")
    ('Wanneer komt de kliko?', 'weet iemand hoe laat', '')
    """
    return next((one for one in _sentences(text) if _asks(one)), "")


def _sentences(text: str) -> Iterator[str]:
    for found in _SENTENCE.finditer(text):
        if sentence := found[0].strip():
            yield sentence


def _asks(sentence: str) -> bool:
    long = len(tokens(sentence)) - LEAST_WORDS
    if long < -1 or (long == -1 and not (_MARK.search(sentence) and _ASKS.search(sentence))):
        return False
    if _PLANS.search(sentence):
        return False
    if _MARK.search(sentence):
        return True
    return sentence[-1] != "!" and bool(_ASKS.search(sentence) or _ASKS_INSIDE.search(sentence))


def _civic(says: dict[str, float], topic: str, sure: float) -> float:
    """Return how much a message is about what a municipality does, from 0 to 1: its words, and its topic."""
    by_topic = 0.0 if topic == ELSE else sure
    return min(1.0, 0.8 * says.get("civic", 0.0) + 0.35 * by_topic)

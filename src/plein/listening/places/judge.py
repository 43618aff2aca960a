"""Is a text about a town? How sure that is, and because of which words.

Every mention of the town in a text is weighed on its own: the weights of its cues are added up, and the logistic of the
sum is how sure it is. The best mention counts. A name that is an ordinary word needs at least one cue beside itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import exp

from plein.listening.places.cues import Text, cues_of
from plein.listening.places.framing import is_name
from plein.listening.places.knowledge import OWN_NAMES, TownKnowledge, surroundings
from plein.listening.places.learning import NOTHING_LEARNED, Learned, patterns, shift
from plein.listening.places.mentions import Finder, Mention
from plein.listening.places.tables import rows
from plein.listening.places.utterance import Utterance, read
from plein.listening.places.vocabulary import is_street
from plein.town.words import words

# What says only that the name stands there and how it is written: never enough for an ordinary word.
NOT_ENOUGH = ("is:", "by:", "written:", "ordinary:none", "before:nothing", "after:", "unframed:", "bias")
# Never shown as what speaks for a town: that its name is written like any word.
_NO_REASON_FOR = ("written:small", "written:sloppy", "unframed:")
ABOUT = 0.5
_UNNAMED = 0.02
# A text that repeats a name without end tells nothing more after so many times.
_MENTIONS = 20
_ALONE = 0.45


@dataclass(frozen=True, slots=True)
class Cue:
    """One reason: its code, the words that show it, and what it weighs (positive: about the town)."""

    code: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a text is about the town, how sure (0 to 1: not at all to entirely), and why, the strongest cue first."""

    about: bool
    sure: float
    why: tuple[Cue, ...]


class Judge:
    """Judges texts for one town. Made once, used for many texts; `learned` are the town's own corrections.

    >>> judge = Judge(TownKnowledge("Best"))
    >>> judge.judge("Burgemeester van Best opent zwembad").about, judge.judge("Best lastig, zo'n zwembad").about
    (True, False)
    """

    def __init__(self, town: TownKnowledge, learned: Learned = NOTHING_LEARNED) -> None:
        self.learned = learned
        self._known = surroundings(town)
        self._finder = Finder(self._known)

    def judge(self, text: str, language: str = "", near: Iterable[str] = ()) -> Verdict:
        """Weigh a text. `language`: its code where known; `near`: what was said around it, or who said it."""
        found = self.read(text, language, near)
        weighed = [self._weigh(found, mention) for mention in found.mentions]
        return max(weighed, key=lambda verdict: verdict.sure, default=Verdict(False, _UNNAMED, ()))

    def read(self, text: str, language: str = "", near: Iterable[str] = ()) -> Text:
        """Return the text with the mentions of the town in it."""
        said = read(text)
        mentions, others = self._finder.find(said)
        counting = [one for one in mentions if _counts(said, one)]
        around = frozenset(word for line in near for word in words(line))
        return Text(said, mentions[:_MENTIONS] if counting else [], others, language, around)

    def cues(self, text: Text, mention: Mention) -> dict[str, str]:
        """Return the cues of a mention by code."""
        return cues_of(text, mention, self._known)

    def learn(self, text: str, about: bool) -> Judge:
        """Return the judge that knows one correction more: of the mention that decided."""
        found = self.read(text)
        if not found.mentions:
            return self
        mention = max(found.mentions, key=lambda one: self._weigh(found, one).sure)
        other = object.__new__(Judge)
        other.learned = self.learned.with_one(patterns(found.said, mention), about)
        other._known, other._finder = self._known, self._finder
        return other

    def _weigh(self, text: Text, mention: Mention) -> Verdict:
        if not _counts(text.said, mention):
            return Verdict(False, _UNNAMED, ())
        found = self.cues(text, mention)
        table = weights()
        cues = [Cue(code, shown, table[code]) for code, shown in found.items() if table.get(code)]
        taught = shift(self.learned, patterns(text.said, mention))
        total = table["bias"] + sum(cue.weight for cue in cues) + sum(weight for _, weight in taught)
        sure = 1 / (1 + exp(-max(-30.0, min(30.0, total))))
        if mention.named.senses and not any(_carries(cue) for cue in cues) and not any(w > 0 for _, w in taught):
            sure = min(sure, _ALONE)
        cues += [Cue("learned", shown, weight) for shown, weight in taught]
        return Verdict(sure >= ABOUT, sure, _strongest(cues, about=sure >= ABOUT))


def _counts(said: Utterance, mention: Mention) -> bool:
    """Whether a mention may name the town: a street or building only where no other thing is called so."""
    if mention.named.kind in ("street", "building"):
        return False
    one = mention.end - mention.first == 1
    word = said.words[mention.first]
    return mention.named.kind not in OWN_NAMES or not one or is_street(word.folded) or is_name(said, mention)


def _carries(cue: Cue) -> bool:
    return cue.weight > 0 and not cue.code.startswith(NOT_ENOUGH)


def _strongest(cues: list[Cue], *, about: bool) -> tuple[Cue, ...]:
    """Return the cues that speak for the verdict: those of one idea together, strongest first."""
    ideas: dict[tuple[str, str], float] = {}
    for cue in cues:
        idea = (cue.code.split("|")[0], cue.words)
        ideas[idea] = ideas.get(idea, 0.0) + cue.weight
    said = [Cue(code, shown, weight) for (code, shown), weight in ideas.items() if shown and (weight > 0) == about]
    said = [cue for cue in said if not cue.code.startswith(("is:", "by:", *(_NO_REASON_FOR if about else ())))]
    return tuple(sorted(said, key=lambda cue: -abs(cue.weight))[:4])


@cache
def weights() -> dict[str, float]:
    """Return what each cue is worth. Fitted by tools/fit_places.py on the sentences beside this file."""
    return {row["cue"]: float(row["weight"]) for row in rows("weights.tsv")}

"""The cues: what in a text speaks for or against its being about a town.

A cue is an idea about language, never a sentence: a preposition before the name, an office ("burgemeester van"), a
determiner, a first name, a companion of the ordinary word. Each has a code; what each is worth stands in `weights.tsv`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from plein.listening.places.companions import companions_of
from plein.listening.places.framing import Found, is_framed, is_name, is_ordinary, own_language, placed
from plein.listening.places.knowledge import FAR, NEIGHBOUR, OWN_NAMES, RIVAL, Surroundings, senses
from plein.listening.places.mentions import Elsewhere, Mention
from plein.listening.places.utterance import Utterance, Word
from plein.listening.places.vocabulary import is_street, kinds_of

_TOPICS = ("governing", "outdoors", "traffic", "emergency", "amenities", "living", "quarter", "question", "abroad")
_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?[A-Z]{2}\b")
_RESULT = re.compile(r"(?<![\d.,:])\d{1,2}\s?[-–]\s?\d{1,2}(?![\d:])")
_PROVINCES = frozenset({"gelderland", "limburg", "brabant", "zeeland", "drenthe", "friesland", "overijssel", "flevoland", "gld",
                        "nb", "nh", "zh", "ov", "lb", "twente", "achterhoek", "betuwe", "veluwe", "zld"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """A text with everything found in it that does not depend on which mention is weighed."""

    said: Utterance
    mentions: list[Mention]
    others: list[Elsewhere]
    language: str = ""
    near: frozenset[str] = frozenset()


def cues_of(text: Text, mention: Mention, known: Surroundings) -> dict[str, str]:
    """Return the cues of one mention by code, each with the words that show it."""
    found: dict[str, str] = {}
    for code, words in (*_whole(text, mention, known), *placed(text.said, mention)):
        found.setdefault(code, words)
    return found


def _whole(text: Text, mention: Mention, known: Surroundings) -> Found:
    if mention.named.kind in OWN_NAMES:
        yield mention.named.kind, text.said.raw(mention.first, mention.end)
    yield from _other_mentions(text, mention)
    yield from _around(text, mention, known)
    yield from _other_places(text, mention)
    yield from _topics(text, mention)
    yield from companions_of(text.said, mention)
    yield from _language(text)
    yield from _football(text, mention)


def _other_mentions(text: Text, mention: Mention) -> Found:
    for other in text.mentions:
        if other is mention or other.named.text == mention.named.text:
            continue
        strong = "ordinary" if other.named.senses else "clear"
        shown = text.said.raw(other.first, other.end)
        if other.named.kind in ("street", "building"):
            yield f"with:{other.named.kind}", shown
        else:
            yield f"with:{strong}", shown


def _around(text: Text, mention: Mention, known: Surroundings) -> Found:
    words = [word.folded for word in text.said.words]
    shown = []
    spans = [(mention.first, mention.end), *((one.first, one.end) for one in text.others)]
    for place in range(len(words)):
        for length in (3, 2, 1):
            inside = any(first < place + length and place < end for first, end in spans)
            if not inside and tuple(words[place : place + length]) in known.support:
                shown.append(text.said.raw(place, place + length))
    shown = list(dict.fromkeys(shown))
    if shown:
        yield "around", shown[0]
    if len(shown) > 1:
        yield "around:more", ", ".join(shown[:2])
    for number, word in enumerate(words):
        if any(place in word for place in known.rival_provinces if len(place) > 3) or word in known.rival_provinces:
            yield "province:rival", word
        elif word in known.provinces:
            yield "province:own", word
            if number == mention.end:
                yield "province:beside", text.said.raw(mention.first, number + 1)
        elif word in _PROVINCES:
            yield "province:other", word
    if text.near and {word for name in known.names for word in name} & text.near:
        yield "near", mention.named.text
    if found := _POSTCODE.search(" ".join(word.raw for word in text.said.words)):
        yield "postcode", found[0]
    for number, word in enumerate(text.said.words):
        if is_street(word.folded) and not mention.first <= number < mention.end:
            yield "street", word.raw


def _other_places(text: Text, mention: Mention) -> Found:
    loose = is_ordinary(mention) and not is_framed(text.said, mention) and not is_name(text.said, mention)
    for one in text.others:
        word = text.said.words[one.first]
        if _unsure(word, one, text.said):
            continue
        shown = text.said.raw(one.first, one.end)
        beside = 0 <= one.first - mention.end <= 1 or 0 <= mention.first - one.end <= 1
        if loose and one.relation == NEIGHBOUR and not (beside and _is_joined(text.said, mention)):
            yield "place:neighbour:loose", shown
            continue
        relation = {NEIGHBOUR: "neighbour", RIVAL: "rival", FAR: "far"}[one.relation]
        yield f"place:{relation}", shown
        if one.first > 0 and text.said.words[one.first - 1].folded in ("in", "te", "bij", "uit", "regio"):
            yield f"place:{relation}:in", text.said.raw(one.first - 1, one.end)
        if beside:
            yield f"place:{relation}:beside", shown


def _is_joined(said: Utterance, mention: Mention) -> bool:
    """Whether a name that opens a sentence is named in one breath with what follows: "Losser en Dinkelland"."""
    word = said.words[mention.first]
    return (
        word.capital and not word.shouted and mention.end < len(said.words) and said.words[mention.end].folded == "en"
    )


def _unsure(word: Word, one: Elsewhere, said: Utterance) -> bool:
    """Whether another place is an ordinary word too, and not written as a name."""
    name = " ".join(entry.folded for entry in said.words[one.first : one.end])
    return (name in senses() or len(name) < 4) and (word.opens or not word.capital)


def _topics(text: Text, mention: Mention) -> Found:
    count = 0
    for number, word in enumerate(text.said.words):
        if mention.first <= number < mention.end:
            continue
        for kind in kinds_of(word.folded):
            if kind in _TOPICS:
                count += kind in _TOPICS[:5]
                yield f"topic:{kind}", word.raw
    if count > 1:
        yield "topic:several", ""


def _language(text: Text) -> Found:
    if text.language not in ("", "nl", "fy", "li", "und"):
        yield "foreign", text.language
    counts = {"english": 0, "german": 0, "foreign": 0, "dutch": 0}
    for word in text.said.words:
        for kind in counts.keys() & own_language(word.folded):
            counts[kind] += 1
    dutch = counts.pop("dutch")
    language, most = max(counts.items(), key=lambda entry: entry[1])
    if most > 1 and most > dutch:
        yield f"foreign:{language}", language
    elif dutch == 0 and most and len(text.said.words) > 2:
        yield "foreign:maybe", language


def _football(text: Text, mention: Mention) -> Found:
    shown = [word.raw for word in text.said.words if "football" in kinds_of(word.folded)]
    text_line = "".join(f"{word.before}{word.raw}" for word in text.said.words)
    if found := _RESULT.search(text_line):
        shown.append(found[0])
    if shown:
        yield "football", shown[0]
    if len(shown) > 1:
        yield "football:more", ", ".join(shown[:2])

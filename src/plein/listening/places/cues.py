"""The cues: what in a text speaks for or against its being about a town.

A cue is an idea about language, never a sentence: a preposition before the name, an office ("burgemeester van"), a
determiner, a first name, a companion of the ordinary word. Each has a code; what each is worth stands in `weights.tsv`.
A cue of the place of the name is counted twice: as itself, and as itself for this kind of word (`code|verb`), because
"in" before a verb says more than "in" before a plural noun.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plein.listening.places.knowledge import FAR, NEIGHBOUR, RIVAL, Surroundings, senses
from plein.listening.places.mentions import Elsewhere, Mention
from plein.listening.places.tables import key
from plein.listening.places.utterance import Utterance, Word
from plein.listening.places.vocabulary import is_street, kinds_of

Found = Iterator[tuple[str, str]]
PREPOSITIONS = frozenset(
    "in uit naar van bij te voor om op tot met door over tussen vanuit rond rondom langs richting tegen via onder boven "
    "achter nabij binnen buiten aan vanaf".split()
)
# Kinds of names that are a name of something else, and no word of the dictionary.
PROPER = frozenset("surname place club name metonym province gas government circuit camp treaty music".split())
_BEFORE = ("determiner", "possessive", "number", "pronoun", "degree", "auxiliary", "title", "firstname", "office", "venue",
           "incident", "club", "adjective", "english", "german", "foreign", "direction", "province")  # fmt: skip
_AFTER = ("verb_singular", "verb_plural", "adjective", "direction", "office", "venue", "english", "german", "foreign",
          "number", "company", "province", "demonym_noun", "pronoun", "determiner", "degree", "auxiliary", "football")  # fmt: skip
_TOPICS = ("governing", "outdoors", "traffic", "emergency", "amenities", "living", "question", "abroad")
_NEXT_WORDS = frozenset("van tot met uit op dan aan in naar en of voor als wel zich is heeft zijn niet toch het de een te bij ook".split())
_LITTLE = frozenset({"dutch", "determiner", "possessive", "pronoun", "degree", "auxiliary", "verb_singular", "verb_plural",
                     "adjective", "english"})  # fmt: skip
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
    for code, words in (*_whole(text, mention, known), *_placed(text, mention)):
        found.setdefault(code, words)
    return found


def _placed(text: Text, mention: Mention) -> Found:
    """Yield the cues of the place of the name, each also for the kind of word that the name is."""
    kinds = mention.named.senses or ("plain",)
    after = list(_after(text.said, mention))
    if text.said.words[mention.first].opens and not mention.tag:
        after += [(f"opens, {code}", words) for code, words in after]
    for code, words in (*_before(text.said, mention), *after, *_written(text.said, mention)):
        yield code, words
        for kind in kinds:
            yield f"{code}|{kind}", words
    for kind in kinds:
        yield f"is:{kind}", mention.named.text
    if mention.named.senses and PROPER.issuperset(kinds):
        yield "is:proper", mention.named.text
    yield f"by:{mention.named.kind}", mention.named.text


# -- the words before and after -------------------------------------------------------------------


def _before(said: Utterance, mention: Mention) -> Found:
    place = mention.first
    if place == 0 or _breaks(said.words[place].before):
        yield "before:nothing", said.raw(place, mention.end)
        return
    previous, shown = said.words[place - 1], said.raw(place - 1, mention.end)
    if previous.folded in PREPOSITIONS:
        yield f"before:{previous.folded}", shown
    kinds = _kinds(previous, said)
    for kind in _BEFORE:
        if kind in kinds:
            yield f"before:{kind}", shown
    if not kinds and previous.folded not in PREPOSITIONS:
        yield ("before:capital" if previous.capital and not previous.opens else "before:word"), shown
    if is_street(previous.folded):
        yield "before:street", shown
    yield from _linked(said, mention)


def _linked(said: Utterance, mention: Mention) -> Found:
    """Yield what stands before "van" and the like: an office ("inwoners van"), or a person ("Lisa van")."""
    place = mention.first - 1
    while place >= 0 and "surname_link" in kinds_of(said.words[place].folded) and mention.first - place < 3:
        place -= 1
    links = mention.first - 1 - place
    if links and said.words[place + 1].capital and said.words[place + 1].folded in ("van", "ter", "ten", "de", "der"):
        journey = said.words[mention.end].folded in ("naar", "tot", "via") if mention.end < len(said.words) else False
        first = said.words[place + 1].opens
        yield ("link:journey" if first and journey else "link:opens" if first else "link:name"), said.raw(place + 1, mention.end)
    if place < 0:
        return
    word, shown = said.words[place], said.raw(place, mention.end)
    kinds = _kinds(word, said)
    if not links:
        if "title" in kinds or "firstname" in kinds or _initial(word, said.gap(place + 1)):
            yield "person", shown
        return
    if "office" in kinds or "venue" in kinds:
        yield "link:office", shown
    elif "title" in kinds or "firstname" in kinds or _initial(word, said.gap(place + 1)):
        yield "person:van", shown
    elif "football" in kinds:
        yield "link:football", shown
    elif word.capital and not kinds and said.words[place + 1].folded == "van":
        yield "link:capital", shown
    elif links > 1:
        yield "link:two", shown


def _kinds(word: Word, said: Utterance) -> frozenset[str]:
    """Return the kinds of a word; a first name has to look like one where the text uses capitals."""
    kinds = kinds_of(word.folded)
    return kinds if word.capital or said.style == "none" else kinds - {"firstname"}


def _initial(word: Word, gap: str) -> bool:
    return len(word.raw) == 1 and word.capital and gap.startswith(".")


def _breaks(gap: str) -> bool:
    return any(sign in gap for sign in ".!?:;,\n(|–—\"“") or " - " in gap


def _after(said: Utterance, mention: Mention) -> Found:
    place, gap = mention.end, said.gap(mention.end)
    sign = gap.strip()[:1]
    if sign in set(",.:!?-(/)") and sign:
        glued = sign == "-" and gap == "-"
        yield (f"after:{'join' if glued else sign}"), said.raw(mention.first, place + 1) if glued else said.raw(mention.first, place) + sign
    if place >= len(said.words):
        yield "after:end", said.raw(mention.first, place)
        return
    if _breaks(gap):
        return
    following, shown = said.words[place], said.raw(mention.first, place + 1)
    if following.folded in _NEXT_WORDS:
        yield f"after:{following.folded}", shown
    kinds = kinds_of(following.folded)
    for kind in _AFTER:
        if kind in kinds:
            yield f"after:{kind}", shown
    if not kinds and following.folded not in _NEXT_WORDS and following.folded not in PREPOSITIONS:
        yield from _unknown_after(following, shown)
    if is_street(following.folded):
        yield "after:street", shown


def _unknown_after(following: Word, shown: str) -> Found:
    if following.capital:
        yield "after:capital", shown
    elif following.folded.endswith("en"):
        yield "after:word-en", shown
    elif following.folded.endswith("t"):
        yield "after:word-t", shown
    else:
        yield "after:word", shown


# -- how the name is written ----------------------------------------------------------------------


def _written(said: Utterance, mention: Mention) -> Found:
    word, shown = said.words[mention.first], said.raw(mention.first, mention.end)
    last = said.words[mention.end - 1]
    if mention.tag:
        yield f"tag:{mention.tag}", "#" + shown
    elif said.style == "shouted":
        yield "written:shouting", shown
    elif word.shouted:
        yield "written:shouted", shown
    elif last.capital or word.capital:
        yield ("written:opening" if word.opens else "written:capital"), shown
    else:
        yield ("written:small" if said.style == "cased" else "written:sloppy"), shown
    if mention.first == 0 and word.shouted and said.gap(mention.end).strip()[:1] in ("-", "–", ":"):
        yield "written:dateline", shown


# -- the whole text -------------------------------------------------------------------------------


def _whole(text: Text, mention: Mention, known: Surroundings) -> Found:
    yield from _other_mentions(text, mention)
    yield from _around(text, mention, known)
    yield from _other_places(text, mention)
    yield from _topics(text, mention)
    yield from _companions(text, mention)
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
    for place in range(len(words)):
        for length in (3, 2, 1):
            inside = mention.first < place + length and place < mention.end
            if not inside and tuple(words[place : place + length]) in known.support:
                shown.append(text.said.raw(place, place + length))
    shown = list(dict.fromkeys(shown))
    if shown:
        yield "around", shown[0]
    if len(shown) > 1:
        yield "around:more", ", ".join(shown[:2])
    for word in words:
        if any(place in word for place in known.rival_provinces if len(place) > 3) or word in known.rival_provinces:
            yield "province:rival", word
        elif word in known.provinces:
            yield "province:own", word
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
    for one in text.others:
        word = text.said.words[one.first]
        if _unsure(word, one, text.said):
            continue
        shown = text.said.raw(one.first, one.end)
        relation = {NEIGHBOUR: "neighbour", RIVAL: "rival", FAR: "far"}[one.relation]
        yield f"place:{relation}", shown
        if one.first > 0 and text.said.words[one.first - 1].folded in ("in", "te", "bij", "uit", "regio"):
            yield f"place:{relation}:in", text.said.raw(one.first - 1, one.end)
        if 0 <= one.first - mention.end <= 1 or 0 <= mention.first - one.end <= 1:
            yield f"place:{relation}:beside", shown


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


def _companions(text: Text, mention: Mention) -> Found:
    sense = senses().get(" ".join(key(mention.named.base or mention.named.text)))
    if sense is None:
        return
    distances = _distances(sense.ordinary, text.said, mention, "adjective" in sense.kinds)
    if distances:
        nearest = min(distances)
        yield "ordinary", distances[nearest]
        if nearest <= 1:
            yield "ordinary:beside", distances[nearest]
        if len(distances) > 1:
            yield "ordinary:more", ", ".join(list(distances.values())[:2])
    else:
        yield "ordinary:none", mention.named.text
    if found := _distances(sense.elsewhere, text.said, mention):
        yield "elsewhere", found[min(found)]


def _distances(companions: Iterable[str], said: Utterance, mention: Mention, close: bool = False) -> dict[int, str]:
    """Return the companions that occur, by their distance to the name in words (ties count once).

    Little words are companions only beside the name; those of an adjective (`close`) only right around it.
    """
    words = [word.folded for word in said.words]
    line = f" {' '.join(words)} "
    found: dict[int, str] = {}
    for companion in companions:
        wanted, open_end = key(companion), companion.endswith("*")
        if not wanted or f" {' '.join(wanted)}" not in line:
            continue
        for place in range(len(words) - len(wanted) + 1):
            end = place + len(wanted)
            if end <= len(words) and _fits(words[place:end], wanted, open_end):
                if mention.first <= place and end <= mention.end:
                    continue
                distance = max(place - mention.end, mention.first - end, 0)
                if distance <= (0 if _little(wanted) else 2 if close else 99):
                    found.setdefault(distance, said.raw(place, end))
    return found


def _little(wanted: tuple[str, ...]) -> bool:
    return len(wanted) == 1 and (len(wanted[0]) < 3 or bool(_LITTLE & kinds_of(wanted[0])))


def _fits(words: list[str], wanted: tuple[str, ...], open_end: bool) -> bool:
    if open_end:
        return words[:-1] == list(wanted[:-1]) and words[-1].startswith(wanted[-1])
    return words == list(wanted)


def _language(text: Text) -> Found:
    if text.language not in ("", "nl", "fy", "li", "und"):
        yield "foreign", text.language
    counts = {"english": 0, "german": 0, "foreign": 0, "dutch": 0}
    for word in text.said.words:
        for kind in counts.keys() & kinds_of(word.folded):
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

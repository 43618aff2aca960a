"""The cues of the place where a name stands: the words before and after it, and how it is written.

Each is counted twice: as itself, and as itself for this kind of word (`code|verb`), because "in" before a verb says more
than "in" before a plural noun.
"""

from __future__ import annotations

from collections.abc import Iterator

from plein.listening.places.mentions import Mention
from plein.listening.places.utterance import Utterance, Word
from plein.listening.places.vocabulary import is_street, kinds_of

Found = Iterator[tuple[str, str]]
PREPOSITIONS = frozenset(
    "in uit naar van bij te voor om op tot met door over tussen vanuit rond rondom langs richting tegen via onder boven "
    "achter nabij binnen buiten aan vanaf".split()
)
# Kinds of names that are a name of something else, and no word of the dictionary.
PROPER = frozenset("surname place club name metonym province gas government circuit camp treaty music".split())
# Kinds of words of the dictionary: written small they are that, unless something says otherwise.
_ORDINARY = frozenset("noun plural verb adjective adverb article english exclamation food ordinary".split())
# Kinds of words that are never the subject of a verb in the singular: "Huizen wil" is the place.
_NO_SUBJECTS = frozenset({"plural", "verb", "adjective", "english"})
_A_PERSON = frozenset({"person", "person:van", "link:name", "link:capital", "link:two", "before:capital", "before:title",
                       "before:firstname", "before:club", "after:capital", "after:company"})  # fmt: skip
_LANGUAGES = frozenset({"english", "german", "foreign"})
# What one is in, goes to or comes from: before a name, these say that it is a place.
_PLACING = frozenset("in te uit naar bij vanuit richting rond rondom nabij tussen vanaf langs".split())
_FRAMES = frozenset({"before:office", "before:venue", "before:that place", "link:office", "link:best", "link:trade",
                     "after:office", "after:venue", "after:demonym_noun"})  # fmt: skip
# After "in best" in small letters these let it be the place; an adjective or a noun goes with the ordinary word.
_GOES_ON = frozenset("en of maar want dus als dat op bij naar van aan om tegen word zo alweer".split())
_OF_ADJECTIVES = ("e", "lijk", "isch", "baar", "zaam", "loos")
_LET_GO = frozenset({"verb_singular", "verb_plural", "pronoun", "determiner", "auxiliary", "degree"})
_BEFORE = frozenset(
    "determiner possessive number pronoun degree auxiliary title firstname office venue incident club verb_singular "
    "verb_plural whole adjective english german foreign direction province greeting".split()
)
_AFTER = frozenset(
    "verb_singular verb_plural adjective direction office venue english german foreign number company province "
    "demonym_noun pronoun determiner degree auxiliary football".split()
)
_NEXT_WORDS = frozenset(
    "van tot met uit op dan aan in naar en of voor als wel zich is heeft zijn niet toch het de een te bij ook".split()
)


def placed(said: Utterance, mention: Mention) -> Found:
    """Yield the cues of the place of the name, each also for the kind of word that the name is."""
    kinds = mention.named.senses or ("plain",)
    before, after, written = (
        list(_before(said, mention)),
        list(_after(said, mention)),
        list(_written(said, mention)),
    )
    if said.words[mention.first].opens and not mention.tag:
        after += [(f"opens, {code}", words) for code, words in after]
    if agrees(said, mention):
        yield "agreement", said.raw(mention.first, mention.end + 1)
    if is_ordinary(mention):
        written += _framing(said, mention)
    if written[0][0] == "written:capital" and _A_PERSON.isdisjoint(code for code, _ in (*before, *after)):
        written.append(("written:name", written[0][1]))
    for code, words in (*before, *after, *written):
        yield code, words
        for kind in kinds:
            yield f"{code}|{kind}", words
    for kind in kinds:
        yield f"is:{kind}", mention.named.text
    if mention.named.senses and PROPER.issuperset(kinds):
        yield "is:proper", mention.named.text
    yield f"by:{mention.named.kind}", mention.named.text


def agrees(said: Utterance, mention: Mention) -> bool:
    """Whether the name opens a sentence and a verb in the singular follows, which the ordinary word cannot have."""
    if mention.end >= len(said.words) or not said.words[mention.first].opens or _breaks(said.gap(mention.end)):
        return False
    singular = "verb_singular" in kinds_of(said.words[mention.end].folded)
    return singular and not _NO_SUBJECTS.isdisjoint(mention.named.senses)


def is_ordinary(mention: Mention) -> bool:
    """Whether the name is a word of the dictionary, and not only of another name."""
    return not _ORDINARY.isdisjoint(mention.named.senses)


def is_framed(said: Utterance, mention: Mention) -> bool:
    """Whether the words right beside the name say that it is a place: "in", "gemeente", "de beste bakker van"."""
    if mention.tag or agrees(said, mention):
        return True
    if not _FRAMES.isdisjoint(code for code, _ in (*_before(said, mention), *_after(said, mention))):
        return is_name(said, mention) or not _goes_with_it(said, mention)
    return _is_placed(said, mention) and (is_name(said, mention) or _is_let_go(said, mention))


def is_name(said: Utterance, mention: Mention) -> bool:
    """Whether it has the capital of a name, and not that of a sentence."""
    word = said.words[mention.first]
    return word.capital and not word.opens and not word.shouted


def _framing(said: Utterance, mention: Mention) -> Found:
    shown = said.raw(mention.first - 1, mention.end + 1)
    if is_framed(said, mention):
        yield "framed", shown
    elif not is_name(said, mention):
        yield f"unframed:{'small' if not said.words[mention.first].capital else 'opening'}", shown
        if _goes_with_it(said, mention):
            yield "unframed:degree", shown
        elif _is_placed(said, mention):
            yield "unframed:placed", shown


def _is_placed(said: Utterance, mention: Mention) -> bool:
    place = mention.first
    if place == 0 or _breaks(said.words[place].before):
        return False
    between = place > 2 and said.words[place - 1].folded == "en" and said.words[place - 3].folded == "tussen"
    return between or said.words[place - 1].folded in _PLACING


def _is_let_go(said: Utterance, mention: Mention) -> bool:
    """Whether what follows a name in small letters leaves it to itself: the end, a sign, a verb, a little word."""
    if mention.end >= len(said.words) or _breaks(said.gap(mention.end)):
        return True
    following = said.words[mention.end]
    if "adverb" in mention.named.senses and following.folded in ("een", "wel", "niet"):
        return False
    return following.folded in _GOES_ON or not _LET_GO.isdisjoint(kinds_of(following.folded))


def _goes_with_it(said: Utterance, mention: Mention) -> bool:
    """Whether an adverb is followed by what it goes with: "best druk", "echt lange files"."""
    if "adverb" not in mention.named.senses or mention.end >= len(said.words) or _breaks(said.gap(mention.end)):
        return False
    word = said.words[mention.end].folded
    kinds = kinds_of(word)
    return "adjective" in kinds or (not kinds and len(word) > 4 and word.endswith(_OF_ADJECTIVES))


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
    if _is_that_place(said, mention):
        yield "before:that place", shown
        return
    for kind in sorted(_BEFORE & kinds):
        yield f"before:{kind}", shown
    if not kinds and previous.folded not in PREPOSITIONS:
        named = ", name" if said.words[place].capital else ""
        yield ("before:capital" if previous.capital and not previous.opens else f"before:word{named}"), shown
    if is_street(previous.folded):
        yield "before:street", shown
    if (
        "office" in kinds
        and place > 1
        and not said.words[place].capital
        and kinds_of(said.words[place - 2].folded) & {"determiner", "possessive"}
    ):
        yield "before:the office", said.raw(place - 2, mention.end)
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
        yield (
            ("link:journey" if first and journey else "link:opens" if first else "link:name"),
            said.raw(place + 1, mention.end),
        )
    if place < 0:
        return
    word, shown = said.words[place], said.raw(place, mention.end)
    kinds = _kinds(word, said)
    if not links:
        if "title" in kinds or "firstname" in kinds or _initial(word, said.gap(place + 1)):
            yield "person", shown
        return
    if _is_of_a_place(said, mention, place) and not word.capital and not kinds & {"firstname", "office", "venue"}:
        yield ("link:best" if _is_most(said, place) else "link:trade"), shown
    elif "office" in kinds or "venue" in kinds:
        yield "link:office", shown
    elif "title" in kinds or "firstname" in kinds or _initial(word, said.gap(place + 1)):
        yield "person:van", shown
    elif "football" in kinds:
        yield "link:football", shown
    elif word.capital and not kinds and said.words[place + 1].folded == "van":
        yield "link:capital", shown
    elif links > 1:
        yield "link:two", shown


def _is_that_place(said: Utterance, mention: Mention) -> bool:
    """Whether it is "dat Best" of a town that is spoken of: "fijn dorp, dat Best"."""
    if said.words[mention.first - 1].folded not in ("dat", "dit"):
        return False
    ends = is_name(said, mention) or mention.end >= len(said.words) or _breaks(said.gap(mention.end))
    return ends and any("settlement" in kinds_of(word.folded) for word in said.words[: mention.first - 1])


def _is_of_a_place(said: Utterance, mention: Mention, place: int) -> bool:
    """Whether word number `place` is what a town has, and "van" names it: "de kapper van", "de mooiste tuin van"."""
    if mention.first - place != 2 or said.words[place + 1].raw != "van" or _breaks(said.gap(mention.first)):
        return False
    word, small = said.words[place], not said.words[mention.first].capital
    kinds = kinds_of(word.folded)
    if "trade" in kinds:
        before = kinds_of(said.words[place - 1].folded) if place else frozenset()
        return _is_most(said, place) or bool(before & {"determiner", "adjective"})
    return _is_most(said, place) and "title" not in kinds and not (small and _names_elsewhere(said, mention))


def _is_most(said: Utterance, place: int) -> bool:
    return any(word.folded.endswith("ste") and len(word.folded) > 4 for word in said.words[max(place - 2, 0) : place])


def _kinds(word: Word, said: Utterance) -> frozenset[str]:
    """Return the kinds of a word; a first name has to look like one where the text uses capitals."""
    kinds = own_language(word.folded)
    return kinds if word.capital or said.style != "cased" else kinds - {"firstname"}


def own_language(word: str) -> frozenset[str]:
    """Return the kinds of a word; what is also a Dutch word says nothing about another language."""
    kinds = kinds_of(word)
    return (
        kinds - _LANGUAGES
        if word in PREPOSITIONS or kinds & {"dutch", "verb_singular", "verb_plural", "amenities"}
        else kinds
    )


def _initial(word: Word, gap: str) -> bool:
    return len(word.raw) == 1 and word.capital and gap.startswith(".")


def _breaks(gap: str) -> bool:
    return any(sign in gap for sign in '.!?:;,\n(|–—"“') or " - " in gap


def _after(said: Utterance, mention: Mention) -> Found:
    place, gap = mention.end, said.gap(mention.end)
    sign = gap.strip()[:1]
    if sign in set(",.:!?-(/)") and sign:
        glued = sign == "-" and gap == "-"
        yield (
            (f"after:{'join' if glued else sign}"),
            said.raw(mention.first, place + 1) if glued else said.raw(mention.first, place) + sign,
        )
    if place >= len(said.words):
        yield "after:end", said.raw(mention.first, place)
        return
    if _breaks(gap):
        return
    following, shown = said.words[place], said.raw(mention.first, place + 1)
    if following.folded in _NEXT_WORDS:
        yield f"after:{following.folded}", shown
    kinds = own_language(following.folded)
    for kind in sorted(_AFTER & kinds):
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
        yield (f"written:{'small' if _names_elsewhere(said, mention) else 'sloppy'}"), shown
    if mention.first == 0 and word.shouted and said.gap(mention.end).strip()[:1] in ("-", "–", ":"):
        yield "written:dateline", shown


def _names_elsewhere(said: Utterance, mention: Mention) -> bool:
    """Whether the writer gives other names their capital; a capital that opens a sentence is the phone's."""
    return any(
        word.capital and not word.opens and not word.tagged
        for word in said.words
        if word is not said.words[mention.first]
    )

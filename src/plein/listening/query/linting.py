"""What will disappoint, said before it does. Every rule is a function that looks at a whole query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from plein.listening.masking import points_at_somebody
from plein.listening.persons.allowing import Allowance
from plein.listening.persons.judging import seeks_somebody, sought, words_about
from plein.listening.query.contradicting import contradictions
from plein.listening.query.errors import Spot, shown
from plein.listening.query.parsing import located
from plein.listening.query.remarks import Part, Reading, Remark, Severity, parts_with_places, remark
from plein.listening.query.terms import is_emoji, person_words, place_name
from plein.listening.query.tree import And, Near, Node, Or, Phrase, Place, Prefix, Word, parts_of
from plein.listening.query.vocabulary import MIN_BEGINNING, SMALL
from plein.listening.query.weighing import tells
from plein.listening.query.writing import write
from plein.listening.tokens import tokens
from plein.town.saying import own
from plein.town.words import fold

WIDE = 15
LONGEST_PLACE = 5
MOST_COMPARED = 3
_SINGLE_QUOTED = re.compile(r"['‘‚`´](\w\w.*\w)['’‘`´]", re.DOTALL)
_COMMAS = ",;"
_SIDE_BY_SIDE = re.compile(r"[^\s()\"“”„‟«»]+")


def lint(
    node: Node,
    text: str = "",
    *,
    is_ordinary: Callable[[str], bool] = lambda name: False,
    knows_place: Callable[[str], bool] | None = None,
    place_like: Callable[[str], str] = lambda name: "",
    allowances: Iterable[Allowance] = (),
) -> tuple[Remark, ...]:
    """Return what is remarkable about a query, in the order of its text.

    `text` is what somebody typed, and then has to be what `node` was made of (QueryError when it is
    no query); without it the places are those in `write(node)`. `is_ordinary` answers whether the
    name of a place is also an ordinary word, `knows_place` whether there is such a place (without
    it, `is_ordinary` has to know too), `place_like` what place may have been meant by a name that is
    none; all get names folded, with single spaces. `allowances` are the exceptions for persons that hold today.

    >>> [(one.code, one.severity.value) for one in lint(Word("het"))]
    [('common_word', 'stop')]
    """
    query = located(text or write(node))
    reading = Reading(query, parts_with_places(query), is_ordinary, knows_place, place_like, tuple(allowances))
    found = {one: None for rule in RULES for one in rule(reading)}
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.code)))


def may_run(remarks: tuple[Remark, ...]) -> bool:
    """Whether a watch with these remarks may run."""
    return all(one.severity is not Severity.STOP for one in remarks)


def _everything(reading: Reading) -> Iterator[Remark]:
    """Remark on what nearly every post matches: it would be kept, and nobody asked for it."""
    yield from _saying_nothing(reading.query.tree, reading.query.spots, ())


def _saying_nothing(node: Node, spots: dict[tuple[int, ...], Spot], path: tuple[int, ...]) -> Iterator[Remark]:
    if tells(node):
        return
    if isinstance(node, Or):
        for number, part in enumerate(node.parts):
            yield from _saying_nothing(part, spots, (*path, number))
    elif isinstance(node, Word | Phrase):
        words = own("“{0}” stands in very many messages. Add a word about the subject.", shown(write(node)))
        yield remark(spots[path], "common_word", Severity.STOP, words)
    else:
        words = own("“{0}” matches (nearly) everything. Add a word about the subject.", shown(write(node)))
        yield remark(spots[path], "everything", Severity.STOP, words)


def _little(reading: Reading) -> Iterator[Remark]:
    """Remark on words and beginnings that say little when nothing stands beside them."""
    for part in _alone(reading):
        match part.node:
            case Word(word) if is_emoji(word):
                words = own("Alone, “{0}” stands under messages about anything. Put a word beside it.", word)
                yield remark(part.where, "emoji_alone", Severity.WARNING, words)
            case Word(word) if len("".join(tokens(word))) <= 3 and any(map(str.isdigit, word)):
                words = own("Alone, “{0}” means many things. Put a word beside it.", word)
                yield remark(part.where, "short_alone", Severity.WARNING, words)
            case Prefix(start) if len("".join(tokens(start))) <= MIN_BEGINNING:
                words = own(
                    "“{0}” also finds every other word that begins so. Add letters, or put a word beside it.",
                    f"{start}*",
                )
                yield remark(part.where, "short_prefix", Severity.WARNING, words)


def _ordinary_places(reading: Reading) -> Iterator[Remark]:
    for part in _alone(reading):
        if not isinstance(part.node, Word | Phrase | Place) or not _is_ordinary_place(reading, part.node):
            continue
        if isinstance(part.node, Place):
            words = own(
                "“{0}” is an ordinary word too. Alone it never counts: something else has to show that the place is meant, "
                "such as “gemeente {1}”, a street or a place nearby.",
                part.node.name,
                part.node.name,
            )
            yield remark(part.where, "ordinary_place", Severity.HINT, words)
        else:
            name = shown(part.where.words)
            words = own(
                "“{0}” is a place, and an ordinary word too. Alone it never counts. Do you mean the place?", name
            )
            yield remark(part.where, "ordinary_word", Severity.WARNING, words, _place(_typed_name(part.node)))


def _is_ordinary_place(reading: Reading, node: Word | Phrase | Place) -> bool:
    name = _folded_name(node)
    is_place = isinstance(node, Place) or reading.knows_place is None or reading.knows_place(name)
    return is_place and reading.is_ordinary(name)


def _unknown_places(reading: Reading) -> Iterator[Remark]:
    """Remark on places that nobody knows; often a name of more words without quotes."""
    longer = {where.start: (where, name) for where, name in _longer_places(reading)}
    for number, part in enumerate(_unknown(reading)):
        where, name = longer.get(part.where.start, (part.where, ""))
        # Every name of the country is compared: of a long list only the first.
        near = reading.place_like(_folded_name(part.node)) if number < MOST_COMPARED else ""
        asked = shown(part.node.name)
        if name:
            words = own("Plein knows no place called “{0}”. A name of more words stands between quotes.", asked)
        elif near:
            words = own("Plein knows no place called “{0}”. Do you mean {1}?", asked, near)
        else:
            words = own("Plein knows no place called “{0}”.", asked)
        yield remark(where, "unknown_place", Severity.STOP, words, _place(name or near) if name or near else "")


def _longer_places(reading: Reading) -> Iterator[tuple[Spot, str]]:
    """Yield places that with the words behind them are one that is known, and its name."""
    for part in _unknown(reading):
        text, name, end = part.where.text, part.node.name, part.where.end
        for more in islice(_SIDE_BY_SIDE.finditer(text, end), LONGEST_PLACE):
            if text[end : more.start()].strip():
                break
            name, end = f"{name} {more[0].rstrip(',.;:!?')}", more.end()
            if reading.knows_place(" ".join(tokens(name))):
                yield Spot(text, part.where.start, end), name
                break


def _unknown(reading: Reading) -> Iterator[Part]:
    if reading.knows_place:
        places = (part for part in reading.parts if isinstance(part.node, Place))
        yield from (part for part in places if not reading.knows_place(_folded_name(part.node)))


def _persons(reading: Reading) -> Iterator[Remark]:
    """Stop at a person, a party or an action group, and at a telephone number in pieces."""
    for part in reading.parts:
        for where, words in _rows(reading, part):
            if points_at_somebody(" ".join(words)):
                yield remark(where, "person", Severity.STOP, person_words(" ".join(words)))
    for one in sought(reading.query, reading.knows_place, reading.allowances):
        yield remark(one.where, str(one.kind), Severity.STOP, words_about(one))


def _rows(reading: Reading, part: Part) -> Iterator[tuple[Spot, tuple[str, ...]]]:
    """Yield the words that a reader sees in a row, whatever joins them."""
    if isinstance(part.node, Phrase):
        yield part.where, part.node.words
    elif isinstance(part.node, And | Near):
        spots = reading.query.spots
        row = [(number, one.text) for number, one in enumerate(parts_of(part.node)) if isinstance(one, Word)]
        if len(row) > 1:
            yield spots[*part.path, row[0][0]].up_to(spots[*part.path, row[-1][0]]), tuple(text for _, text in row)


def _wide(reading: Reading) -> Iterator[Remark]:
    for part in reading.parts:
        if isinstance(part.node, Near) and part.node.distance > WIDE:
            operator = _bare(reading.between((*part.path, 0), (*part.path, 1)))
            words = own("{0} is so wide that it says the same as AND in most messages.", operator.words)
            yield remark(operator, "wide_near", Severity.WARNING, words, "AND")


def _unspoken(reading: Reading) -> Iterator[Remark]:
    """Remark on words side by side: they mean AND, and often a phrase was meant."""
    named = {at for where, _ in _longer_places(reading) for at in range(where.start, where.end)}
    for run in reading.runs():
        where = run[0].where.up_to(run[-1].where)
        yield from _commas(run)
        yield from _small_operators(run, [part for part in run if _is_small(part) and part.where.start not in named])
        if single := _SINGLE_QUOTED.fullmatch(where.words):
            words = own("Single quotes make no phrase. Use double ones.")
            phrase = "" if seeks_somebody(single[1]) else f'"{single[1]}"'
            yield remark(where, "single_quotes", Severity.WARNING, words, phrase)
        elif _could_be_phrase(run):
            phrase = '"' + " ".join(part.node.text for part in run) + '"'
            words = own(
                "Without an operator these words may stand anywhere in a message. Side by side? Write {0}.",
                shown(phrase),
            )
            yield remark(where, "side_by_side", Severity.HINT, words, phrase)


def _commas(run: list[Part]) -> Iterator[Remark]:
    """Remark on a list with commas: who writes one seldom means that all of it has to be there."""
    for part in run[:-1]:
        if part.where.words[-1] in _COMMAS:
            comma = Spot(part.where.text, part.where.end - 1, part.where.end)
            yield remark(comma, "comma", Severity.WARNING, own("A comma means nothing here. Do you mean OR?"), " OR")


def _could_be_phrase(run: list[Part]) -> bool:
    words = [part.node.text for part in run if isinstance(part.node, Word) and not is_emoji(part.node.text)]
    if len(words) < len(run) or any(part.where.words[-1] in _COMMAS for part in run[:-1]):
        return False
    return not points_at_somebody(" ".join(words)) and not seeks_somebody(" ".join(words))


def _small_operators(run: list[Part], small: list[Part]) -> Iterator[Remark]:
    """Remark on and, or, not in small letters, where they could be operators: NOT also stands in front."""
    for part in small:
        operator = SMALL[fold(part.where.words)]
        in_front = part is run[0] and not (operator in ("NOT", "NIET") and len(run) > 2)
        if part is not run[-1] and not in_front:
            words = own(
                "“{0}” is looked for as a word. Do you mean {1}? Then write it in capitals.", part.where.words, operator
            )
            yield remark(part.where, "small_operator", Severity.WARNING, words, operator)


def _mixed(reading: Reading) -> Iterator[Remark]:
    """Remark on AND beside OR without parentheses: few readers know which goes first."""
    for part in reading.parts:
        if isinstance(part.node, Or):
            both = [number for number, one in enumerate(part.node.parts) if isinstance(one, And)]
            for where in (reading.query.spots[*part.path, number] for number in both):
                if not where.words.startswith("(") or not _is_one_group(where.words):
                    words = own("AND goes before OR. Plein reads this part as if it stands between parentheses.")
                    yield remark(where, "mixed", Severity.HINT, words, f"({where.words})")


def _is_one_group(text: str) -> bool:
    """Whether the first parenthesis of a text closes at its end. One within quotes is no parenthesis."""
    depth = 0
    for at, sign in enumerate(re.sub(r"[\"“”„‟«»][^\"“”„‟«»]*[\"“”„‟«»]", lambda quoted: "x" * len(quoted[0]), text)):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return at == len(text) - 1
    return False


def _contradictions(reading: Reading) -> Iterator[Remark]:
    yield from contradictions(reading.query)


def _alone(reading: Reading) -> Iterator[Part]:
    return (part for part in reading.parts if part.alone and not part.refused)


def _is_small(part: Part) -> bool:
    return isinstance(part.node, Word) and fold(part.where.words) in SMALL


def _typed_name(node: Word | Phrase | Place) -> str:
    match node:
        case Word(text):
            return text
        case Phrase(words):
            return " ".join(words)
    return node.name


def _folded_name(node: Word | Phrase | Place) -> str:
    return " ".join(tokens(_typed_name(node)))


def _place(name: str) -> str:
    return write(Place(place_name(name)))


def _bare(where: Spot) -> Spot:
    """Return a stretch without the spaces around it."""
    text = where.words
    return Spot(where.text, where.start + len(text) - len(text.lstrip()), where.end - len(text) + len(text.rstrip()))


RULES: tuple[Callable[[Reading], Iterator[Remark]], ...] = (
    _everything,
    _little,
    _ordinary_places,
    _unknown_places,
    _persons,
    _wide,
    _unspoken,
    _mixed,
    _contradictions,
)

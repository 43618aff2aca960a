"""What can be wrong with the order of the pieces, and the sentence for each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lark import Token

from plein.listening.query.errors import QueryError, Spot, shown
from plein.listening.query.lexing import spot
from plein.listening.query.vocabulary import MAX_DEPTH, MAX_LENGTH, MAX_PIECES
from plein.town.saying import own

OPERATORS = ("_AND", "_OR", "NEAR")
_NEXT_OPERATOR = re.compile(r"\s+(?:AND|EN|OR|OF|NOT|NIET|NEAR|NABIJ)\b|\)|\n|$")


def refuse_long(text: str) -> None:
    """Refuse a text that is longer than anybody can read."""
    if len(text) > MAX_LENGTH:
        raise Spot(text, MAX_LENGTH, len(text)).error(
            own("This query is longer than {0} characters. Make several queries of it.", MAX_LENGTH)
        )


def refuse_unclosed(text: str, found: Sequence[Token]) -> None:
    """Refuse a quote or parenthesis without its other half, pointing at the half that is there."""
    opened: list[Token] = []
    for piece in found:
        if piece.type == "UNCLOSED":
            raise _unclosed_quote(spot(text, piece))
        if piece.type == "OPEN":
            opened.append(piece)
        elif piece.type == "CLOSE" and not opened:
            raise _closes_nothing(text, spot(text, piece))
        elif piece.type == "CLOSE":
            opened.pop()
    if opened:
        raise _unclosed_parenthesis(text, opened[-1].start_pos, found[-1])


def refuse_crowded(text: str, found: Sequence[Token]) -> None:
    """Refuse more pieces, or deeper ones, than a query may have."""
    if len(found) > MAX_PIECES:
        raise spot(text, found[MAX_PIECES]).error(own("This query has too many words. Make several queries of it."))
    depth, row = 0, 0
    for piece in found:
        depth += (piece.type == "OPEN") - (piece.type == "CLOSE")
        row = row + 1 if piece.type in ("NOT", "OPEN") else 0
        if max(depth, row) > MAX_DEPTH:
            raise spot(text, piece).error(
                own("This query is too deep: at most {0} parentheses within each other.", MAX_DEPTH)
            )


def misplaced(text: str, found: Sequence[Token], number: int) -> QueryError:
    """Return what is wrong with piece number `number`, the first that does not fit what stands before it."""
    before = found[number - 1] if number else None
    here = found[number] if number < len(found) else None
    if before is None and here is None:
        return Spot(text, 0, 0).error(own("Write at least one word to look for."))
    if here is None or (here.type == "CLOSE" and before is not None and before.type != "OPEN"):
        return _nothing_behind(spot(text, before))
    if before is not None and before.type == "OPEN" and here.type == "CLOSE":
        return spot(text, before).up_to(spot(text, here)).error(own("There is nothing between these parentheses."))
    if before is None or before.type == "OPEN":
        return _nothing_before(spot(text, here))
    return _clash(spot(text, before), before, spot(text, here), here)


def everything_but(where: Spot) -> QueryError:
    """Return the error for a NOT that has nothing to take away from."""
    words = own(
        "This matches everything without “{0}”. Say before it what you are looking for.",
        shown(_behind_not(where.words)),
    )
    joined = re.search(r"(?:OR|OF)\s+$", where.text[: where.start])
    if joined is None:
        return where.error(words)
    return Spot(where.text, joined.start(), where.end).error(words, f"AND {where.words}")


def _behind_not(text: str) -> str:
    return re.sub(r"^[-−–(]+|^(?:NOT|NIET)\s*", "", text).strip()


def _unclosed_quote(where: Spot) -> QueryError:
    end = _NEXT_OPERATOR.search(where.words, 1).start()
    phrase = where.words[1:end].strip()
    mended = f'"{phrase}"' if phrase else ""
    return Spot(where.text, where.start, where.start + end).error(
        own("The quote that opens here is never closed."), mended
    )


def _unclosed_parenthesis(text: str, start: int, last: Token) -> QueryError:
    whole = Spot(text, start, last.end_pos)
    mended = "" if last.type in (*OPERATORS, "NOT", "OPEN") else f"{whole.words})"
    return whole.error(own("The parenthesis that opens here is never closed."), mended)


def _closes_nothing(text: str, where: Spot) -> QueryError:
    return _without(where, own("This parenthesis closes nothing: none was opened before it."))


def _nothing_behind(where: Spot) -> QueryError:
    return _without(where, own("Something has to follow {0}.", where.words))


def _nothing_before(where: Spot) -> QueryError:
    return where.error(own("Something has to stand before {0}.", where.words))


def _without(where: Spot, words: str) -> QueryError:
    """Return an error that suggests to take this away: the word before it stands in its place."""
    error = where.error(words)
    if before := re.search(r"[^\s(]+\s*$", where.text[: where.start]):
        error.start, error.suggestion = before.start(), before[0].rstrip()
    return error


def _clash(before: Spot, first: Token, here: Spot, second: Token) -> QueryError:
    """Return the error for two pieces that cannot follow each other."""
    both = before.up_to(here)
    if second.type == "NEAR" and first.type not in (*OPERATORS, "NOT"):
        return here.error(own("NEAR joins two things. For three, write each pair: a NEAR/3 b AND b NEAR/3 c."))
    if first.type == "NEAR" and second.type == "NOT":
        return both.error(own("NEAR joins two things that are there; NOT cannot stand behind it."), f"AND {here.words}")
    if first.type == "NOT":
        return both.error(
            own("{0} cannot stand before {1}. Turn them round.", before.words, here.words),
            f"{here.words} {before.words}",
        )
    return both.error(
        own("{0} and {1} cannot follow each other. Choose one of them.", before.words, here.words), here.words
    )

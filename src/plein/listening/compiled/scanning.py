"""From the words of posts to the watches that look for them, compiled.

Word by word the trie of terms is followed from the root and from wherever the words before have
led. A term that stands there is stamped with the number of the post. Of the watches that a
stamped term makes worth a look, the program is run over the stamps.

Helpers take the arrays they need one by one: handing on a whole tuple of them costs more than
what the helpers do.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from plein.listening.compiled.hashing import BEGINNING_SALT, FACTOR, found, may_hold, mixed
from plein.listening.compiled.machine import compiled
from plein.listening.compiled.tables import (
    ALL,
    ANY,
    ANY_NODE,
    BEGINNING,
    NO,
    OPERATIONS,
    TAG,
    UNKNOWN,
    Tables,
)

FALSE, PERHAPS, TRUE = 0, 1, 2
# In the place of a reason: the program could not decide; it holds, but nothing that is there made it hold.
UNDECIDED, NOTHING = -1, -2
_HALF, _FLAGS, _LOW_HALF = np.uint64(32), np.uint64(2), np.uint64(2**32 - 1)
_GOES_ON, _TERM = np.uint64(1), np.uint64(2)


class Desk(NamedTuple):
    """What scanning writes on: stamps, and room for what is being worked on."""

    stamps: np.ndarray  # per node: the last post that held the term
    looked: np.ndarray  # per slot: the last post that made it worth a look
    waiting: np.ndarray  # slots worth a look at this post
    active: np.ndarray  # nodes that the words before have led to, and those that this word does
    values: np.ndarray  # what a program has worked out so far
    causes: np.ndarray  # and which term made it so
    hit_post: np.ndarray
    hit_slot: np.ndarray
    hit_cause: np.ndarray


def desk(tables: Tables, hits: int) -> Desk:
    """Return room to scan with these tables, for so many hits at a time."""
    slots = len(tables.watch)
    longest = int(np.diff(tables.program).max(initial=0))
    return Desk(
        np.zeros(len(tables.parent), np.uint32),
        np.zeros(slots, np.uint32),
        np.empty(slots, np.int32),
        np.empty((2, _depth(tables) + 1), np.int32),
        np.empty(longest + 1, np.int8),
        np.empty(longest + 1, np.int32),
        np.empty(hits, np.int32),
        np.empty(hits, np.int32),
        np.empty(hits, np.int32),
    )


def _depth(tables: Tables) -> int:
    """Return how many words the longest term has."""
    depth, nodes = 0, np.arange(len(tables.parent))
    while nodes.any():
        nodes = tables.parent[nodes]
        depth += 1
    return depth


@compiled
def scan(words, tables, desk, post, posts, stamp):
    """Look at posts from `post` on; return the first not looked at, and the number of hits.

    `stamp` is a number that no stamp has, nor any of the `posts` following ones. Stops early
    where the room for hits might not do.
    """
    content, hashes, start, end = words.content, words.hashes, words.start, words.end
    first, tag_hashes, first_tag = words.first, words.tag_hashes, words.first_tag
    tag_first, tag_last = words.tag_first, words.tag_last
    texts, text, kind, lengths = tables.texts, tables.text, tables.kind, tables.lengths
    symbols, symbol_bloom, beginning_bloom = tables.symbols, tables.symbol_bloom, tables.beginning_bloom
    edges, edge_bloom = tables.edges, tables.edge_bloom
    parent, symbol_of, need, needs = tables.parent, tables.symbol, tables.need, tables.needs
    programs, program, sure, always = tables.programs, tables.program, tables.sure, tables.always
    stamps, looked, waiting, active = desk.stamps, desk.looked, desk.waiting, desk.active
    values, causes = desk.values, desk.causes
    hit_post, hit_slot, hit_cause = desk.hit_post, desk.hit_slot, desk.hit_cause
    seed = tables.seed[0]
    known = words.known
    _look_all_up(hashes, known, first[post], first[posts], symbol_bloom, symbols)
    hits = 0
    while post < posts:
        held = 0  # slots worth a look
        before = 0  # nodes that the words before have led to
        side = 0
        for word in range(first[post], first[post + 1]):
            other = 1 - side
            reached = 0
            size = end[word] - start[word]
            # The word itself, and then all that it begins like.
            number = -1
            value = seed
            done = 0
            symbol = known[word]
            while True:
                if symbol != 0:
                    for k in range(before + 1):
                        if k < before:
                            step = _look_up(edge_bloom, edges, _edge(active[side, k], symbol))
                        else:
                            step = symbol >> _HALF
                        node = np.int64(step >> _FLAGS)
                        if step & _GOES_ON:
                            active[other, reached] = node
                            reached += 1
                        if (
                            step & _TERM
                            and stamps[node] != stamp
                            and _is_there(node, word, parent, symbol_of, kind, text, texts, content, start, end)
                        ):
                            held = _stamp(node, stamp, stamps, need, needs, looked, waiting, held)
                number += 1
                if number == len(lengths) or lengths[number] > size:
                    break
                while done < lengths[number]:
                    value = (value ^ np.uint64(content[start[word] + done])) * FACTOR
                    done += 1
                symbol = _look_up(beginning_bloom, symbols, value ^ BEGINNING_SALT)
            before = reached
            side = other
        for tag in range(first_tag[post], first_tag[post + 1]):
            symbol = _look_up(symbol_bloom, symbols, tag_hashes[tag])
            if symbol != 0 and _is_tag(symbol, tag_first[tag], tag_last[tag], kind, text, texts, content, start, end):
                held = _stamp(np.int64(symbol >> _HALF >> _FLAGS), stamp, stamps, need, needs, looked, waiting, held)
        if hits + held + len(always) > len(hit_post):
            break
        for k in range(held + len(always)):
            slot = waiting[k] if k < held else always[k - held]
            value, cause = _worked_out(programs, program[slot], program[slot + 1], stamps, stamp, values, causes)
            if value != FALSE:
                hit_post[hits] = post
                hit_slot[hits] = slot
                hit_cause[hits] = cause if sure[slot] else UNDECIDED
                hits += 1
        post += 1
        stamp += np.uint32(1)
    return post, hits


@compiled
def _look_all_up(keys, values, start, end, bloom, directory):
    """Ask for many words in a row: so many trips to memory go at the same time."""
    for at in range(start, end):
        values[at] = _look_up(bloom, directory, keys[at])


@compiled
def _look_up(bloom, directory, key):
    place = mixed(key)
    if not may_hold(bloom, place):
        return np.uint64(0)
    return found(directory, place, key)


@compiled
def _edge(node, symbol):
    return np.uint64(node) << _HALF | ((symbol & _LOW_HALF) - np.uint64(1))


@compiled
def _is_there(node, word, parent, symbol_of, kind, text, texts, content, start, end):
    """Whether the words that end with `word` are those of a node, and not only of the same hashes."""
    while node > 0:
        symbol = symbol_of[node]
        first = text[symbol]
        size = text[symbol + 1] - first
        length = end[word] - start[word]
        if kind[symbol] == TAG or length < size or (kind[symbol] != BEGINNING and length != size):
            return False
        for k in range(size):
            if texts[first + k] != content[start[word] + k]:
                return False
        node = parent[node]
        word -= 1
    return True


@compiled
def _is_tag(symbol, first, last, kind, text, texts, content, start, end):
    symbol = np.int64(symbol & _LOW_HALF) - 1
    if kind[symbol] != TAG:
        return False
    at = text[symbol]
    for word in range(first, last + 1):
        for k in range(start[word], end[word]):
            if at == text[symbol + 1] or texts[at] != content[k]:
                return False
            at += 1
    return at == text[symbol + 1]


@compiled
def _stamp(node, stamp, stamps, need, needs, looked, waiting, held):
    """Stamp a node, and let the slots wait that it makes worth a look; return how many do."""
    stamps[node] = stamp
    for k in range(need[node], need[node + 1]):
        slot = needs[k]
        if looked[slot] != stamp:
            looked[slot] = stamp
            waiting[held] = slot
            held += 1
    return held


@compiled
def _worked_out(programs, at, end, stamps, stamp, values, causes):
    """Run a program; return what it says and the number of the first term that made it say so."""
    top = 0
    leaf = 0
    while at < end:
        code = programs[at]
        at += 1
        if code >= 0:
            here = stamps[code] == stamp
            values[top] = TRUE if here else FALSE
            causes[top] = leaf if here else NOTHING
            leaf += 1
            top += 1
            continue
        count = -code // OPERATIONS
        operation = -code % OPERATIONS
        if operation == ANY_NODE:
            values[top] = FALSE
            causes[top] = NOTHING
            for k in range(count):
                if stamps[programs[at + k]] == stamp:
                    values[top] = TRUE
                    causes[top] = leaf + k
                    break
            leaf += count
            at += count
            top += 1
        elif operation in (ANY, ALL):
            first = top - count
            value = values[first]
            cause = causes[first]
            for k in range(first + 1, top):
                value = max(value, values[k]) if operation == ANY else min(value, values[k])
                if cause == NOTHING:
                    cause = causes[k]
            values[first] = value
            causes[first] = cause if value != FALSE else NOTHING
            top = first + 1
        elif operation == NO:
            values[top - 1] = TRUE - values[top - 1]
            causes[top - 1] = NOTHING
        else:
            values[top] = PERHAPS if operation == UNKNOWN else FALSE
            causes[top] = NOTHING
            leaf += operation != UNKNOWN
            top += 1
    return values[0], causes[0]

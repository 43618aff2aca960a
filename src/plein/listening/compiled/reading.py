"""From the bytes of many posts to their words: the rules of `plein.listening.tokens`, compiled.

Two passes: `fold` writes every character's image and kind, `split` finds the words among kinds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from plein.listening.compiled.hashing import TAG_SALT
from plein.listening.compiled.letters import (
    APOSTROPHE,
    CAP,
    END,
    FLAG,
    IMAGES,
    INNER,
    JOIN,
    LETTER,
    MARK,
    PICTURE,
    SIGN,
    STAR,
    UNDERSCORE,
)
from plein.listening.compiled.machine import compiled

# A keycap is a digit, # or * of one byte and a sign of three.
CAP_BYTES = 4


class Words(NamedTuple):
    """Room for the words of a batch.

    `content` holds folded bytes and `kinds` the kind of each; word n is content[start[n]:end[n]]
    with `hashes[n]`, post p has the words first[p]:first[p + 1]. Tag n is made of the words
    tag_first[n] up to and including tag_last[n]; post p has the tags first_tag[p]:first_tag[p + 1].
    `known` is for scanning: what the dictionary says of each word.
    """

    content: np.ndarray
    kinds: np.ndarray
    hashes: np.ndarray
    start: np.ndarray
    end: np.ndarray
    first: np.ndarray
    tag_hashes: np.ndarray
    tag_first: np.ndarray
    tag_last: np.ndarray
    first_tag: np.ndarray
    known: np.ndarray


def room(folded: int, posts: int) -> Words:
    """Return room for so many folded bytes and posts. What is not used costs no memory."""
    return Words(
        np.empty(folded, np.uint8),
        np.empty(folded, np.uint8),
        np.empty(folded, np.uint64),
        np.empty(folded, np.int32),
        np.empty(folded, np.int32),
        np.empty(posts + 1, np.int32),
        np.empty(folded, np.uint64),
        np.empty(folded, np.int32),
        np.empty(folded, np.int32),
        np.empty(posts + 1, np.int32),
        np.empty(folded, np.uint64),
    )


@compiled
def fold(raw, letters, content, kinds):
    """Write the folded bytes of `raw` and their kinds; return how many, or -1 when there is no room."""
    ascii, ascii_kinds, pages = letters.ascii, letters.ascii_kinds, letters.pages
    cells, images = letters.cells, letters.images
    at = 0
    out = 0
    last = len(content) - 64
    while at < len(raw):
        if out > last:
            return -1
        lead = raw[at]
        if lead < 0x80:
            content[out] = ascii[lead]
            kinds[out] = ascii_kinds[lead]
            at += 1
            out += 1
            continue
        if lead < 0xE0:
            size = 2
            code = (np.int64(lead) & 0x1F) << 6 | (raw[at + 1] & 0x3F)
        elif lead < 0xF0:
            size = 3
            code = (np.int64(lead) & 0x0F) << 12 | np.int64(raw[at + 1] & 0x3F) << 6 | (raw[at + 2] & 0x3F)
        else:
            size = 4
            code = (
                (np.int64(lead) & 0x07) << 18
                | np.int64(raw[at + 1] & 0x3F) << 12
                | np.int64(raw[at + 2] & 0x3F) << 6
                | (raw[at + 3] & 0x3F)
            )
        cell = cells[np.int64(pages[code >> 8]) << 8 | (code & 255)]
        if cell < IMAGES:
            inner = LETTER if cell == LETTER else INNER
            for k in range(size):
                content[out + k] = raw[at + k]
                kinds[out + k] = inner
            kinds[out] = cell
            out += size
        else:
            image = cell - IMAGES
            length = np.int64(images[image])
            for k in range(length):
                content[out + k] = images[image + 1 + k]
                kinds[out + k] = images[image + 1 + length + k]
            out += length
        at += size
    return out


@compiled
def split(folded, words, seed, factor):
    """Find the words and tags among `folded` bytes, of which the last is an END. Return how many posts there are."""
    content, kinds, hashes, starts, ends = words.content, words.kinds, words.hashes, words.start, words.end
    first, first_tag = words.first, words.first_tag
    tag_hashes, tag_first, tag_last = words.tag_hashes, words.tag_first, words.tag_last
    tag_seed = seed ^ TAG_SALT
    at = 0
    count = 0
    tags = 0
    posts = 0
    first[0] = 0
    first_tag[0] = 0
    armed = False  # a sign stood here: the next word begins a tag, or goes on with one
    opened = False
    after_letter = False
    tag_hash = tag_seed
    while at < folded:
        kind = kinds[at]
        if kind == LETTER:
            start = at
            end = at
            value = seed
            before = seed
            tagged = tag_hash if opened else tag_seed
            tagged_before = tagged
            capped = False
            while True:
                while kinds[at] == LETTER:
                    byte = np.uint64(content[at])
                    before = value
                    tagged_before = tagged
                    value = (value ^ byte) * factor
                    tagged = (tagged ^ byte) * factor
                    content[end] = content[at]
                    end += 1
                    at += 1
                if kinds[at] == CAP and 48 <= content[at - 1] <= 57:
                    value = before
                    tagged = tagged_before
                    end -= 1
                    at -= 1
                    capped = True
                    break
                if kinds[at] == APOSTROPHE:
                    beyond = at + 1
                    while kinds[beyond] == INNER:
                        beyond += 1
                    if kinds[beyond] == LETTER:
                        at = beyond
                        continue
                break
            if end > start:
                hashes[count] = value
                starts[count] = start
                ends[count] = end
                if armed:
                    if not opened:
                        tag_first[tags] = count
                        opened = True
                    tag_last[tags] = count
                    tag_hash = tagged
                count += 1
            after_letter = True
            if not capped:
                continue
            # The keycap itself is dealt with below.
        elif kind == UNDERSCORE:
            after_letter = False
            at += 1
            continue
        if opened:
            tag_hashes[tags] = tag_hash
            tags += 1
            opened = False
        armed = False
        start = at
        if kind in (LETTER, SIGN, STAR) and kinds[at + 1] == CAP:
            at += CAP_BYTES
        elif kind == SIGN:
            armed = not after_letter
            at += 1
        elif kind == PICTURE:
            while True:
                at += 1
                while kinds[at] == INNER or kinds[at] == MARK:
                    at += 1
                if kinds[at] != JOIN:
                    break
                beyond = at + 1
                while kinds[beyond] == INNER:
                    beyond += 1
                if kinds[beyond] != PICTURE:
                    break
                at = beyond
        elif kind == FLAG:
            at += 1
            while kinds[at] == INNER:
                at += 1
            if kinds[at] == FLAG:
                at += 1
                while kinds[at] == INNER:
                    at += 1
        else:
            at += 1
            if kind == END:
                posts += 1
                first[posts] = count
                first_tag[posts] = tags
        after_letter = False
        if at - start > 1:
            value = seed
            for k in range(start, at):
                value = (value ^ np.uint64(content[k])) * factor
            hashes[count] = value
            starts[count] = start
            ends[count] = at
            count += 1
    return posts

"""Hashes of words, dictionaries of hashes, and the question whether a hash is worth a look.

A word's hash grows byte by byte from a secret seed. It only leads to a symbol: what is found is
compared with the symbol's text, so that no collision ever counts as a word.
"""

from __future__ import annotations

import numpy as np

from plein.listening.compiled.machine import compiled, woven

FACTOR = np.uint64(0x9E3779B97F4A7C15)
# What the hash of a beginning and of a tag differ by from that of the same word.
BEGINNING_SALT = np.uint64(0xD6E8FEB86659FD93)
TAG_SALT = np.uint64(0xA0761D6478BD642F)
# Bits a key in the filter: one look-up in thirty of what is not there goes on to the dictionary.
BITS = 16
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(31)
_SIX = np.uint64(6)
_LOW = np.uint64(63)
_ONE = np.uint64(1)
_HALF = np.uint64(32)
_ZERO = np.uint64(0)


@woven
def mixed(key):
    """Spread a key over all bits."""
    key = (key ^ (key >> _SHIFT)) * _MIX
    return key ^ (key >> _SHIFT)


@woven
def _within(place, size):
    """Return a number below `size` that follows the upper half of a mixed key."""
    return (place >> _HALF) * np.uint64(size) >> _HALF


@woven
def may_hold(bloom, place):
    """Whether a key, `mixed`, may be among those of a filter. A no is sure.

    Its two bits stand in one number: memory is asked once.
    """
    bits = bloom[_within(place, len(bloom))]
    return (bits >> (place & _LOW)) & (bits >> (place >> _SIX & _LOW)) & _ONE


@woven
def found(directory, place, key):
    """Return the value of a key whose mixed form is `place`, or 0."""
    size = np.uint64(len(directory) // 2)
    at = _within(place, size)
    while True:
        value = directory[at + at + _ONE]
        if value == 0 or directory[at + at] == key:
            return value
        at += _ONE
        if at == size:
            at = _ZERO


@compiled
def _fill(keys, values, into):
    size = np.uint64(len(into) // 2)
    for k in range(len(keys)):
        at = _within(mixed(keys[k]), size)
        while into[at + at + _ONE] != 0:
            at += _ONE
            if at == size:
                at = _ZERO
        into[at + at] = keys[k]
        into[at + at + _ONE] = values[k]


@compiled
def _mark(keys, bits):
    for k in range(len(keys)):
        place = mixed(keys[k])
        bits[_within(place, len(bits))] |= _ONE << (place & _LOW) | _ONE << (place >> _SIX & _LOW)


@compiled
def _hash_all(texts, text, kinds, seed, hashes):
    for k in range(len(kinds)):
        value = seed ^ TAG_SALT if kinds[k] == 2 else seed
        for at in range(text[k], text[k + 1]):
            value = (value ^ np.uint64(texts[at])) * FACTOR
        hashes[k] = value ^ BEGINNING_SALT if kinds[k] == 1 else value


def hash_all(texts: np.ndarray, text: np.ndarray, kinds: np.ndarray, seed: np.uint64) -> np.ndarray:
    """Return the hash of every symbol."""
    hashes = np.empty(len(kinds), np.uint64)
    _hash_all(texts, text, kinds, seed, hashes)
    return hashes


def directory(keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return a dictionary in one array (open addressing, three quarters full).

    A key and its value, which is never 0, stand next to each other: memory is asked once.
    """
    into = np.zeros(2 * (len(keys) * 4 // 3 + 1), np.uint64)
    _fill(keys, values.astype(np.uint64), into)
    return into


def bloom(keys: np.ndarray, bits: int) -> np.ndarray:
    """Return a filter with at least so many bits a key."""
    made = np.zeros(len(keys) * bits // 64 + 1, np.uint64)
    _mark(keys, made)
    return made

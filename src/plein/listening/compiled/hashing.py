"""Hashes of words, dictionaries of hashes, and the question whether a hash is worth a look.

A word's hash grows byte by byte from a secret seed. It only leads to a symbol: what is found is
compared with the symbol's text, so that no collision ever counts as a word.
"""

from __future__ import annotations

import numpy as np
from numba import njit

FACTOR = np.uint64(0x9E3779B97F4A7C15)
# What the hash of a beginning and of a tag differ by from that of the same word.
BEGINNING_SALT = np.uint64(0xD6E8FEB86659FD93)
TAG_SALT = np.uint64(0xA0761D6478BD642F)
# Bits a key in the filter: one look-up in twenty of what is not there goes on to the dictionary.
BITS = 16
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(31)
_SIX = np.uint64(6)
_LOW = np.uint64(63)
_ONE = np.uint64(1)
_APART = np.uint64(40)


@njit(cache=True, nogil=True, inline="always")
def mixed(key):
    """Spread a key over all bits."""
    key = (key ^ (key >> _SHIFT)) * _MIX
    return key ^ (key >> _SHIFT)


@njit(cache=True, nogil=True, inline="always")
def may_hold(bloom, place):
    """Whether a key, `mixed`, may be among those of a filter. A no is sure."""
    mask = np.uint64(len(bloom) * 64 - 1)
    one = place & mask
    other = (place >> _APART) * _MIX & mask
    return (bloom[one >> _SIX] >> (one & _LOW)) & (bloom[other >> _SIX] >> (other & _LOW)) & _ONE


@njit(cache=True, nogil=True, inline="always")
def found(keys, values, place, key):
    """Return the value of a key whose mixed form is `place`, or -1."""
    mask = len(keys) - 1
    at = np.int64(place & np.uint64(mask))
    while values[at] >= 0:
        if keys[at] == key:
            return values[at]
        at = (at + 1) & mask
    return np.int32(-1)


@njit(cache=True, nogil=True)
def _fill(keys, values, into_keys, into_values):
    mask = len(into_keys) - 1
    for k in range(len(keys)):
        at = np.int64(mixed(keys[k]) & np.uint64(mask))
        while into_values[at] >= 0:
            at = (at + 1) & mask
        into_keys[at] = keys[k]
        into_values[at] = values[k]


@njit(cache=True, nogil=True)
def _mark(keys, bits):
    mask = np.uint64(len(bits) * 64 - 1)
    for k in range(len(keys)):
        place = mixed(keys[k])
        one = place & mask
        other = (place >> _APART) * _MIX & mask
        bits[one >> _SIX] |= _ONE << (one & _LOW)
        bits[other >> _SIX] |= _ONE << (other & _LOW)


@njit(cache=True, nogil=True)
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


def directory(keys: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a dictionary as two arrays (open addressing, a third to two thirds full); an empty place has -1."""
    size = _power_of_two(len(keys) * 3 // 2 + 1)
    into_keys, into_values = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
    _fill(keys, values, into_keys, into_values)
    return into_keys, into_values


def bloom(keys: np.ndarray, bits: int) -> np.ndarray:
    """Return a filter with at least so many bits a key."""
    made = np.zeros(_power_of_two(max(1, len(keys) * bits // 64)), np.uint64)
    _mark(keys, made)
    return made


def _power_of_two(least: int) -> int:
    return 1 << max(0, least - 1).bit_length()

"""The engine's large base, compiled to machine code: the extra `scale` (numba, numpy).

machine    makes machine code of functions, and keeps it
letters    what `plein.town.words` and `plein.listening.tokens` make of every character, as a table
reading    from bytes to words: the rules of `tokens` over that table
tables     all watches as arrays: symbols, a trie of terms, a small program for every tree
scanning   from words to watches
finder     the way in

Nothing in here says what a query means: a program that cannot decide leaves it to `meaning`.
"""

from __future__ import annotations

from plein.listening.compiled.finder import Compiled

__all__ = ["Compiled"]

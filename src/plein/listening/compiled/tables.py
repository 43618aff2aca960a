"""All watches as arrays: what scanning reads, what processes share, what is saved.

symbol   a word, the beginning of a word, or a tag that some query holds
node     a term: the way to it from the root is its symbols, one after the other
step     a node times four, and 1 when longer terms begin like it, and 2 when it is a term itself
slot     a watch, with a program that says from the nodes found whether its tree holds
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from plein.listening.compiled.hashing import BITS, bloom, directory, hash_all
from plein.listening.finding import Sketch
from plein.listening.meaning import Sought, near_sides
from plein.listening.query.tree import And, Near, Node, Not, Or

WORD, BEGINNING, TAG = range(3)
ROOT = 0
# What a program is made of: a node, or minus (count * OPERATIONS + operation).
OPERATIONS = 8
ALL, ANY, NO, UNKNOWN, NEVER, ANY_NODE = range(1, 7)


class Tables(NamedTuple):
    """Arrays that never change. Where a range is meant, array[n]:array[n + 1] is that of number n."""

    seed: np.ndarray
    lengths: np.ndarray  # of the beginnings, in bytes, ascending
    texts: np.ndarray  # of the symbols, in bytes
    text: np.ndarray  # per symbol: its range in `texts`
    kind: np.ndarray  # per symbol
    symbols: np.ndarray  # from a hash to a symbol + 1, and 32 bits higher the step to the node that it alone leads to
    symbol_bloom: np.ndarray
    beginning_bloom: np.ndarray  # of the beginnings alone: small enough to stay near
    edges: np.ndarray  # from a node, and 32 bits lower a symbol, to the step from the one by the other
    edge_bloom: np.ndarray
    parent: np.ndarray  # per node
    symbol: np.ndarray  # per node
    need: np.ndarray  # per node: its range in `needs`
    needs: np.ndarray  # slots that a node makes worth a look
    programs: np.ndarray
    program: np.ndarray  # per slot: its range in `programs`
    sure: np.ndarray  # per slot: whether its program decides everything
    always: np.ndarray  # slots that are worth a look at every post
    watch: np.ndarray  # per slot: the watch's number
    written: np.ndarray  # terms as they stand in the queries, in bytes, each once
    write: np.ndarray  # per such term: its range in `written`
    leaves: np.ndarray  # the terms of all slots in the order of their queries
    leaf: np.ndarray  # per slot: its range in `leaves`

    @property
    def nbytes(self) -> int:
        """How many bytes they take together."""
        return sum(one.nbytes for one in self)

    def save(self, folder: Path) -> None:
        """Write them to a folder, a file each."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, one in zip(self._fields, self, strict=True):
            np.save(folder / f"{name}.npy", one)

    @classmethod
    def open(cls, folder: Path) -> Tables:
        """Return what `save` wrote, mapped: processes that open the same folder share one copy.

        Raises FileNotFoundError where `save` did not finish.
        """
        return cls(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in cls._fields))


def build(sketches: Iterable[Sketch], seed: int) -> tuple[Tables, int]:
    """Return the tables of watches, and how many terms they have. `seed` is 64 bits by chance.

    >>> from plein.listening.watches import Watch
    >>> tables, terms = build([Sketch(Watch.of_phrases(7, 1, ["zwerfvuil", "brug dicht"]))], seed=1)
    >>> terms, tables.watch.tolist(), bytes(tables.written)
    (2, [7], b'zwerfvuilbrug dicht')
    """
    builder = _Builder()
    for sketch in sketches:
        builder.add(sketch)
    return builder.tables(seed), len(builder.leaves)


class _Builder:
    """Takes watches in one after the other."""

    def __init__(self) -> None:
        self.symbols: tuple[dict[bytes, int], ...] = ({}, {}, {})
        self.texts, self.text, self.kind = bytearray(), array("i", [0]), bytearray()
        self.edges: dict[int, int] = {}
        self.parent, self.symbol, self.goes_on = array("i", [0]), array("i", [0]), bytearray(1)
        self.root: dict[int, int] = {}
        self.need_nodes, self.need_slots = array("i"), array("i")
        self.programs, self.program, self.sure = array("i"), array("i", [0]), bytearray()
        self.always, self.watch = array("i"), array("q")
        self.written, self.write, self.writes = bytearray(), array("i", [0]), {}
        self.leaves, self.leaf = array("i"), array("i", [0])

    def add(self, sketch: Sketch) -> None:
        slot = len(self.watch)
        self.watch.append(sketch.id)
        self.sure.append(1)
        self._compile(sketch.meant)
        self.program.append(len(self.programs))
        self.leaf.append(len(self.leaves))
        if sketch.needed is None:
            self.always.append(slot)
        for term in sketch.needed or ():
            self.need_nodes.append(self._node(term))
            self.need_slots.append(slot)

    def _compile(self, tree: Node) -> None:
        """Write the program of a tree: what it is made of first, then what is done with it."""
        match tree:
            case Sought():
                self._leaf(tree)
                self.programs.append(self._node(tree) if any(tree.words) else -(OPERATIONS + NEVER))
            case Or(parts) if all(isinstance(part, Sought) and any(part.words) for part in parts):
                self.programs.append(-(len(parts) * OPERATIONS + ANY_NODE))
                for part in parts:
                    self._leaf(part)
                    self.programs.append(self._node(part))
            case Or(parts):
                self._together(parts, ANY)
            case And(()):
                self._compile(Not(Or(())))
            case And(parts):
                self._together(parts, ALL)
            case Not(inner):
                self._together((inner,), NO)
            case Near():
                lefts, rights = near_sides(tree)
                self._together((Or(tuple(lefts)), Or(tuple(rights)), None), ALL)
            case _:
                self.sure[-1] = 0
                self.programs.append(-(OPERATIONS + UNKNOWN))

    def _together(self, parts: tuple[Node | None, ...], operation: int) -> None:
        for part in parts:
            self._compile(part)
        self.programs.append(-(len(parts) * OPERATIONS + operation))

    def _leaf(self, term: Sought) -> None:
        number = self.writes.setdefault(term.written, len(self.writes))
        self.leaves.append(number)
        if number == len(self.write) - 1:
            self.written += term.written.encode("utf-8", "surrogatepass")
            self.write.append(len(self.written))

    def _node(self, term: Sought) -> int:
        """Return the node of a term, made when it is new."""
        *whole, last = term.words
        node = ROOT
        for word in whole:
            node = self._child(node, self._symbol(WORD, word))
            self.goes_on[node] |= 1
        node = self._child(node, self._symbol(TAG if term.tag else BEGINNING if term.open_ended else WORD, last))
        self.goes_on[node] |= 2
        return node

    def _symbol(self, kind: int, word: str) -> int:
        key = word.encode("utf-8", "surrogatepass")
        number = self.symbols[kind].get(key)
        if number is None:
            number = self.symbols[kind][key] = len(self.kind)
            self.kind.append(kind)
            self.texts += key
            self.text.append(len(self.texts))
        return number

    def _child(self, node: int, symbol: int) -> int:
        edges, key = (self.root, symbol) if node == ROOT else (self.edges, node << 32 | symbol)
        child = edges.get(key)
        if child is None:
            child = edges[key] = len(self.parent)
            self.parent.append(node)
            self.symbol.append(symbol)
            self.goes_on.append(0)
        return child

    def tables(self, seed: int) -> Tables:
        """Return everything as arrays. Another seed is taken as long as two symbols have one hash."""
        texts, text, kind = _bytes(self.texts), _ints(self.text), _bytes(self.kind)
        hashes = hash_all(texts, text, kind, np.uint64(seed))
        while len(np.unique(hashes)) < len(hashes):
            seed = (seed + 1) % 2**64
            hashes = hash_all(texts, text, kind, np.uint64(seed))
        steps = np.arange(len(self.parent), dtype=np.uint64) * 4 + _bytes(self.goes_on)
        root = np.zeros(len(kind), np.uint64)
        root[list(self.root)] = steps[list(self.root.values())]
        edges = np.fromiter(self.edges, np.uint64, len(self.edges))
        children = np.fromiter(self.edges.values(), np.int64, len(self.edges))
        need, needs = _ranges(_ints(self.need_nodes), _ints(self.need_slots), len(self.parent))
        made = Tables(
            np.array([seed], np.uint64),
            np.array(sorted(set(map(len, self.symbols[BEGINNING]))), np.int32),
            texts,
            text,
            kind,
            directory(hashes, root << np.uint64(32) | np.arange(1, len(hashes) + 1, dtype=np.uint64)),
            bloom(hashes, BITS),
            bloom(hashes[kind == BEGINNING], BITS),
            directory(edges, steps[children]),
            bloom(edges, BITS),
            _ints(self.parent),
            _ints(self.symbol),
            need,
            needs,
            _ints(self.programs),
            _ints(self.program),
            _bytes(self.sure),
            _ints(self.always),
            np.array(self.watch, np.int64),
            _bytes(self.written),
            _ints(self.write),
            _ints(self.leaves),
            _ints(self.leaf),
        )
        return Tables(*map(_unchanging, made))


def _ranges(keys: np.ndarray, values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the values of every key together, and where those of each key stand."""
    ends = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(keys, minlength=count), out=ends[1:])
    return ends, values[np.argsort(keys, kind="stable")]


def _ints(values: array) -> np.ndarray:
    return np.array(values, np.int32)


def _bytes(values: bytearray) -> np.ndarray:
    return np.frombuffer(bytes(values), np.uint8)


def _unchanging(values: np.ndarray) -> np.ndarray:
    """Mapped or made here: compiled code is the same for both only if neither may be written."""
    values.flags.writeable = False
    return values


def written(tables: Tables, slot: int, number: int) -> str:
    """Return the n-th term of a slot as it stands in its query."""
    leaf = tables.leaves[tables.leaf[slot] + number]
    return bytes(tables.written[tables.write[leaf] : tables.write[leaf + 1]]).decode("utf-8", "surrogatepass")

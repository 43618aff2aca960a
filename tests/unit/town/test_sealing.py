"""The hash chain over audit rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plein.town.sealing import GENESIS, row_digest, seal

KEY = b"a key"

rows = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3), min_size=1, max_size=8)


def digests(items, key=KEY):
    return [row_digest(item, key) for item in items]


@given(rows, st.data())
def test_a_changed_row_breaks_the_seal(items, data):
    at = data.draw(st.integers(0, len(items) - 1))
    changed = [dict(item) for item in items]
    changed[at]["changed"] = "x"
    assert seal(GENESIS, digests(items), KEY) != seal(GENESIS, digests(changed), KEY)


@given(rows)
def test_a_removed_row_breaks_the_seal(items):
    assert seal(GENESIS, digests(items), KEY) != seal(GENESIS, digests(items[1:]), KEY)


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_rows_is_part_of_the_seal(order):
    assert (seal(GENESIS, order, KEY) == seal(GENESIS, ["a", "b", "c"], KEY)) == (order == ["a", "b", "c"])


def test_a_row_has_the_same_digest_whatever_the_order_of_its_fields():
    assert digests([{"a": 1, "b": 2}]) == digests([{"b": 2, "a": 1}])


def test_without_the_key_nobody_can_make_the_chain_anew():
    assert digests([{"a": 1}]) != digests([{"a": 1}], b"another key")
    assert seal(GENESIS, ["a"], KEY) != seal(GENESIS, ["a"], b"another key")

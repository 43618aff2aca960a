"""The hash chain over audit rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plein.town.sealing import GENESIS, row_digest, seal

rows = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3), min_size=1, max_size=8)


@given(rows, st.data())
def test_a_changed_row_breaks_the_seal(items, data):
    at = data.draw(st.integers(0, len(items) - 1))
    changed = [dict(item) for item in items]
    changed[at]["changed"] = "x"
    assert seal(GENESIS, map(row_digest, items)) != seal(GENESIS, map(row_digest, changed))


@given(rows)
def test_a_removed_row_breaks_the_seal(items):
    assert seal(GENESIS, map(row_digest, items)) != seal(GENESIS, map(row_digest, items[1:]))


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_rows_is_part_of_the_seal(order):
    assert (seal(GENESIS, order) == seal(GENESIS, ["a", "b", "c"])) == (order == ["a", "b", "c"])


def test_a_row_has_the_same_digest_whatever_the_order_of_its_fields():
    assert row_digest({"a": 1, "b": 2}) == row_digest({"b": 2, "a": 1})

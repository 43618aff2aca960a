"""Reading a sealed trail back."""

from __future__ import annotations

from dataclasses import replace

from plein.town.sealing import GENESIS, Fault, Head, Link, row_digest, seal, verify

KEY = b"a key"


def chain(*groups: list[dict]) -> list[Link]:
    """Seal groups of rows, as the worker does."""
    links, previous = [], GENESIS
    for number, rows in enumerate(groups, 1):
        kept = tuple((number * 10 + at, row_digest(row, KEY), row) for at, row in enumerate(rows))
        digest = seal(previous, (one[1] for one in kept), KEY)
        links.append(Link(number, digest, previous, len(rows), kept))
        previous = digest
    return links


ROWS = chain([{"a": 1}, {"a": 2}], [{"a": 3}], [{"a": 4}])


def test_an_untouched_trail_has_no_faults() -> None:
    assert list(verify(ROWS, KEY)) == []


def test_a_changed_row_is_named() -> None:
    row, kept, _now = ROWS[0].sealed[1]
    touched = replace(ROWS[0], sealed=(ROWS[0].sealed[0], (row, kept, {"a": 5})))
    assert list(verify([touched, *ROWS[1:]], KEY)) == [Fault(1, 11, "changed")]


def test_a_changed_row_with_a_fresh_digest_breaks_the_seal() -> None:
    row = ROWS[0].sealed[1][0]
    touched = replace(ROWS[0], sealed=(ROWS[0].sealed[0], (row, row_digest({"a": 5}, KEY), {"a": 5})))
    assert list(verify([touched, *ROWS[1:]], KEY)) == [Fault(1, None, "seal")]


def test_a_removed_row_is_seen() -> None:
    touched = replace(ROWS[0], sealed=ROWS[0].sealed[:1])
    assert list(verify([touched, *ROWS[1:]], KEY)) == [Fault(1, None, "count")]


def test_a_removed_seal_breaks_the_chain() -> None:
    assert list(verify([ROWS[0], ROWS[2]], KEY)) == [Fault(3, None, "chain")]


def test_a_replaced_seal_breaks_the_chain_at_the_next() -> None:
    other = chain([{"a": 9}, {"a": 2}])[0]
    assert list(verify([other, *ROWS[1:]], KEY)) == [Fault(2, None, "chain")]


def test_an_end_that_was_cut_off_is_missed() -> None:
    head = Head(ROWS[-1].id, ROWS[-1].digest)
    assert list(verify(ROWS, KEY, head)) == []
    assert list(verify(ROWS[:-1], KEY, head)) == [Fault(3, None, "head")]
    assert list(verify([], KEY, head)) == [Fault(3, None, "head")]


def test_a_head_of_a_while_ago_is_enough() -> None:
    assert list(verify(ROWS, KEY, Head(ROWS[0].id, ROWS[0].digest))) == []


def test_a_chain_made_anew_under_the_same_numbers_is_not_the_one_that_was() -> None:
    head = Head(ROWS[-1].id, ROWS[-1].digest)
    assert list(verify(chain([{"a": 1}], [{"a": 3}], [{"a": 4}]), KEY, head)) == [Fault(3, None, "head")]


def test_with_another_key_nothing_fits() -> None:
    assert {fault.kind for fault in verify(ROWS, b"another key")} == {"changed", "seal"}

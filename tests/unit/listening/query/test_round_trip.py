"""Text becomes a tree becomes the same text; nothing anybody types brings another error."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plein.listening.query.errors import QueryError
from plein.listening.query.highlighting import KINDS, marks
from plein.listening.query.linting import lint
from plein.listening.query.looking import phrases_of, terms
from plein.listening.query.parsing import located, parse
from plein.listening.query.tree import Node, Phrase, Prefix, Tag, Word, parts_of, walk
from plein.listening.query.writing import write
from plein.listening.tokens import tag_of, tokens
from tests.unit.listening.query.making import spaced_texts, texts, trees

anything = st.one_of(texts, spaced_texts, st.text())


def read(text: str) -> Node | QueryError:
    """Return what a text says, or what is wrong with it. Any other error is a defect."""
    try:
        return parse(text)
    except QueryError as error:
        return error


@settings(max_examples=80, deadline=None)
@given(trees)
def test_a_tree_that_is_written_is_read_as_the_same_tree(tree):
    assert parse(write(tree)) == tree


@settings(max_examples=300, deadline=None)
@given(anything)
@example("")
@example("\ud800")
@example("*⃣*")
@example("NOT NOT (a OR NOT b) -(NOT c)")
@example('"' * 3)
def test_whatever_is_typed_is_a_query_that_can_be_written_or_a_mistake_with_a_place(text):
    tree = read(text)
    if isinstance(tree, QueryError):
        lines = text.split("\n")
        assert tree.words
        assert 1 <= tree.line <= len(lines)
        assert 1 <= tree.column <= len(lines[tree.line - 1]) + 1
        assert 0 <= tree.start <= tree.end <= len(text)
    else:
        written = write(tree)
        assert parse(written) == tree
        assert write(parse(written)) == written


@settings(max_examples=200, deadline=None)
@given(anything)
def test_every_word_of_a_tree_is_one_word_for_whoever_matches(text):
    tree = read(text)
    for node in () if isinstance(tree, QueryError) else walk(tree):
        match node:
            case Word(word) | Prefix(word):
                assert len(tokens(word)) == 1
            case Phrase(words):
                assert len(words) > 1 and all(len(tokens(word)) == 1 for word in words)
            case Tag(tag):
                assert tag_of(tag)


@settings(max_examples=200, deadline=None)
@given(anything)
def test_an_editor_can_colour_whatever_is_typed(text):
    end = 0
    for mark in marks(text):
        assert end <= mark.start < mark.end <= len(text)
        assert mark.kind in KINDS
        assert not text[end : mark.start].strip(" \t\n\r\f\v\ufeff\u200b\u2060").strip()
        end = mark.end


@settings(max_examples=80, deadline=None)
@given(trees)
def test_everything_in_a_query_has_a_place_in_its_text(tree):
    query = located(write(tree))
    assert len(query.spots) == sum(1 for _ in walk(tree))
    for path, where in query.spots.items():
        node = tree
        for number in path:
            node = parts_of(node)[number]
        assert parse_part(where.words) == node


def parse_part(text: str):
    """Read a part, which may be a NOT that may not stand by itself."""
    return parse(f"x AND ({text})").parts[1]


@settings(max_examples=80, deadline=None)
@given(trees)
def test_the_linter_has_a_place_for_every_remark(tree):
    text = write(tree)
    for remark in lint(tree, is_ordinary=lambda name: len(name) < 5, knows_place=lambda name: name != "best"):
        assert 0 <= remark.start < remark.end <= len(text)
        assert remark.words


@settings(max_examples=100, deadline=None)
@given(trees)
def test_what_is_looked_for_stands_in_the_query(tree):
    assert set(terms(tree)) <= set(walk(tree))
    assert len(phrases_of(tree)) <= sum(1 for _ in walk(tree))

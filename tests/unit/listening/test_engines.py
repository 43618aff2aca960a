"""Trees, in every engine."""

from __future__ import annotations

import gc
import threading
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plein.listening import fast
from plein.listening.matching import FastEngine, Hit, PlainEngine, Said, Watch
from plein.listening.query.tree import And, Filter, Near, Not, Or, Phrase, Place, Prefix, Tag, Word
from tests.drawn import Drawn

SCALE = pytest.mark.skipif(find_spec("numba") is None, reason="the extra scale is not installed")


class Compiled(FastEngine):
    """The engine with its compiled base standing."""

    def __init__(self, watches=()):
        super().__init__(watches, compiled=True)
        self.match([])
        self.settle()


ENGINES = [PlainEngine, FastEngine, pytest.param(Compiled, marks=SCALE)]


def found(engine, tree, *posts):
    return [hit.index for hit in engine([Watch(1, 1, tree)]).match(posts)]


def why(engine, tree, post):
    return [hit.reason for hit in engine([Watch(1, 1, tree)]).match([post])]


@pytest.mark.parametrize("engine", ENGINES)
class TestMeaning:
    def test_near_counts_steps_in_either_order_and_never_overlaps(self, engine):
        tree = Near(Phrase(("nieuwe", "brug")), Word("dicht"), 2)
        assert found(engine, tree, "nieuwe brug is dicht", "dicht: de nieuwe brug", "nieuwe brug is weer dicht") == [
            0,
            1,
        ]
        assert found(engine, Near(Word("brug"), Word("brug"), 3), "brug", "brug brug") == [1]

    def test_a_tag_is_not_the_word_alone(self, engine):
        assert found(engine, Tag("Best"), "best", "#best", "#Best_of", Said("hoi", tags=["BEST"])) == [1, 3]
        assert found(engine, Tag("rode_loper"), "#RodeLoper", "#rode_loper", "#rode loper") == [0, 1]

    def test_beginnings(self, engine):
        assert found(engine, Prefix("sluis"), "Sluisbrug", "de sluis", "versluis") == [0, 1]
        assert found(engine, Phrase(("de", "sluis"), True), "de sluizen", "de sluiswachter", "sluis de") == [1]

    def test_emoji_are_words(self, engine):
        assert found(engine, Word("👍"), "top👍🏽man", "👍", "🙂") == [0, 1]
        assert found(engine, Phrase(("brug", "😡")), "brug😡", "brug is 😡") == [0]

    def test_filters_look_beside_the_words(self, engine):
        posts = [Said("brug", language="nl-NL", network="mastodon"), Said("brug", language="de", network="bluesky")]
        assert found(engine, And((Word("brug"), Filter("lang", "nl"))), *posts) == [0]
        assert found(engine, Filter("network", "Bluesky"), *posts) == [1]
        links = [
            Said("x", links=[link]) for link in ("https://www.waterdam.nl/a/b", "https://waterdam.nl.example/a", "//[")
        ]
        assert found(engine, Filter("link", "waterdam.nl/a"), *links) == [0]

    def test_absence_can_be_asked_for(self, engine):
        assert found(engine, Not(Word("brug")), "brug", "sluis", "") == [1, 2]
        assert found(engine, And((Word("brug"), Not(Or((Word("open"), Word("spel")))))), "brug open", "brug") == [1]

    def test_the_reason_is_the_first_term_of_the_query_that_counts(self, engine):
        tree = Or((And((Word("brug"), Word("open"))), Prefix("Dich"), Word("brug")))
        assert why(engine, tree, "brug dicht") == ["Dich*"]
        assert why(engine, And((Filter("lang", "nl"), Word("Brug"))), Said("brug", language="nl")) == ["Brug"]
        assert why(engine, Filter("lang", "nl"), Said("brug", language="nl")) == ["lang:nl"]
        assert why(engine, Not(Word("brug")), "sluis") == [""]

    def test_an_empty_tree_finds_nothing_or_everything(self, engine):
        assert found(engine, Or(()), "brug", "") == []
        assert found(engine, And(()), "brug", "") == [0, 1]

    def test_what_cannot_be_matched_is_refused(self, engine):
        for tree in (Place("Best"), Filter("kleur", "rood"), Near(And((Word("a"), Word("b"))), Word("c"), 2)):
            with pytest.raises(ValueError):
                engine().put(Watch(1, 1, tree))
            assert engine().match(["a"]) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_all_engines_say_the_same(seed):
    drawn = Drawn(seed)
    watches = [drawn.watch(number) for number in range(25)]
    posts = [drawn.said() for _ in range(12)]
    expected = PlainEngine(watches).match(posts)
    assert FastEngine(watches, compiled=False).match(posts) == expected


@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=SCALE)])
def test_changes_count_while_a_new_base_is_made(compiled, monkeypatch):
    monkeypatch.setattr(fast, "AT_ONCE", 3)
    standing = [Watch.of_phrases(number, 1, [f"woord{number}"]) for number in range(40)]
    engine = FastEngine(standing, compiled=compiled)
    assert engine.match(["woord7"]) == [Hit(0, 7, "woord7")]
    go, make = threading.Event(), engine._compile if compiled else engine._anchored

    def slowly(watches):
        go.wait(20)
        return make(watches)

    monkeypatch.setattr(engine, "_compile" if compiled else "_anchored", slowly)
    for number in range(40, 80):
        engine.put(Watch.of_phrases(number, 1, [f"woord{number}"]))
    assert engine.match(["woord50"]) == [Hit(0, 50, "woord50")]
    engine.drop(7)
    engine.drop(50)
    engine.put(Watch.of_phrases(8, 1, ["anders"]))
    engine.put(Watch.of_phrases(99, 1, ["laatste"]))
    asked = ["woord7", "woord50", "woord8", "anders", "laatste", "woord60"]
    expected = [Hit(3, 8, "anders"), Hit(4, 99, "laatste"), Hit(5, 60, "woord60")]
    assert engine.match(asked) == expected
    go.set()
    engine.settle()
    assert engine.match(asked) == expected == PlainEngine(engine.watches.values()).match(asked)


def test_many_watches_are_kept_out_of_the_search_for_garbage_before_a_new_base_is_made(monkeypatch):
    monkeypatch.setattr(fast, "AT_ONCE", 3)
    monkeypatch.setattr(fast, "MANY", 40)
    gc.unfreeze()
    engine = FastEngine([Watch.of_phrases(number, 1, [f"woord{number}"]) for number in range(20)], compiled=False)
    engine.match([])
    assert gc.get_freeze_count() == 0
    for number in range(20, 40):
        engine.put(Watch.of_phrases(number, 1, [f"woord{number}"]))
    engine.settle()
    assert gc.get_freeze_count() > 0
    gc.unfreeze()


@SCALE
class TestTables:
    def test_tables_are_saved_and_shared(self, tmp_path):
        from plein.listening.compiled import Compiled as Base
        from plein.listening.finding import Sketch
        from plein.listening.watches import Batch

        drawn = Drawn("tables")
        base = Base.of(map(Sketch, (drawn.watch(number) for number in range(200))), seed=7)
        base.save(tmp_path / "tables")
        opened = Base.open(tmp_path / "tables")
        posts = Batch.of([drawn.text() for _ in range(200)])
        assert list(opened.candidates(posts)) == list(base.candidates(posts))
        assert not any(one.flags.owndata or one.flags.writeable for one in opened.tables)
        with pytest.raises(FileNotFoundError):
            Base.open(tmp_path / "nothing")

    def test_one_post_may_be_what_everybody_looks_for(self):
        watches = [Watch.of_phrases(number, 1, ["brug", "sluis"]) for number in range(9_000)]
        assert len(Compiled(watches).match(["de brug", "", "een sluis", "kade"])) == 18_000

    def test_texts_that_grow_by_folding_are_read_whole(self):
        assert [
            hit.index for hit in Compiled([Watch.of_phrases(1, 1, ["brug"])]).match(["\ufdfa" * 50_000 + " brug"])
        ] == [0]

    def test_words_of_the_same_hash_are_told_apart(self, monkeypatch):
        from plein.listening.compiled import finder, reading, tables

        monkeypatch.setattr(tables, "hash_all", lambda texts, text, kind, seed: tables._ints([1, 2]).astype("uint64"))
        base = finder.Compiled.of(iter(_two_watches()), seed=1)
        split = reading.split

        def same_hashes(folded, words, seed, factor):
            split(folded, words, seed, factor)
            words.hashes[: words.first[1]] = 1

        monkeypatch.setattr(reading, "split", same_hashes)
        engine = FastEngine([sketch.watch for sketch in _two_watches()])
        engine._base, engine._in_base = base, {1, 2}
        assert [hit.watch for hit in engine.match(["kade brug"])] == [1]


def _two_watches():
    from plein.listening.finding import Sketch

    return [Sketch(Watch.of_phrases(1, 1, ["brug"])), Sketch(Watch.of_phrases(2, 1, ["sluis"]))]

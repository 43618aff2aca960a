"""The fast engine says what the plain one says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plein.listening.matching import FastEngine, Hit, PlainEngine, Watch
from plein.listening.tokens import tokens
from plein.town.words import fold, fold_to_bytes

# What has fooled matchers before: apostrophes, marks, ligatures, capitals that fold to several
# letters, letters that decompose, joined emoji, NUL, halves of characters, other alphabets.
TRICKY = list("abeo sx19'’_-#@.\n\0éëïßſŒœİıǅＡ𝓢𝐛①½ﬁ\u0301\u0308\u200d\u00ad😀👍🏽각가가مДΣςΐ") + ["\ud800", "''", "’'"]
COLOURS = [*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0x1F3FB, 0x1F400))]
pieces = st.one_of(
    st.sampled_from(TRICKY),
    st.sampled_from(["brug", "sluis", "sluisbrug", "foto's", "Café", "dicht", "een", " "]),
    st.characters(),
)
texts = st.lists(pieces, max_size=12).map("".join)
phrases = st.lists(pieces, min_size=1, max_size=5).map("".join)
watches = st.lists(st.lists(phrases, min_size=1, max_size=3), max_size=6).map(
    lambda all_phrases: [Watch.of_phrases(number, number % 2, tuple(some)) for number, some in enumerate(all_phrases)]
)


@settings(max_examples=250, deadline=None)
@given(watches, st.lists(texts, max_size=8))
@example([Watch.of_phrases(1, 1, ("a",))], ["a''b", "a'b", "'a'", "a_b", "a\0b", "á", "xa\u0301"])
@example(
    [Watch.of_phrases(1, 1, ("sluis brug",))],
    ["sluis-brug", "Sluis  BRUG!", "#sluis #brug", "sluisbrug", "sluis. de brug"],
)
def test_both_engines_find_the_same(watches, texts):
    assert FastEngine(watches).match(texts) == PlainEngine(watches).match(texts)


@settings(max_examples=150, deadline=None)
@given(watches, st.lists(texts, min_size=1, max_size=5))
def test_every_phrase_finds_itself_inside_any_text(watches, texts):
    engine = FastEngine(watches)
    for watch in watches:
        for phrase in (" ".join(part.words) for part in watch.tree.parts):
            if tokens(phrase):
                found = engine.match([*texts, f"ook {phrase} hier"])
                assert (len(texts), watch.id) in {(hit.index, hit.watch) for hit in found}


@settings(max_examples=600, deadline=None)
@given(texts)
def test_folding_by_runs_is_folding_the_whole(text):
    import unicodedata

    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    whole = "".join(c for c in decomposed if not unicodedata.combining(c) and c not in COLOURS)
    assert fold(text) == whole.lower()
    assert fold_to_bytes(text).decode("utf-8", "surrogatepass") == fold(text)


@pytest.mark.parametrize("engine", [PlainEngine, FastEngine])
class TestEngines:
    def test_capitals_accents_and_marks_make_no_difference(self, engine):
        found = engine([Watch.of_phrases(1, 1, ("cafe de brug",))]).match(["Naar CAFÉ, de #Brug!"])
        assert found == [Hit(0, 1, "cafe de brug")]

    def test_a_word_inside_a_word_is_another_word(self, engine):
        assert engine([Watch.of_phrases(1, 1, ("brug",))]).match(["sluisbrug", "brugklas", "brúggen"]) == []

    def test_letters_in_fancy_fonts_are_letters(self, engine):
        assert engine([Watch.of_phrases(1, 1, ("sluis",))]).match(["𝓢𝓵𝓾𝓲𝓼 ＳＬＵＩＳ"]) == [Hit(0, 1, "sluis")]

    def test_a_watch_tells_the_first_of_its_phrases(self, engine):
        found = engine([Watch.of_phrases(1, 1, ("dicht", "sluisbrug")), Watch.of_phrases(2, 2, ("sluisbrug",))]).match(
            ["sluisbrug dicht"]
        )
        assert found == [Hit(0, 1, "dicht"), Hit(0, 2, "sluisbrug")]

    def test_a_new_watch_counts_for_the_next_text(self, engine):
        chosen = engine()
        assert chosen.match(["zwerfvuil"]) == []
        chosen.put(Watch.of_phrases(1, 1, ("zwerfvuil",)))
        assert chosen.match(["zwerfvuil"]) == [Hit(0, 1, "zwerfvuil")]
        chosen.put(Watch.of_phrases(1, 1, ("afval",)))
        assert chosen.match(["zwerfvuil", "afval"]) == [Hit(1, 1, "afval")]
        chosen.drop(1)
        assert chosen.match(["afval"]) == []

    def test_a_phrase_without_words_finds_nothing(self, engine):
        assert engine([Watch.of_phrases(1, 1, ("!!!", "", "-"))]).match(["!!! -", ""]) == []


def test_a_watch_collects_from_its_start_until_before_its_end():
    watch = Watch.of_phrases(1, 1, ("brug",), datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert watch.collects(datetime(2026, 3, 1, tzinfo=UTC))
    assert not watch.collects(datetime(2026, 4, 1, tzinfo=UTC))
    assert not watch.collects(datetime(2026, 2, 28, tzinfo=UTC))

"""In which language short, sloppy texts are. The posts were written for these tests; nothing was fitted on them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.listening.language import CODES, LIMIT, language_of, model, pieces, shares_of, words_of

HERE = Path(__file__).parent


def lines(name: str) -> list[str]:
    return (HERE / name).read_text().splitlines()


def share(posts: list[str], code: str) -> float:
    return sum(language_of(post).code == code for post in posts) / len(posts)


def test_frisian_posts_are_recognised() -> None:
    posts = lines("posts_frisian.txt")
    assert len(posts) >= 40
    assert share(posts, "fy") >= 0.92, [post for post in posts if language_of(post).code != "fy"]


def test_posts_in_twents_limburgs_brabants_zeeuws_and_gronings_count_as_dutch() -> None:
    posts = lines("posts_dialect.txt")
    assert len(posts) >= 40
    assert share(posts, "nl") >= 0.95, [(post, language_of(post)) for post in posts if language_of(post).code != "nl"]


LANGUAGES = [line.split("\t") for line in lines("posts_languages.tsv")]


@pytest.mark.parametrize(("code", "text"), LANGUAGES)
def test_a_sloppy_post_gets_its_language_and_what_is_no_language_of_ours_und(code: str, text: str) -> None:
    assert language_of(text).code == code, shares_of(text)


@pytest.mark.parametrize(
    ("word", "code"),
    [("vuilnis", "nl"), ("gemeente", "nl"), ("goedemorgen", "nl"), ("fietspad", "nl"), ("yesterday", "en"),
     ("danke", "de"), ("Straße", "de"), ("teşekkürler", "tr"), ("dziękuję", "pl"), ("شكرا", "ar"), ("hawwe", "fy")],
)  # fmt: skip
def test_a_single_word_is_enough_where_it_is_of_one_language_only(word: str, code: str) -> None:
    assert language_of(word).code == code


def test_capitals_drawn_out_letters_and_hashtags_do_not_change_the_language() -> None:
    for text in ("wat een troep hier", "WAT EEN TROEP HIER", "waaaaaat een troooooep hier", "#wat #een #troep #hier"):
        assert language_of(text).code == "nl", text


def test_links_and_handles_say_nothing() -> None:
    bare = shares_of("wanneer is de markt")
    assert shares_of("@the_english_person wanneer is de markt https://www.example.com/the/english/words") == bare


def test_less_to_go_by_is_less_sure() -> None:
    assert language_of("de").sure < language_of("de container is weer niet geleegd").sure


def test_words_are_cleaned_before_they_are_read() -> None:
    assert list(words_of("")) == list(words_of("123 😀 @iemand https://a.example")) == []
    assert list(words_of("Jaaaaa!! 'k zag’t info@waterdam.example")) == ["jaa", "'k", "zag't"]
    assert max(map(len, words_of("a" + "bc" * 500))) == 40


def test_no_word_outweighs_all_others() -> None:
    assert min(len(pieces(word)) for word in ("ik", "a")) >= 3
    one, many = shares_of("hawwe"), shares_of("hawwe " + "wij vinden dat een goed plan van de gemeente")
    assert max(one, key=one.get) == "fy" and max(many, key=many.get) == "nl"
    assert LIMIT < 10


@given(st.text(max_size=300))
def test_anything_gets_an_answer_with_a_share_from_nothing_to_all(text: str) -> None:
    guess = language_of(text)
    assert guess.code in CODES and 0 <= guess.sure <= 1
    assert sum(shares_of(text).values()) == pytest.approx(1)


def test_the_weights_say_where_they_come_from_and_are_small() -> None:
    assert "wordfreq" in model().origin and "CC BY-SA" in model().origin
    assert model().buckets * len(CODES) == len(model().rows) <= 8 * 1024 * 1024

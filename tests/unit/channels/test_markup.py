"""HTML as networks send it, and the text a person reads in it."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.channels.markup import plain
from tests.growth import grows_gently

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=12)
TAGS = st.sampled_from(["p", "br", "li", "ul", "a", "b", "div", "script", "pre", "td", "svg", "blockquote", "x-y"])


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>een</p><p>twee</p>", "een\n\ntwee"),
        ("een<br>twee<br/>drie", "een\ntwee\ndrie"),
        ("<div>een</div><div>twee</div>", "een\ntwee"),
        ("<p>  veel \n  wit </p>", "veel wit"),
        ("a &lt;b&gt; &amp; c &#128578;", "a <b> & c 🙂"),
        ("<ul><li>een</li><li>twee</li></ul>", "- een\n- twee"),
        ("<ol><li>een</li><li>twee</li></ol>na", "1. een\n2. twee\n\nna"),
        ('<span class="invisible">https://</span><span class="ellipsis">a.nl/b</span><span class="invisible">cd</span>',
         "https://a.nl/bcd"),
        ('Dag <img src="e.png" alt=":zon:"> allen', "Dag :zon: allen"),
        ("voor<script>x<y</script>na<style>p{}</style>", "voorna"),
        ("zonder opmaak,  met  wit", "zonder opmaak,  met  wit"),
        ("<p>niet gesloten <b>vet", "niet gesloten vet"),
        ("</p></div>alleen dicht", "alleen dicht"),
    ],
)  # fmt: skip
def test_html_becomes_the_text_that_a_person_reads(markup: str, text: str) -> None:
    assert plain(markup).text == text


def test_links_are_whole_and_those_on_names_and_hashtags_are_left_out() -> None:
    markup = (
        '<a class="u-url mention" href="https://a.example/@jan">@jan</a> <a class="mention hashtag" href="/t/x">#x</a> '
        '<a href="/stuk">stuk</a> <a href="javascript:alert(1)">klik</a> <a href="#">top</a> <a>niets</a>'
    )
    assert plain(markup, "https://a.example/map/").links == ("https://a.example/stuk",)


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_escaped_text_comes_back_as_it_was(words: list[str]) -> None:
    text = " ".join(words)
    assert plain(f"<p>{html.escape(text)}</p>").text == text


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_paragraphs_stay_paragraphs(paragraphs: list[list[str]]) -> None:
    lines = [" ".join(words) for words in paragraphs]
    assert plain("".join(f"<p>{html.escape(line)}</p>" for line in lines)).text == "\n\n".join(lines)


@given(st.lists(st.one_of(WORDS, TAGS.map("<{}>".format), TAGS.map("</{}>".format)), max_size=30))
def test_no_heap_of_tags_upsets_it_or_leaves_more_than_one_empty_line(parts: list[str]) -> None:
    text = plain("".join(parts)).text
    assert "\n\n\n" not in text
    assert text == text.strip()


@given(WORDS)
def test_what_a_browser_does_not_show_is_not_read(word: str) -> None:
    assert plain(f"<p>a</p><script>QQ{word}QQ</script><template>QQ</template>").text == "a"


@given(st.text(max_size=200))
def test_whatever_somebody_sends_there_is_a_text(markup: str) -> None:
    assert isinstance(plain(markup, "https://a.example").text, str)


NASTY = [
    "<img> ", "<div>", "<ul>", "<li>", "</p>", "<script>", "<svg>", "</math>", "<", "<a ", "<a b", "&", "&a", "<!--",
    "<!-- >", "<!-- ->", "<![CDATA[", "<![CDATA[>", "<!", "<!x", "<!x>", "<?", "<?>", "<a href='", "<a href='>", "</a",
    "</a >", "</a b='", '<a b="c', "<a b=c/", " ", "\n ", "<pre> \n", "<br> ", "<a/", "<a b ", "<script></", "--!>", "]]>",
]  # fmt: skip


@pytest.mark.parametrize("last", ["", ">", "-->", "<svg>"])
@pytest.mark.parametrize("piece", NASTY)
def test_whatever_is_repeated_twice_as_much_takes_twice_as_long(piece: str, last: str) -> None:
    deep = "<svg>" * (piece == "</math>")
    assert grows_gently(lambda times: plain(deep * times + piece * times + last))


def test_an_unended_tag_is_text_and_what_follows_is_read() -> None:
    assert plain('een <a href="x>twee</a><p>drie</p>').text.endswith("drie")
    assert plain("a &lt; b<c").text == "a < b<c"
    assert plain("<p>een</p>AT&T").text == "een\n\nAT&T"

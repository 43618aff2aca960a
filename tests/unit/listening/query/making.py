"""Makes texts and trees for the tests of the query language."""

from __future__ import annotations

from hypothesis import strategies as st

from plein.listening.query.tree import And, Filter, Near, Not, Or, Phrase, Place, Prefix, Tag, Word
from plein.listening.query.weighing import asks

# What has fooled readers of queries: signs of the language, quotes of every kind, words that are
# operators, emoji glued to letters, marks, joiners, keycaps, halves of characters, other alphabets.
TRICKY = [
    "AND", "OR", "NOT", "EN", "OF", "NIET", "NEAR", "NEAR/3", "NABIJ/4", "NEAR/", "NEAR7", "near/2", "and", "en", "niet",
    "(", ")", "((", "))", '"', "“", "”", "„", "«", "'", "’", "‘", "*", "**", "#", "＃", "##", "@", "＠", "-", "−", "–", "--", ":",
    "lang:", "taal:nl", "lang:NL", "plek:x", "place:", 'place:"Berg en Dal"', "netwerk:mastodon", "tag:best", "link:", "link:a.nl/x_(y)",
    "link:“a.nl”", "from:", "http://", "~5", "\\", "|", "&", "_", "__", "\0", "\n", "\t", "\r\n", "\u00a0", "\ufeff", "\u200b",
    "\u200d", "\u00ad", "\u0301", "\ufe0f", "\u20e3", "\ud800", "😀", "👍🏽", "👩‍🚒", "🇳🇱", "🇳", "5️⃣", "#️⃣", "*️⃣", "*⃣",
    "é", "ß", "ǅ", "İ", "ﬁ",
    "𝓢", "①", "½", "각", "مرحبا", "ΐ", "ſ", "Œ", "'s", "’t", "foto's", "06", "12345678", "[", "]", "{0}", "%s", "\u2068", "\u2069",
]  # fmt: skip
WORDS = [
    "brug",
    "Sluisbrug",
    "dicht",
    "Café",
    "foto's",
    "A2",
    "AND",
    "niet",
    "😀",
    "x",
    "azc",
    "Ͼ",
    "2026",
    "'s",
    "NEAR",
    "ii",
]

pieces = st.one_of(
    st.sampled_from(TRICKY),
    st.sampled_from(WORDS),
    st.sampled_from([" ", " ", "  "]),
    st.characters(),
    st.text(max_size=3),
)
texts = st.lists(pieces, max_size=20).map("".join)
spaced_texts = st.lists(pieces, max_size=14).map(" ".join)

words = st.sampled_from(WORDS)
leaves = st.one_of(
    words.map(Word),
    st.sampled_from(["brug", "Cafe", "azc", "2026"]).map(Prefix),
    st.builds(Phrase, st.lists(words, min_size=2, max_size=4).map(tuple)),
    st.builds(Phrase, st.lists(words, min_size=1, max_size=3).map(lambda some: (*some, "brug")), st.just(True)),
    st.sampled_from(["best", "Sluis_Brug", "A2", "café", "Foto's"]).map(Tag),
)
filters = st.one_of(
    st.sampled_from(["nl", "fy", "und"]).map(lambda value: Filter("lang", value)),
    st.sampled_from(["mastodon", "feed"]).map(lambda value: Filter("network", value)),
    st.sampled_from(["waterdam.nl", "a.nl/x_(y)?b=1#c"]).map(lambda value: Filter("link", value)),
    st.sampled_from(["Best", "Berg en Dal", "'s-Gravenhage", "Bergen (NH)"]).map(Place),
)
sides = st.recursive(
    st.one_of(leaves, st.sampled_from([Place("Best"), Place("Berg en Dal")])),
    lambda inner: st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or),
    max_leaves=4,
)
nears = st.builds(Near, sides, sides, st.integers(1, 100))
any_trees = st.recursive(
    st.one_of(leaves, filters, nears),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(tuple).map(And),
        st.lists(inner, min_size=2, max_size=4).map(tuple).map(Or),
        inner.map(Not),
    ),
    max_leaves=12,
)
trees = any_trees.filter(asks)

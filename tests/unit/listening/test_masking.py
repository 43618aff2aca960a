"""Nothing that points at a person stays in an overheard text."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.listening.masking import mask, points_at_somebody, without_placeholders

MASKED = [
    ("Vraag het @jan", "Vraag het [account]"),
    ("@jan.bos.bsky.social weet het.", "[account] weet het."),
    ("cc @jan@plein.example, en @femke@a.example.", "cc [account], en [account]."),
    ("＠jan", "[account]"),
    ("mail jan.bos+oud@post.example!", "mail [e-mail]!"),
    ("(jan_bos@post.example)", "([e-mail])"),
    ("https://plein.example/@jan/1", "https://plein.example/[account]/1"),
    ("https://bsky.app/profile/jan.bsky.social", "https://bsky.app/profile/[account]"),
    ("https://bsky.app/profile/did:plc:abc/post/3k", "https://bsky.app/profile/[account]/post/3k"),
    ("https://x.com/jandevries/status/1", "https://x.com/[account]/status/1"),
    ("zie twitter.com/jan_de_vries.", "zie twitter.com/[account]."),
    ("https://www.Instagram.com/jan.devries/", "https://www.Instagram.com/[account]/"),
    ("https://instagram.com/stories/jan.devries/3", "https://instagram.com/stories/[account]/3"),
    ("https://nl-nl.facebook.com/jan.de.vries.12?ref=1", "https://nl-nl.facebook.com/[account]?ref=1"),
    ("https://facebook.com/profile.php?id=100012345", "https://facebook.com/profile.php?id=[account]"),
    ("facebook.com/people/Jan-de-Vries/1000123/", "facebook.com/people/[account]/[account]/"),
    ("https://t.me/jandevries", "https://t.me/[account]"),
    ("https://t.me/s/jandevries/7", "https://t.me/s/[account]/7"),
    ("https://www.tiktok.com/@jan/video/7", "https://www.tiktok.com/[account]/video/7"),
    ("https://www.youtube.com/c/jandevries", "https://www.youtube.com/c/[account]"),
    ("https://nl.linkedin.com/in/jan-de-vries-1", "https://nl.linkedin.com/in/[account]"),
    ("vraag het jan-bos.bsky.social!", "vraag het [account]!"),
    ("https://Jan.Bsky.Social/", "https://[account]/"),
    ("Bel 06-12345678", "Bel [tel.]"),
    ("Bel 06 12 34 56 78 nu", "Bel [tel.] nu"),
    ("of +31 20 624 1111", "of [tel.]"),
    ("of 0049 30 901820", "of [tel.]"),
    ("tel: (020) 624 11 11.", "tel: [tel.]."),
    ("of +32 2 555 12 12", "of [tel.]"),
]
KEPT = [
    "Op 12-03-2026 om 10.15 uur",
    "€ 12.500.000 voor de brug",
    "Kerkstraat 12, 1234 AB Waterdam",
    "De N302 en de A7",
    "3 @ 2 euro",
    "#sluisbrug is dicht",
    "https://waterdam.example/afval/2026/11",
    "https://www.facebook.com/groups/waterdam/posts/1 en facebook.com/events/12",
    "https://x.com/hashtag/sluisbrug en https://x.com/i/status/1 en x.com",
    "https://www.instagram.com/explore/tags/waterdam/ en instagram.com/p/Cabc/",
    "https://www.youtube.com/watch?v=abc en https://t.me/joinchat/abc",
    "https://bsky.social/about en https://box.com/bestand en budgetx.com/aanbod",
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_what_points_at_a_person_is_masked(text, masked):
    assert mask(text) == masked
    assert points_at_somebody(text)


@pytest.mark.parametrize("text", KEPT)
def test_what_points_at_nobody_stays(text):
    assert mask(text) == text


@given(st.text())
def test_masking_twice_is_masking_once(text):
    assert mask(mask(text)) == mask(text)


@given(
    st.from_regex(r"[a-z]{3,12}", fullmatch=True),
    st.from_regex(r"[a-z]{3,9}\.example", fullmatch=True),
    st.text(max_size=12),
)
def test_no_handle_survives(name, host, around):
    assert name not in without_placeholders(mask(f"hoi @{name}@{host} dag")).replace("hoi", "").replace("dag", "")
    assert f"@{name}" not in mask(f"{around} @{name} {around}")


def test_placeholders_are_not_searched():
    assert without_placeholders("Bel [tel.] of [account]") == "Bel   of  "


LONG = [
    "x.com/",
    "x.com/a",
    "fb.com/photo.php?id",
    "fb.com/people/a",
    "a.bsky.social",
    "a-a.bsky.",
    "a",
    "a.",
    "a-",
    "@",
    "@a",
    "a@",
    "a@b.",
    "@a.",
    "/in/",
    "/@",
    "did:a",
    "06",
    "0 ",
    "1-",
    "+31",
    "(0",
    "x.nl/",
    "%",
]


@pytest.mark.parametrize("last", ["", " @", "@b"])
@pytest.mark.parametrize("piece", LONG)
def test_a_text_without_end_is_masked_in_a_moment(piece, last):
    began = process_time()
    mask(f"@{piece * 10_000}{last}")
    mask(f"{piece * 10_000}{last}")
    assert process_time() - began < 3

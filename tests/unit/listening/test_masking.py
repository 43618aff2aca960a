"""Nothing that points at a person stays in an overheard text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.listening.masking import Kind, find, mask, points_at_somebody, without_placeholders
from tests.growth import grows_gently

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
    "In de Kerkstraat, 1234 AB, is de stroom uit",
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


# Of every kind: what goes, and what only looks like it. More of both in masking_built_on.txt.
KINDS = [
    ("bsn 111222333", "bsn [bsn]", "ordernr 111222333"),
    ("sofi 1112.22.333", "sofi [bsn]", "bsn 123456789"),
    ("111 222 333", "[bsn]", "111 222 333 inwoners"),
    ("op NL91 ABNA 0417 1643 00 a.u.b.", "op [rekening] a.u.b.", "op NL92 ABNA 0417 1643 00 a.u.b."),
    ("nl91abna0417164300", "[rekening]", "nl91abna04171643"),
    ("van GB82 WEST 1234 5698 7654 32", "van [rekening]", "van GB82 WEST 1234 5698 7654 33"),
    ("bel 0595-123456", "bel [tel.]", "zaak 0595-123456"),
    ("app 31612345678", "app [tel.]", "op 06-12-2026 08.30 uur"),
    ("ook 085 123 45 67", "ook [tel.]", "ook 088 123 45 67, 0800-1234, 0900-8844, 14 020 en 112"),
    ("jan punt bos at post punt nl", "[e-mail]", "kom at home, punt uit"),
    ("jan (at) post.example", "[e-mail]", "jan (at work)"),
    ("de XX-123-X staat fout", "de [kenteken] staat fout", "de A58, N279 en MH-17"),
    ("kenteken xx123x", "kenteken [kenteken]", "type XX-123-X"),
    ("auto 12-XXX-3", "auto [kenteken]", "op 10-nov-26"),
    ("een duitse KLE-AB 123", "een duitse [kenteken]", "zaal B-AB 12"),
    ("bij Kerkstraat 12a is", "bij [adres] is", "Kerkstraat 12 minuten lopen"),
    ("1234 AB 12", "[adres]", "in 2026 en 12 keer"),
    ("op prins bernhardstraat 7 woont", "op [adres] woont", "op de snelweg 7 auto's"),
    ("Lindelaan 3, 1234 AB Waterdam.", "[adres].", "gemeentehuis, Lindelaan 3"),
    ("mijn klacht, 06-12345678 belt", "mijn klacht, [tel.] belt", "zaak met nummer 0687654321"),
    ("klantnr 12, bsn 111222333", "klantnr 12, bsn [bsn]", "het nummer van mijn zaak is 111222333"),
    ("auto KL-123-M bij de paal", "auto [kenteken] bij de paal", "bij lantaarnpaal KL-123-M"),
    ("bel nul zes twaalf 34 vijf zes 78!", "bel [tel.]!", "nul zes keer, zero two, nul negenhonderd"),
    ("T0595-123456/06-12345678", "T[tel.]/[tel.]", "een T0595 en M06"),
    ("+44 7700 900123 of O6-12345678", "[tel.] of [tel.]", "+31 88 123 45 67 of +31 14 020"),
    ("bsn 11.12.22.333", "bsn [bsn]", "lot 11.12.22.333"),
    ("rek.nr. 12.34.56.789", "rek.nr. [rekening]", "rek.nr. 12.34.56.788"),
    ("gironummer 1234567", "gironummer [rekening]", "giro 555, kavel 1234567"),
    ("jan@post,nl en jan{at}post.nl", "[e-mail] en [e-mail]", "de kom, nl"),
    ("mail: jan de bos at post dot nl", "mail: [e-mail]", "mail us at night"),
    ("witte bus 12 xxx 3 dumpt", "witte bus [kenteken] dumpt", "bus 12 km 45"),
    ("kenteken XX123-X", "kenteken [kenteken]", "toegangscode XX-123-X"),
    ("een 1-XXX-123", "een [kenteken]", "lijn 1-XX-1234"),
    ("Poolse auto WA 12345", "Poolse auto [kenteken]", "Poolse winkel KVK 12"),
    ("bij J.P. Kerkstraat 12 en 14.", "bij [adres].", "Kerkstraat 12 uur"),
    ("ik woon 't Hof 3", "ik woon [adres]", "molen aan de Vest 65"),
    ("Plein 1944 12", "[adres]", "Plein 1944 in 2026"),
    ("Hoofdweg Noord 12 lekt", "[adres] lekt", "Basisschool De Ark, Kerkstraat 12"),
    ("Smit van de Kerkstraat 1b", "Smit van de [adres]", "ijssalon op de Markt 44"),
    ("aan de Amstel 144.", "aan de [adres].", "aan de KNVB 5."),
    ("Kerkstraat 1,\n1234 AB Waterdam", "[adres]", "Kerkstraat (stadhuis)"),
    ("Laan van Nieuwland 3 lekt", "[adres] lekt", "Kerkplein 2026 wordt groen, Markt 24/7 open"),
    ("wij wonen aan Het Zand 4", "wij wonen aan [adres]", "wij wonen in Waterdam 4 jaar"),
]
# One message a line; what has to go stands between « and », and a \n is a new line.
BUILT_ON, HELD_OUT, SECOND_BUILT_ON, SECOND_HELD_OUT = (
    Path(__file__).with_name(f"masking_{name}.txt").read_text("utf-8").replace("\\n", "\r").split("\n")[:-1]
    for name in ("built_on", "held_out", "second_built_on", "second_held_out")
)


@pytest.mark.parametrize(("text", "masked", "alike"), KINDS)
def test_a_kind_goes_and_what_looks_like_it_stays(text, masked, alike):
    assert mask(text) == masked
    assert mask(alike) == alike


def test_what_was_found_stands_where_it_is_said():
    text = "@jan bsn 111222333, tel 06-12345678, jan@post.example"
    assert [(one.kind, text[one.start : one.end]) for one in find(text)] == [
        (Kind.ACCOUNT, "@jan"),
        (Kind.CITIZEN, "111222333"),
        (Kind.PHONE, "06-12345678"),
        (Kind.EMAIL, "jan@post.example"),
    ]


@pytest.mark.parametrize("lines", [BUILT_ON, HELD_OUT, SECOND_BUILT_ON, SECOND_HELD_OUT])
def test_messages_full_of_look_alikes_are_masked_nearly_as_labelled(lines):
    hits = said = asked = 0
    for line in lines:
        line = line.replace("\r", "\n")
        text, wanted = re.sub("[«»]", "", line), set(re.findall("«(.*?)»", line, re.DOTALL))
        found = {text[one.start : one.end] for one in find(text) if one.kind is not Kind.ACCOUNT}
        hits, said, asked = hits + len(wanted & found), said + len(found), asked + len(wanted)
    assert hits / said >= 0.98
    assert hits / asked >= 0.98


def test_at_least_half_of_the_messages_only_have_look_alikes_and_none_is_in_both_parts():
    assert len(BUILT_ON) + len(HELD_OUT) >= 300
    assert sum("«" not in line for line in BUILT_ON + HELD_OUT) >= (len(BUILT_ON) + len(HELD_OUT)) / 2
    assert not set(BUILT_ON) & set(HELD_OUT)


def test_an_address_may_be_looked_for_a_number_of_somebody_may_not():
    assert not points_at_somebody("Kerkstraat 12")
    assert points_at_somebody("111222333") and points_at_somebody("XX-123-X")


@given(st.text(alphabet="0123456789aXxbB -.,/@+€(nr)Kerkstaw\n"))
def test_masking_numbers_twice_is_masking_them_once(text):
    assert mask(mask(text)) == mask(text)


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
    "nul ",
    "nul zes een ",
    "06 zes ",
    "bsn 1.",
    "giro 1 ",
    "rek 12 ",
    "mail is jan ",
    "mail a@ ",
    "a@b,n ",
    "auto A1-",
    "kenteken A1 ",
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
    "a at a punt ",
    "NL12 ABNA ",
    "Kerkstraat 1 ",
    "Van 1 ",
    "12-AB-",
    "1234 AB ",
    "kenteken AB 12 ",
    "123456782 ",
    "did:a",
    "06",
    "0 ",
    "1-",
    "+31",
    "(0",
    "x.nl/",
    "%",
]


# As many pieces as a long post has; the most are eight times as many.
LITTLE = 150


@pytest.mark.parametrize("last", ["", " @", "@b"])
@pytest.mark.parametrize("piece", LONG)
def test_a_text_without_end_is_masked_in_a_moment(piece, last):
    assert grows_gently(lambda times: mask(f"@{piece * times}{last}"), LITTLE)
    assert grows_gently(lambda times: mask(f"{piece * times}{last}"), LITTLE)

"""A municipality's own colour stays readable and never reads as an alarm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.town.contrast import DARK, LIGHT, brightened, contrast, is_alarm, look, mix, problems, text_on

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
BLUE, RED, YELLOW, ORANGE, GREEN, GREY = "#154273", "#c8102e", "#ffd400", "#e17000", "#00811f", "#777777"


@pytest.mark.parametrize(("pair", "wanted"), [(("#16202a", "#ffffff"), 16.5), (("#0b5c73", "#ffffff"), 7.5)])
def test_contrast_gives_the_figures_of_the_design(pair, wanted):
    assert contrast(*pair) == pytest.approx(wanted, abs=0.1)


@pytest.mark.parametrize("accent", [BLUE, RED, YELLOW, GREEN, ORANGE])
@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_every_town_can_be_read_light_and_dark(accent, ground):
    own = accent if ground is LIGHT else brightened(accent, ground.surface)
    assert problems(look(own, ground), ground) == []


def test_a_blue_town_chooses_in_blue():
    found = look(BLUE, LIGHT)
    assert (found.chosen, found.text, found.on_accent) == (BLUE, BLUE, "#ffffff")


@pytest.mark.parametrize("accent", [RED, GREEN, ORANGE])
def test_a_town_in_a_colour_that_means_something_chooses_in_ink_and_grey(accent):
    found = look(accent, LIGHT)
    assert is_alarm(accent)
    assert found.accent == accent, "buttons and links keep it"
    assert (found.chosen, found.chosen_soft) == (LIGHT.ink, LIGHT.quiet)


def test_a_yellow_town_keeps_yellow_buttons_with_an_edge_and_reads_links_in_ink():
    found = look(YELLOW, LIGHT)
    assert (found.accent, found.text, found.edge, found.on_accent) == (YELLOW, LIGHT.ink, LIGHT.ink, LIGHT.ink)


def test_what_cannot_be_read_is_named_with_its_figures():
    broken = look(BLUE, LIGHT).__class__("#777777", "#888888", *["#777777"] * 7)
    assert "text on the accent: #888888 on #777777" in problems(broken, LIGHT)[0]


@given(COLOURS, COLOURS)
def test_contrast_is_the_same_both_ways_and_never_out_of_bounds(one, other):
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.0001


@given(COLOURS)
def test_text_on_any_colour_is_the_better_of_two(colour):
    assert contrast(text_on(colour), colour) >= 4.0


@given(COLOURS, COLOURS, st.floats(0, 1))
def test_a_mix_is_a_colour(one, other, share):
    assert mix(one, other, 1) == one and mix(one, other, 0) == other
    assert len(mix(one, other, share)) == 7

"""An answer is never shown to more people than what it answers."""

from __future__ import annotations

from itertools import product

from plein.channels.posts import Visibility
from plein.inbox.answering import allowed_visibilities

SETS = [[level for level, chosen in zip(Visibility, bits, strict=True) if chosen] for bits in product((0, 1), repeat=4)]


def test_never_wider_than_the_message_whatever_a_network_offers():
    for offered, parent in product(SETS, Visibility):
        for level in allowed_visibilities(offered, parent):
            assert level.width >= parent.width


def test_there_is_always_something_to_choose():
    assert allowed_visibilities([Visibility.PUBLIC], "direct") == (Visibility.DIRECT,)

"""The rail beside every page: its figure, help, and one list of keys."""

from __future__ import annotations

import re

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def rail(client, address: str = "/waterdam/channels/") -> str:
    return client.get(address).content.decode().split('<nav class="rail"')[1].split("</nav>")[0]


def test_the_figure_is_always_there_so_that_an_open_page_can_fill_it_in(sign_in, sanne, waterdam):
    client = sign_in(sanne)
    assert re.search(r'data-count="inbox" hidden><span></span>', rail(client))
    factories.conversation(waterdam)
    assert re.search(r'data-count="inbox"><span>1</span>', rail(client))


def test_help_stands_in_the_rail_and_in_the_menu_of_a_phone(sign_in, sanne, waterdam):
    shown = rail(sign_in(sanne))
    assert 'class="rail__item" href="/help/" data-key="?"' in shown
    assert 'class="menu__item" href="/help/"' in shown
    assert 'href="/help/" data-key="?" aria-keyshortcuts="?" aria-current="page"' in rail(sign_in(sanne), "/help/")


def test_a_small_town_finds_listening_in_the_menu_as_it_finds_channels(sign_in, sanne, oeverloo):
    oeverloo.preset = "klein"
    oeverloo.save()
    small = rail(sign_in(sanne), "/oeverloo/channels/")
    assert small.count('class="menu__item" href="/oeverloo/listening/"') == 2, "beside the rooms, and on a phone"
    assert 'class="rail__item" href="/oeverloo/listening/"' not in small


def test_where_listening_is_a_room_the_menu_does_not_repeat_it(sign_in, sanne, waterdam):
    assert 'class="menu__item" href="/waterdam/listening/"' not in rail(sign_in(sanne))


def test_help_and_the_inbox_list_the_same_keys(sign_in, sanne, waterdam):
    client = sign_in(sanne)
    told = [
        re.findall(r"<dt>.*?</dt><dd>.*?</dd>", client.get(address).content.decode().split(start)[1].split("</dl>")[0])
        for address, start in (("/waterdam/inbox/", 'id="keys"'), ("/help/", '<dl class="facts">'))
    ]
    assert told[0] == told[1]
    keys = re.findall(r"<kbd[^>]*>(.*?)</kbd>", "".join(told[0]))
    assert {"A", "E", "L", "R", "Z", "?", "/"} <= set(keys)


def test_the_keys_to_a_room_are_those_that_the_rail_has(sign_in, sanne, waterdam):
    html = sign_in(sanne).get("/waterdam/inbox/").content.decode()
    (listed,) = re.findall(r"<dt>((?:(?!</dt>).)*)</dt><dd>Naar een kamer</dd>", html)
    rooms = [key for key in re.findall(r'rail__item"[^>]*data-key="(.)"', html) if key != "?"]
    assert rooms
    assert re.findall(r"<kbd[^>]*>(.*?)</kbd>", listed) == rooms

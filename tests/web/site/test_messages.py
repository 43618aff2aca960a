"""Every text of the screens and the command line has its Dutch, with the same placeholders."""

from __future__ import annotations

import pytest
from babel.messages import Catalog, Message

from tools import messages

# No row is read or written here: once is enough.
DATABASES = ("sqlite",)


def test_every_text_has_its_dutch(capsys):
    assert messages.check() == 0, capsys.readouterr().out


def test_the_dutch_has_no_exclamation_marks_and_no_excuses():
    catalog = messages.read(messages.path_of("nl"), "nl")
    for message in catalog:
        for text in messages._texts(message.string) if message.id else []:
            assert "!" not in text and "helaas" not in text.lower() and "oeps" not in text.lower(), text


@pytest.mark.parametrize(
    ("text", "dutch", "whole"),
    [
        ("Hello %(name)s", "Dag %(name)s", True),
        ("Hello %(name)s", "Dag %(naam)s", False),
        ("Hello %(name)s", "Dag", False),
        (("%(n)d day", "%(n)d days"), ("een dag", "%(n)d dagen"), True),
    ],
)
def test_a_translation_keeps_the_placeholders(text, dutch, whole):
    assert messages._same_places(Message(text, dutch)) is whole


def test_a_part_fills_only_what_has_no_translation_yet():
    ours, part = Catalog(locale="nl"), Catalog(locale="nl")
    ours.add("Save", "Bewaar")
    ours.add("Send", "")
    part.add("Save", "Opslaan")
    part.add("Send", "Verstuur")
    messages._take_in(ours, part)
    assert (ours.get("Save").string, ours.get("Send").string) == ("Bewaar", "Verstuur")


def test_the_made_up_language_keeps_placeholders_and_markup():
    assert messages.pseudo("Hello <b>%(name)s</b>").startswith("⟦Hélló <b>%(name)s</b>")

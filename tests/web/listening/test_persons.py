"""Every way to a watch asks the same rule: the form in lines and as a query, a change, a trial, a name, the terminal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from plein_web.listening import terminal
from plein_web.listening.actions import NotAllowed, change_watch, make_watch, try_query
from plein_web.listening.models import OwnName, Trial, Watch
from plein_web.listening.naming import NoName, add_name, restore_name
from tests import factories
from tests.web.listening.conftest import watch_row
from tests.web.listening.test_pages import given

pytestmark = pytest.mark.django_db
SOMEBODY = ['"Jan de Vries"', "Jаn AND de Vriеs", "#JanDeVries", "@jan@mastodon.example", "VVD", '"actiegroep azc"']


@pytest.fixture
def actor(sanne, waterdam):
    return factories.actor(sanne, waterdam)


def asked(query: str) -> dict:
    return {
        "name": "Iemand",
        "query": query,
        "purpose": "Weten wat er speelt",
        "purpose_code": "public_space",
        "approver_name": "Ineke Vermaat",
        "approver_email": "ineke.vermaat@waterdam.example",
        "ends_at": timezone.now() + timedelta(days=30),
    }


@pytest.mark.parametrize("query", SOMEBODY)
def test_the_form_says_what_is_possible_instead(sign_in, sanne, waterdam, query):
    shown = sign_in(sanne).post(reverse("watch_new", args=["waterdam"]), given(query=query)).content.decode()
    assert "Zoek op het onderwerp" in shown
    assert not Watch.objects.exists()


@pytest.mark.parametrize("field", ["any_of", "all_of", "places"])
def test_the_lines_of_the_form_are_judged_too(sign_in, sanne, waterdam, field):
    lines = given(how="lines", query="") | {"places": "Best", "any_of": "zwerfvuil", field: "Jan de Vries"}
    shown = sign_in(sanne).post(reverse("watch_new", args=["waterdam"]), lines).content.decode()
    assert "Zoek op het onderwerp" in shown
    assert not Watch.objects.exists()


def test_a_name_split_over_two_lines_of_the_form_is_seen(sign_in, sanne, waterdam):
    lines = given(how="lines", query="") | {"places": "Best", "any_of": "Sanne", "all_of": "Bakker"}
    sign_in(sanne).post(reverse("watch_new", args=["waterdam"]), lines)
    assert not Watch.objects.exists()


@pytest.mark.parametrize("query", SOMEBODY)
def test_neither_the_action_nor_a_change_nor_a_trial_lets_it_through(actor, waterdam, query):
    stands = watch_row(waterdam, "sluisbrug")
    for attempt in (
        lambda: make_watch(actor=actor, **asked(query)),
        lambda: change_watch(actor=actor, watch=stands, **asked(query)),
        lambda: try_query(actor=actor, query=query),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    stands.refresh_from_db()
    assert stands.query == '"sluisbrug"' and Watch.objects.count() == 1 and not Trial.objects.exists()


@pytest.mark.parametrize("query", SOMEBODY)
def test_the_terminal_refuses(query, capsys):
    assert terminal.main(["--query", query, "--url", "ws://127.0.0.1:1"]) == 2
    assert capsys.readouterr().err


def test_a_place_that_is_somebody_is_refused_in_the_terminal(capsys):
    assert terminal.main(["--query", 'place:"Jan de Vries"', "--url", "ws://127.0.0.1:1"]) == 2
    assert capsys.readouterr().err


def test_a_name_of_the_towns_own_is_nobody_also_when_put_back(actor, waterdam):
    with pytest.raises(NoName):
        add_name(actor=actor, name="Jan de Vries", kind="building")
    old = OwnName.objects.create(
        town=waterdam, name="Jan de Vries", key="jan de vries", kind="building", removed_at=timezone.now()
    )
    with pytest.raises(NoName):
        restore_name(actor=actor, own=old)


def test_a_name_of_the_towns_own_may_be_looked_for_though_it_sounds_like_somebody(actor, waterdam):
    add_name(actor=actor, name="Wim Kanhuis", kind="building")
    assert make_watch(actor=actor, **asked('"Wim Kanhuis" AND dicht')).pk

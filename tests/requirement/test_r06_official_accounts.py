"""R6: only official, recognisable accounts and official ways in; nobody signs in as a person; no closed groups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plein.channels import registry
from plein.channels.basis import is_recognisable, why_not_connect
from plein.channels.contract import Abilities, Basis, SignsIn
from plein.channels.errors import Refused
from plein_web.channels.actions import NotRecognisable, add_source, connect_channel
from plein_web.channels.models import Channel, Source
from plein_web.town.models import AuditRow
from tests import factories

pytestmark = [pytest.mark.requirement, pytest.mark.django_db]

UNLAWFUL = {
    "that does not say how it gets in": {"basis": Basis.UNDECLARED},
    "where somebody signs in as a person": {"signs_in": SignsIn.PERSON},
    "that reads closed groups": {"closed_groups": True},
}


@pytest.mark.parametrize("change", UNLAWFUL.values(), ids=UNLAWFUL)
def test_nothing_is_connected_or_read_on_a_network(change, monkeypatch, sanne, waterdam, square_address):
    lawful = registry.network("memory")
    unlawful = replace(lawful, abilities=replace(lawful.abilities, **change))
    monkeypatch.setattr("plein_web.channels.actions.connecting.network", lambda code: unlawful)
    actor, settings = factories.actor(sanne, waterdam), {"address": square_address}
    with pytest.raises(Refused):
        connect_channel(actor=actor, network_code="memory", handle="waterdam", settings=settings, secrets={})
    with pytest.raises(Refused):
        add_source(actor=actor, network_code="memory", kind="public", address="")
    assert not Channel.objects.exists() and not Source.objects.exists()


@pytest.mark.parametrize("change", UNLAWFUL.values(), ids=UNLAWFUL)
def test_a_network_of_somebody_else_is_not_even_offered(change, monkeypatch):
    from plein_web.channels import clients

    lawful = registry.network("memory")
    unlawful = replace(lawful, code="dark", abilities=replace(lawful.abilities, **change))
    monkeypatch.setattr(clients, "codes", lambda: ("feed", "dark"))
    monkeypatch.setattr(clients, "network", {"feed": registry.network("feed"), "dark": unlawful}.get)
    assert clients.offered() == ("feed",)


def test_every_network_of_ours_says_how_it_gets_in():
    for code in registry.NETWORKS:
        declared = registry.network(code).abilities
        assert declared.basis is not Basis.UNDECLARED and not why_not_connect(declared)


def test_a_network_that_says_nothing_is_refused():
    assert "official way" in why_not_connect(Abilities())


@pytest.mark.parametrize(
    ("name", "handle"),
    [("Gemeente Waterdam", "info@s.example"), ("Webcare", "water-dam.example"), ("De gemeente", "g@s.example")],
)
def test_an_account_that_names_the_municipality_is_recognisable(name, handle):
    assert is_recognisable("Waterdam", name, handle)


@pytest.mark.parametrize(("name", "handle"), [("Kees de Bruin", "kees@s.example"), ("", "x"), ("Wijk in beeld", "wib")])
def test_an_account_that_looks_like_a_resident_is_not(name, handle):
    assert not is_recognisable("Waterdam", name, handle)


def test_an_account_under_cover_is_not_connected(sanne, waterdam, square_address):
    actor, settings = factories.actor(sanne, waterdam), {"address": square_address, "name": "Kees de Bruin"}
    account = {"network_code": "memory", "handle": "kees", "settings": settings, "secrets": {}}
    with pytest.raises(NotRecognisable):
        connect_channel(actor=actor, **account)
    assert not Channel.objects.exists()


def test_who_vouches_for_an_account_stands_in_the_trail(sanne, waterdam, square_address):
    actor, settings = factories.actor(sanne, waterdam), {"address": square_address, "name": "Wijkteam Noord"}
    account = {"network_code": "memory", "handle": "noord", "settings": settings, "secrets": {}}
    connect_channel(actor=actor, **account, vouched=True)
    row = AuditRow.objects.get(action="channel.connected")
    assert (row.actor, row.details["recognisable"]) == (sanne.email, "vouched")

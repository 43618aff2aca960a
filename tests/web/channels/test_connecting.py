"""Connecting the town's accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from plein.channels.errors import SignInNeeded
from plein.channels.outgoing import State
from plein_web.channels.actions import (
    add_source,
    connect_channel,
    disconnect_channel,
    pause_channel,
    remove_source,
    resume_channel,
)
from plein_web.channels.clients import account_of, client_for
from plein_web.channels.models import Channel, Source
from plein_web.town.actions import secret
from plein_web.town.models import AuditRow, Secret
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(sanne, waterdam):
    return factories.actor(sanne, waterdam)


@pytest.fixture
def channel(actor, square_address):
    return connect_channel(
        actor=actor,
        network_code="memory",
        handle="waterdam",
        settings={"address": square_address},
        secrets={"token": "pompoensoep"},
    )


def test_a_connected_account_has_its_name_its_first_source_and_an_audit_row(channel, sanne):
    assert (channel.identity, channel.status) == ("square:waterdam", "open")
    assert channel.sources.get().kind == "mentions"
    row = AuditRow.objects.get(action="channel.connected")
    assert row.actor == sanne.email and "pompoensoep" not in str(row.details)


def test_when_a_token_ends_is_known_once_it_is_connected(actor, square_address):
    until = timezone.now() + timedelta(days=6)
    settings = {"address": square_address, "token_expires_at": until.isoformat()}
    made = connect_channel(actor=actor, network_code="memory", handle="waterdam", settings=settings, secrets={})
    assert made.token_expires_at == until


def test_tokens_are_encrypted_at_rest_and_clear_for_the_client(channel):
    assert "pompoensoep" not in Secret.objects.get().locked
    assert account_of(channel).secrets == {"token": "pompoensoep"}
    assert "pompoensoep" not in repr(account_of(channel))


def test_refreshed_tokens_are_kept_beside_the_others(channel):
    account_of(channel).keep({"refresh": "erwtensoep"})
    assert secret(channel.secret_name) == {"token": "pompoensoep", "refresh": "erwtensoep"}


def test_an_account_that_the_network_does_not_know_leaves_nothing(actor, square, square_address):
    square.behave("dead_token", on="profile", words="Onbekend.")
    with pytest.raises(SignInNeeded, match="Onbekend"):
        connect_channel(
            actor=actor, network_code="memory", handle="x", settings={"address": square_address}, secrets={}
        )
    assert not Channel.objects.exists() and not Secret.objects.exists()


def test_connecting_anew_is_the_same_channel_with_new_tokens(channel, actor, square_address):
    Channel.objects.update(status=Channel.Status.SIGN_IN_NEEDED, error="Token verlopen")
    Source.objects.update(cursor="17")
    again = connect_channel(
        actor=actor,
        network_code="memory",
        handle="waterdam",
        settings={"address": square_address},
        secrets={"token": "b"},
    )
    assert (again.pk, again.status, again.error) == (channel.pk, "open", "")
    assert again.sources.get().cursor == "17" and secret(again.secret_name) == {"token": "b"}


def test_a_paused_channel_goes_on_where_it_was(channel, actor):
    pause_channel(actor=actor, channel=channel)
    assert not Channel.objects.open().exists()
    resume_channel(actor=actor, channel=channel)
    assert Channel.objects.open().exists()


def test_a_disconnected_account_has_no_tokens_and_sends_nothing(channel, actor, waterdam):
    planned = factories.outgoing(channel)
    disconnect_channel(actor=actor, channel=channel)
    planned.refresh_from_db()
    assert planned.state == State.CANCELLED
    assert not Secret.objects.exists() and not Channel.objects.of(waterdam).exists()
    assert not Source.objects.filter(active=True).exists()


def test_a_source_can_be_added_removed_and_taken_up_again(channel, actor):
    source = add_source(actor=actor, network_code="memory", kind="hashtag", address=" #brug ")
    remove_source(actor=actor, source=source)
    source.refresh_from_db()
    assert not source.active
    assert add_source(actor=actor, network_code="memory", kind="hashtag", address="#brug").pk == source.pk


def test_only_an_administrator_connects(channel, femke, waterdam):
    webcare = factories.actor(femke, waterdam)
    for act in (pause_channel, resume_channel, disconnect_channel):
        with pytest.raises(PermissionDenied):
            act(actor=webcare, channel=channel)
    with pytest.raises(PermissionDenied):
        add_source(actor=webcare, network_code="memory", kind="public", address="")


def test_two_towns_may_have_an_account_of_the_same_name(channel, sanne, oeverloo, square_address):
    other = connect_channel(
        actor=factories.actor(sanne, oeverloo),
        network_code="memory",
        handle="waterdam",
        settings={"address": square_address},
        secrets={"token": "x"},
        vouched=True,
    )
    assert other.pk != channel.pk and client_for(other) is not None

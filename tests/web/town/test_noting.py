"""Who looked and searched is written down, once an hour, and read by who may read the trail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from plein_web.town.models import AuditRow
from plein_web.town.noting import note_look
from tests import factories
from tests.web.listening.conftest import watch_row

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str, str]]:
    """Return who did what to what, in order."""
    return list(AuditRow.objects.order_by("id").values_list("actor", "action", "subject"))


def test_reading_a_conversation_is_written_once_an_hour_a_person(sign_in, sanne, femke, waterdam):
    made = factories.conversation(waterdam)
    for who in (sanne, sanne, femke, femke):
        assert sign_in(who).get(f"/waterdam/inbox/{made.pk}/").status_code == 200
    subject = f"conversation:{made.pk}"
    assert told() == [(who.email, "conversation.viewed", subject) for who in (sanne, femke)]


def test_after_an_hour_a_look_is_written_again(sanne, waterdam):
    actor, now = factories.actor(sanne, waterdam), timezone.now()
    looks = [note_look(actor=actor, action="watch.viewed", subject="watch:1", now=now + timedelta(minutes=m)) for m in (0, 0, 61)]
    assert looks == [True, False, True]


def test_a_list_that_nobody_searched_in_writes_nothing(sign_in, femke, waterdam):
    factories.conversation(waterdam)
    sign_in(femke).get("/waterdam/inbox/")
    sign_in(femke).get("/waterdam/inbox/?q=+&tab=done")
    assert told() == []


def test_a_search_is_written_with_its_words(sign_in, femke, waterdam):
    client = sign_in(femke)
    for asked in ("glas", "glas", "joke  terpstra"):
        client.get("/waterdam/inbox/", {"q": asked})
    client.get("/waterdam/inbox/", {"q": "nieuw"}, headers={"HX-Request": "true", "HX-Target": "list"})
    rows = AuditRow.objects.order_by("id")
    assert [(row.action, row.details["words"]) for row in rows] == [("inbox.searched", "glas"), ("inbox.searched", "joke terpstra")]


def test_reading_and_searching_what_was_overheard_is_written(sign_in, femke, waterdam):
    watch, client = watch_row(waterdam, "sluisbrug"), sign_in(femke)
    client.get(f"/waterdam/listening/{watch.pk}/")
    client.get(f"/waterdam/listening/{watch.pk}/?q=pont")
    assert [(action, subject) for _who, action, subject in told()] == [
        ("watch.viewed", f"watch:{watch.pk}"), ("listening.searched", f"watch:{watch.pk}"),
    ]  # fmt: skip


def test_who_is_turned_away_leaves_no_look(sign_in, daan, waterdam):
    made = factories.conversation(waterdam)
    assert sign_in(daan).get(f"/waterdam/inbox/{made.pk}/").status_code == 404
    assert told() == []


@pytest.mark.parametrize("role", ["privacy_officer", "data_protection_officer", "administrator"])
def test_the_trail_is_read_by_its_readers(sign_in, waterdam, role):
    who = factories.person("lezer@waterdam.example", "Lezer", waterdam=role)
    assert sign_in(who).get("/waterdam/audit/").status_code == 200


@pytest.mark.parametrize("role", ["webcare", "reader"])
def test_the_trail_is_not_read_by_others(sign_in, waterdam, role):
    who = factories.person("ander@waterdam.example", "Ander", waterdam=role)
    assert sign_in(who).get("/waterdam/audit/").status_code == 403


def test_the_trail_is_sifted_by_person_action_and_day(sign_in, sanne, waterdam, oeverloo):
    days = {"oud": timezone.now() - timedelta(days=3), "nieuw": timezone.now()}
    for town in (waterdam, oeverloo):
        for number, (name, at) in enumerate(days.items()):
            action = ("watch.made", "watch.stopped")[number]
            AuditRow.objects.create(town=town, actor=f"{name}@x.example", action=action, subject=f"watch:{name}", at=at)
    client = sign_in(sanne)

    def shown(**asked) -> list[str]:
        text = client.get("/waterdam/audit/", asked).content.decode()
        return sorted(name for name in days if text.count(f"{name}@x.example</td>") == 1)

    day = timezone.localdate(days["nieuw"]).isoformat()
    before = (timezone.localdate(days["nieuw"]) - timedelta(days=1)).isoformat()
    assert shown() == ["nieuw", "oud"]
    assert shown(actor="oud@") == shown(action="watch.made") == shown(until=before) == ["oud"]
    assert shown(since=day) == ["nieuw"]
    assert shown(since=day, until=before) == []
    assert shown(since="onzin") == []

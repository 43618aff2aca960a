"""Asking approval of a watch: the link, the page without an account, the screen, the advice."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail, signing
from django.urls import reverse
from django.utils import timezone

from plein.listening.lawful.purposes import PURPOSES
from plein.listening.places.gazetteer import find
from plein_web.listening.forms import asked, empty_form
from plein_web.listening.lawful.links import LASTS
from plein_web.listening.models import Watch
from plein_web.town.models import AuditRow
from tests import factories
from tests.web.listening.conftest import approve, watch_row
from tests.web.listening.test_pages import given

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everybody_reads_english(sanne, femke, daan):
    for person in (sanne, femke, daan):
        person.language = "en"
        person.save()


@pytest.fixture
def watch(sign_in, sanne, waterdam) -> Watch:
    sign_in(sanne).post(reverse("watch_new", args=["waterdam"]), given())
    return Watch.objects.get()


@pytest.fixture
def link(watch, client) -> str:
    """The address that the maker copies; nobody is signed in any more."""
    shown = client.get(reverse("watch", args=["waterdam", watch.pk])).content.decode()
    client.logout()
    return "/" + re.search(r'class="copy" translate="no">([^<]+)<', shown)[1].split("/", 3)[3]


def answer(decision: str = "approve", **more) -> dict:
    return {"name": "Ineke Vermaat", "decision": decision, "reason": "", **more}


def test_the_link_shows_the_whole_watch_without_an_account(client, link):
    shown = client.get(link).content.decode()
    for words in ("Zwerfvuil", "volle prullenbak", "Sneller opruimen", "Wet milieubeheer, artikel 10.21", "Sanne Bos"):
        assert words in shown
    assert client.get(link).headers["X-Robots-Tag"] == "noindex"


def test_with_the_link_the_watch_begins_once(client, link, watch):
    assert "Goedgekeurd" in client.post(link, answer(), follow=True).content.decode()
    watch.refresh_from_db()
    assert watch.approved_by == "Ineke Vermaat <ineke.vermaat@waterdam.example>"
    row = AuditRow.objects.get(action="watch.approved")
    assert row.actor == watch.approved_by and row.details["how"] == "link"
    client.post(link, answer("refuse", reason="Toch niet"))
    watch.refresh_from_db()
    assert watch.approved_at and not watch.refused_at, "used once"


def test_a_refusal_needs_a_reason_and_is_read_by_the_maker(client, link, watch, sanne):
    assert "reason" in client.post(link, answer("refuse")).content.decode()
    assert watch.terms.get().decided_at is None
    client.post(link, answer("refuse", reason="Veel te breed"))
    client.force_login(sanne)
    shown = client.get(reverse("watch", args=["waterdam", watch.pk])).content.decode()
    assert "Veel te breed" in shown and "refused" in shown


def test_a_link_of_an_earlier_version_has_ended(client, link, watch, sanne):
    client.force_login(sanne)
    client.post(reverse("watch_change", args=["waterdam", watch.pk]), given(query="glasbak"))
    client.logout()
    assert client.get(link).status_code == 410
    client.post(link, answer())
    watch.refresh_from_db()
    assert watch.approved_at is None


def test_a_link_ends_after_two_weeks_and_cannot_be_made_up(client, link, monkeypatch):
    assert client.get("/approve/onzin/").status_code == 410
    at = signing.time.time() + LASTS.total_seconds() + 5
    monkeypatch.setattr(signing.time, "time", lambda: at)
    assert client.get(link).status_code == 410


def test_the_maker_does_not_use_the_link_for_themselves(client, link, watch, sanne):
    client.force_login(sanne)
    shown = client.post(link, answer()).content.decode()
    assert "Somebody else has to approve it" in shown
    watch.refresh_from_db()
    assert watch.approved_at is None


def test_the_link_is_mailed_where_mail_is_configured(watch):
    (letter,) = mail.outbox
    assert letter.to == ["ineke.vermaat@waterdam.example"]
    assert "/approve/" in letter.body


def test_the_maker_sees_what_waits_a_colleague_no_link_and_a_stranger_nothing(client, watch, sanne, femke, daan):
    address = reverse("watch", args=["waterdam", watch.pk])
    decide = reverse("watch_decide", args=["waterdam", watch.pk])
    version = {"version": watch.terms.get().pk, "decision": "approve"}
    for person, page, link in ((sanne, 200, True), (femke, 200, False), (daan, 404, False)):
        client.force_login(person)
        response = client.get(address)
        assert response.status_code == page
        assert ("/approve/" in response.content.decode()) is link
        assert client.post(decide, version).status_code == (404 if person is daan else 403)
    watch.refresh_from_db()
    assert watch.approved_at is None


def test_another_administrator_decides_on_the_screen(client, watch, waterdam):
    client.force_login(factories.person("els@waterdam.example", "Els Kuiper", waterdam="administrator"))
    shown = client.get(reverse("watch", args=["waterdam", watch.pk])).content.decode()
    assert reverse("watch_decide", args=["waterdam", watch.pk]) in shown
    wrong = {"version": watch.terms.get().pk - 1, "decision": "approve"}
    assert client.post(reverse("watch_decide", args=["waterdam", watch.pk]), wrong).status_code == 403
    right = {"version": watch.terms.get().pk, "decision": "approve", "reason": ""}
    client.post(reverse("watch_decide", args=["waterdam", watch.pk]), right)
    watch.refresh_from_db()
    assert watch.approved_by == "Els Kuiper <els@waterdam.example>"


def test_an_officer_advises_and_the_approver_reads_it(client, link, watch, waterdam, femke):
    noor = factories.person("noor@waterdam.example", "Noor Haan", waterdam="data_protection_officer")
    address, words = reverse("watch_advise", args=["waterdam", watch.pk]), {"text": "Laat de straatnaam weg."}
    version = {"version": watch.terms.get().pk}
    client.force_login(femke)
    assert client.post(address, words | version).status_code == 403
    client.force_login(noor)
    assert address in client.get(reverse("watch", args=["waterdam", watch.pk])).content.decode()
    client.post(address, words | version)
    client.logout()
    assert "Laat de straatnaam weg." in client.get(link).content.decode()
    assert AuditRow.objects.get(action="watch.advised").actor == noor.email


def test_the_page_for_the_approver_asks_little_of_the_database(client, link, django_assert_max_num_queries):
    client.get(link)
    with django_assert_max_num_queries(7):
        client.get(link)


def test_the_list_warns_before_a_review_or_an_end(client, sanne, waterdam):
    client.force_login(sanne)
    now = timezone.now()
    watch_row(waterdam, "brug", starts_at=now, ends_at=now + timedelta(days=200), review_at=now + timedelta(days=20, hours=1))
    watch_row(waterdam, "sluis", starts_at=now, ends_at=now + timedelta(days=3, hours=1))
    shown = client.get(reverse("listening", args=["waterdam"])).content.decode()
    assert "review within 20 days" in shown and "ends within 3 days" in shown


@pytest.mark.parametrize("code", [code for code, purpose in PURPOSES.items() if purpose.words])
def test_a_ready_made_watch_asks_only_for_who_approves(client, sanne, waterdam, code):
    client.force_login(sanne)
    assert f"?ready={code}" in client.get(reverse("watch_new", args=["waterdam"])).content.decode()
    form = empty_form(factories.waterdam(), code)
    filled = {name: form[name].value() for name in form.fields} | {"places": "Best"}
    filled = {name: value for name, value in filled.items() if value}
    assert asked(filled)
    client.post(reverse("watch_new", args=["waterdam"]), filled)
    assert not Watch.objects.exists()
    who = {"approver_name": "Ineke Vermaat", "approver_email": "ineke.vermaat@waterdam.example"}
    client.post(reverse("watch_new", args=["waterdam"]), filled | who)
    watch = Watch.objects.get()
    assert watch.article == PURPOSES[code].article and watch.purpose and find("Best")
    approve(watch)


def test_a_mandate_is_recorded_and_withdrawn_by_an_administrator(client, sanne, femke, daan, waterdam):
    address = reverse("public_order", args=["waterdam"])
    for person, status in ((femke, 403), (daan, 404), (sanne, 200)):
        client.force_login(person)
        assert client.get(address).status_code == status
    until = timezone.localdate() + timedelta(days=5)
    assert "is over" in client.post(address, {"mayor": "A. van Oeveren", "reference": "Z-1", "until": "2020-01-01"}).content.decode()
    client.post(address, {"mayor": "A. van Oeveren", "reference": "Z-1", "until": until.isoformat()})
    row = waterdam.mandates.get()
    client.post(address, {"withdraw": row.pk})
    row.refresh_from_db()
    assert row.withdrawn_at


def test_what_searched_before_goes_on_for_thirty_days(brug):
    Watch.objects.update(approved_at=None, review_at=None)
    import_module("plein_web.listening.migrations.0012_approved_before").keep_going(apps, None)
    brug.refresh_from_db()
    assert brug.approved_at and 29 <= (brug.review_at - timezone.now()).days <= 30

"""The page of what goes and when: who sees it, who chooses and holds, and what it says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from plein.town.retention import Kind
from plein_web.listening.models import Mention
from plein_web.town.keeping import note_deletion
from plein_web.town.models import AuditRow, BackupMade, ChosenTerm, DeletionProof, LegalHold
from tests import factories
from tests.web.listening.conftest import watch_row

pytestmark = pytest.mark.django_db
PAGE = "/waterdam/privacy/deletions/"


@pytest.fixture
def noor(waterdam):
    return factories.person("noor@waterdam.example", "Noor", waterdam="privacy_officer")


@pytest.fixture
def fg(waterdam):
    return factories.person("fg@waterdam.example", "Farid", waterdam="data_protection_officer")


def mention(watch, days: int) -> Mention:
    """Return something overheard so many days ago."""
    at = timezone.now() - timedelta(days=days)
    return Mention.objects.create(
        town=watch.town, watch=watch, period="2026-03", uri_hash=f"h{days}", network_code="memory", author="b",
        locator="c", text="de sluisbrug", phrase="sluisbrug", posted_at=at, version_at=at, heard_at=at, search="sluisbrug",
    )  # fmt: skip


def test_it_is_read_by_who_may_read_the_trail_and_by_nobody_else(sign_in, noor, fg, sanne, femke, daan, waterdam):
    assert [sign_in(who).get(PAGE).status_code for who in (noor, fg, sanne)] == [200, 200, 200]
    assert sign_in(femke).get(PAGE).status_code == 403
    assert sign_in(daan).get(PAGE).status_code == 404


def test_an_empty_town_is_told_what_will_happen(sign_in, noor, waterdam):
    text = sign_in(noor).get(PAGE).content.decode()
    assert "90 dagen" in text and "voorgoed" in text
    assert "Nothing has had its time" not in text


def test_who_only_advises_gets_no_buttons(sign_in, fg, waterdam):
    assert b"<form" not in sign_in(fg).get(PAGE).content.split(b"pane--main")[1]
    assert sign_in(fg).post(PAGE + "holds/", {}).status_code == 403
    assert sign_in(fg).post(PAGE + "terms/overheard/", {}).status_code == 403


def test_an_officer_chooses_a_term_within_the_table(sign_in, noor, waterdam):
    watch = watch_row(waterdam, "sluisbrug")
    client = sign_in(noor)
    assert client.post(PAGE + "terms/overheard/", {"subject": f"watch:{watch.pk}", "days": 30}).status_code == 302
    assert client.post(PAGE + "terms/conversation/", {"days": 365}).status_code == 302
    assert set(ChosenTerm.objects.values_list("kind", "subject", "days")) == {
        ("overheard", f"watch:{watch.pk}", 30), ("conversation", "", 365),
    }  # fmt: skip
    refused = client.post(PAGE + "terms/overheard/", {"subject": "", "days": 400})
    assert refused.status_code == 200 and b"field--wrong" in refused.content
    assert client.post(PAGE + "terms/own/", {"days": 1}).status_code == 302
    assert ChosenTerm.objects.count() == 2


def test_an_officer_holds_a_watch_and_sees_what_is_passed_by_and_lifts_it(sign_in, noor, waterdam):
    watch, client = watch_row(waterdam, "sluisbrug"), sign_in(noor)
    mention(watch, 100)
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    given = {"subject": f"watch:{watch.pk}", "reason": "Woo-verzoek 12", "until": until}
    assert client.post(PAGE + "holds/", given).status_code == 302
    text = client.get(PAGE).content.decode()
    assert "Woo-verzoek 12" in text and "1 waarvan de tijd om was, is overgeslagen" in text
    again = client.post(PAGE + "holds/", given)
    assert again.status_code == 200 and b"field--wrong" in again.content
    assert client.post(f"{PAGE}holds/{LegalHold.objects.get().pk}/").status_code == 302
    assert LegalHold.objects.get().lifted_by == noor
    assert list(AuditRow.objects.order_by("id").values_list("action", flat=True)) == ["legal_hold.placed", "legal_hold.lifted"]


@pytest.mark.parametrize("number", ["", "7", "9" * 30])
def test_a_conversation_that_is_not_there_cannot_be_held(sign_in, noor, waterdam, oeverloo, number):
    factories.conversation(oeverloo)
    given = {"subject": "conversation", "number": number, "reason": "Woo", "until": timezone.localdate().isoformat()}
    assert b"field--wrong" in sign_in(noor).post(PAGE + "holds/", given).content
    assert not LegalHold.objects.exists()


def test_a_conversation_is_held_by_its_number(sign_in, noor, waterdam):
    made = factories.conversation(waterdam)
    given = {"subject": "conversation", "number": made.pk, "reason": "Woo", "until": timezone.localdate().isoformat()}
    assert sign_in(noor).post(PAGE + "holds/", given).status_code == 302
    assert LegalHold.objects.get().subject == f"conversation:{made.pk}"


def test_a_hold_of_another_town_does_not_exist(sign_in, noor, oeverloo):
    other = LegalHold.objects.create(town=oeverloo, subject="watch:1", reason="Woo", until=date(2036, 1, 1))
    assert sign_in(noor).post(f"{PAGE}holds/{other.pk}/").status_code == 404


def test_proofs_say_what_went_and_where_was_looked(sign_in, noor, waterdam, oeverloo):
    for town in (waterdam, oeverloo):
        proof = note_deletion(town=town, kind=Kind.OVERHEARD, number=417, what=["a"], up_to=date(2026, 3, 3), now=timezone.now())
    DeletionProof.objects.filter(town=waterdam).update(
        checked_at=timezone.now(), found={"rows": "absent", "index": "absent", "file": "absent", "log": "present"}
    )
    BackupMade.objects.create(name="/b/oud.tar", made_at=proof.at - timedelta(days=40), gone_by=date(2026, 4, 2))
    text = sign_in(noor).get(PAGE).content.decode()
    assert text.count("417") == 1
    assert "zoekindex: weg" in text and "STAAT ER NOG" in text and "3 maart 2026" in text
    assert "/b/oud.tar" in text and "Te laat" in text


def test_the_page_asks_the_same_few_questions_for_many_watches(sign_in, noor, waterdam, django_assert_max_num_queries):
    for number in range(12):
        mention(watch_row(waterdam, f"sluisbrug{number}"), number)
        note_deletion(town=waterdam, kind=Kind.OVERHEARD, number=1, what=["a"], now=timezone.now())
    client = sign_in(noor)
    client.get(PAGE)
    with django_assert_max_num_queries(26):
        client.get(PAGE)

"""The privacy pages: for the officers, and for nobody else; requests from the first question to the outcome."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from plein.channels.posts import Batch
from plein.listening.leaving import is_genuine
from plein_web.channels.models import Post, PostVersion
from plein_web.inbox.workers import apply_events
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import Mention, Objection, Request
from plein_web.listening.rights import workers
from plein_web.listening.standing import STANDING
from plein_web.site.privacy.holders import seal
from plein_web.site.privacy.papers import PAPERS
from plein_web.town.actions import emit
from plein_web.town.models import AuditRow, LegalHold
from tests import factories
from tests.web.listening.conftest import said, watch_row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    STANDING.forget()
    yield
    STANDING.forget()


@pytest.fixture
def noor(waterdam):
    """Noor Dekker: privacy officer of Waterdam."""
    return factories.person("noor.dekker@waterdam.example", "Noor Dekker", waterdam="privacy_officer")


@pytest.fixture
def otto(waterdam):
    """Otto Blom: data protection officer of Waterdam."""
    return factories.person("otto.blom@waterdam.example", "Otto Blom", waterdam="data_protection_officer")


@pytest.fixture
def told(waterdam):
    """Joke wrote to us, changed it, was answered, and was overheard; Piet spoke in the same thread."""
    channel = factories.channel(waterdam)
    row = factories.conversation(waterdam, channel=channel, texts=("Mijn nummer is 06 12345678", "Nog iets"))
    first = Post.objects.order_by("id")[0]
    PostVersion.objects.create(post=first, text="Mijn eerste tekst", version_at=first.posted_at - timedelta(minutes=1))
    piet = {"author_id": "resident-piet", "author_handle": "piet", "author_name": "Piet"}
    other = factories.post(waterdam, channel=channel, text="Ik ook, zegt Piet", parent=first, **piet)
    row.entries.create(post=other)
    answer = factories.outgoing(channel, reply_to=first, text="@joke Bel 020 624 1111", state="sent")
    row.answers.create(outgoing=answer)
    watch_row(waterdam, "sluisbrug", approved_at=timezone.now())
    source = factories.source(None, kind="public")
    Ingestion(source).take_batch(Batch((said("De sluisbrug is dicht"),), None), STANDING.listener(), timezone.now())
    assert Mention.objects.count() == 1
    return row


def take_in(client, kind: str) -> Request:
    given = {"kind": kind, "network": "memory", "handle": "@Joke", "received_on": timezone.localdate().isoformat()}
    response = client.post(reverse("request_new", args=["waterdam"]), given)
    assert response.status_code == 302, response.content.decode()
    return Request.objects.latest("id")


def prove(request: Request) -> None:
    post = factories.post(request.town, text=f"Code {request.code}", arrived_at=timezone.now())
    emit(town=request.town, kind="post.arrived", subject=post.pk)
    workers.prove_arrived(timezone.now())
    request.refresh_from_db()
    assert request.proved_at


def page(client, name: str, *args, query: str = "") -> str:
    response = client.get(reverse(name, args=["waterdam", *args]) + query)
    assert response.status_code == 200
    return response.content.decode()


def do(client, request: Request, deed: str) -> None:
    assert client.post(reverse("request_do", args=["waterdam", request.pk]), {"do": deed}).status_code == 302
    request.refresh_from_db()


def test_the_privacy_page_is_for_the_officers(sign_in, noor, otto, sanne, femke, daan):
    address = reverse("privacy", args=["waterdam"])
    for person, status in ((noor, 200), (otto, 200), (sanne, 200), (femke, 403), (daan, 404)):
        assert sign_in(person).get(address).status_code == status, person


def test_the_menu_has_privacy_for_whom_it_is(sign_in, noor, femke):
    assert reverse("privacy", args=["waterdam"]) in page(sign_in(noor), "privacy")
    assert reverse("privacy", args=["waterdam"]) not in page(sign_in(femke), "inbox")


def test_only_who_answers_requests_sees_about_whom_they_are(sign_in, noor, otto, sanne, told):
    request = take_in(sign_in(noor), "see")
    assert "joke" in page(sign_in(noor), "privacy")
    for person in (otto, sanne):
        client = sign_in(person)
        assert ">joke<" not in page(client, "privacy")
        for name, args in (("resident_request", [request.pk]), ("request_export", [request.pk, "json"]), ("request_new", [])):
            assert client.get(reverse(name, args=["waterdam", *args])).status_code == 403
        assert client.post(reverse("request_do", args=["waterdam", request.pk]), {"do": "as_asked"}).status_code == 403


def test_a_member_whom_an_administrator_chose_answers_requests_too(sign_in, noor, femke, waterdam, told):
    request = take_in(sign_in(noor), "see")
    factories.actor(femke, waterdam).membership.__class__.objects.filter(person=femke).update(answers_requests=True)
    assert request.code in page(sign_in(femke), "resident_request", request.pk)


def test_nothing_is_shown_or_given_before_the_proof(sign_in, noor, told):
    client = sign_in(noor)
    request = take_in(client, "see")
    shown = page(client, "resident_request", request.pk, query="?look=1")
    assert request.code in shown and "06 12345678" not in shown
    assert client.get(reverse("request_export", args=["waterdam", request.pk, "json"])).status_code == 404
    do(client, request, "as_asked")
    assert request.closed_at is None


def test_a_resident_gets_everything_and_nothing_of_others(sign_in, noor, told):
    client = sign_in(noor)
    request = take_in(client, "see")
    prove(request)
    shown = page(client, "resident_request", request.pk, query="?look=1")
    assert "06 12345678" in shown and "De sluisbrug is dicht" in shown and "Piet" not in shown
    export = client.get(reverse("request_export", args=["waterdam", request.pk, "json"])).json()
    text = json.dumps(export)
    assert "06 12345678" in text and "Mijn eerste tekst" in text and "Sluisbrug" in export["watches"]
    assert "Ik ook, zegt Piet" not in text
    assert export["conversations"][0]["messages_of_others"] == 1
    assert export["conversations"][0]["answers"][0]["text"] == "[account] Bel [tel.]"
    assert export["purpose"] == "own_data" and is_genuine(export, seal())
    assert not is_genuine(export | {"purpose": "fraud"}, seal())
    readable = client.get(reverse("request_export", args=["waterdam", request.pk, "html"])).content.decode()
    assert "06 12345678" in readable and "Piet" not in readable and "<code>" in readable
    do(client, request, "as_asked")
    assert request.outcome == "exported"


def test_erasing_leaves_a_tombstone_and_says_what_was_kept(sign_in, noor, sanne, told):
    client = sign_in(noor)
    request = take_in(client, "erase")
    prove(request)
    do(client, request, "as_asked")
    apply_events(timezone.now())
    assert request.outcome == "erased" and not Mention.objects.exists()
    stones = Post.objects.exclude(author_id="resident-piet")
    assert all(one.deleted_at and not (one.text or one.author_id or one.author_handle or one.author_name or one.raw) for one in stones)
    assert not PostVersion.objects.exists()
    assert Post.objects.get(author_id="resident-piet").text == "Ik ook, zegt Piet"
    told.refresh_from_db()
    assert "06 12345678" not in (told.title + told.snippet) and "Joke" not in told.resident
    shown = page(client, "resident_request", request.pk)
    assert "Archi" in shown
    assert "Ik ook, zegt Piet" in page(sign_in(sanne), "conversation", told.pk)


def test_a_legal_hold_keeps_a_conversation_and_the_page_says_so(sign_in, noor, told):
    day = timezone.localdate() + timedelta(days=30)
    LegalHold.objects.create(town=told.town, subject=f"conversation:{told.pk}", reason="Woo", until=day, placed_by=noor)
    client = sign_in(noor)
    request = take_in(client, "erase")
    prove(request)
    do(client, request, "as_asked")
    assert Post.objects.filter(text="Mijn nummer is 06 12345678").exists()
    assert not Mention.objects.exists()
    assert request.erased["posts"]["kept"] == [[2, "legal_hold"]]


def test_an_objection_erases_what_was_overheard_and_keeps_what_was_written_to_us(sign_in, noor, told):
    client = sign_in(noor)
    request = take_in(client, "object")
    prove(request)
    do(client, request, "as_asked")
    assert request.outcome == "unheard" and Objection.objects.count() == 1
    assert not Mention.objects.exists() and Post.objects.filter(text="Nog iets").exists()
    again = take_in(client, "hear_again")
    prove(again)
    do(client, again, "as_asked")
    assert again.outcome == "heard_again" and not Objection.objects.exists()


def test_every_step_is_written_down_without_the_account(sign_in, noor, told):
    client = sign_in(noor)
    request = take_in(client, "erase")
    do(client, request, "code")
    prove(request)
    page(client, "resident_request", request.pk, query="?look=1")
    client.get(reverse("request_export", args=["waterdam", request.pk, "html"]))
    do(client, request, "as_asked")
    rows = AuditRow.objects.filter(subject=f"request:{request.pk}").order_by("id")
    assert list(rows.values_list("action", flat=True)) == [
        "request.opened", "request.code_made", "request.proved", "request.looked", "request.looked",
        "request.exported", "request.erased", "request.closed",
    ]  # fmt: skip
    assert "joke" not in str(list(rows.values())).lower()


def test_a_request_to_another_town_does_not_exist_here(sign_in, noor, told, oeverloo):
    request = take_in(sign_in(noor), "see")
    puck = factories.person("puck@oeverloo.example", "Puck de Jong", oeverloo="privacy_officer")
    client = sign_in(puck)
    assert client.get(reverse("resident_request", args=["oeverloo", request.pk])).status_code == 404
    assert client.get(reverse("resident_request", args=["waterdam", request.pk])).status_code == 404


def test_a_town_without_a_channel_says_what_to_do(sign_in, noor):
    assert "<form method=\"post\" class=\"stack\">" not in page(sign_in(noor), "request_new")


@pytest.mark.parametrize("code", PAPERS)
def test_a_paper_is_filled_from_what_is_set(sign_in, otto, told, code):
    client = sign_in(otto)
    shown = page(client, "paper", code)
    text = page(client, "paper_file", code, "md")
    assert "Waterdam" in shown and text.startswith("# ")
    assert "Vragen van inwoners beantwoorden" in text
    assert "<h1>" in page(client, "paper_file", code, "html")
    assert client.get(reverse("paper_file", args=["waterdam", code, "exe"])).status_code == 404


def test_what_a_town_writes_down_closes_a_gap(sign_in, noor, told):
    client = sign_in(noor)
    before = page(client, "paper_file", "dpia", "md")
    given = {"owner": "Hoofd communicatie", "contact": "", "officer": "fg@waterdam.example", "processor": "Eigen server"}
    assert client.post(reverse("particulars", args=["waterdam"]), given).status_code == 302
    after = page(client, "paper_file", "dpia", "md")
    assert "fg@waterdam.example" in after and after.count("**[") == before.count("**[") - 2


def test_the_hub_asks_the_database_little(sign_in, noor, told, django_assert_max_num_queries):
    client = sign_in(noor)
    for _ in range(4):
        take_in(client, "see")
    page(client, "privacy")
    with django_assert_max_num_queries(18):
        page(client, "privacy")

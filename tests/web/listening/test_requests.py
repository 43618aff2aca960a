"""What residents ask about their own data: the proof by code, the clock, the objection, and forgetting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone

from plein.channels.posts import Author, Batch
from plein_web.channels.models import Post
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import Mention, Objection, Request
from plein_web.listening.rights import actions, residents, workers
from plein_web.listening.rights.access import request_for
from plein_web.listening.standing import STANDING
from plein_web.town.actions import emit
from plein_web.town.models import AuditRow
from plein_web.town.residents import Resident
from tests import factories
from tests.web.listening.conftest import NOW, said, watch_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(waterdam):
    """Noor Dekker: privacy officer of Waterdam."""
    person = factories.person("noor.dekker@waterdam.example", "Noor Dekker", waterdam="privacy_officer")
    return factories.actor(person, waterdam)


def asked(officer, kind: str = "see", handle: str = "joke") -> Request:
    return actions.open_request(actor=officer, kind=kind, network="memory", handle=handle)


def arrives(town, text: str, **fields) -> Post:
    post = factories.post(town, text=text, arrived_at=timezone.now(), **fields)
    emit(town=town, kind="post.arrived", subject=post.pk)
    return post


def proved(officer, kind: str = "see") -> Request:
    request = asked(officer, kind)
    arrives(officer.town, f"Mijn code: {request.code}")
    workers.prove_arrived(timezone.now())
    request.refresh_from_db()
    return request


def hear(source, *posts) -> None:
    Ingestion(source).take_batch(Batch(posts, None), STANDING.listener(), timezone.now())


def test_the_code_from_the_account_proves_it_once(officer):
    request = proved(officer)
    assert request.proved_at and request.author_id == "resident-joke" and request.code == ""
    assert AuditRow.objects.filter(action="request.proved", subject=f"request:{request.pk}").count() == 1


def test_the_code_from_another_account_proves_nothing(officer):
    request = asked(officer)
    arrives(officer.town, request.code, author_handle="piet", author_id="resident-piet")
    workers.prove_arrived(timezone.now())
    request.refresh_from_db()
    assert request.proved_at is None


def test_the_code_sent_to_another_town_proves_nothing_here(officer, oeverloo):
    request = asked(officer)
    arrives(oeverloo, request.code)
    workers.prove_arrived(timezone.now())
    request.refresh_from_db()
    assert request.proved_at is None


def test_a_code_ends_after_seven_days_and_a_new_one_ends_the_old(officer):
    request = asked(officer)
    old = request.code
    assert request.code_until - request.opened_at == timedelta(days=7)
    actions.renew_code(actor=officer, request=request)
    arrives(officer.town, old)
    workers.prove_arrived(timezone.now())
    request.refresh_from_db()
    assert request.proved_at is None and request.code != old
    arrives(officer.town, request.code)
    workers.prove_arrived(request.code_until)
    request.refresh_from_db()
    assert request.proved_at is None


def test_a_request_has_a_month_from_the_day_it_came_in(officer):
    request = actions.open_request(
        actor=officer, kind="see", network="memory", handle="@Joke", received_on=date(2026, 1, 31)
    )
    assert request.due_on == date(2026, 2, 28) and request.handle == "joke"


def test_an_account_that_a_colleague_typed_cannot_be_proved(officer):
    with pytest.raises(ValidationError):
        actions.open_request(actor=officer, kind="see", network="manual", handle="Joke Terpstra")


def test_only_who_may_answer_requests_comes_near_one(officer, femke, sanne, daan, waterdam, oeverloo):
    request = asked(officer)
    for person in (femke, sanne):
        with pytest.raises(PermissionDenied):
            request_for(factories.actor(person, waterdam), request.pk)
    with pytest.raises(PermissionDenied):
        actions.open_request(actor=factories.actor(femke, waterdam), kind="see", network="memory", handle="joke")
    elsewhere = factories.person("puck@oeverloo.example", "Puck de Jong", oeverloo="privacy_officer")
    with pytest.raises(Http404):
        request_for(factories.actor(elsewhere, oeverloo), request.pk)
    membership = factories.actor(sanne, waterdam).membership
    membership.answers_requests = True
    membership.save()
    assert request_for(factories.actor(sanne, waterdam), request.pk) == request


def test_no_account_stands_in_the_audit_trail(officer):
    request = proved(officer, "object")
    actions.stop_hearing(actor=officer, request=request)
    actions.close_request(actor=officer, request=request, outcome="unheard")
    trail = str(list(AuditRow.objects.values_list("action", "subject", "details", "actor")))
    assert "request.closed" in trail and "joke" not in trail


def test_overheard_posts_are_found_under_every_name_that_an_author_has_here(officer, brug, everywhere):
    month_ago = NOW - timedelta(days=40)
    hear(everywhere, said("De sluisbrug is dicht"), said("Sluisbrug weer open", posted_at=month_ago))
    hear(everywhere, said("Ook ik sta voor de sluisbrug", author=Author("resident-piet", "piet")))
    assert Mention.objects.values("author").distinct().count() == 3
    found = residents.find(Resident(officer.town.pk, "memory", "resident-joke"))
    assert [one["text"] for one in found] == ["Sluisbrug weer open", "De sluisbrug is dicht"]
    assert found[0]["watch"] == brug.name and found[0]["purpose"] == brug.purpose
    assert residents.erase(Resident(officer.town.pk, "memory", "resident-joke"), timezone.now()).count == 2
    assert [one.text for one in Mention.objects.all()] == ["Ook ik sta voor de sluisbrug"]


def test_another_town_finds_nothing_of_ours(officer, oeverloo, brug, everywhere):
    hear(everywhere, said("De sluisbrug is dicht"))
    assert residents.find(Resident(oeverloo.pk, "memory", "resident-joke")) == []


def test_after_an_objection_nothing_overheard_is_written(officer, brug, everywhere):
    hear(everywhere, said("De sluisbrug is dicht"))
    request = proved(officer, "object")
    actions.stop_hearing(actor=officer, request=request)
    Mention.objects.all().delete()
    STANDING._looked = 0
    hear(everywhere, said("De sluisbrug is nog steeds dicht"), said("Sluisbrug?", author=Author("other", "other")))
    assert [one.text for one in Mention.objects.all()] == ["Sluisbrug?"]


def test_an_objection_holds_in_the_town_where_it_was_made(officer, oeverloo, brug, everywhere):
    watch_row(oeverloo, "sluisbrug")
    actions.stop_hearing(actor=officer, request=proved(officer, "object"))
    hear(everywhere, said("De sluisbrug is dicht"))
    assert [one.town for one in Mention.objects.all()] == [oeverloo]


def test_an_objection_keeps_a_hash_alone_and_can_be_withdrawn(officer, brug, everywhere):
    request = proved(officer, "object")
    actions.stop_hearing(actor=officer, request=request)
    actions.stop_hearing(actor=officer, request=request)
    (row,) = Objection.objects.values()
    assert "joke" not in str(row) and actions.is_unheard(request)
    actions.hear_again(actor=officer, request=request)
    assert not Objection.objects.exists()
    hear(everywhere, said("De sluisbrug is dicht"))
    assert Mention.objects.count() == 1


def test_nobody_objects_for_somebody_else(officer):
    with pytest.raises(ValidationError):
        actions.stop_hearing(actor=officer, request=asked(officer))


def test_whom_a_closed_request_was_about_is_forgotten_in_time(officer):
    request = proved(officer)
    actions.close_request(actor=officer, request=request, outcome="exported")
    assert workers.forget_closed(timezone.now() + timedelta(days=89)) == 0
    assert workers.forget_closed(timezone.now() + timedelta(days=91)) == 1
    request.refresh_from_db()
    assert (request.handle, request.author_id, request.outcome) == ("", "", "exported")
    assert workers.forget_closed(timezone.now() + timedelta(days=91)) == 0

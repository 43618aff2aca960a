"""The page of a town's own names: for the owner, a colleague who looks along, and a stranger."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from plein_web.listening.models import OwnName
from plein_web.listening.naming import add_name
from plein_web.listening.places import knowledge_of, place_names
from plein_web.town.models import AuditRow, Event, Membership
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/waterdam/listening/names/"


@pytest.fixture
def sanne_in(sign_in, sanne):
    return sign_in(sanne)


@pytest.fixture
def own(waterdam, sanne) -> OwnName:
    return add_name(actor=factories.actor(sanne, waterdam), name="De Kathedraal", kind="building")


def shown(client) -> str:
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_page_says_what_to_add(sanne_in, waterdam):
    assert reverse("own_names", args=["waterdam"]) == PAGE
    assert "Nog geen eigen namen" in shown(sanne_in)


def test_a_name_is_added_and_every_watch_on_the_town_takes_it_up(sanne_in, waterdam):
    answer = sanne_in.post(PAGE, {"name": "  Ons   Huis ", "kind": "building"}, follow=True)
    assert "Ons Huis" in answer.content.decode()
    assert [name.text for name in place_names(waterdam, "waterdam", on=timezone.localdate())] == [
        "Waterdam",
        "Ons Huis",
    ]
    assert knowledge_of(waterdam, "Waterdam").buildings == ("Ons Huis",)
    assert Event.objects.filter(town=waterdam, kind="watch.changed").count() == 1
    assert AuditRow.objects.get(town=waterdam, action="name.added").details == {"name": "Ons Huis", "kind": "building"}


@pytest.mark.parametrize(("given", "words"), [
    ({"name": "", "kind": "building"}, "Dit veld is verplicht"),
    ({"name": "!!! 😀", "kind": "building"}, "minstens één letter"),
    ({"name": "de kathedraal", "kind": "event"}, "staat al in de lijst"),
    ({"name": "x", "kind": "person"}, "selecteer een geldige keuze"),
])  # fmt: skip
def test_a_name_that_is_empty_or_there_already_is_refused_with_the_reason(sanne_in, own, given, words):
    answer = sanne_in.post(PAGE, given)
    assert words.lower() in answer.content.decode().lower()
    assert OwnName.objects.count() == 1


@pytest.mark.parametrize(("name", "words"), [
    ("Jan", "lijkt een persoon"),
    ("Jan de Vries", "lijkt een persoon"),
    ("@best", "wijst naar een persoon"),
    ("jan@best.example", "wijst naar een persoon"),
    ("06 12345678", "wijst naar een persoon"),
    ("de", "staat in heel veel berichten"),
])  # fmt: skip
def test_a_person_and_a_word_of_every_message_are_no_names(sanne_in, waterdam, name, words):
    assert words in sanne_in.post(PAGE, {"name": name, "kind": "nickname"}).content.decode()
    assert not OwnName.objects.exists()


def test_a_name_that_is_an_ordinary_word_is_added_with_a_remark(sanne_in, waterdam):
    answer = sanne_in.post(PAGE, {"name": "Best", "kind": "nickname"}, follow=True).content.decode()
    assert "alleen telt het niet mee" in answer


def test_a_name_can_be_removed_and_put_back(sanne_in, waterdam, own):
    answer = sanne_in.post(f"{PAGE}{own.pk}/", {"do": "remove"}, follow=True)
    assert "Maak ongedaan" in answer.content.decode()
    assert not OwnName.objects.of(waterdam).exists()
    sanne_in.post(f"{PAGE}{own.pk}/", {"do": "restore"})
    assert list(OwnName.objects.of(waterdam)) == [own]
    assert list(AuditRow.objects.filter(subject=f"name:{own.pk}").order_by("id").values_list("action", flat=True)) == [
        "name.added", "name.removed", "name.added",
    ]  # fmt: skip


def test_putting_back_what_was_added_again_meanwhile_says_so(sanne_in, waterdam, sanne, own):
    sanne_in.post(f"{PAGE}{own.pk}/", {"do": "remove"})
    add_name(actor=factories.actor(sanne, waterdam), name="de kathedraal", kind="nickname")
    answer = sanne_in.post(f"{PAGE}{own.pk}/", {"do": "restore"}, follow=True)
    assert "staat al in de lijst" in answer.content.decode()
    assert OwnName.objects.of(waterdam).count() == 1


def test_removing_twice_is_written_down_once(sanne_in, own):
    for _ in range(2):
        assert sanne_in.post(f"{PAGE}{own.pk}/", {"do": "remove"}).status_code == 302
    assert AuditRow.objects.filter(action="name.removed").count() == 1


def test_a_colleague_sees_the_names_and_changes_nothing(sign_in, femke, own):
    client = sign_in(femke)
    page = shown(client)
    assert "De Kathedraal" in page and f'action="{PAGE}' not in page
    assert client.post(PAGE, {"name": "x", "kind": "event"}).status_code == 403
    assert client.post(f"{PAGE}{own.pk}/", {"do": "remove"}).status_code == 403
    assert OwnName.objects.filter(removed_at=None).count() == 1


def test_a_stranger_sees_nothing_and_reaches_no_name_by_way_of_their_own_town(sign_in, daan, own):
    stranger = sign_in(daan)
    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(f"{PAGE}{own.pk}/", {"do": "remove"}).status_code == 404
    Membership.objects.filter(person=daan).update(role="administrator")
    assert stranger.post(f"/oeverloo/listening/names/{own.pk}/", {"do": "remove"}).status_code == 404
    assert OwnName.objects.filter(removed_at=None).count() == 1


def test_a_town_of_the_register_sees_what_is_known_of_it_and_which_names_alone_do_not_count(sanne_in, waterdam):
    waterdam.name = "Best"
    waterdam.save()
    page = shown(sanne_in)
    assert "Klompengat" in page and "telt alleen niet mee" in page
    assert "plein places load" in page


def test_the_page_costs_the_same_with_many_names(sanne_in, waterdam, own):
    shown(sanne_in)
    with CaptureQueriesContext(connection) as few:
        shown(sanne_in)
    OwnName.objects.bulk_create(OwnName(town=waterdam, name=f"n{n}", key=f"n{n}", kind="event") for n in range(30))
    with CaptureQueriesContext(connection) as many:
        shown(sanne_in)
    assert len(many) == len(few) <= 12

"""Pages of the hall: people, settings, the audit trail."""

from __future__ import annotations

import pytest

from plein_web.town.actions import audit
from plein_web.town.models import AuditRow, AuditSeal, Membership, Person
from tests import factories

PAGES = {"people/": 7, "town/": 6, "audit/": 9}


@pytest.fixture(autouse=True)
def everybody_reads_english(sanne, femke, daan):
    for person in (sanne, femke, daan):
        person.language = "en"
        person.save()


@pytest.mark.parametrize("name", PAGES)
def test_an_administrator_sees_it_in_few_queries(sign_in, sanne, waterdam, name, django_assert_max_num_queries):
    for number in range(12):
        factories.person(f"c{number}@waterdam.example", f"Collega {number}", waterdam="reader")
        audit(town=waterdam, actor=sanne, action="person.invited", subject=f"person:{number}")
    client = sign_in(sanne)
    client.get(f"/waterdam/{name}")
    with django_assert_max_num_queries(PAGES[name]):
        assert client.get(f"/waterdam/{name}").status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_colleague_may_not(sign_in, femke, name):
    assert sign_in(femke).get(f"/waterdam/{name}").status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_for_a_stranger_it_does_not_exist(sign_in, daan, waterdam, name):
    assert sign_in(daan).get(f"/waterdam/{name}").status_code == 404


def test_who_is_invited_gets_a_link_that_works(sign_in, sanne, client, waterdam):
    given = {"name": "Mo Aydin", "email": "Mo@waterdam.example", "role": "reader"}
    shown = sign_in(sanne).post("/waterdam/people/", given).content.decode()
    link = shown.split('class="copy" translate="no">')[1].split("<")[0]
    client.logout()
    client.post("/" + link.split("/", 3)[3])
    assert client.get("/waterdam/channels/").status_code == 200
    assert Membership.objects.get(person__email="mo@waterdam.example").role == "reader"


def test_a_colleague_from_another_town_is_invited_without_a_link(sign_in, sanne, daan, waterdam):
    daan.set_password("een lange zin van Daan")
    daan.save()
    given = {"name": "Iemand", "email": daan.email, "role": "reader"}
    shown = sign_in(sanne).post("/waterdam/people/", given).content.decode()
    assert "/enter/" not in shown
    daan.refresh_from_db()
    assert daan.name == "Daan de Wit", "an invitation does not rename somebody"


@pytest.mark.parametrize("runs_plein", [False, True])
def test_an_invitation_is_no_way_in_as_who_already_works_elsewhere(sign_in, sanne, waterdam, oeverloo, runs_plein):
    roles = {} if runs_plein else {"oeverloo": "administrator"}
    els = factories.person("els@oeverloo.example", "Els", **roles)
    Person.objects.filter(pk=els.pk).update(is_superuser=runs_plein)
    given = {"name": "Els", "email": els.email, "role": "reader"}
    shown = sign_in(sanne).post("/waterdam/people/", given).content.decode()
    assert "/enter/" not in shown
    assert "Only who runs Plein can make a sign-in link" in shown
    assert Membership.objects.filter(person=els, town=waterdam).exists()


def test_nobody_is_invited_twice(sign_in, sanne, femke):
    sign_in(sanne).post("/waterdam/people/", {"name": "F", "email": femke.email, "role": "administrator"})
    assert Membership.objects.get(person=femke).role == "webcare"


def test_a_link_for_who_serves_another_town_too_is_refused(sign_in, sanne, waterdam, oeverloo):
    both = factories.person("els@oeverloo.example", "Els", oeverloo="webcare", waterdam="webcare")
    membership = Membership.objects.get(person=both, town=waterdam)
    answer = sign_in(sanne).post(f"/waterdam/people/{membership.pk}/", {"do": "link"}, follow=True)
    assert "/enter/" not in answer.content.decode()


def test_roles_change_and_people_go(sign_in, sanne, femke, waterdam):
    client = sign_in(sanne)
    membership = Membership.objects.get(person=femke)
    client.post(f"/waterdam/people/{membership.pk}/", {"role": "reader"})
    membership.refresh_from_db()
    assert membership.role == "reader"
    client.post(f"/waterdam/people/{membership.pk}/", {"do": "remove"})
    assert not Membership.objects.filter(person=femke).exists()
    assert Person.objects.filter(pk=femke.pk).exists(), "what she did keeps her name"
    assert {"person.role_changed", "person.removed"} <= set(AuditRow.objects.values_list("action", flat=True))


@pytest.mark.parametrize("given", [{"do": "remove"}, {"role": "reader"}])
def test_the_last_administrator_stays(sign_in, sanne, waterdam, given):
    membership = Membership.objects.get(person=sanne, town=waterdam)
    answer = sign_in(sanne).post(f"/waterdam/people/{membership.pk}/", given, follow=True)
    membership.refresh_from_db()
    assert membership.role == "administrator"
    assert "There has to be an administrator" in answer.content.decode()


def test_a_role_in_another_town_is_out_of_reach(sign_in, sanne, femke, waterdam, oeverloo):
    membership = Membership.objects.get(person=femke, town=waterdam)
    assert sign_in(sanne).post(f"/oeverloo/people/{membership.pk}/", {"do": "remove"}).status_code == 404
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_a_small_town_shows_little_until_a_room_is_switched_on(sign_in, sanne, oeverloo):
    client = sign_in(sanne)
    assert 'data-key="2"' not in client.get("/oeverloo/town/").content.decode()
    client.post("/oeverloo/town/", {"name": "Oeverloo", "language": "nl", "preset": "klein", "rooms": ["listening"]})
    shown = client.get("/oeverloo/town/").content.decode()
    assert 'data-key="2"' in shown, "the number key stays with its room"
    assert 'data-key="1"' not in shown
    assert 'href="/oeverloo/stop/"' in shown and 'href="/oeverloo/digest/"' in shown


def test_a_private_address_is_allowed_on_purpose_and_noted(sign_in, sanne, waterdam):
    client = sign_in(sanne)
    client.post("/waterdam/town/addresses/", {"addresses": "10.0.4.20:8443\nMastodon.waterdam.example\n"})
    waterdam.refresh_from_db()
    assert waterdam.allowed_addresses == ["10.0.4.20:8443", "mastodon.waterdam.example"]
    assert AuditRow.objects.filter(action="town.addresses_allowed").exists()
    shown = client.post("/waterdam/town/addresses/", {"addresses": "https://x/ y"}).content.decode()
    assert "is not a name or an address" in shown


def test_the_audit_trail_is_filtered_and_tells_what_is_not_sealed(sign_in, sanne, waterdam):
    seal = AuditSeal.objects.create(town=waterdam, digest="ab12cd34" * 8, previous="", rows=1)
    audit(town=waterdam, actor=sanne, action="channel.connected", subject="channel:1")
    AuditRow.objects.update(seal=seal)
    audit(town=waterdam, actor="engine", action="source.removed", subject="source:1")
    client = sign_in(sanne)
    shown = client.get("/waterdam/audit/").content.decode()
    assert "1 row is not sealed yet" in shown and "ab12cd34" in shown
    filtered = client.get("/waterdam/audit/?action=source.removed").content.decode()
    assert "source 1" in filtered and "channel 1" not in filtered
    assert "Nothing was found" in client.get("/waterdam/audit/?actor=niemand").content.decode()


@pytest.mark.parametrize(
    ("subject", "details", "words"),
    [
        ("conversation:12", {"to": "femke@waterdam.example"}, ["gesprek 12", "aan: ", "femke@waterdam.example"]),
        ("outgoing:3", {"state": "cancelled"}, ["bericht van ons 3", "staat: ", "teruggehaald"]),
        ("person:4", {"before": "reader", "role": "webcare"}, ["persoon 4", "eerst: ", "Lezer", "rol: ", "Webcare"]),
        ("town:1", {"preset": "klein", "rooms": ["listening"], "language": ""}, ["gemeente 1", "klein", "Luisteren"]),
        ("watch:5", {"ends_at": "2027-03-03T09:30:00+00:00"}, ["zoekopdracht 5", "3 maart 2027 10.30 uur"]),
        ("urn:uuid:7", {"name": "administrator"}, ["urn:uuid:7", "administrator"]),
        ("hold:6", {"reason": "klein"}, ["stop 6", "klein"]),
        ("odd:6", {"odd": {"a": 1}}, ["odd:6", "odd: "]),
    ],
)
def test_the_audit_trail_has_no_codes_in_it(sign_in, sanne, waterdam, subject, details, words):
    sanne.language = "nl"
    sanne.save()
    audit(town=waterdam, actor=sanne, action="town.changed", subject=subject, details=details)
    shown = sign_in(sanne).get("/waterdam/audit/").content.decode()
    for word in words:
        assert word in shown, word


def test_older_rows_of_the_audit_trail_keep_the_filter(sign_in, sanne, waterdam):
    for number in range(60):
        audit(town=waterdam, actor=f"a&b-{number}", action="source.added", subject=f"source:{number}")
    shown = sign_in(sanne).get("/waterdam/audit/?actor=a%26b&action=source.added").content.decode()
    assert 'href="?page=2&amp;actor=a%26b&amp;action=source.added"' in shown


def test_the_audit_trail_of_another_town_is_not_in_it(sign_in, sanne, waterdam, oeverloo):
    audit(town=waterdam, actor=sanne, action="channel.connected", subject="channel:1")
    assert "channel 1" in sign_in(sanne).get("/waterdam/audit/").content.decode()
    assert "channel 1" not in sign_in(sanne).get("/oeverloo/audit/").content.decode()


def test_one_person_switches_between_two_towns_and_a_stranger_sees_one(sign_in, sanne, daan, oeverloo, waterdam):
    shown = sign_in(sanne).get("/waterdam/people/").content.decode()
    assert 'href="/oeverloo/inbox/"' in shown
    assert "waterdam" not in sign_in(daan).get("/oeverloo/stop/").content.decode().replace(daan.email, "")


def test_who_handles_requests_of_residents_is_switched_by_an_administrator(sign_in, sanne, femke, waterdam):
    row = Membership.objects.get(person=femke)
    assert not row.may("write", "requests")
    page = sign_in(sanne)
    page.post(f"/waterdam/people/{row.pk}/", {"role": "webcare", "answers_requests": "on"})
    row.refresh_from_db()
    assert row.may("write", "requests")
    assert AuditRow.objects.filter(action="person.requests_switched", details__answers=True).count() == 1
    page.post(f"/waterdam/people/{row.pk}/", {"role": "webcare"})
    row.refresh_from_db()
    assert not row.may("write", "requests")


def test_an_administrator_is_not_by_that_an_officer_for_requests(sanne, waterdam):
    assert not factories.actor(sanne, waterdam).may("write", "requests")


@pytest.mark.parametrize("role", ["privacy_officer", "data_protection_officer"])
def test_an_officer_starts_at_the_papers(sign_in, waterdam, role):
    page = sign_in(factories.person("olga@waterdam.example", "Olga Prins", waterdam=role))
    assert page.get("/").headers["Location"] == "/waterdam/privacy/"
    assert 'href="/waterdam/listening/"' in page.get("/waterdam/privacy/").content.decode()
    assert page.get("/waterdam/inbox/").status_code == 403

"""Coming in: by password, by one-time link, by the first set-up."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from plein_web.site.accounts import LinkError, one_time_link, person_of_link, setup_code, setup_link
from plein_web.town.models import AuditRow, Membership, Person, Town

PASSWORD = "de brug gaat om negen uur open"


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()


@pytest.fixture
def sanne(sanne):
    sanne.set_password(PASSWORD)
    sanne.language = "en"
    sanne.save()
    return sanne


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def sign_in_with(client, password, email="sanne.bos@waterdam.example", **more):
    return client.post("/sign-in/", {"login": email, "password": password, **more})


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_who_knows_the_password_comes_in(client, sanne):
    answer = sign_in_with(client, PASSWORD)
    assert (answer.status_code, answer["location"]) == (302, "/")
    assert signed_in(client)


def test_a_wrong_password_says_what_to_look_at_and_not_whether_the_address_is_known(client, sanne):
    client.cookies["language"] = "en"
    known = sign_in_with(client, "iets heel anders").content.decode()
    unknown = sign_in_with(client, "iets heel anders", "niemand@waterdam.example").content.decode()
    assert "Is your e-mail address right" in known and "Is your e-mail address right" in unknown
    assert not signed_in(client)


def test_guessing_is_stopped_even_when_the_sixth_guess_is_right(client, sanne):
    for _ in range(5):
        sign_in_with(client, "geraden")
    sign_in_with(client, PASSWORD)
    assert not signed_in(client)


def test_after_signing_in_nobody_is_sent_to_another_site(client, sanne):
    answer = sign_in_with(client, PASSWORD, next="https://elsewhere.example/")
    assert answer["location"] == "/"


def test_a_closed_account_does_not_come_in(client, sanne):
    Person.objects.filter(pk=sanne.pk).update(is_active=False)
    sign_in_with(client, PASSWORD)
    assert not signed_in(client)


def test_nobody_makes_an_account_for_themselves(client, db):
    assert client.get("/sign-up/")["location"] == "/sign-in/"


def test_a_preview_of_a_one_time_link_does_not_use_it_up(client, sanne):
    path = path_of(one_time_link(sanne))
    assert client.get(path).status_code == client.get(path).status_code == 200
    assert not signed_in(client)
    assert client.post(path).status_code == 302
    assert signed_in(client)


def test_a_one_time_link_works_once(client, sanne, django_user_model):
    path = path_of(one_time_link(sanne))
    client.post(path)
    client.logout()
    again = client.post(path)
    assert again.status_code == 410
    assert not signed_in(client)


def test_a_one_time_link_ends_after_a_quarter_of_an_hour(client, sanne):
    path = path_of(one_time_link(sanne))
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=2)):
        assert client.get(path).status_code == 410


def test_a_changed_password_ends_a_one_time_link(sanne):
    link = one_time_link(sanne)
    sanne.set_password("nog een andere zin")
    sanne.save()
    with pytest.raises(LinkError):
        person_of_link(link.split("/")[-2])


@pytest.mark.parametrize("token", ["onzin", "WzEsMl0:1xVTBe:0URdGpG4NRfsCJYMvCp9AWhI99QHslrSo2mEUJEF7vs"])
def test_a_made_up_link_gets_a_page_that_says_what_to_do(client, db, token):
    answer = client.get(f"/enter/{token}/")
    assert answer.status_code == 410
    assert 'href="/sign-in/"' in answer.content.decode()


def test_who_has_no_password_chooses_one_after_the_link(client, waterdam, femke):
    answer = client.post(path_of(one_time_link(femke)))
    assert answer["location"] == "/me/password/first/"
    client.post("/me/password/first/", {"new": PASSWORD})
    assert signed_in(client)
    femke.refresh_from_db()
    assert femke.check_password(PASSWORD)


def test_signing_out_takes_a_button_not_a_link(client, sanne):
    sign_in_with(client, PASSWORD)
    client.get("/sign-out/")
    assert signed_in(client)
    client.post("/sign-out/")
    assert not signed_in(client)


def test_a_new_password_asks_for_the_old_one(client, sanne):
    client.force_login(sanne)
    client.post("/me/password/", {"old": "fout geraden", "new": "een heel andere zin"})
    sanne.refresh_from_db()
    assert sanne.check_password(PASSWORD)
    client.post("/me/password/", {"old": PASSWORD, "new": "een heel andere zin"})
    sanne.refresh_from_db()
    assert sanne.check_password("een heel andere zin")
    assert client.get("/me/").status_code == 200, "who changes it stays signed in here"


def test_everybody_sets_their_own_language_and_look(client, sanne):
    client.force_login(sanne)
    client.post("/me/", {"name": "Sanne B.", "language": "nl", "theme": "dark"})
    page = client.get("/me/").content.decode()
    assert '<html lang="nl" class="theme-dark"' in page
    assert 'data-keys="off"' in page


def test_home_goes_to_the_town_where_one_was_last(client, sanne):
    client.force_login(sanne)
    assert client.get("/")["location"] == "/oeverloo/inbox/"
    client.get("/waterdam/channels/")
    assert client.get("/")["location"] == "/waterdam/inbox/"


def test_who_has_no_town_is_told_whom_to_ask(client, waterdam):
    client.force_login(Person.objects.create_user("los@waterdam.example", name="Los"))
    assert "los@waterdam.example" in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/waterdam/channels/", "/waterdam/people/", "/waterdam/stop/", "/me/", "/help/"])
def test_who_is_not_signed_in_signs_in_first(client, waterdam, path):
    assert client.get(path)["location"] == f"/sign-in/?next={path}"


# --- the first set-up ---

GIVEN = {
    "name": "Waterdam",
    "preset": "klein",
    "person_name": "Sanne Bos",
    "email": "Sanne.Bos@waterdam.example",
    "password": PASSWORD,
}


def test_a_new_installation_starts_with_the_set_up(client, db):
    assert client.get("/")["location"] == "/setup/"


def test_the_set_up_opens_only_with_the_code_that_the_terminal_printed(client, db):
    assert 'name="email"' not in client.get("/setup/").content.decode()
    client.post("/setup/", GIVEN | {"code": "geraden"})
    assert not Town.objects.exists()
    assert 'name="email"' in client.get(path_of(setup_link())).content.decode()


def test_guessing_the_code_is_stopped(client, db):
    for _ in range(10):
        client.post("/setup/", {"code": "geraden"})
    assert client.post("/setup/", {"code": "geraden"}).status_code == 429


def test_the_set_up_makes_a_town_with_its_administrator_and_goes_on_to_a_channel(client, db):
    answer = client.post("/setup/", GIVEN | {"code": setup_code()})
    assert answer["location"] == "/waterdam/channels/connect/?first=1"
    assert signed_in(client)
    membership = Membership.objects.select_related("person", "town").get()
    assert (membership.role, membership.person.email) == ("administrator", "sanne.bos@waterdam.example")
    assert membership.town.preset == "klein"
    assert AuditRow.objects.get().action == "town.founded"
    assert "/waterdam/inbox/" in client.get(answer["location"]).content.decode()


def test_a_weak_password_keeps_what_was_filled_in(client, db):
    page = client.post("/setup/", GIVEN | {"code": setup_code(), "password": "geheimpje"}).content.decode()
    assert 'value="Sanne Bos"' in page
    assert "geheimpje" not in page
    assert not Town.objects.exists()


def test_all_that_is_wrong_with_one_field_is_one_thing(client, db):
    page = client.post("/setup/", GIVEN | {"code": setup_code(), "password": "password"}).content.decode()
    summary = page[page.index("Eén ding klopt nog niet") : page.index("</ul>")]
    assert summary.count("<li>") == 1
    assert "te kort" in summary and "te algemeen" in summary


def test_the_word_for_a_municipality_is_left_out_of_its_name_and_that_is_said(client, db):
    answer = client.post("/setup/", GIVEN | {"code": setup_code(), "name": "Gemeente Best"})
    assert answer["location"].startswith("/best/")
    assert Town.objects.get().name == "Best"
    page = client.get(answer["location"]).content.decode()
    assert "“Gemeente Best” heet hier Best" in page
    assert 'href="/best/sources/"' in page


def test_the_set_up_says_what_a_small_town_does_not_show(client, db):
    client.cookies["language"] = "nl"
    page = client.get(path_of(setup_link())).content.decode()
    assert "Klein verbergt Kanalen en Luisteren" in page


def test_what_is_wrong_with_a_password_is_said_in_the_readers_language(client, db):
    client.cookies["language"] = "nl"
    page = client.post("/setup/", GIVEN | {"code": setup_code(), "password": "kort"}).content.decode()
    assert "Dit wachtwoord is te kort. Gebruik minstens 12 tekens." in page


def test_the_first_administrator_by_link_names_only_the_town(client, db):
    client.force_login(Person.objects.create_user("sanne@waterdam.example", name="Sanne"))
    answer = client.post("/setup/", {"name": "Setup", "preset": "ruim"})
    assert answer["location"] == "/setup-2/channels/connect/?first=1", "an address of our own is no name for a town"


def test_there_is_no_set_up_once_there_is_a_town(client, waterdam):
    assert client.get(path_of(setup_link()))["location"] == "/"
    client.post("/setup/", GIVEN | {"code": setup_code(), "name": "Elders"})
    assert Town.objects.count() == 1


# --- every answer ---


def test_every_page_forbids_what_does_not_come_from_here(client, sanne):
    client.force_login(sanne)
    for path in ("/sign-in/", "/me/", "/waterdam/channels/"):
        answer = client.get(path)
        page = answer.content.decode()
        assert "default-src 'none'" in answer["content-security-policy"]
        assert "style=" not in page and "onclick" not in page and "<style" not in page


def test_a_wrong_address_gets_our_own_page(client, sanne):
    client.force_login(sanne)
    answer = client.get("/nergens/inbox/")
    assert answer.status_code == 404
    assert 'href="/"' in answer.content.decode()


def test_a_form_without_its_token_is_refused_with_our_own_page(client, sanne):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "x"})
    assert answer.status_code == 403
    assert 'class="door"' in answer.content.decode()


def test_the_health_address_answers_without_a_session(client, db):
    assert client.get("/healthz").content == b"ok\n"

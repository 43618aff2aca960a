"""The public register: for everybody, without signing in, and the same for machines."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import jsonschema
import pytest
from django.urls import reverse
from django.utils import timezone

from plein.listening.register import CANNOT, SCHEMA
from plein_web.listening.models import Particulars
from plein_web.listening.rights.words import KEPT, NEVER, OUTCOMES
from tests import factories
from tests.web.listening.conftest import watch_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(waterdam):
    """Waterdam with a watch that runs, one that ended, and one that nobody approved yet."""
    now = timezone.now()
    factories.source(waterdam, kind="hashtag", address="geheimwoord")
    watch_row(
        waterdam, "sluisbrug", name="Sluisbrug dicht", purpose_code="roads", article="Wegenwet, artikel 16",
        approved_at=now - timedelta(days=3), review_at=now + timedelta(days=30), approved_by="Ali Kaya <ali@waterdam.example>",
    )  # fmt: skip
    watch_row(waterdam, "kermis", name="Kermis", approved_at=now, stopped_at=now - timedelta(days=1))
    watch_row(waterdam, "plan", name="Nog niet goedgekeurd", approved_at=None)
    Particulars.objects.create(town=waterdam, owner="Teammanager communicatie", contact="privacy@waterdam.example")
    return waterdam


def page(client, name: str = "register", query: str = "", slug: str = "waterdam") -> str:
    response = client.get(reverse(name, args=[slug]) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_everybody_reads_what_a_town_listens_for(client, town):
    shown = page(client)
    for words in ("Sluisbrug dicht", "Wegenwet, artikel 16", "Teammanager communicatie", "privacy@waterdam.example"):
        assert words in shown
    assert "Kermis" in shown.partition("<details")[2]


def test_words_people_and_plans_stay_out_of_it(client, town, sanne):
    for shown in (page(client), page(client, "register_json"), page(client, "register_csv")):
        for hidden in ("&#34;kermis", '"sluisbrug"', "geheimwoord", "Ali Kaya", "Nog niet goedgekeurd", sanne.email):
            assert hidden not in shown


def test_who_looks_makes_no_difference_so_that_it_may_be_kept(client, town, sanne, sign_in):
    stranger = client.get(reverse("register", args=["waterdam"]))
    assert stranger.headers["Cache-Control"] == "public, max-age=60"
    assert "csrf" not in stranger.content.decode()
    assert "Sanne" not in page(sign_in(sanne))


def test_it_is_read_in_dutch_and_in_english(client, town):
    assert '<html lang="nl"' in page(client)
    assert "What we do not do" in page(client, query="?lang=en")
    assert '<html lang="nl"' in page(client, query="?lang=klingon")


def test_a_town_without_watches_says_so(client, oeverloo):
    shown = page(client, slug="oeverloo", query="?lang=en")
    assert "At this moment we listen for nothing" in shown
    data = client.get(reverse("register_json", args=["oeverloo"])).json()
    assert data["watches"] == [] and data["contact"] is None


def test_a_town_that_does_not_exist_has_no_register(client, db):
    assert client.get("/nergens/register/").status_code == 404
    assert client.get("/nergens/register.json").status_code == 404


def test_the_export_fits_the_schema_that_is_served(client, town):
    schema = client.get("/register.schema.json").json()
    assert schema == SCHEMA
    jsonschema.Draft202012Validator.check_schema(schema)
    fits = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    data = client.get(reverse("register_json", args=["waterdam"])).json()
    fits.validate(data)
    assert [watch["state"] for watch in data["watches"]] == ["running", "ended"]
    for wrong in ({"query": "sluisbrug"}, {"state": "secret"}, {"since": 3}):
        with pytest.raises(jsonschema.ValidationError):
            fits.validate(data | {"watches": [data["watches"][0] | wrong]})


def test_the_table_opens_in_a_spreadsheet(client, town):
    rows = list(csv.DictReader(io.StringIO(page(client, "register_csv").removeprefix("\ufeff"))))
    assert [row["name"] for row in rows] == ["Sluisbrug dicht", "Kermis"]
    assert rows[0]["owner"] == "Teammanager communicatie"


def test_a_watch_for_public_order_has_no_name_while_it_runs(client, waterdam):
    now = timezone.now()
    row = watch_row(waterdam, "x", name="Plek van de demonstratie", purpose_code="public_order", approved_at=now)
    assert "Plek van de demonstratie" not in page(client)
    row.stopped_at = now
    row.save()
    assert "Plek van de demonstratie" in page(client)


def test_the_register_asks_the_database_little(client, town, django_assert_max_num_queries):
    client.get(reverse("register", args=["waterdam"]))
    for number in range(5):
        watch_row(town, f"meer {number}", approved_at=timezone.now())
    with django_assert_max_num_queries(6):
        page(client)


def test_everything_that_is_said_has_a_sentence():
    assert len(NEVER) == len(CANNOT)
    assert all(map(str, OUTCOMES.values())) and set(KEPT) == {"legal_hold", "own_words"}

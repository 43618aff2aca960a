"""R9: a public register that shows what a town listens for, and no plan that nobody approved."""

from __future__ import annotations

from datetime import timedelta

import jsonschema
import pytest
from django.utils import timezone

from plein.listening.register import SCHEMA
from plein_web.site.privacy.papers import PAPERS, paper_of
from tests.web.listening.conftest import watch_row

pytestmark = [pytest.mark.requirement, pytest.mark.django_db]


def test_the_register_holds_every_watch_that_may_collect_and_no_other(client, waterdam):
    watch_row(waterdam, "sluisbrug", name="Goedgekeurd", approved_at=timezone.now() - timedelta(days=1))
    watch_row(waterdam, "plan", name="Nog een plan", approved_at=None)
    data = client.get("/waterdam/register.json").json()
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    assert [watch["name"] for watch in data["watches"]] == ["Goedgekeurd"]
    shown = client.get("/waterdam/register/").content.decode()
    assert "Goedgekeurd" in shown and "Nog een plan" not in shown


def test_every_paper_says_what_is_really_set(waterdam):
    watch_row(waterdam, "sluisbrug", name="Goedgekeurd", purpose="Horen waar het vaststaat", approved_at=timezone.now())
    for code in PAPERS:
        assert "Horen waar het vaststaat" in str(paper_of(waterdam, code, timezone.now()))

"""R3: nobody is followed across messages: no author pages, no ranking, no labels on people, and who asks not to be read is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import get_resolver

from plein.channels.posts import Visibility
from plein.channels.wishes import Wish
from plein_web.listening.keeping.models import DayCount
from plein_web.listening.models import Mention
from plein_web.listening.standing import STANDING
from tests.web.listening.conftest import NOW, said, watch_row

pytestmark = [pytest.mark.requirement, pytest.mark.django_db]
SOURCES = Path(__file__).parents[2] / "src"
PEOPLE = re.compile(r"author|resident|follower|influenc|profile|account/|handle", re.IGNORECASE)
# Pages that ask of a person what only that person may ask: their own account here, and a resident's own request.
OWN = {"account_login", "account_logout", "account_signup", "account_inactive", "account_reset_password", "account_set_password",
       "account_change_password"}  # fmt: skip
# Article 9 of the GDPR, and what comes down to it.
SENSITIVE = re.compile(
    r"religio|ethnic|racial|sexual|politic|health|medical|disab|union|biometr|genetic|belief|nationality|sentiment_of|risk_score",
    re.IGNORECASE,
)


def routes(patterns=None, prefix: str = "") -> list[tuple[str, str]]:
    """Return every address with its name."""
    found = []
    for one in patterns or get_resolver().url_patterns:
        path = prefix + str(one.pattern)
        found += routes(one.url_patterns, path) if hasattr(one, "url_patterns") else [(path, one.name or "")]
    return found


def own_models():
    return [model for model in apps.get_models() if model.__module__.startswith("plein_web.")]


def test_no_address_leads_to_an_author():
    assert len(routes()) > 30
    assert not [row for row in routes() if PEOPLE.search(row[0]) and row[1] not in OWN and "privacy" not in row[0]]


def test_no_model_joins_authors_to_authors_or_gives_them_a_score():
    for model in own_models():
        names = {field.name for field in model._meta.get_fields()}
        assert not {name for name in names if re.search(r"follow|friend|influence", name)}, model
        # A place may be weighed; a row that holds something of a person may not.
        of_people = {name for name in names if PEOPLE.search(name)}
        assert not (of_people and {name for name in names if re.search(r"score|rank|reach\b|weight", name)}), model
        assert not {name for name in names if SENSITIVE.search(name)}, model


def test_what_was_overheard_has_no_name_no_handle_and_no_address_in_the_open():
    names = {field.name for field in Mention._meta.get_fields()}
    assert not names & {"author_id", "author_handle", "author_name", "handle", "uri", "url", "raw"}
    assert not {field.name for field in DayCount._meta.get_fields()} & {"author", "text", "locator"}


def test_no_page_groups_or_sorts_overheard_posts_by_author():
    text = "\n".join(path.read_text() for path in (SOURCES / "plein_web").rglob("*.py"))
    assert not re.findall(r"(?:values|order_by|group_by)\([^)]*[\"']-?author[\"']", text)
    pages = "\n".join(path.read_text() for path in (SOURCES / "plein_web" / "site" / "templates" / "listening").rglob("*.html"))
    assert not re.findall(r"mention\.(?:author|locator|uri_hash)", pages)


def test_no_classifier_knows_a_sensitive_category():
    from plein.listening.topics import TOPICS

    assert TOPICS
    assert not [topic for topic in TOPICS if SENSITIVE.search(str(topic))]


@pytest.mark.parametrize("wish", [Wish.NOT_SEARCHED, Wish.NOT_INDEXED, Wish.NO_MACHINES, Wish.SIGNED_IN_ONLY])
def test_who_asks_not_to_be_found_or_read_by_strangers_is_not_overheard(waterdam, wish):
    watch_row(waterdam, "sluisbrug")
    quiet, open_ = said("de sluisbrug", wishes=(wish,)), said("de sluisbrug is dicht")
    heard = STANDING.listener().hear_items((quiet, open_), NOW)
    assert [row.text for row in heard.rows] == ["de sluisbrug is dicht"]


@pytest.mark.parametrize("visibility", [one for one in Visibility if one is not Visibility.PUBLIC])
def test_what_was_kept_out_of_the_lists_is_not_overheard(waterdam, visibility):
    watch_row(waterdam, "sluisbrug")
    assert not STANDING.listener().hear_items((said("de sluisbrug", visibility=visibility),), NOW).rows


def test_a_post_that_its_author_takes_out_of_the_lists_is_forgotten(waterdam):
    watch_row(waterdam, "sluisbrug")
    changed = said("de sluisbrug", visibility=Visibility.UNLISTED, edited_at=NOW)
    heard = STANDING.listener().hear_items((changed,), NOW)
    assert list(heard.edited) == [STANDING.listener().keys.hash(changed.uri)] and not heard.rows

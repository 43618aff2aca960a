"""What every answer and every cookie has, and what is refused."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from plein_web.town.links import one_time_link
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(sign_in, femke, waterdam):
    """The inbox, as a signed-in colleague sees it."""
    factories.conversation(waterdam)
    return sign_in(femke).get("/waterdam/inbox/")


def test_every_page_forbids_inline_script_style_and_anything_from_elsewhere(page, client) -> None:
    for answer in (page, client.get("/sign-in/"), client.get("/nowhere/at/all/")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_no_page_has_inline_script_style_or_handlers(page) -> None:
    html = page.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", html)
    assert "<style" not in html
    assert not re.search(r"<[^>]+\s(?:on[a-z]+|style)=", html)
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//(?!127\.0\.0\.1|memory)", html)


def test_every_answer_says_not_to_guess_frame_or_tell_where_one_came_from(page) -> None:
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_what_people_see_is_kept_by_no_browser_and_no_cache(page) -> None:
    assert page.headers["Cache-Control"] == "no-store"


def test_back_to_a_form_without_residents_words_is_no_error_and_other_pages_are_not_kept(client, sanne) -> None:
    client.force_login(sanne)
    for path in ("/me/", "/waterdam/channels/connect/feed/", "/waterdam/sources/", "/waterdam/town/"):
        answer = client.post(path, {"name": ""})
        assert answer.status_code in (200, 422), path
        assert {*answer["Cache-Control"].split(", ")} == {"private", "no-cache"}, path
    for path in ("/waterdam/people/", "/waterdam/inbox/"):
        assert "no-store" in client.get(path)["Cache-Control"], path


def test_cookies_cannot_be_read_by_scripts_or_sent_from_other_sites(client, femke) -> None:
    link = one_time_link(femke).removeprefix(settings.ADDRESS)
    given = {**client.get(link).cookies, **client.post(link).cookies, **client.get("/me/").cookies}
    assert settings.SESSION_COOKIE_NAME in given
    for cookie in given.values():
        assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True)


def test_a_change_without_its_token_is_refused(femke, waterdam) -> None:
    conversation = factories.conversation(waterdam)
    client = Client(enforce_csrf_checks=True)
    client.force_login(femke)
    answer = client.post(f"/waterdam/inbox/{conversation.pk}/status/", {"status": "done"})
    assert answer.status_code == 403
    conversation.refresh_from_db()
    assert conversation.status == "open"


def test_another_host_name_is_refused(client) -> None:
    assert client.get("/sign-in/", headers={"host": "evil.example"}).status_code == 400


def test_a_session_gets_a_new_key_at_sign_in(client, femke) -> None:
    client.get("/sign-in/")
    before = client.session.session_key
    client.force_login(femke)
    assert client.session.session_key != before


def test_a_signing_key_is_made_on_the_first_start_for_us_alone(tmp_path: Path) -> None:
    environment = {**os.environ, "PLEIN_HOME": str(tmp_path / "home")}
    program = "from plein_web.site import settings; print(settings.SECRET_KEY)"
    said = {
        subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        ).stdout
        for _time in range(2)
    }
    assert len(said) == 1
    key = tmp_path / "home/signing.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700


def test_behind_an_https_address_djangos_own_check_finds_nothing(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PLEIN_HOME": str(tmp_path / "home"),
        "PLEIN_ADDRESS": "https://plein.waterdam.example",
        "DJANGO_SETTINGS_MODULE": "plein_web.site.settings",
    }
    # Tests that drive a browser set it in their own process; an installation never does.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

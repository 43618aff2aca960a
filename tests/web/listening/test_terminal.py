"""`plein listen`: live in the terminal, without an account, and nothing is stored."""

from __future__ import annotations

import threading
import time

import pytest

from plein_web.listening import terminal
from plein_web.listening.models import Mention
from tests.servers.jetstream import jetstream
from tests.web.listening.test_following import event

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    """A Jetstream that says something as soon as somebody listens."""
    with jetstream() as running:
        settings.ALLOWED_ADDRESSES = [running.url.split("/")[2]]
        yield running


def listen(server, *options: str) -> int:
    """Listen for a moment while the server talks."""

    def talk() -> None:
        while not server.queries:
            time.sleep(0.02)
        time.sleep(0.1)
        server.say(event("De SLUISBRUG is dicht, @jan@plein.example", 1), event("mooi weer", 2), b"{no json")

    threading.Thread(target=talk, daemon=True).start()
    return terminal.main(["--url", server.url, "--uncompressed", "--seconds", "0.6", *options])


def test_words_need_no_town_and_no_stored_watch(server, capsys):
    assert listen(server, "--words", "sluisbrug") == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].split("\t")[1:] == ["bluesky", "sluisbrug", "De SLUISBRUG is dicht, [account]"]
    assert "1 " in shown[-1] and "2 " in shown[-1] and "--cursor" in shown[-1]
    assert len(shown) == 2
    assert not Mention.objects.exists()


def test_a_town_listens_with_its_own_watches(server, capsys, brug):
    assert listen(server, "--town", "Waterdam") == 0
    assert "sluisbrug\tDe SLUISBRUG" in capsys.readouterr().out
    assert not Mention.objects.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "--words"),
        (["--town", "nergens"], "nergens"),
        (["--town", "oeverloo"], "oeverloo"),
        (["--words", "@jan"], "@jan"),
        (["--words", "brug", "--source", "feed"], "--url"),
        (["--words", "brug", "--url", "ws://127.0.0.1:9/", "--uncompressed"], "PLEIN_ALLOWED_ADDRESSES"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(options, words, capsys, oeverloo):
    assert terminal.main(options) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert "Traceback" not in told.err


def test_a_server_that_is_away_is_called_again(settings, capsys):
    settings.ALLOWED_ADDRESSES = ["127.0.0.1:9"]
    options = ["--words", "brug", "--url", "ws://127.0.0.1:9/", "--uncompressed", "--seconds", "0.5"]
    assert terminal.main(options) == 0
    assert "127.0.0.1:9" in capsys.readouterr().err


def test_a_terminal_gets_posts_above_a_line_that_keeps_up_to_date(server, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert listen(server, "--words", "sluisbrug") == 0
    shown = capsys.readouterr().out
    assert "SLUISBRUG" in shown
    assert "jetstream" in shown

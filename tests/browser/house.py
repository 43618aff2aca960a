"""A whole Plein of its own, as an operator would start it, and a browser to look at it with."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 40.0
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

FIRST_ROWS = """
from tests import factories
from plein_web.town.models import Person
waterdam, oeverloo = factories.waterdam(), factories.oeverloo()
factories.sanne(waterdam, oeverloo), factories.femke(waterdam), factories.daan(oeverloo)
factories.person("lies.lezer@waterdam.example", "Lies Lezer", waterdam="reader")
channel = factories.memory_channel(waterdam, told["square"], handle="waterdam")
answer = channel.pk
"""
LISTENS = f"""
import time
from plein_web.channels.models import Source
until = time.monotonic() + {STARTS_WITHIN}
while not answer and time.monotonic() < until:
    answer = Source.objects.filter(channel=told["channel"], last_ok_at__isnull=False).exists() or time.sleep(0.1)
"""
SESSION = f"""
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from plein_web.town.models import Person
person, session = Person.objects.get(email__startswith=told["who"]), SessionStore()
person.language = told["language"]; person.save()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), "{BACKEND}"
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.save()
answer = session.session_key
"""


class House:
    """A running Plein with Waterdam (on the practice square) and Oeverloo."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.home = folder / "home"
        self.square_path = str(folder / "square.sqlite3")
        self.environment = {
            **os.environ,
            "PLEIN_HOME": str(self.home),
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            **settings,
        }
        self.environment.pop("PLEIN_LANGUAGE", None)
        self.environment.setdefault("DJANGO_SETTINGS_MODULE", "plein_web.site.settings")
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start the supervisor with its web process and its engine, and wait until it answers."""
        log = (self.home.parent / "plein.log").open("ab")
        program = "import sys; from plein_web.site.cli import main; sys.exit(main(sys.argv[1:]))"
        command = [sys.executable, "-c", program, "up", "--port", str(self.port)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        _wait_for(f"{self.address}/healthz", self._process, self.home.parent / "plein.log")

    def stop(self) -> None:
        """End everything that was started; by force when it does not go."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(8)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(5)

    def run(self, program: str, **told: Any) -> Any:
        """Run a program inside Plein's own Django; what it calls `answer` comes back."""
        whole = f"""
import json, sys, django
django.setup()
told = json.loads(sys.argv[1])
answer = None
{textwrap.dedent(program)}
print("ANSWER" + json.dumps(answer))
"""
        done = subprocess.run(
            [sys.executable, "-c", whole, json.dumps(told)],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        if done.returncode:
            raise AssertionError(done.stderr)
        return json.loads(done.stdout.rpartition("ANSWER")[2])

    def session(self, who: str = "sanne", language: str = "nl") -> str:
        """Return the session of somebody who has signed in."""
        return self.run(SESSION, who=who, language=language)


@contextmanager
def house(folder: Path, **settings: str) -> Iterator[House]:
    """Start a house and end it."""
    made = House(folder, **settings)
    try:
        made.start()
        channel = made.run(FIRST_ROWS, square=made.square_path)
        assert made.run(LISTENS, channel=channel), "the engine has not looked at the practice square"
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def plein(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running Plein with Waterdam and Oeverloo."""
    with house(Path(tmp_path_factory.mktemp("plein"))) as made:
        yield made


@pytest.fixture
def open_page(chromium, plein: House) -> Iterator:
    """Return a function that opens a page for somebody: `open_page("femke", language="en")`."""
    pages = []

    def open_page(who: str = "sanne", language: str = "nl", **options):
        pages.append(signed_in(chromium, plein, who, language, **options))
        return pages[-1]

    yield open_page
    for page in pages:
        page.context.close()


def signed_in(browser, made: House, who: str = "sanne", language: str = "nl", **options: Any):
    """Return a page of somebody who has signed in; an error in its console fails the test by `page.faults`."""
    options.setdefault("viewport", {"width": 1440, "height": 900})
    context = browser.new_context(locale="nl-NL", base_url=made.address, **options)
    context.add_cookies([{"name": "sessionid", "value": made.session(who, language), "url": made.address}])
    page = context.new_page()
    page.set_default_timeout(8_000)
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda told: page.faults.append(told.text) if told.type == "error" else None)
    return page


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"Plein did not start:\n{log.read_text()[-3000:]}")

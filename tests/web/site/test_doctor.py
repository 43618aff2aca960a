"""The doctor: every check with its remedy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from plein_web.channels.models import Source
from plein_web.site.cli import main
from plein_web.site.doctor import finding, machine, network, rows
from plein_web.site.doctor.command import examine
from plein_web.site.doctor.finding import State
from plein_web.site.table import WORKERS
from plein_web.town.actions import audit, keep_secret
from plein_web.town.models import BackupMade, DeletionProof, WorkerBeat
from tests import factories

pytestmark = pytest.mark.django_db


def states(*checks) -> dict[str, State]:
    """Return how each check is."""
    return {finding.check: finding.state for finding in examine(list(checks))}


@pytest.fixture
def at_work() -> None:
    """An engine that is running."""
    WorkerBeat.objects.bulk_create(WorkerBeat(worker=worker.name) for worker in WORKERS)


@pytest.fixture
def host():
    """A server on loopback, and the number of times it was asked."""

    class Answers(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=made.serve_forever, args=[0.02], daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


def test_everything_is_checked_and_every_fault_has_a_remedy(channel_down, capsys: pytest.CaptureFixture) -> None:
    assert main(["doctor", "--json", "--offline"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {"versions", "folder", "disk", "keys", "address", "database", "migrations", "engine"} <= {
        one["check"] for one in found
    }
    assert all(one["remedy"] for one in found if one["state"] != "fine")


@pytest.fixture
def channel_down(waterdam):
    """A channel whose network no longer knows us."""
    return factories.channel(waterdam, status="sign_in_needed", error="the token was revoked")


def test_a_channel_whose_token_died_says_so_in_the_networks_words(channel_down) -> None:
    found = next(rows.channels())
    assert found.state is State.WRONG
    assert "the token was revoked" in found.seen
    assert found.remedy


def test_a_token_that_will_die_soon_is_told_before_it_does(waterdam) -> None:
    factories.channel(waterdam, token_expires_at=timezone.now() + timedelta(days=3))
    assert next(rows.channels()).state is State.LOOK


def test_an_engine_that_stands_still_is_noticed_and_one_at_work_is_fine(at_work) -> None:
    assert states(rows.workers) == {"engine": State.FINE}
    WorkerBeat.objects.filter(worker="send").update(at=timezone.now() - timedelta(hours=1))
    assert next(rows.workers()).seen == "stands still: send"


def test_a_worker_that_stumbles_is_told_with_its_words(at_work) -> None:
    WorkerBeat.objects.filter(worker="poll").update(error="ValueError: no answer")
    assert states(rows.workers)["worker poll"] is State.LOOK


def test_a_source_that_fails_is_told(waterdam) -> None:
    long_ago = timezone.now() - timedelta(hours=2)
    factories.source(waterdam, kind="public", last_ok_at=long_ago, due_at=long_ago, failures=5, error="503 busy")
    found = next(rows.sources())
    assert found.state is State.WRONG
    assert "503 busy" in found.seen


def test_a_trail_that_nobody_seals_is_noticed(waterdam) -> None:
    assert states(rows.trail) == {"audit trail": State.FINE}
    audit(town=waterdam, actor="femke", action="answer.sent", subject="post:1")
    connection.cursor().execute("UPDATE town_auditrow SET at = %s", [timezone.now() - timedelta(hours=1)])
    assert states(rows.trail) == {"audit trail": State.WRONG}


def test_a_backup_that_should_be_gone_and_a_deletion_that_left_something_are_told(waterdam) -> None:
    assert [one.state for one in rows.deletions()] == [State.FINE]
    BackupMade.objects.create(name="oud.tar", made_at=timezone.now(), gone_by=timezone.localdate() - timedelta(days=1))
    DeletionProof.objects.create(town=waterdam, kind="overheard", number=1, found={"rows": "absent", "log": "present"})
    assert [one.state for one in rows.deletions()] == [State.WRONG, State.LOOK]


def test_a_key_that_does_not_fit_is_noticed(waterdam, settings, tmp_path: Path) -> None:
    keep_secret(name="channel:1", values={"token": "x"})
    assert states(machine.keys) == {"keys": State.FINE}
    settings.KEY_FILE = tmp_path / "other.key"
    assert "does not fit" in next(machine.keys()).seen


def test_a_key_file_that_others_can_read_is_noticed(settings, tmp_path: Path) -> None:
    settings.KEY_FILE = tmp_path / "open.key"
    settings.KEY_FILE.write_bytes(b"cSbhbFxHhcvCHfAfxRj2G3pCnTm0HAv0ZlbsdOPcxNY=\n")
    settings.KEY_FILE.chmod(0o644)
    assert next(machine.keys()).remedy == f"chmod 600 {settings.KEY_FILE}"


def test_an_address_without_tls_is_only_fine_on_this_machine(settings) -> None:
    assert states(machine.address) == {"address": State.FINE}
    settings.ADDRESS, settings.SECURE = "http://plein.waterdam.example", False
    assert states(machine.address) == {"address": State.WRONG}


def test_a_certificate_file_that_cannot_be_read_is_noticed(settings) -> None:
    settings.CA_FILE = "/nowhere/ca.pem"
    assert states(machine.authority) == {"certificates": State.WRONG}


def test_every_host_that_a_channel_or_source_names_is_listed_once(waterdam) -> None:
    factories.channel(waterdam, settings={"address": "https://social.waterdam.example/"})
    factories.source(waterdam, kind="feed", network_code="feed", address="https://krant.example/rss")
    Source.objects.create(town=None, network_code="bluesky", kind="jetstream", address="wss://jet.example/subscribe")
    assert set(network.addresses()) == {
        "https://social.waterdam.example",
        "https://krant.example",
        "https://jet.example",
    }


def test_a_host_is_tried_through_the_door_and_refused_when_it_is_private(waterdam, host: str) -> None:
    factories.source(waterdam, kind="feed", network_code="feed", address=f"{host}/rss")
    assert next(network.hosts()).state is State.WRONG
    waterdam.allowed_addresses = [host.removeprefix("http://")]
    waterdam.save()
    found = next(network.hosts())
    assert found.state is State.FINE
    assert "answers in" in found.seen


def test_a_host_behind_a_proxy_that_is_down_names_the_proxy_without_its_password(waterdam, settings) -> None:
    settings.PROXY = "http://plein:hunter2@127.0.0.1:9"
    factories.source(waterdam, kind="feed", network_code="feed", address="http://93.184.216.34/rss")
    found = next(network.hosts())
    assert found.state is State.WRONG
    assert "hunter2" not in str(found)


def test_the_table_is_for_people(at_work, waterdam, capsys: pytest.CaptureFixture) -> None:
    main(["doctor", "--offline"])
    assert "what to do" in capsys.readouterr().out


def test_in_an_empty_home_the_doctor_says_one_thing_and_leaves_nothing_behind(tmp_path: Path) -> None:
    known = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "plein_web.site.cli", "doctor", "--json"]
    environment = known | {"PLEIN_HOME": str(tmp_path / "new")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    [found] = json.loads(done.stdout)
    assert done.returncode == 1
    assert (found["check"], found["remedy"]) == ("folder", "plein up")
    assert not (tmp_path / "new").exists()


def test_a_database_that_does_not_answer_is_one_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> object:
        raise DatabaseError("no such table: town_person")

    assert [one.check for one in examine([broken, broken])] == ["database"]
    monkeypatch.setattr(rows, "FIRST", (old := lambda: iter([finding.wrong("migrations", "old", "plein migrate")]),))
    assert [one.check for one in examine([old, broken, broken])] == ["migrations"]

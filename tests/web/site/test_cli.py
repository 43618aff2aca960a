"""The command `plein`."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from django.core.management import call_command
from django.test import Client

from plein_web.site import supervisor
from plein_web.site.cli import main
from plein_web.town.actions import audit
from plein_web.town.models import AuditRow, Membership, Person
from plein_web.town.workers import seal_audit

pytestmark = pytest.mark.django_db


def loaded(code: str) -> set[str]:
    """Return the top-level modules that some code loads in a fresh process."""
    program = f"import sys\n{code}\nprint(' '.join({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_help_is_quick_because_it_loads_no_django() -> None:
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "plein_web.site.cli", "--help"], capture_output=True, text=True)
    assert time.monotonic() - began < 2
    assert done.returncode == 0
    for name in ("up", "engine", "web", "listen", "doctor", "user", "backup", "restore", "demo", "migrate", "audit"):
        assert f"\n    {name} " in done.stdout
    assert "django" not in loaded("import plein_web.site.cli")


def test_the_supervisor_loads_no_django_and_nothing_heavy() -> None:
    assert not loaded("import plein_web.site.supervisor") & {"django", "httpx", "uvicorn", "rich", "asyncio"}


def test_the_words_are_those_of_the_operators_language(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {**os.environ, "PLEIN_LANGUAGE": "nl"}
    done = subprocess.run(
        [sys.executable, "-m", "plein_web.site.cli", "--help"], capture_output=True, text=True, env=environment
    )
    assert "draai alles" in done.stdout


def test_the_version_is_printed(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("Plein ")


def test_the_folder_may_stand_before_every_command(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEIN_HOME", os.environ["PLEIN_HOME"])
    for arguments in (["--home", str(tmp_path), "listen", "--help"], [f"--home={tmp_path}", "demo", "--help"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
        assert os.environ["PLEIN_HOME"] == str(tmp_path)


def test_somebody_is_let_in_with_a_link_that_works_once(waterdam, capsys: pytest.CaptureFixture) -> None:
    assert main(["user", "add", "Noor@Waterdam.example", "--name", "Noor Smit", "--role", "reader"]) == 0
    link = capsys.readouterr().out.split()[-1]
    person = Person.objects.get(email="noor@waterdam.example")
    assert Membership.objects.get(person=person, town=waterdam).role == "reader"
    assert AuditRow.objects.filter(actor="plein user", action="person.invited").exists()
    path = link.split("/", 3)[3]
    client = Client()
    page = client.get(f"/{path}")
    if page.status_code == 200:
        page = client.post(f"/{path}")
    assert page.status_code == 302
    assert "_auth_user_id" in client.session


def test_with_two_municipalities_the_command_asks_which(waterdam, oeverloo, capsys: pytest.CaptureFixture) -> None:
    assert main(["user", "add", "noor@waterdam.example"]) == 1
    assert "--town" in capsys.readouterr().err
    assert main(["user", "add", "noor@waterdam.example", "--town", "nowhere"]) == 1
    assert "oeverloo, waterdam" in capsys.readouterr().err


def test_a_role_is_changed_and_taken_away(femke, waterdam, capsys: pytest.CaptureFixture) -> None:
    assert main(["user", "role", femke.email, "--town", "waterdam", "administrator"]) == 0
    assert Membership.objects.get(person=femke).role == "administrator"
    assert main(["user", "role", femke.email, "--town", "waterdam", "none"]) == 0
    assert not Membership.objects.filter(person=femke).exists()
    assert main(["user", "list"]) == 0
    assert "no role anywhere" in capsys.readouterr().out


def test_somebody_unknown_is_said_in_a_sentence(db, capsys: pytest.CaptureFixture) -> None:
    assert main(["user", "link", "nobody@waterdam.example"]) == 1
    assert "nobody@waterdam.example" in capsys.readouterr().err


def test_the_audit_trail_is_verified_and_a_touched_row_makes_the_exit_code_1(
    waterdam, clock, settings, tmp_path, capsys: pytest.CaptureFixture
) -> None:
    settings.HOME = tmp_path
    audit(town=waterdam, actor="femke", action="answer.sent", subject="post:1")
    seal_audit(clock.now)
    audit(town=waterdam, actor="femke", action="answer.sent", subject="post:2")
    assert main(["audit", "verify"]) == 0
    assert "1 sealed row, 1 not sealed yet" in capsys.readouterr().out
    AuditRow.objects.filter(subject="post:1").update(subject="post:3")
    assert main(["audit", "verify", "--town", "waterdam"]) == 1
    assert "changed after it was sealed" in capsys.readouterr().out


def test_a_port_is_chosen_when_ours_is_taken() -> None:
    with supervisor.open_door("127.0.0.1", None) as first, supervisor.open_door("127.0.0.1", None) as second:
        assert first.getsockname()[1] != second.getsockname()[1]


def test_no_migration_is_missing(db) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)

"""The command `plein`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

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


def test_before_the_set_up_nobody_is_let_in_and_the_command_says_why(db, capsys: pytest.CaptureFixture) -> None:
    assert main(["user", "add", "noor@waterdam.example"]) == 1
    assert "There is no municipality yet" in capsys.readouterr().err


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


def fresh(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run a command as an operator does, in a home of its own."""
    known = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PLEIN_ADDRESS")}
    command = [sys.executable, "-m", "plein_web.site.cli", *arguments]
    environment = known | {"PLEIN_HOME": str(home), "PLEIN_LANGUAGE": "en"} | environment
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.mark.parametrize("command", ["user list", "user add femke@waterdam.example", "audit verify", "backup all.tar"])
def test_in_an_empty_home_a_command_says_how_to_begin_and_leaves_nothing_behind(tmp_path: Path, command: str) -> None:
    done = fresh(tmp_path / "new", *command.split())
    assert done.returncode == 1
    assert "plein up" in done.stderr and str(tmp_path / "new") in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_database_without_tables_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "plein.sqlite3").touch()
    done = fresh(tmp_path, "user", "list")
    assert done.returncode == 1 and "plein up" in done.stderr and "town_person" not in done.stderr


def test_links_lead_to_the_address_that_plein_last_answered_at(tmp_path: Path) -> None:
    supervisor.prepare_home({"PLEIN_HOME": str(tmp_path), "PLEIN_ADDRESS": "http://127.0.0.1:8455"})
    ask = "import plein_web.site.settings as s; print(s.ADDRESS)"
    environment = {**os.environ, "PLEIN_HOME": str(tmp_path)}
    environment.pop("PLEIN_ADDRESS", None)
    asked = [sys.executable, "-c", ask]
    assert subprocess.check_output(asked, env=environment, text=True).strip() == "http://127.0.0.1:8455"
    environment["PLEIN_ADDRESS"] = "https://plein.waterdam.example"
    assert subprocess.check_output(asked, env=environment, text=True).strip() == "https://plein.waterdam.example"
    assert (tmp_path / "plein.sqlite3").stat().st_mode & 0o077 == 0


def test_what_is_no_e_mail_address_is_refused(waterdam, capsys: pytest.CaptureFixture) -> None:
    assert main(["user", "add", "geen-adres"]) == 1
    assert "geen-adres is not an e-mail address" in capsys.readouterr().err
    assert not Person.objects.exists()


def test_a_new_link_says_how_long_it_works(femke, capsys: pytest.CaptureFixture) -> None:
    assert main(["user", "link", femke.email]) == 0
    assert "15 minutes" in capsys.readouterr().out


def test_the_help_of_every_command_is_in_one_language(tmp_path: Path) -> None:
    assert "the town whose watches" in fresh(tmp_path, "listen", "--help").stdout
    assert "de gemeente waarvan" in fresh(tmp_path, "listen", "--help", PLEIN_LANGUAGE="nl").stdout


def test_a_home_before_the_demo_is_the_demos_and_somebodys_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("important")
    done = fresh(tmp_path / "real", "--home", str(tmp_path), "demo", "--port", "0")
    assert done.returncode == 1 and "not a folder of the demo" in done.stderr
    assert not (tmp_path / "real").exists() and os.listdir(tmp_path) == ["letters.txt"]

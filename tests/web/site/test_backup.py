"""Backup and restore. Yesterday's backup on another folder sends nothing twice and revives nothing."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import tarfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone

from plein_web.channels.actions import plan_reply
from plein_web.channels.models import Outgoing, Post
from plein_web.channels.workers import poll_sources, send_due
from plein_web.inbox import keeping
from plein_web.inbox.models import Conversation
from plein_web.site import backup, deletions
from plein_web.site.saying import Told
from plein_web.town.actions import audit, keep_secret, secret
from plein_web.town.models import AuditSeal, BackupMade, Secret
from plein_web.town.workers import seal_audit
from tests import factories
from tests.databases import postgres_server

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


class Elsewhere:
    """A folder (and on PostgreSQL a database) that knows nothing of ours."""

    def __init__(self, database: str, folder: Path) -> None:
        self.home = folder / "elsewhere"
        self.environment = {**os.environ, "PLEIN_LANGUAGE": "en"}
        self.environment.pop("PLEIN_HOME", None)
        self.url = ""
        if database == "postgresql":
            name = f"elsewhere_{uuid.uuid4().hex[:8]}"
            with psycopg.connect(postgres_server().url("postgres"), autocommit=True) as server:
                server.execute(f"CREATE DATABASE {name}")
            self.url = self.environment["DATABASE_URL"] = postgres_server().url(name)

    def plein(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run the command there."""
        command = [sys.executable, "-m", "plein_web.site.cli", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120)

    def restore(self, file: Path, *options: str) -> subprocess.CompletedProcess:
        """Restore a backup there."""
        return self.plein("restore", str(file), "--home", str(self.home), *options)

    def ask(self, code: str) -> str:
        """Return what a line of Python says about the rows there."""
        lines = (
            "import django; django.setup()",
            "from plein_web.channels.models import *",
            "from plein_web.town.models import *",
            "from plein_web.town.actions import secret",
            f"print({code})",
        )
        environment = {**self.environment, "PLEIN_HOME": str(self.home)}
        command = [sys.executable, "-c", "\n".join(lines)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def run_engine_until(self, code: str, wanted: str, seconds: float = 40) -> None:
        """Let the engine work there until a question has the answer that we want."""
        environment = {**self.environment, "PLEIN_HOME": str(self.home), "PLEIN_LOG_LEVEL": "ERROR"}
        engine = subprocess.Popen([sys.executable, "-m", "plein_web.site.cli", "engine"], env=environment)
        try:
            deadline = time.monotonic() + seconds
            while (answer := self.ask(code)) != wanted:
                assert time.monotonic() < deadline, f"{code} is {answer}, not {wanted}"
                time.sleep(0.3)
        finally:
            engine.terminate()
            engine.wait(10)


@pytest.fixture
def elsewhere(database: str, tmp_path: Path) -> Elsewhere:
    return Elsewhere(database, tmp_path)


@pytest.fixture
def channel(waterdam, square_address: str):
    made = factories.memory_channel(waterdam, square_address, handle="waterdam", identity="square:waterdam")
    keep_secret(name=made.secret_name, values={"token": "a-token-of-waterdam"})
    return made


@pytest.fixture
def media():
    """One picture."""
    picture = Path(settings.MEDIA_ROOT) / "2026" / "glass.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"\x89PNG picture")
    yield picture
    picture.unlink()


def test_a_backup_says_what_is_in_it_and_can_be_read_by_us_alone(channel, media, tmp_path: Path, database: str) -> None:
    factories.conversation(channel.town, channel=channel)
    manifest = backup.write(tmp_path / "plein.tar", with_key=False, now=NOW)
    assert manifest["database"] == database
    assert manifest["counts"]["inbox_conversation"] == 1
    assert "media/2026/glass.png" in manifest["files"]
    assert stat.S_IMODE((tmp_path / "plein.tar").stat().st_mode) == 0o600
    with tarfile.open(tmp_path / "plein.tar") as archive:
        names = archive.getnames()
        assert json.load(archive.extractfile("manifest.json")) == manifest
    assert names[0] == "manifest.json"
    assert not [name for name in names if "key" in name]
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".plein-backup") or file.suffix == ".part"]


def test_a_restored_audit_trail_is_checked_against_where_it_ended(channel, elsewhere, tmp_path, settings) -> None:
    settings.HOME = tmp_path
    audit(town=channel.town, actor="femke", action="answer.sent", subject="post:1")
    seal_audit(NOW)
    manifest = backup.write(tmp_path / "plein.tar", with_key=True, now=NOW)
    assert manifest["audit"] == {str(channel.town_id): [AuditSeal.objects.get().pk, AuditSeal.objects.get().digest]}
    assert elsewhere.restore(tmp_path / "plein.tar").returncode == 0
    assert elsewhere.plein("--home", str(elsewhere.home), "audit", "verify").returncode == 0
    elsewhere.ask("(AuditRow.objects.all().delete(), AuditSeal.objects.all().delete())")
    verified = elsewhere.plein("--home", str(elsewhere.home), "audit", "verify")
    assert verified.returncode == 1
    assert "the end was cut off" in verified.stdout


def test_the_key_is_only_in_a_backup_that_was_asked_for_it(channel, tmp_path: Path) -> None:
    manifest = backup.write(tmp_path / "with.tar", with_key=True, now=NOW)
    assert manifest["with_key"]
    assert "keys/plein.key" in manifest["files"]


@pytest.fixture
def key_elsewhere(settings, tmp_path: Path) -> Path:
    """The key file under a name and in a place of one's own."""
    kept = tmp_path / "safe" / "waterdam-2026.key"
    kept.parent.mkdir()
    kept.write_bytes(Path(settings.KEY_FILE).read_bytes())
    settings.KEY_FILE = kept
    return kept


def test_a_key_file_with_another_name_comes_back_with_its_backup(
    key_elsewhere: Path, channel, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    backup.write(tmp_path / "plein.tar", with_key=True, now=NOW)
    done = elsewhere.restore(tmp_path / "plein.tar")
    assert done.returncode == 0, done.stderr
    assert elsewhere.ask(f"secret({channel.secret_name!r})['token']") == "a-token-of-waterdam"


def test_a_restore_without_the_key_leaves_no_key_behind(channel, tmp_path: Path, elsewhere: Elsewhere) -> None:
    backup.write(tmp_path / "plein.tar", with_key=True, now=NOW)
    done = elsewhere.restore(tmp_path / "plein.tar", "--without-key")
    assert done.returncode == 0, done.stderr
    assert not (elsewhere.home / "keys").exists()


def test_what_waits_to_be_copied_is_as_it_was_and_what_is_asked_after_is_counted(
    waterdam, channel, femke, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    by_hand = factories.channel(waterdam, network="manual")
    factories.outgoing(by_hand, text="Om te kopiëren", needs_person=True)
    factories.outgoing(channel, text="Gepland")
    factories.outgoing(channel, text="Onderweg", state="claimed", claimed_at=timezone.now())
    backup.write(tmp_path / "plein.tar", with_key=True, now=NOW)
    done = elsewhere.restore(tmp_path / "plein.tar")
    assert done.returncode == 0, done.stderr
    assert "2 messages were on their way" in done.stdout
    assert elsewhere.ask("sorted(Outgoing.objects.values_list('text', 'state'))") == str(
        [("Gepland", "unknown"), ("Om te kopiëren", "planned"), ("Onderweg", "unknown")]
    )


@pytest.mark.parametrize("name", ["nowhere/plein.tar", "file.txt/plein.tar"])
def test_a_backup_that_cannot_be_written_says_so_in_a_sentence(channel, tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").touch()
    with pytest.raises(Told, match="cannot be written"):
        backup.write(tmp_path / name, with_key=True, now=NOW)


def test_a_full_disk_leaves_no_half_backup_with_the_keys_in_it(channel, tmp_path: Path, monkeypatch) -> None:
    def full(*_args, **_kwargs) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "add", full)
    with pytest.raises(Told, match="No space left"):
        backup.write(tmp_path / "plein.tar", with_key=True, now=NOW)
    assert not list(tmp_path.glob("*plein*tar*"))


def test_a_backup_never_overwrites(channel, tmp_path: Path) -> None:
    (tmp_path / "plein.tar").write_text("mine")
    with pytest.raises(Told, match="never overwrites"):
        backup.write(tmp_path / "plein.tar", with_key=False, now=NOW)
    assert (tmp_path / "plein.tar").read_text() == "mine"


def test_yesterdays_backup_sends_nothing_twice_and_revives_no_deleted_post(
    channel, square, femke, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    actor = factories.actor(femke, channel.town)
    asked = square.post("jan", "@waterdam wanneer gaat de brug open?")
    regretted = square.post("joke", "@waterdam laat maar")
    poll_sources(timezone.now())
    sent_later = plan_reply(actor=actor, post=Post.objects.get(uri=asked), text="Morgen om negen uur.")
    claimed = plan_reply(actor=actor, post=Post.objects.get(uri=asked), text="Negen uur, dus.")
    never_sent = plan_reply(actor=actor, post=Post.objects.get(uri=regretted), text="Goed.")
    Outgoing.objects.filter(pk=never_sent.pk).update(due_at=timezone.now() + timezone.timedelta(hours=1))
    file = tmp_path / "yesterday.tar"
    Outgoing.objects.filter(pk=claimed.pk).update(state="claimed", claimed_at=timezone.now())
    backup.write(file, with_key=True, now=NOW)

    # The day goes on after the backup: both answers arrive, a resident takes a message back.
    Outgoing.objects.filter(pk=claimed.pk).update(state="planned", claimed_at=None)
    for _round in range(20):
        send_due(timezone.now())
        if Outgoing.objects.filter(state="sent").count() == 2:
            break
        time.sleep(0.05)
    assert sorted(answers(square)) == ["Morgen om negen uur.", "Negen uur, dus."]
    square.delete(regretted)

    done = elsewhere.restore(file)
    assert done.returncode == 0, done.stderr
    assert elsewhere.ask("sorted(set(Outgoing.objects.values_list('state', flat=True)))") == "['unknown']"
    # The answer of the first two is found on the network; the third is not there and goes out, once.
    elsewhere.run_engine_until(
        "(Outgoing.objects.filter(state='sent').count(), Post.objects.exclude(deleted_at=None).count())", "(2, 1)"
    )
    kept = [text for text in answers(square) if text != "Goed."]
    assert sorted(kept) == ["Morgen om negen uur.", "Negen uur, dus."]
    assert answers(square).count("Goed.") <= 1
    assert elsewhere.ask(f"Post.objects.get(uri={regretted!r}).deleted_at is None") == "False"
    assert sent_later.key


def answers(square) -> list[str]:
    """Return the texts that the town has on the square."""
    return [
        post.text.removeprefix("@jan ").removeprefix("@joke ")
        for post in square.posts()
        if "waterdam" in post.author.handle
    ]


def test_tokens_can_be_read_again_with_the_key_and_not_with_another(
    channel, tmp_path: Path, elsewhere: Elsewhere, media
) -> None:
    file = tmp_path / "plein.tar"
    backup.write(file, with_key=False, now=NOW)
    refused = elsewhere.restore(file)
    assert refused.returncode == 1
    assert "--key-file" in refused.stderr

    (tmp_path / "wrong.key").write_bytes(b"cSbhbFxHhcvCHfAfxRj2G3pCnTm0HAv0ZlbsdOPcxNY=\n")
    wrong = elsewhere.restore(file, "--key-file", str(tmp_path / "wrong.key"))
    assert "another installation" in wrong.stderr

    done = elsewhere.restore(file, "--key-file", str(settings.KEY_FILE))
    assert done.returncode == 0, done.stderr
    assert elsewhere.ask(f"secret({channel.secret_name!r})['token']") == "a-token-of-waterdam"
    assert (elsewhere.home / "media/2026/glass.png").read_bytes() == media.read_bytes()
    assert stat.S_IMODE((elsewhere.home / "plein.key").stat().st_mode) == 0o600

    again = elsewhere.restore(file, "--key-file", str(settings.KEY_FILE))
    assert again.returncode == 1
    assert "not empty" in again.stderr


def test_without_the_key_every_channel_asks_to_be_connected_anew(channel, tmp_path: Path, elsewhere: Elsewhere) -> None:
    backup.write(tmp_path / "plein.tar", with_key=False, now=NOW)
    done = elsewhere.restore(tmp_path / "plein.tar", "--without-key")
    assert done.returncode == 0, done.stderr
    assert elsewhere.ask("Channel.objects.get().status, Secret.objects.count()") == "sign_in_needed 0"
    assert secret(channel.secret_name)
    assert Secret.objects.count() == 1


def test_a_damaged_backup_is_refused_before_anything_is_put_in_place(
    channel, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    file = tmp_path / "plein.tar"
    backup.write(file, with_key=True, now=NOW)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(bytes(content))
    refused = elsewhere.restore(file)
    assert refused.returncode == 1
    assert not (elsewhere.home / "plein.sqlite3").exists()


@pytest.mark.parametrize("name", ["../outside.txt", "/tmp/outside.txt", "media/extra.png"])
def test_a_file_that_the_manifest_does_not_name_is_not_unpacked(
    name: str, channel, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    file, forged = tmp_path / "plein.tar", tmp_path / "forged.tar"
    backup.write(file, with_key=True, now=NOW)
    with tarfile.open(file) as old, tarfile.open(forged, "w:gz") as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
        extra = tarfile.TarInfo(name)
        extra.size = 4
        new.addfile(extra, io.BytesIO(b"evil"))
    refused = elsewhere.restore(forged)
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert not list(tmp_path.rglob("outside.txt")) and not list(tmp_path.rglob("extra.png"))


def test_a_file_that_is_no_backup_is_refused_in_a_sentence(elsewhere: Elsewhere, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    refused = elsewhere.restore(tmp_path / "notes.txt")
    assert refused.returncode == 1
    assert "cannot be read" in refused.stderr
    assert not elsewhere.home.exists()
    missing = elsewhere.restore(tmp_path / "nowhere.tar")
    assert missing.stderr.count("nowhere.tar") == 1 and not elsewhere.home.exists()
    assert "Traceback" not in refused.stderr


def test_a_backup_says_when_it_has_to_be_gone_and_is_listed_until_it_is(channel, tmp_path: Path, capsys) -> None:
    manifest = backup.write(tmp_path / "plein.tar", with_key=False, now=NOW)
    assert manifest["gone_by"] == "2026-04-02"
    row = BackupMade.objects.get()
    assert (row.name, row.made_at, str(row.gone_by)) == (str(tmp_path / "plein.tar"), NOW, "2026-04-02")
    assert deletions.backups_command(None) == 1
    assert "plein.tar" in capsys.readouterr().out
    assert deletions.backups_command(row.pk) == 0
    assert "plein.tar" not in capsys.readouterr().out
    with pytest.raises(Told):
        deletions.backups_command(row.pk)


def test_a_restored_backup_forgets_what_had_its_time_and_what_was_erased_since(
    channel, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    now = timezone.now()
    for text, days in (("te oud", 3000), ("gewist", 0), ("blijft", 0)):
        factories.conversation(channel.town, channel=channel, texts=(text,), last_post_at=now - timedelta(days=days))
    backup.write(tmp_path / "older.tar", with_key=True, now=now)
    erased = Conversation.objects.get(title="gewist")
    keeping.delete(channel.town, [erased.pk], list(Post.objects.filter(entry__conversation=erased)), None, now, why="request")
    backup.write(tmp_path / "newer.tar", with_key=False, now=now)
    done = elsewhere.restore(tmp_path / "older.tar", "--deletions", str(tmp_path / "newer.tar"))
    assert done.returncode == 0, done.stderr
    assert "2 rows that had their time" in done.stdout
    assert elsewhere.ask("list(Post.objects.values_list('text', flat=True))") == "['blijft']"

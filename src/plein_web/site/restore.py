"""`plein restore`: a backup put back in an empty folder, so that nothing is sent twice.

Everything happens in a folder beside the final place, and moves there when it is done: a restore
that is cut off leaves nothing that could be started. What was on its way when the backup was made
becomes unknown and is asked after before anything is sent (`channels.actions.after_restore`).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

from plein_web.site import deletions
from plein_web.site.hashing import CHUNK, digest
from plein_web.site.progress import Progress
from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _

FORMAT = 1
WORKSHOP = ".restoring"
KEY_FILE = "plein.key"
# In one transaction with the restored rows: a restore that is cut off right after them is safe.
# What a person is to copy stays theirs.
HOLD_BACK = """
UPDATE channels_outgoing SET state = 'unknown', claimed_at = NULL
WHERE state IN ('planned', 'claimed') AND NOT needs_person;
"""


def command(
    path: Path, *, into: Path, key_file: Path | None, without_key: bool = False, newer: Path | None = None
) -> int:
    """Restore a backup and say what has to be done next."""
    known = deletions.known_to(newer) if newer else None
    told = restore(path, into=into, key_file=key_file, without_key=without_key, now=datetime.now(UTC), known=known)
    print(_("Restored in %(folder)s. Start it with: plein --home %(folder)s up") % {"folder": into})
    print(
        _("%(to_ask)d messages were on their way: the networks are asked before anything is sent. ") % told
        + _("%(to_check)d posts are checked for later edits and deletions.") % told
    )
    print(_("%(forgotten)d rows that had their time, or were deleted since, were deleted again.") % told)
    if newer is None:
        print(_("What residents had erased since this backup is known to a newer one: name it with --deletions."))
    if without_key:
        print(_("Without its key no token can be read: connect every channel anew."))
        print(_("The audit trail up to here cannot be checked without that key either."))
    return 0


def restore(
    path: Path, *, into: Path, key_file: Path | None, without_key: bool, now: datetime, known: frozenset[str] | None = None
) -> dict[str, int]:
    """Restore a backup into an empty folder; return how much will be asked after and checked, and was deleted again.

    `known` are the digests of what was deleted since, from a newer backup.
    """
    _refuse_to_overwrite(into)
    workshop, made = into / WORKSHOP, not into.exists()
    shutil.rmtree(workshop, ignore_errors=True)
    workshop.mkdir(parents=True, mode=0o700)
    try:
        return _restore(path, workshop, into, key_file=key_file, without_key=without_key, now=now, known=known)
    except Told:
        shutil.rmtree(workshop, ignore_errors=True)
        if made:
            into.rmdir()
        raise


def _restore(
    path: Path,
    workshop: Path,
    into: Path,
    *,
    key_file: Path | None,
    without_key: bool,
    now: datetime,
    known: frozenset[str] | None,
) -> dict[str, int]:
    manifest = _unpack(path, workshop)
    if not without_key:
        _place_key(workshop, into, key_file)
    # Asked to go on without the keys, we leave none behind that the backup happens to hold.
    shutil.rmtree(workshop / "keys", ignore_errors=True)
    _load_django(workshop, manifest)
    told = _bring_to_life(workshop, manifest, without_key=without_key, now=now, known=known)
    _move_in(workshop, into)
    return told


def _refuse_to_overwrite(into: Path) -> None:
    there = [file.name for file in into.iterdir() if file.name not in (WORKSHOP, KEY_FILE)] if into.exists() else []
    if there:
        raise Told(
            _("%(folder)s is not empty (%(file)s). A restore never overwrites: choose an empty folder.")
            % {"folder": into, "file": sorted(there)[0]}
        )


def _unpack(path: Path, workshop: Path) -> dict:
    """Unpack what the manifest names, and check every file against it. Returns the manifest."""
    try:
        with tarfile.open(path) as archive:
            manifest = _manifest(archive, path)
            total = sum(known["bytes"] for known in manifest["files"].values())
            with Progress(_("Unpacking the backup"), total) as progress:
                for member in archive:
                    _unpack_one(archive, member, manifest, workshop, progress)
    except (tarfile.TarError, EOFError, zlib.error, OSError) as problem:
        words = getattr(problem, "strerror", None) or problem
        raise Told(_("%(path)s cannot be read: %(words)s") % {"path": path, "words": words}) from problem
    (workshop / "manifest.json").write_text(json.dumps(manifest, indent=1))
    _check(manifest, workshop)
    return manifest


def _manifest(archive: tarfile.TarFile, path: Path) -> dict:
    first = archive.next()
    content = archive.extractfile(first) if first is not None and first.name == "manifest.json" else None
    if content is None:
        raise Told(_("%(path)s is not a backup of Plein.") % {"path": path})
    manifest = json.loads(content.read())
    if manifest["format"] != FORMAT:
        raise Told(_("This backup was made by a newer Plein (%(version)s).") % {"version": manifest["plein"]})
    return manifest


def _unpack_one(
    archive: tarfile.TarFile, member: tarfile.TarInfo, manifest: dict, workshop: Path, progress: Progress
) -> None:
    """Write one file; anything that the manifest does not name, or that points elsewhere, is refused.

    Done by hand, because the safe filters of `tarfile` are not in every Python that we run on.
    """
    if member.name == "manifest.json":
        return
    target = workshop / member.name
    content = archive.extractfile(member) if member.isreg() else None
    known = member.name in manifest["files"] and target.resolve().is_relative_to(workshop.resolve())
    if content is None or not known:
        raise Told(_("%(file)s in the backup is damaged. Use another backup.") % {"file": member.name})
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := content.read(CHUNK):
            file.write(chunk)
            progress.advance(len(chunk))


def _check(manifest: dict, workshop: Path) -> None:
    for name, known in manifest["files"].items():
        if not (workshop / name).exists() or digest(workshop / name) != known["sha256"]:
            raise Told(_("%(file)s in the backup is damaged. Use another backup.") % {"file": name})


def _place_key(workshop: Path, into: Path, key_file: Path | None) -> None:
    packed = workshop / "keys"
    candidates = [key_file, packed / KEY_FILE, into / KEY_FILE]
    found = next((file for file in candidates if file is not None and file.exists()), None)
    if found is None:
        raise Told(
            _(
                "The key is not in this backup. Give it with --key-file, or go on with --without-key: "
                "then every channel has to be connected anew."
            )
        )
    for source, name in ((found, KEY_FILE), (packed / "signing.key", "signing.key")):
        if source.exists():
            shutil.copyfile(source, workshop / name)
            (workshop / name).chmod(0o600)


def _load_django(workshop: Path, manifest: dict) -> None:
    """Load Django on the restored folder; on PostgreSQL, on the empty database of DATABASE_URL."""
    from plein_web.site.processes import setup

    url = os.environ.get("DATABASE_URL", "")
    if (manifest["database"] == "postgresql") != url.startswith(("postgres", "pgsql")):
        raise Told(_("This backup is of %(database)s: set DATABASE_URL to match.") % {"database": manifest["database"]})
    os.environ["PLEIN_HOME"] = str(workshop)
    os.environ.pop("PLEIN_KEY_FILE", None)
    if (workshop / "database.sqlite3").exists():
        (workshop / "database.sqlite3").rename(workshop / "plein.sqlite3")
        os.environ.pop("DATABASE_URL", None)
    setup()


def _bring_to_life(
    workshop: Path, manifest: dict, *, without_key: bool, now: datetime, known: frozenset[str] | None
) -> dict[str, int]:
    from django.db import connection

    from plein_web.channels.actions import after_restore
    from plein_web.site.processes import bring_rows_up_to_date

    _refuse_newer(manifest)
    if not without_key:
        _check_key(manifest)
    if connection.vendor == "postgresql":
        _fill_postgres(workshop / "database.dump")
    bring_rows_up_to_date()
    _keep_heads(manifest)
    if without_key:
        _forget_tokens()
    told = after_restore(now) | {"forgotten": deletions.forget_again(known or frozenset(), now)}
    # Closing the last connection also empties SQLite's log into the file that we are about to move.
    connection.close()
    return told


def _keep_heads(manifest: dict) -> None:
    """Say where the audit trails ended, so that `plein audit verify` can tell what was cut off since."""
    from plein.town.sealing import Head
    from plein_web.town.trail import heads

    for town, head in manifest.get("audit", {}).items():
        heads().keep(int(town), Head(*head))


def _fill_postgres(dump: Path) -> None:
    from django.db import connection

    from plein_web.site.postgres import environment, program

    if connection.introspection.table_names():
        raise Told(_("The database of DATABASE_URL is not empty. A restore never overwrites."))
    connection.close()
    script = dump.with_suffix(".sql")
    _run([program("pg_restore"), "--no-owner", "--no-privileges", f"--file={script}", str(dump)], environment())
    with script.open("a") as opened:
        opened.write(HOLD_BACK.replace("UPDATE ", "UPDATE public."))
    command = [
        program("psql"),
        "--single-transaction",
        "--quiet",
        "--no-psqlrc",
        "-v",
        "ON_ERROR_STOP=1",
        f"--file={script}",
    ]
    _run(command, environment())
    script.unlink()
    dump.unlink()


def _run(command: list[str], given: dict[str, str]) -> None:
    done = subprocess.run(command, env=given, capture_output=True, text=True)
    if done.returncode:
        raise Told(
            _("%(program)s failed: %(words)s") % {"program": Path(command[0]).name, "words": done.stderr.strip()}
        )


def _refuse_newer(manifest: dict) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    unknown = sorted(set(manifest["migrations"]) - known)
    if unknown:
        raise Told(
            _("This backup was made by a newer Plein (%(version)s, %(step)s). Install that version first.")
            % {"version": manifest["plein"], "step": unknown[0]}
        )


def _check_key(manifest: dict) -> None:
    from plein_web.site.backup import key_fingerprint

    if key_fingerprint() != manifest["key"]:
        raise Told(_("This key file belongs to another installation. Give the right one with --key-file."))


def _forget_tokens() -> None:
    from plein_web.channels.models import Channel
    from plein_web.town.models import Secret

    Secret.objects.all().delete()
    Channel.objects.filter(status=Channel.Status.OPEN).update(status=Channel.Status.SIGN_IN_NEEDED)


def _move_in(workshop: Path, into: Path) -> None:
    """Move everything to its place, the database last: before that there is nothing to start."""
    (workshop / "manifest.json").rename(workshop / "restored-from.json")
    for file in sorted(workshop.iterdir(), key=lambda file: (file.name.startswith("plein.sqlite3"), file.name)):
        file.replace(into / file.name)
    workshop.rmdir()

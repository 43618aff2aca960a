"""`plein backup`: the database and the media in one file, while everything runs.

The file is a tar archive: first `manifest.json` (version, counts, hashes), then the database and
the media, and the keyed digests of what was deleted of late: restoring an older backup with them
(`--deletions`) brings none of it back. The keys are not in it, unless they are asked for: whoever has a backup with its key
can speak as the municipality.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from plein import __version__
from plein_web.site import deletions
from plein_web.site.hashing import digest
from plein_web.site.postgres import environment, program
from plein_web.site.progress import Progress, while_it_grows
from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _
from plein_web.town.actions import vault
from plein_web.town.trail import newest

FORMAT = 1
KEYS = "keys"
DELETIONS = "deletions.json"


def backup_command(path: Path, *, with_key: bool) -> int:
    """Write a backup and say where the key is."""
    manifest = write(path, with_key=with_key, now=datetime.now(UTC))
    print(_("Backup of %(rows)d rows written to %(path)s.") % {"rows": sum(manifest["counts"].values()), "path": path})
    if with_key:
        print(_("The keys are in it: whoever has this file can speak as the municipality. Keep it locked away."))
    else:
        print(_("The key is NOT in it. It is here, and without it no token can be read; keep a copy elsewhere:"))
        print(f"  {settings.KEY_FILE}")
    print(_("Destroy it before %(day)s: what is deleted from now on still stands in it.") % {"day": manifest["gone_by"]})
    return 0


def write(path: Path, *, with_key: bool, now: datetime) -> dict:
    """Write a backup and return its manifest. Raises Told when the file exists or cannot be written."""
    part = path.with_name(path.name + ".part")
    try:
        if path.exists():
            raise Told(_("%(path)s exists. Choose another name: a backup never overwrites.") % {"path": path})
        manifest = _write(part, with_key=with_key, now=now)
        part.rename(path)
    except (OSError, sqlite3.Error) as problem:
        raise Told(_("%(path)s cannot be written: %(words)s") % {"path": path, "words": problem}) from problem
    finally:
        # Half a backup may hold the keys.
        with suppress(OSError):
            part.unlink(missing_ok=True)
    deletions.note_backup(path.resolve(), now)
    return manifest


def _write(part: Path, *, with_key: bool, now: datetime) -> dict:
    with tempfile.TemporaryDirectory(dir=part.resolve().parent, prefix=".plein-backup-") as folder:
        # Before the rows are copied: what is sealed meanwhile may or may not be among them.
        audit = {str(town): [head.seal, head.digest] for town, head in newest().items()}
        dumped = _dump(Path(folder))
        contents = {dumped.name: dumped} | _media()
        contents[DELETIONS] = deletions.written(Path(folder) / DELETIONS, now)
        if with_key:
            contents |= {f"{KEYS}/{name}": file for name, file in key_files().items()}
        manifest = _manifest(contents, now) | {"audit": audit}
        _pack(part, manifest, contents)
    return manifest


def key_files() -> dict[str, Path]:
    """Return what is secret and belongs to this installation, by the name that a restore looks for."""
    files = {"plein.key": settings.KEY_FILE, "signing.key": settings.HOME / "signing.key"}
    return {name: file for name, file in files.items() if file.exists()}


def _name() -> str:
    return "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"


def _dump(folder: Path) -> Path:
    """Write the database as it stands at one moment; nobody has to wait for it."""
    path = folder / _name()
    text = _("Copying the database")
    if connection.vendor == "sqlite":
        source = Path(connection.settings_dict["NAME"])
        while_it_grows(text, path, source.stat().st_size, lambda: _copy_sqlite(source, path))
    else:
        while_it_grows(text, path, _size_of_postgres(), lambda: _dump_postgres(path))
    return path


def _copy_sqlite(source: Path, target: Path) -> None:
    # VACUUM INTO copies one consistent moment, and leaves out what was deleted.
    opened = sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=60)
    try:
        opened.execute("VACUUM INTO ?", [str(target)])
    finally:
        opened.close()


def _dump_postgres(target: Path) -> None:
    command = [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    if done.returncode:
        raise Told(_("pg_dump failed: %(words)s") % {"words": done.stderr.strip()})


def _size_of_postgres() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def _media() -> dict[str, Path]:
    root = Path(settings.MEDIA_ROOT)
    return {f"media/{file.relative_to(root)}": file for file in sorted(root.rglob("*")) if file.is_file()}


def _manifest(contents: dict[str, Path], now: datetime) -> dict:
    total = sum(file.stat().st_size for file in contents.values())
    with Progress(_("Counting and hashing"), total) as progress:
        files = {
            name: {"sha256": digest(file, progress), "bytes": file.stat().st_size} for name, file in contents.items()
        }
    return {
        "format": FORMAT,
        "plein": __version__,
        "made_at": now.isoformat(timespec="seconds"),
        "gone_by": deletions.gone_by(now).isoformat(),
        "database": connection.vendor,
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
        "counts": counts(),
        "key": key_fingerprint(),
        "with_key": any(name.startswith(KEYS) for name in contents),
        "files": files,
    }


def counts() -> dict[str, int]:
    """Return how many rows each of our tables has."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("plein_web.")]
    return {model._meta.db_table: model._base_manager.count() for model in ours}


def key_fingerprint() -> str:
    """Return what tells one key file from another, and nothing about the key."""
    return vault().keyed_hash("backup", "fingerprint", length=16)


def _pack(path: Path, manifest: dict, contents: dict[str, Path]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    total = sum(one["bytes"] for one in manifest["files"].values())
    with (
        os.fdopen(descriptor, "wb") as raw,
        tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as archive,
        Progress(_("Writing the backup"), total) as progress,
    ):
        text = json.dumps(manifest, indent=1).encode()
        header = tarfile.TarInfo("manifest.json")
        header.size, header.mode = len(text), 0o600
        archive.addfile(header, io.BytesIO(text))
        for name, file in contents.items():
            archive.add(file, arcname=name, recursive=False)
            progress.advance(file.stat().st_size)

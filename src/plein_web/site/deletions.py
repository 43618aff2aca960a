"""What was deleted stays deleted, also in backups: which digests go along, which backups must be gone by when.

A backup holds what is deleted after it was made. So each one carries the digests of what was deleted of late,
for whoever restores an older one; and each has a day on which it has to be destroyed.
"""

from __future__ import annotations

import json
import tarfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from plein.town.retention import TERMS, Kind
from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _

NAME = "deletions.json"
KEPT_FOR = timedelta(days=TERMS[Kind.BACKUP].days or 0)


def gone_by(made_at: datetime) -> date:
    """Return the day on which a backup has to be destroyed at the latest.

    >>> gone_by(datetime(2026, 3, 3, tzinfo=UTC))
    datetime.date(2026, 4, 2)
    """
    return (made_at + KEPT_FOR).date()


def written(path: Path, now: datetime) -> Path:
    """Write the digests of what was deleted since the oldest backup that may still be there."""
    from plein_web.town.models import DeletionProof

    since = now - KEPT_FOR
    found = DeletionProof.objects.filter(at__gte=since).order_by("at", "id").values_list("digests", flat=True)
    digests = sorted({digest for digests in found for digest in digests})
    path.write_text(json.dumps({"since": since.isoformat(), "until": now.isoformat(), "digests": digests}))
    return path


def note_backup(path: Path, now: datetime) -> None:
    """Remember that a backup was made. A database that cannot be written to is backed up all the same."""
    from plein_web.town.models import BackupMade

    BackupMade.objects.create(name=str(path)[:500], made_at=now, gone_by=gone_by(now))


def known_to(newer: Path) -> frozenset[str]:
    """Return the digests that a newer backup carries."""
    try:
        with tarfile.open(newer) as archive:
            member = next((one for one in archive if one.name == NAME and one.isreg()), None)
            content = archive.extractfile(member).read() if member else None
    except (OSError, tarfile.TarError, EOFError) as problem:
        raise Told(_("%(path)s cannot be read: %(words)s") % {"path": newer, "words": problem}) from problem
    if content is None:
        raise Told(_("%(path)s does not say what was deleted: it was made by an earlier Plein.") % {"path": newer})
    return frozenset(json.loads(content)["digests"])


def forget_again(known: frozenset[str], now: datetime) -> int:
    """Delete in a restored database what has had its time since, and what a newer backup knows to be deleted."""
    from plein_web.channels import residents
    from plein_web.channels.workers import tidy
    from plein_web.inbox import keeping as conversations
    from plein_web.listening.keeping import forgetting as overheard

    forgotten = overheard.forget_overheard(now) + conversations.expire(now) + tidy(now)
    if known:
        forgotten += overheard.forget_known(known, now) + conversations.forget_known(known, now)
        forgotten += residents.forget_known(known, now)
    return forgotten


def backups_command(gone: int | None) -> int:
    """List the backups that should still be there, or say that one was destroyed; 1 when one is overdue."""
    from plein_web.town.models import BackupMade

    now = datetime.now(UTC)
    if gone is not None and not BackupMade.objects.filter(pk=gone, destroyed_at=None).update(destroyed_at=now):
        raise Told(_("There is no backup with number %(number)d.") % {"number": gone})
    rows = list(BackupMade.objects.filter(destroyed_at=None).order_by("made_at"))
    for row in rows:
        late = "  " + _("TOO LATE: destroy it now") if row.gone_by < now.date() else ""
        print(f"{row.pk}  {row.made_at:%Y-%m-%d %H:%M}  {_('gone by %(day)s') % {'day': row.gone_by}}  {row.name}{late}")
    if not rows:
        print(_("No backup is known that should still be there."))
    return 1 if any(row.gone_by < now.date() for row in rows) else 0

"""The database, the workers, the channels and the sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from plein.channels import health
from plein.channels.health import Level
from plein.channels.outgoing import State
from plein.town.saying import told
from plein_web.channels.health import judge
from plein_web.channels.models import Channel, Outgoing, Source
from plein_web.channels.words import HEALTH
from plein_web.site.doctor.finding import Finding, fine, look, wrong
from plein_web.site.processes import rows_are_up_to_date
from plein_web.site.saying import gettext as _
from plein_web.site.saying import ngettext
from plein_web.site.table import WORKERS
from plein_web.town.models import AuditRow, BackupMade, Cursor, DeletionProof, Event, WorkerBeat

STARTS_IT = "plein up"
SKEW = timedelta(seconds=5)
BEHIND = 1000


def database() -> Iterator[Finding]:
    """Does it answer, is it whole, and is it set up as we need it?"""
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql()


def _sqlite() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        whole = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
    name = connection.settings_dict["NAME"]
    if whole != "ok":
        yield wrong(_("database"), f"{name}: {whole}", _("Restore the last backup: plein restore"))
    elif mode != "wal":
        remedy = _("Is it on a network disk? SQLite needs a disk of this machine.")
        yield wrong(_("database"), f"{name}: journal_mode {mode}", remedy)
    else:
        yield fine(_("database"), f"SQLite {version}, WAL, {name}")


def _postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, now()")
        version, now = cursor.fetchone()
    seen = f"PostgreSQL {version // 10000}, {connection.settings_dict['HOST']}:{connection.settings_dict['PORT']}"
    yield fine(_("database"), seen) if version >= 140000 else wrong(_("database"), seen, "PostgreSQL ≥ 14")
    skew = abs(timezone.now() - now)
    if skew > SKEW:
        yield wrong(
            _("clock"),
            _("%(seconds)d s apart from the database") % {"seconds": skew.seconds},
            "timedatectl set-ntp true",
        )


def migrations() -> Iterator[Finding]:
    """Does the database have the form that this version needs?"""
    if rows_are_up_to_date():
        yield fine(_("migrations"), _("up to date"))
    else:
        empty = not connection.introspection.table_names()
        seen = _("the database is still empty") if empty else _("the database is of an older version")
        yield wrong(_("migrations"), seen, STARTS_IT if empty else "plein migrate")


def workers() -> Iterator[Finding]:
    """Is everything that should work in the background at work?"""
    beats = {beat.worker: beat for beat in WorkerBeat.objects.all()}
    now, still = timezone.now(), []
    for worker in WORKERS:
        beat = beats.get(worker.name)
        if beat is None or now - beat.at > timedelta(seconds=30 + 3 * worker.seconds):
            still.append(worker.name)
        elif beat.error:
            yield look(
                _("worker %(name)s") % {"name": worker.name},
                beat.error,
                _("It tries again by itself; the log tells more."),
            )
    if still:
        yield wrong(_("engine"), _("stands still: %(names)s") % {"names": ", ".join(still)}, STARTS_IT)
    else:
        yield fine(_("engine"), _("%(number)d workers at work") % {"number": len(WORKERS)})


def events() -> Iterator[Finding]:
    """Is anybody behind with the events?"""
    newest = Event.objects.aggregate(newest=Max("id"))["newest"] or 0
    behind = {cursor.consumer: newest - cursor.event for cursor in Cursor.objects.all()}
    slow = {name: number for name, number in behind.items() if number > BEHIND}
    for name, number in slow.items():
        yield look(_("events"), _("%(name)s is %(number)d behind") % {"name": name, "number": number}, STARTS_IT)
    if not slow:
        yield fine(_("events"), _("nobody is behind"))


def trail() -> Iterator[Finding]:
    """Is the audit trail sealed?"""
    old = AuditRow.objects.filter(seal=None, at__lt=timezone.now() - timedelta(minutes=1)).count()
    if old:
        yield wrong(_("audit trail"), _("%(number)d rows are not sealed") % {"number": old}, STARTS_IT)
    else:
        yield fine(_("audit trail"), _("sealed; check it with: plein audit verify"))


def outgoing() -> Iterator[Finding]:
    """Does anything that we send wait for a person?"""
    asking = Outgoing.objects.filter(state=State.UNKNOWN, needs_person=True).count()
    late = Outgoing.objects.due(timezone.now() - health.LATE).count()
    if asking:
        seen = ngettext(
            "%(number)d message of which nobody knows whether it arrived",
            "%(number)d messages of which nobody knows whether they arrived",
            asking,
        ) % {"number": asking}
        yield look(_("sending"), seen, _("Open them in the inbox and say whether they arrived."))
    if late:
        yield look(
            _("sending"),
            _("%(number)d messages wait") % {"number": late},
            _("A stop, a closed channel, or the engine."),
        )
    if not asking and not late:
        yield fine(_("sending"), _("nothing waits"))


def channels() -> Iterator[Finding]:
    """Does every channel have a living token?"""
    now = timezone.now()
    for channel in Channel.objects.exclude(status="disconnected").select_related("town"):
        found = health.of_token(channel.token_expires_at, now)
        if channel.status == Channel.Status.SIGN_IN_NEEDED:
            found = health.Health("sign_in_needed", Level.WRONG)
        yield _told(
            _("channel %(name)s (%(town)s)") % {"name": channel, "town": channel.town}, found, told(channel.error, _)
        )


def sources() -> Iterator[Finding]:
    """Did every source answer when it was last looked at?"""
    now = timezone.now()
    for source in Source.objects.filter(active=True).select_related("channel", "town"):
        where = source.town or _("all towns")
        yield _told(
            _("source %(name)s (%(town)s)") % {"name": source, "town": where}, judge(source, now), told(source.error, _)
        )


def deletions() -> Iterator[Finding]:
    """Is what was deleted gone, and every backup that had to be?"""
    stayed = sum("present" in found.values() for found in DeletionProof.objects.values_list("found", flat=True))
    if stayed:
        words = _("%(number)d deletions left something behind") % {"number": stayed}
        yield wrong(_("deletions"), words, _("Stop everything that has the database open for long, such as a copy or a report."))
    late = BackupMade.objects.filter(destroyed_at=None, gone_by__lt=timezone.localdate()).count()
    if late:
        words = _("%(number)d backups should have been destroyed") % {"number": late}
        yield look(_("deletions"), words, _("Destroy them and say so: plein backups --gone NUMBER."))
    if not stayed and not late:
        yield fine(_("deletions"), _("what had to go is gone"))


def _told(check: str, found: health.Health, words: str) -> Finding:
    matter, remedy = HEALTH.get(found.word, (found.word, ""))
    seen = f"{matter} {words}".strip()
    if found.level is Level.WRONG:
        return wrong(check, seen, str(remedy))
    return look(check, seen, str(remedy)) if found.level is Level.LOOK else fine(check, seen)


# What all others lean on: while one of these is wrong, a database error elsewhere is no news.
FIRST = (database, migrations)
CHECKS = (workers, events, trail, deletions, outgoing, channels, sources)

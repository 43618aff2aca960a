"""Folders, keys, versions, and the files that have to be there."""

from __future__ import annotations

import platform
import shutil
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings

from plein import __version__
from plein.town.vault import WrongKey
from plein_web.site.doctor.finding import Finding, fine, look, wrong
from plein_web.site.saying import gettext as _
from plein_web.town.actions import vault
from plein_web.town.models import Secret

HERE = Path(__file__).parent.parent
GIGABYTE = 1 << 30
NEEDED = ("static/vendor/htmx.min.js", "locale/nl/LC_MESSAGES/django.mo")


def versions() -> Iterator[Finding]:
    """Plein, Python, Django."""
    seen = f"Plein {__version__}, Python {platform.python_version()}, Django {django.get_version()}"
    yield fine(_("versions"), f"{seen}, {platform.system()} {platform.machine()}")


def home() -> Iterator[Finding]:
    """Is our folder ours alone?"""
    mode = stat.S_IMODE(settings.HOME.stat().st_mode)
    if mode & 0o077:
        remedy = f"chmod 700 {settings.HOME}"
        yield wrong(
            _("folder"),
            _("%(path)s can be read by other users (%(mode)o)") % {"path": settings.HOME, "mode": mode},
            remedy,
        )
    else:
        yield fine(_("folder"), str(settings.HOME))


def disk() -> Iterator[Finding]:
    """Is there room to write?"""
    free = shutil.disk_usage(settings.HOME).free
    seen = _("%(free).1f GB free") % {"free": free / GIGABYTE}
    remedy = _("Make room, or move %(path)s to a larger disk.") % {"path": settings.HOME}
    if free < GIGABYTE / 5:
        yield wrong(_("disk"), seen, remedy)
    elif free < GIGABYTE:
        yield look(_("disk"), seen, remedy)
    else:
        yield fine(_("disk"), seen)


def keys() -> Iterator[Finding]:
    """Are the keys there, ours alone, and the ones that belong to these rows?"""
    for path in (settings.KEY_FILE, settings.HOME / "signing.key"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield wrong(_("keys"), _("%(path)s can be read by other users") % {"path": path}, f"chmod 600 {path}")
    try:
        for row in Secret.objects.all():
            vault().unlock(row.locked)
    except WrongKey:
        remedy = _("Put the key file that belongs to this database back at %(path)s.") % {"path": settings.KEY_FILE}
        yield wrong(_("keys"), _("the key file does not fit the stored tokens"), remedy)
        return
    yield fine(_("keys"), _("%(path)s; it is in no backup unless you asked for it") % {"path": settings.KEY_FILE})


def address() -> Iterator[Finding]:
    """Can residents' data be read on the way?"""
    local = settings.ADDRESS.startswith(("http://127.", "http://localhost", "http://[::1]"))
    if settings.SECURE or local:
        yield fine(_("address"), settings.ADDRESS)
    else:
        remedy = _("Put a proxy with TLS in front and set PLEIN_ADDRESS to its https address.")
        yield wrong(_("address"), _("%(address)s is not encrypted") % {"address": settings.ADDRESS}, remedy)


def files() -> Iterator[Finding]:
    """Are the browser assets and the translations there?"""
    absent = [name for name in NEEDED if not (HERE / name).exists()]
    if absent:
        yield wrong(_("files"), _("missing: %(names)s") % {"names": ", ".join(absent)}, "make setup")
    else:
        yield fine(_("files"), _("browser assets and translations are there"))


def authority() -> Iterator[Finding]:
    """Can the municipality's own certificate authority be read?"""
    if not settings.CA_FILE:
        yield fine(_("certificates"), _("the machine's own; set PLEIN_CA_FILE for one of yours"))
        return
    try:
        ssl.create_default_context(cafile=settings.CA_FILE)
    except (OSError, ssl.SSLError) as problem:
        yield wrong(_("certificates"), f"{settings.CA_FILE}: {problem}", _("Set PLEIN_CA_FILE to a file in PEM form."))
    else:
        yield fine(_("certificates"), settings.CA_FILE)


CHECKS = (versions, home, disk, keys, address, files, authority)

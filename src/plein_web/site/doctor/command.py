"""What `plein doctor` checks, in which order."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError
from django.utils import translation

from plein_web.site.doctor import machine, network, rows
from plein_web.site.doctor.finding import Check, Finding, State, wrong
from plein_web.site.doctor.showing import show
from plein_web.site.logging import without_secrets
from plein_web.site.saying import gettext as _
from plein_web.site.saying import language


def command(*, as_json: bool, offline: bool) -> int:
    """Check everything and print it; the exit code is 1 when something does not work."""
    checks = [*rows.FIRST, *machine.CHECKS, *rows.CHECKS, *([] if offline else network.CHECKS)]
    with translation.override(language()):
        return show(list(examine(checks)), as_json=as_json)


def examine(checks: list[Check]) -> Iterator[Finding]:
    """Run checks one by one; a database that does not answer is one finding, not the end."""
    told = False
    for check in checks:
        try:
            for one in check():
                told = told or (check in rows.FIRST and one.state is State.WRONG)
                yield one
        except DatabaseError as problem:
            if not told:
                remedy = _("Is the database there, and up to date? plein migrate")
                yield wrong(_("database"), without_secrets(str(problem)), remedy)
            told = True

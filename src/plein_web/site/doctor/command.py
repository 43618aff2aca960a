"""The table, the JSON and the exit code of `plein doctor`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from django.db import DatabaseError
from django.utils import translation

from plein_web.site.doctor import machine, network, rows
from plein_web.site.doctor.finding import Check, Finding, State, wrong
from plein_web.site.logging import without_secrets
from plein_web.site.saying import gettext as _
from plein_web.site.saying import language, ngettext

SIGNS = {State.FINE: "[green]✓[/]", State.LOOK: "[yellow]![/]", State.WRONG: "[red]✗[/]"}


def command(*, as_json: bool, offline: bool) -> int:
    """Check everything and print it; the exit code is 1 when something does not work."""
    checks = [*machine.CHECKS, *rows.CHECKS, *([] if offline else network.CHECKS)]
    with translation.override(language()):
        found = list(examine(checks))
        _print_json(found) if as_json else _print_table(found)
    return 1 if any(one.state is State.WRONG for one in found) else 0


def examine(checks: list[Check]) -> Iterator[Finding]:
    """Run checks one by one; a database that does not answer is a finding, not the end."""
    for check in checks:
        try:
            yield from check()
        except DatabaseError as problem:
            yield wrong(
                check.__name__, without_secrets(str(problem)), _("Is the database there, and up to date? plein migrate")
            )


def _print_json(found: list[Finding]) -> None:
    print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))


def _print_table(found: list[Finding]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, show_edge=False, pad_edge=False, header_style="bold")
    for title in ("", _("check"), _("what we see"), _("what to do")):
        table.add_column(title, overflow="fold")
    for one in found:
        table.add_row(SIGNS[one.state], escape(one.check), escape(one.seen), escape(one.remedy))
    Console().print(table)
    number = sum(one.state is State.WRONG for one in found)
    failing = ngettext("%(number)d thing does not work.", "%(number)d things do not work.", number)
    Console().print(failing % {"number": number} if number else _("Everything works."))

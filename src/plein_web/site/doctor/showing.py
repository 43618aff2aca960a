"""The table, the JSON and the exit code of `plein doctor`. Loads no Django: an empty home stays empty."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

from plein_web.site.doctor.finding import Finding, State, wrong
from plein_web.site.processes import home_in
from plein_web.site.saying import gettext as _
from plein_web.site.saying import ngettext

SIGNS = {State.FINE: "[green]✓[/]", State.LOOK: "[yellow]![/]", State.WRONG: "[red]✗[/]"}


def show(found: list[Finding], *, as_json: bool) -> int:
    """Print findings; the exit code is 1 when something does not work."""
    _print_json(found) if as_json else _print_table(found)
    return 1 if any(one.state is State.WRONG for one in found) else 0


def show_empty(*, as_json: bool) -> int:
    """Say the one thing there is to say of a home where nothing was set up."""
    seen = _("nothing was set up in %(folder)s yet") % {"folder": home_in(os.environ)}
    return show([wrong(_("folder"), seen, "plein up")], as_json=as_json)


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

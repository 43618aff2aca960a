"""Found the two towns and connect them to real accounts; run in a process of its own.

python -m plein_web.site.demo.connecting ACCOUNTS REPORT
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

from plein_web.site.processes import bring_rows_up_to_date, setup


def connect(accounts: list[dict]) -> None:
    """Make towns, people and watches, and connect the accounts."""
    from django.utils import timezone

    from plein_web.channels.actions import connect_channel
    from plein_web.site.demo.stage import WATCH_FOR, administrator, engage, listen_for, make_people
    from plein_web.site.demo.stories import cast

    told = cast()
    people = make_people(told)
    for town in told.towns:
        founder = administrator(engage(town, told, people))
        for account in (one for one in accounts if one["town"] == town.slug):
            names = {"handle": account["handle"], "settings": account["settings"], "secrets": account["secrets"]}
            connect_channel(actor=founder, network_code=account["network"], **names)
        for watch in town.watches:
            listen_for(founder, watch, timezone.now() + WATCH_FOR)


def main(plan: str, report: str) -> int:
    """Make a home ready to show, and say how one gets in."""
    accounts = json.loads(Path(plan).read_text())
    Path(plan).unlink()
    setup()
    from plein_web.site.demo.filling import links

    bring_rows_up_to_date()
    connect(accounts)
    Path(report).write_text(json.dumps(links()))
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main(*sys.argv[1:]))

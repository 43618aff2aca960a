"""Fill an empty home with the two towns and their weeks of history; run in a process of its own.

    python -m plein_web.site.demo.filling SQUARE FEED REPORT

FEED is the address of the local newspaper. It migrates, fills, and writes the sign-in links as JSON to the file REPORT.
"""

from __future__ import annotations

import json
import signal
import sys
from datetime import timedelta
from pathlib import Path

from plein_web.site.processes import bring_rows_up_to_date, setup
from plein_web.site.progress import Progress
from plein_web.site.saying import gettext as _

BEGAN = timedelta(days=31)


def fill(square_file: Path) -> None:
    """Play the history of both towns. The database is up to date and empty."""
    from django.utils import timezone

    from plein.channels.memory import Square
    from plein_web.listening.standing import STANDING
    from plein_web.site.demo.clock import Clock
    from plein_web.site.demo.playing import Player
    from plein_web.site.demo.stage import enter_by_phone, set_stage
    from plein_web.site.demo.stories import cast, stories

    now, clock, square = timezone.localtime(), Clock(), Square.at(str(square_file))
    told = cast()
    acts = sum(len(story.acts) for town in told.towns for story in stories(town, now))
    with clock.rules(), Progress(_("Filling two towns"), acts) as progress:
        square.clock = lambda: clock.now
        clock.now = now - BEGAN
        for stage in set_stage(told, square_file):
            enter_by_phone(stage, clock, now)
            Player(stage, square, clock, dict(told.residents)).play(now, progress.advance)
    STANDING.forget()


def is_filled() -> bool:
    """Whether the history is there already."""
    from plein_web.town.models import Town

    return Town.objects.exists()


def links() -> dict[str, str]:
    """Return a one-time way in for everybody who works in the demo, by name."""
    from plein_web.town.links import INVITATION_SECONDS, one_time_link
    from plein_web.town.models import Person

    return {person.name: one_time_link(person, seconds=INVITATION_SECONDS) for person in Person.objects.order_by("id")}


def read_paper(address: str) -> None:
    """Let Waterdam read its newspaper at the address that it has today."""
    from django.utils import timezone

    from plein_web.channels.actions import add_source
    from plein_web.channels.models import Source
    from plein_web.town.access import actor_for
    from plein_web.town.models import Person

    there = Source.objects.filter(network_code="feed", kind="feed", town__slug="waterdam").first()
    if there is None:
        founder = actor_for(Person.objects.order_by("id")[0], "waterdam")
        add_source(actor=founder, network_code="feed", kind="feed", address=address)
    elif there.address != address:
        Source.objects.filter(pk=there.pk).update(address=address, due_at=timezone.now(), failures=0, error="")


def main(square: str, address: str, report: str) -> int:
    """Make a home ready to show, and say how one gets in."""
    setup()
    bring_rows_up_to_date()
    if not is_filled():
        fill(Path(square))
    read_paper(address)
    Path(report).write_text(json.dumps(links()))
    return 0


if __name__ == "__main__":
    # Whoever breaks off wants the prompt back, not a trace.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main(*sys.argv[1:]))

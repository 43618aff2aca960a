"""`plein places load`: neighbourhoods, villages and streets, from the open registers or from a file."""

from __future__ import annotations

import argparse
import gzip
import sys
from collections.abc import Sequence
from pathlib import Path

from plein.town.saying import told
from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _


def main(arguments: Sequence[str]) -> int:
    """Load, and say what came of it. Raises Told when a register or a file is not what it should be."""
    options = _parser().parse_args(arguments)
    from plein_web.site.processes import bring_rows_up_to_date, setup

    setup()
    bring_rows_up_to_date()
    if options.file:
        return from_file(options.file, options.kind or "")
    return from_registers(codes_of(options.municipality, everything=options.all), anew=options.anew)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="plein places", description=_("The places that Plein knows."), allow_abbrev=False
    )
    deeds = parser.add_subparsers(dest="deed", metavar=_("command"), required=True)
    text = _("load neighbourhoods, villages and streets; it goes on where it stopped")
    load = deeds.add_parser("load", help=text, description=text, allow_abbrev=False)
    load.add_argument(
        "--from", dest="file", type=Path, metavar="FILE", help=_("from a downloaded file, without a network")
    )
    load.add_argument(
        "--kind", choices=["neighbourhood", "village", "street"], help=_("what the file holds, if it is unclear")
    )
    load.add_argument(
        "--municipality",
        action="append",
        default=[],
        help=_("streets of this one (those of the towns here); may be repeated"),
    )
    load.add_argument("--all", action="store_true", help=_("streets of the whole country"))
    load.add_argument("--anew", action="store_true", help=_("also what was loaded before"))
    return parser


def codes_of(asked: list[str], *, everything: bool) -> list[str]:
    """Return the codes of municipalities by name or code; those of the towns here where none is asked for. Raises Told."""
    from plein.listening.places.gazetteer import find, municipalities
    from plein_web.listening.placing import municipalities_of_towns

    if everything:
        return list(municipalities())
    if not asked:
        return municipalities_of_towns()
    found = [municipalities()[one] if one in municipalities() else next(iter(find(one)), None) for one in asked]
    for name, municipality in zip(asked, found, strict=True):
        if municipality is None:
            raise Told(_("There is no municipality called %(name)s.") % {"name": name})
    return [one.code for one in found if one]


def from_registers(codes: list[str], *, anew: bool) -> int:
    """Load everything that is not there yet. Raises Told; what was loaded until then is kept."""
    import httpx
    from django.utils import timezone

    from plein.listening.places.registers import Unreadable
    from plein.town.door import DoorClosed
    from plein_web.listening import placing
    from plein_web.town.actions import door_for

    parts = placing.parts_for(codes)
    with door_for().client(follow_redirects=True) as client:
        for number, part in enumerate(parts, 1):
            try:
                _load(placing.begin(part, timezone.now(), anew=anew), client, f"{number}/{len(parts)}")
            except (httpx.HTTPError, DoorClosed, Unreadable) as problem:
                words = _("%(part)s could not be loaded: %(words)s. What came before is kept; run it again to go on.")
                raise Told(words % {"part": part, "words": told(str(problem), _)}) from problem
    placing.mark_shared(("neighbourhood", "village", "street"), timezone.now())
    return _sum_up()


def _load(load, client, where: str) -> None:
    from plein_web.listening import placing
    from plein_web.site.progress import Progress

    if load.finished_at:
        return
    print(_("Loading %(part)s (%(where)s)") % {"part": load.part, "where": where}, file=sys.stderr)
    with Progress(load.part, max(load.total, 1)) as progress:
        for page in placing.pages(load, client):
            progress.total = page.total
            progress.reach(page.reached)


def from_file(path: Path, kind: str) -> int:
    """Load a file, all of it or nothing. Raises Told with the file and the line."""
    from django.db import transaction
    from django.utils import timezone

    from plein.listening.places.registers import KINDS, Unreadable, places_in
    from plein_web.listening import placing
    from plein_web.site.progress import Progress

    now = timezone.now()
    text = _text(path)
    try:
        with transaction.atomic(), Progress(path.name, max(text.count("\n"), 1)) as progress:
            some = []
            for place in places_in(path.name, text, placing.villages(), kind):
                some.append(place)
                if len(some) == placing.AT_ONCE:
                    placing.keep(some, now)
                    progress.advance(len(some))
                    some.clear()
            placing.keep(some, now)
    except Unreadable as problem:
        raise Told(
            _("%(file)s, line %(line)d: %(words)s")
            % {"file": path, "line": problem.line, "words": told(str(problem), _)}
        ) from problem
    placing.mark_shared(KINDS, now)
    return _sum_up()


def _text(path: Path) -> str:
    try:
        packed = path.read_bytes()
        return (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as problem:
        raise Told(_("%(file)s cannot be read: %(words)s") % {"file": path, "words": problem}) from problem


def _sum_up() -> int:
    from plein_web.listening.models import PlaceName

    known = {
        kind: PlaceName.objects.filter(kind=kind, valid_until=None).count()
        for kind in ("neighbourhood", "village", "street")
    }
    words = _("Plein knows %(neighbourhood)d neighbourhoods, %(village)d villages and %(street)d streets.")
    print(words % known)
    return 0

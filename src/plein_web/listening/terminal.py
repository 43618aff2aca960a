"""`plein listen`: what a source brings, live in the terminal. Nothing is stored.

Public streams need no account. With `--town` the town's watches say what to look for, with
`--words` the command line does; then there need not be a database at all.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import httpx
from cryptography.fernet import Fernet

from plein.channels.contract import Account, SourceSpec
from plein.channels.errors import ChannelError, Unsupported
from plein.channels.jetstream import Jetstream
from plein.channels.registry import network
from plein.listening.hearing import Harvest, Keys, Listener, Overheard
from plein.listening.matching import FastEngine
from plein.listening.watching import query_objections
from plein.town.door import Door, DoorClosed
from plein.town.saying import told
from plein.town.vault import Vault

if TYPE_CHECKING:
    from plein_web.listening.compiling import Compiled
    from plein_web.listening.screen import Screen, Tally

# Which network serves which source, and what to ask it for.
SOURCES = {
    "jetstream": ("bluesky", "jetstream"),
    "firehose": ("bluesky", "firehose"),
    "mastodon": ("mastodon", "public"),
    "feed": ("feed", "feed"),
}
NEEDS_URL = frozenset({"mastodon", "feed"})
# Seconds before a source that hung up is called again, longer every time in a row.
AGAIN = (1, 2, 5, 15, 30, 60)


class Told(Exception):
    """Something that the person at the terminal can mend, in a sentence."""


def main(arguments: Sequence[str]) -> int:
    """Run `plein listen` and return its exit code."""
    _set_up()
    options = _parser().parse_args(arguments)
    from plein_web.listening.screen import Tally

    tally = Tally()
    try:
        listener = _listener(options)
        with _screen(tally, options) as screen:
            _listen(options, listener, tally, screen)
    except Told as problem:
        print(f"plein listen: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    print(_summary(tally))
    return 0


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein_web.site.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _(text: str) -> str:
    from django.utils.translation import gettext

    return gettext(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="plein listen", description=_("Show what a source brings, live. Nothing is stored."), allow_abbrev=False
    )
    parser.add_argument("--town", help=_("the town whose watches say what to look for (its short name)"))
    parser.add_argument(
        "--words", action="append", default=[], help=_("a word or phrase to look for; may be given again")
    )
    parser.add_argument("--query", default="", help=_("what to look for, in the language of watches"))
    parser.add_argument("--source", choices=sorted(SOURCES), default="jetstream", help=_("where to listen (jetstream)"))
    parser.add_argument("--url", default="", help=_("the address of the stream, the server or the feed"))
    parser.add_argument("--hashtag", default="", help=_("only this hashtag (mastodon)"))
    parser.add_argument("--cursor", help=_("go on from here"))
    parser.add_argument("--uncompressed", action="store_true", help=_("ask Jetstream for plain JSON"))
    parser.add_argument("--seconds", type=float, help=_("stop by itself after so many seconds"))
    return parser


def _listener(options: argparse.Namespace) -> Listener:
    watches = _watches(options)
    judges = {one.watch.id: one.judges for one in watches if one.judges}
    engine = FastEngine(one.watch for one in watches)
    return Listener(engine, Keys(Vault([Fernet.generate_key()]).derive), judges=judges)


def _watches(options: argparse.Namespace) -> list[Compiled]:
    """Return what to look for: a query or words of the command line, else the running watches of a town."""
    if options.query or options.words:
        return [_typed(options.query or " OR ".join(f'"{words}"' for words in options.words))]
    if not options.town:
        raise Told(_("Say what to look for: --words WORD, or --town NAME for the watches of a town."))
    watches = _watches_of(options.town)
    if not watches:
        raise Told(
            _("%(town)s has no running watch. Make one on the page Listening, or use --words.") % {"town": options.town}
        )
    return watches


def _typed(query: str) -> Compiled:
    """Return a query of the command line; raises Told when it may not be asked."""
    from plein_web.listening.compiling import untaught
    from plein_web.listening.forms import sentence

    for objection in query_objections(query):
        raise Told(sentence(objection))
    return untaught(query, datetime.now(UTC).date())


def _watches_of(name: str) -> list[Compiled]:
    from django.db.models import Q
    from django.utils import timezone

    from plein_web.listening.standing import live_watches
    from plein_web.town.models import Town

    town = Town.objects.filter(Q(slug=name) | Q(name__iexact=name)).first()
    if town is None:
        raise Told(_("There is no town called %(town)s here.") % {"town": name})
    return [one for one in live_watches(timezone.now()) if one.watch.town == town.pk]


def _listen(options: argparse.Namespace, listener: Listener, tally: Tally, screen: Screen) -> None:
    """Show what comes until told to stop; a source that hangs up is called again."""
    until = time.monotonic() + (options.seconds or float("inf"))
    cursor, falls = options.cursor, 0
    while time.monotonic() < until:
        try:
            for harvest in _harvests(options, listener, cursor):
                cursor, falls = harvest.cursor or cursor, 0
                posts = _by_post(harvest.rows)
                tally.add(harvest, len(posts))
                screen.show(posts)
                if time.monotonic() > until:
                    return
        except (ChannelError, httpx.HTTPError, DoorClosed, OSError) as trouble:
            wait = _wait_after(trouble, falls)
            falls += 1
            screen.tell(
                _("%(words)s (again in %(seconds)d s)")
                % {"words": told(getattr(trouble, "words", str(trouble)), _), "seconds": wait}
            )
            time.sleep(min(wait, max(0.0, until - time.monotonic())))


def _wait_after(trouble: Exception, falls: int) -> float:
    """Return how many seconds to leave a source alone; raises Told when it will never do."""
    if isinstance(trouble, DoorClosed) or isinstance(trouble.__cause__, DoorClosed):
        raise Told(
            _("%(error)s Here that is done with PLEIN_ALLOWED_ADDRESSES.") % {"error": told(getattr(trouble, "words", str(trouble)), _)}
        ) from trouble
    if isinstance(trouble, ChannelError):
        if trouble.permanent:
            raise Told(told(trouble.words, _)) from trouble
        return max(AGAIN[min(falls, len(AGAIN) - 1)], trouble.retry_after or 0)
    return AGAIN[min(falls, len(AGAIN) - 1)]


def _harvests(options: argparse.Namespace, listener: Listener, cursor: str | None) -> Iterator[Harvest]:
    """Yield what a source brings, a chunk at a time; an empty one is a heartbeat."""
    code, kind = SOURCES[options.source]
    if options.source in NEEDS_URL and not options.url:
        raise Told(_("--source %(source)s needs --url: the address to listen to.") % {"source": options.source})
    if kind == "jetstream":
        settings = {"compress": "no"} if options.uncompressed else {}
        for lines in Jetstream.of(_door(), options.url, settings).subscribe(cursor):
            yield listener.hear_lines(lines, datetime.now(UTC))
        return
    client = network(code).connect(Account(network=code), _door())
    for batch in _batches(client, _spec(options, kind), cursor, network(code).poll_seconds):
        harvest = listener.hear_items(batch.items, datetime.now(UTC))
        harvest.cursor = batch.cursor
        yield harvest


def _spec(options: argparse.Namespace, kind: str) -> SourceSpec:
    if options.hashtag:
        return SourceSpec("hashtag", f"{options.url.rstrip('/')}/tags/{options.hashtag.lstrip('#')}")
    return SourceSpec(kind, options.url)


def _batches(client, spec: SourceSpec, cursor: str | None, usual: float) -> Iterator:
    """Stream where the network can, else look now and then."""
    if hasattr(client, "stream"):
        try:
            yield from client.stream(spec, cursor)
            return
        except Unsupported:
            pass
    while True:
        batch = client.listen(spec, cursor)
        cursor = batch.cursor
        yield batch
        if not batch.more:
            time.sleep(usual if batch.poll_after is None else batch.poll_after)


def _door() -> Door:
    from plein_web.town.actions import door_for

    return door_for()


def _by_post(rows: list[Overheard]) -> list[list[Overheard]]:
    """Return the rows of each post together: several watches may have asked for it."""
    return [list(same) for _, same in groupby(rows, key=attrgetter("uri_hash"))]


def _summary(tally: Tally) -> str:
    text = _("%(matched)d of %(seen)d posts matched in %(minutes)s minutes.") % {
        "matched": tally.matched,
        "seen": tally.seen,
        "minutes": f"{(time.monotonic() - tally.began) / 60:.1f}",
    }
    if tally.unread:
        text += " " + _("%(unread)d could not be read.") % {"unread": tally.unread}
    return text + (" " + _("Go on with --cursor %(cursor)s") % {"cursor": tally.cursor} if tally.cursor else "")


def _screen(tally: Tally, options: argparse.Namespace) -> Screen:
    from plein_web.listening.screen import LiveScreen, Screen

    title = f"{options.source} {options.url}".strip()
    return LiveScreen(tally, title) if sys.stdout.isatty() else Screen(tally)

"""What a query says, what is wrong with it, and what it would have caught: while somebody types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext

from plein.channels.registry import network
from plein.listening.marking import Marked, marked
from plein.listening.masking import mask
from plein.listening.matching import PlainEngine, Said, Watch
from plein.listening.places.expanding import expanded
from plein.listening.places.gazetteer import is_ambiguous
from plein.listening.places.judge import Verdict
from plein.listening.query.errors import QueryError
from plein.listening.query.linting import lint, may_run
from plein.listening.query.parsing import parse
from plein.listening.query.remarks import Remark, Severity
from plein.listening.query.tree import Node
from plein.town.saying import told
from plein_web.channels.models import Post
from plein_web.listening import shown
from plein_web.listening.compiling import judges_of
from plein_web.listening.models import Mention
from plein_web.listening.places import place_names
from plein_web.town.models import Town

# So much of what we hold is looked through while somebody types: the newest.
LOOKED_THROUGH = 2_000
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing to say about a query; `mended` is the whole query as it is suggested, if anything is."""

    words: str
    severity: Severity
    mended: str = ""


@dataclass(frozen=True, slots=True)
class Caught:
    """A text that we hold and that the query would have caught."""

    network: str
    posted_at: datetime
    text: Marked


@dataclass(frozen=True, slots=True)
class Checked:
    """A query, looked at from all sides. `chart` is None while there is nothing to look for."""

    pieces: list[tuple[str, str]]
    notes: tuple[Noted, ...]
    chart: shown.Chart | None = None
    caught: tuple[Caught, ...] = ()
    looked_through: int = 0


@dataclass(frozen=True, slots=True)
class _Held:
    said: Said
    posted_at: datetime


def check(town: Town, query: str) -> Checked:
    """Return what can be said of a query as it stands now."""
    pieces = shown.pieces(query)
    if not query.strip():
        return Checked(pieces, ())
    names = partial(place_names, town, on=timezone.localdate())
    try:
        tree = parse(query)
        remarks = lint(tree, query, is_ordinary=is_ambiguous, knows_place=lambda name: bool(names(name)))
    except QueryError as error:
        return Checked(pieces, (Noted(told(error.words, gettext), Severity.STOP, error.mended(query)),))
    notes = tuple(_noted(one, query) for one in remarks)
    return _tried(town, tree, pieces, notes) if may_run(remarks) else Checked(pieces, notes)


def wrong(error: QueryError) -> Checked:
    """Return that what was typed makes no query, and why."""
    return Checked([], (Noted(told(error.words, gettext), Severity.STOP),))


def _noted(one: Remark, query: str) -> Noted:
    return Noted(told(one.words, gettext), one.severity, one.mended(query) if one.suggestion else "")


def _tried(town: Town, tree: Node, pieces: list[tuple[str, str]], notes: tuple[Noted, ...]) -> Checked:
    """Look the query up in what we hold of the last days."""
    names = partial(place_names, town, on=timezone.localdate())
    held = sorted(_held(town), key=lambda one: one.posted_at, reverse=True)[:LOOKED_THROUGH]
    found = PlainEngine([Watch(1, town.pk, expanded(tree, names))]).match([one.said for one in held])
    judges = judges_of(town, tree)
    hits = [hit for hit in found if not judges or _is_about(judges.verdict(held[hit.index].said))]
    days = Counter(timezone.localdate(held[hit.index].posted_at) for hit in hits)
    caught = tuple(_caught(held[hit.index], hit.reason) for hit in hits[:SHOWN])
    return Checked(pieces, notes, shown.chart(days, height=96, bar=32, gap=16), caught, len(held))


def _is_about(verdict: Verdict | None) -> bool:
    return verdict is None or verdict.about


def _held(town: Town) -> Iterator[_Held]:
    """Yield every text of the last days once: what was overheard, and what residents said to us in public."""
    since = shown.since()
    seen: set[str] = set()
    overheard = Mention.objects.of(town).filter(posted_at__gte=since).newest_first()
    rows = overheard.values_list("uri_hash", "text", "language", "network_code", "posted_at")
    for uri_hash, text, language, code, posted_at in rows[:LOOKED_THROUGH]:
        if uri_hash not in seen:
            seen.add(uri_hash)
            yield _Held(Said(text, language=language, network=code), posted_at)
    told_us = Post.objects.of(town).filter(posted_at__gte=since, ours=False, deleted_at=None, visibility="public")
    for text, language, code, posted_at in told_us.order_by("-posted_at").values_list(
        "text", "language", "network_code", "posted_at"
    )[:LOOKED_THROUGH]:
        # In this room nobody is recognisable, also who wrote to us.
        yield _Held(Said(mask(text), language=language, network=code), posted_at)


def _caught(held: _Held, reason: str) -> Caught:
    return Caught(network(held.said.network).name, held.posted_at, marked(held.said.text, reason))

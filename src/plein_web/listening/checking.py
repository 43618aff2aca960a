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
from plein.listening.hearing import DOUBTFUL
from plein.listening.marking import Marked, marked
from plein.listening.masking import mask
from plein.listening.matching import PlainEngine, Said, Watch
from plein.listening.places.expanding import expanded
from plein.listening.places.judging import PlaceJudges
from plein.listening.places.reasons import reasons
from plein.listening.query.errors import QueryError
from plein.listening.query.linting import may_run
from plein.listening.query.parsing import parse
from plein.listening.query.remarks import Severity
from plein.listening.query.tree import Node
from plein.listening.query.writing import in_words_of
from plein.listening.watching import remarks_on
from plein.town.saying import told
from plein_web.channels.models import Post
from plein_web.listening import shown
from plein_web.listening.compiling import judges_of
from plein_web.listening.forms import reader
from plein_web.listening.models import Mention
from plein_web.listening.places import known_places, place_names
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
    """A text that we hold and that the query finds, judged as a watch would.

    `told_us`: somebody wrote it to us, so it stands in the inbox and no watch counts it.
    """

    network: str
    posted_at: datetime
    text: Marked
    about: bool | None
    level: int
    why: tuple[str, ...]
    told_us: bool
    by_me: bool = False

    @property
    def counts(self) -> bool:
        """Whether a watch would count it."""
        return not self.told_us and (self.level != 1 if self.about is None else self.about)


@dataclass(frozen=True, slots=True)
class Checked:
    """A query, looked at from all sides. `chart` is None while there is nothing to look for."""

    pieces: list[tuple[str, str]]
    notes: tuple[Noted, ...]
    chart: shown.Chart | None = None
    caught: tuple[Caught, ...] = ()
    looked_through: int = 0
    left_out: int = 0
    may_run: bool = False


@dataclass(frozen=True, slots=True)
class _Held:
    said: Said
    posted_at: datetime
    about: bool | None = None
    told_us: bool = False


def check(town: Town, query: str) -> Checked:
    """Return what can be said of a query as it stands now."""
    pieces = shown.pieces(query)
    if not query.strip():
        return Checked(pieces, ())
    places = known_places(town, timezone.localdate())
    try:
        remarks = remarks_on(query, places)
    except QueryError as error:
        return Checked(pieces, (_noted(error.words, Severity.STOP, error.mended(query), query),))
    # A word that stands there ten times deserves one remark.
    once = {(one.words, one.severity): one for one in reversed(remarks)}
    notes = tuple(_noted(one.words, one.severity, one.mended(query), query) for one in reversed(once.values()))
    return _tried(town, parse(query), pieces, notes) if may_run(remarks) else Checked(pieces, notes)


def wrong(error: QueryError) -> Checked:
    """Return that what was typed makes no query, and why."""
    return Checked([], (Noted(told(error.words, gettext), Severity.STOP),))


def _noted(words: str, severity: Severity, mended: str, query: str) -> Noted:
    offered = in_words_of(reader(), mended) if mended != query and _is_worth_an_offer(mended, query) else ""
    return Noted(told(words, gettext), severity, offered)


def _is_worth_an_offer(mended: str, query: str) -> bool:
    """Whether a suggestion is a query, and looks for no person of whom nothing was said yet."""
    try:
        parse(mended)
    except QueryError:
        return False
    return _persons_in(mended) <= _persons_in(query)


def _persons_in(query: str) -> set[str]:
    try:
        return {one.words for one in remarks_on(query) if one.code == "person"}
    except QueryError:
        return set()


def _tried(town: Town, tree: Node, pieces: list[tuple[str, str]], notes: tuple[Noted, ...]) -> Checked:
    """Look the query up in what we hold of the last days, as the watch would listen."""
    names = partial(place_names, town, on=timezone.localdate())
    held = sorted(_held(town), key=lambda one: one.posted_at, reverse=True)[:LOOKED_THROUGH]
    hits = PlainEngine([Watch(1, town.pk, expanded(tree, names))]).match([one.said for one in held])
    judges = judges_of(town, tree)
    found = [_caught(held[hit.index], hit.reason, judges) for hit in hits]
    caught = [one for one in found if one]
    days = Counter(timezone.localdate(one.posted_at) for one in caught if one.counts)
    chart = shown.chart(days, height=96, bar=32, gap=16)
    return Checked(pieces, notes, chart, tuple(caught[:SHOWN]), len(held), len(found) - len(caught), may_run=True)


def _held(town: Town) -> Iterator[_Held]:
    """Yield every text of the last days once: what was overheard, and what residents said to us in public."""
    since = shown.since()
    seen: set[str] = set()
    overheard = Mention.objects.of(town).filter(posted_at__gte=since).newest_first()
    # What a colleague judged goes first, where several watches heard the same.
    rows = overheard.values_list("uri_hash", "text", "language", "network_code", "posted_at", "about")
    for uri_hash, text, language, code, posted_at, about in sorted(rows[:LOOKED_THROUGH], key=lambda row: row[-1] is None):
        if uri_hash not in seen:
            seen.add(uri_hash)
            yield _Held(Said(text, language=language, network=code), posted_at, about)
    told_us = Post.objects.of(town).filter(posted_at__gte=since, ours=False, deleted_at=None, visibility="public")
    for text, language, code, posted_at in told_us.order_by("-posted_at").values_list(
        "text", "language", "network_code", "posted_at"
    )[:LOOKED_THROUGH]:
        # In this room nobody is recognisable, also who wrote to us.
        yield _Held(Said(mask(text), language=language, network=code), posted_at, told_us=True)


def _caught(held: _Held, reason: str, judges: PlaceJudges | None) -> Caught | None:
    """Return what was found; None for what a watch would not keep, because it is about something else."""
    verdict = judges.verdict(held.said) if judges else None
    if verdict and verdict.sure < DOUBTFUL and held.about is None:
        return None
    name, text = network(held.said.network).name, marked(held.said.text, reason)
    level, why = shown.level_of(verdict and verdict.sure), tuple(reasons(verdict.why)) if verdict else ()
    return Caught(name, held.posted_at, text, held.about if judges else None, level, why, held.told_us)

"""What the pages of listening show: figures per day, and mentions with the words that brought them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.channels.registry import network
from plein.listening.lawful.purposes import PUBLIC_ORDER
from plein.listening.lawful.states import State, coming_up, state_of
from plein.listening.marking import Marked, marked
from plein.listening.places.judge import ABOUT
from plein.listening.query.highlighting import marks
from plein_web.channels.models import Source
from plein_web.listening.forms import GROUNDS, last_day
from plein_web.listening.lawful import words as lawful_words
from plein_web.listening.lawful.models import Terms
from plein_web.listening.lawful.standing import mandated_towns, standing_of
from plein_web.listening.models import Mention, Trial, Watch
from plein_web.listening.queries import days_before
from plein_web.listening.topics import told_topic
from plein_web.town.access import Actor
from plein_web.town.models import AuditRow, Town
from plein_web.town.moments import day_inside, day_short, day_title
from plein_web.town.search import found

DAYS = 14
PAGE = 50
# A small chart never scales below this, so that one message does not look like a wave.
LEAST_SCALE = 8
BAR, GAP = 6, 2
# Of fewer messages nobody can say that a day was busy: one reads them.
FEW = 10
# From where it is perhaps, probably and surely about us; below it is probably not.
SURE = (ABOUT, 0.7, 0.9)


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a chart, in the units of its drawing."""

    day: date
    title: str
    short: str
    count: int
    busy: bool
    heard: bool
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The figures of the last days. `label` says what they come to, `brief` the same in a list."""

    bars: tuple[Bar, ...]
    total: int
    label: str
    brief: str
    width: int
    height: int

    @property
    def busy(self) -> bool:
        """Whether any of its days stands out."""
        return any(bar.busy for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Listed:
    """A watch in the list."""

    watch: Watch
    chart: Chart
    running: bool
    until: str
    state: State
    coming: str = ""
    soon: bool = False
    change_waits: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """A mention, with its text split around what brought it."""

    mention: Mention
    network: str
    text: Marked
    level: int = 0
    why: tuple[str, ...] = ()
    topic: tuple[str, tuple[str, ...]] | None = None
    by_me: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is taken to be about us."""
        return self.mention.about is not False and (self.mention.about or self.level != 1)


def pieces(query: str) -> list[tuple[str, str]]:
    """Return a query cut into its pieces, each with its kind for the colours; what lies between has none."""
    found, at = [], 0
    for mark in marks(query):
        found += [("", query[at : mark.start]), (mark.kind, query[mark.start : mark.end])]
        at = mark.end
    return [piece for piece in [*found, ("", query[at:])] if piece[1]]


def since(days: int = DAYS) -> datetime:
    """Return the beginning of the first day that is shown."""
    first = timezone.localdate() - timedelta(days=days - 1)
    return timezone.make_aware(datetime.combine(first, time()))


def chart(
    counts: Counter[date], between: tuple[date, date] | None = None, *, height: int = 28, bar: int = BAR, gap: int = GAP
) -> Chart:
    """Return the drawing of counts per day, from zero. Outside `between` nobody listened: that is no zero."""
    today = timezone.localdate()
    days = days_before(today, DAYS)
    first, last = between or (days[0], today)
    listened = [day for day in days if first <= day <= last or counts[day]]
    top = max(LEAST_SCALE, *(counts[day] for day in days))
    total = sum(counts[day] for day in days)
    usual = total / len(listened) if total >= FEW else total
    bars = tuple(
        _bar(day, today, counts[day], counts[day] > usual, day in listened, place * (bar + gap), counts[day] / top * height, height)
        for place, day in enumerate(days)
    )
    return Chart(bars, total, *_labels(total, first if first > days[0] else None, today), DAYS * (bar + gap) - gap, height)


def _labels(total: int, first: date | None, today: date) -> tuple[str, str]:
    """Return what figures come to, for a heading and for a list."""
    if first is None:
        label = ngettext("%(total)d message in %(days)d days", "%(total)d messages in %(days)d days", total)
        about = {"total": total, "days": DAYS}
        return label % about, _("%(total)d in %(days)d days") % about
    label = ngettext("%(total)d message since %(day)s", "%(total)d messages since %(day)s", total)
    about = {"total": total, "day": day_inside(first, today)}
    return label % about, _("%(total)d since %(day)s") % about


def listened(watch: Watch) -> tuple[date, date]:
    """Return the first and the last day on which a watch listened, or will."""
    end = min(watch.ends_at, watch.stopped_at or watch.ends_at)
    return timezone.localdate(watch.starts_at), timezone.localdate(end)


def wide_chart(watch: Watch) -> Chart:
    """Return the figures of one watch, large enough to print the numbers."""
    counts = Mention.objects.of(watch.town_id).filter(watch=watch).counting().per_day(since())
    return chart(counts.get(watch.pk, Counter()), listened(watch), height=96, bar=32, gap=16)


def _bar(day: date, today: date, count: int, busy: bool, heard: bool, x: int, tall: float, height: int) -> Bar:
    tall = round(max(tall, 1 if heard else 0), 1)
    return Bar(day, day_title(day, today), day_short(day), count, busy, heard, x, round(height - tall, 1), tall)


def listed(town: Town, now: datetime) -> list[Listed]:
    """Return the watches of a town with their figures: running ones first, then by name."""
    counts = Mention.objects.of(town).counting().per_day(since())
    watches = list(Watch.objects.of(town))
    waiting = set(Terms.objects.pending().filter(watch__town=town).values_list("watch", flat=True))
    needed = any(watch.purpose_code == PUBLIC_ORDER.code for watch in watches)
    mandated = mandated_towns(now) if needed else frozenset()
    rows = [
        _listed(watch, chart(counts.get(watch.pk, Counter()), listened(watch)), mandated, waiting, now)
        for watch in watches
    ]
    return sorted(rows, key=lambda row: not row.running)


def _listed(watch: Watch, drawn: Chart, mandated: frozenset[int], waiting: set[int], now: datetime) -> Listed:
    standing = standing_of(watch, mandated)
    state, due = state_of(standing, now), coming_up(standing, now)
    words = {True: lawful_words.review_in, False: lawful_words.ends_in}[due.review](due.days) if due else ""
    changes = watch.pk in waiting and watch.approved_at is not None
    return Listed(
        watch, drawn, state is State.COLLECTING, until(watch, now, state), state, words, bool(due and due.soon), changes
    )


def until(watch: Watch, now: datetime, state: State) -> str:
    """Return in words until when a watch searches, or why it does not."""
    today = timezone.localdate(now)
    if state in lawful_words.STILL:
        return str(lawful_words.STILL[state])
    if watch.stopped_at:
        return _("stopped %(day)s") % {"day": day_inside(timezone.localdate(watch.stopped_at), today)}
    if watch.ends_at <= now:
        return _("ended %(day)s") % {"day": day_inside(last_day(watch), today)}
    return _("until %(day)s") % {"day": day_inside(last_day(watch), today)}


def page_of(actor: Actor, watch: Watch, asked: str, before: str) -> tuple[list[Heard], str]:
    """Return a page of mentions, and the mark of the next page (empty: there is none)."""
    rows = found(Mention.objects.of(watch.town_id).filter(watch=watch), watch.town_id, asked).newest_first()
    mentions = list(_from(rows, before)[: PAGE + 1])
    more = f"{mentions[PAGE - 1].posted_at.timestamp()}-{mentions[PAGE - 1].pk}" if len(mentions) > PAGE else ""
    mine = _judged_by(actor, mentions)
    return [heard(mention, by_me=mention.pk in mine) for mention in mentions[:PAGE]], more


def _judged_by(actor: Actor, mentions: list[Mention]) -> set[int]:
    """Return which mentions somebody judged themselves, and no colleague after them."""
    judged = {f"mention:{one.pk}": one.pk for one in mentions if one.about is not None}
    if not judged:
        return set()
    rows = AuditRow.objects.filter(town=actor.town, action="mention.judged", subject__in=judged).order_by("id")
    last = dict(rows.values_list("subject", "actor"))
    return {judged[subject] for subject, who in last.items() if who == actor.person.email}


def _from(rows, before: str):
    moment, _dash, pk = before.rpartition("-")
    try:
        return rows.before(datetime.fromtimestamp(float(moment), timezone.get_current_timezone()), int(pk))
    except (ValueError, OverflowError, OSError):
        return rows


def level_of(sure: float | None) -> int:
    """Return how sure it is that a text is about us, in steps of 1 to 4; 0 where that was not asked."""
    return 0 if sure is None else 1 + sum(sure >= step for step in SURE)


def heard(mention: Mention, *, by_me: bool = False) -> Heard:
    """Return a mention as it is shown: how sure it is that it is about us in steps (1 to 4), why, and its topic."""
    why = tuple(line for line in (mention.why or "").splitlines() if line)
    text = marked(mention.text, mention.phrase)
    name, topic = network(mention.network_code).name, told_topic(mention.text)
    return Heard(mention, name, text, level_of(mention.sure), why, topic, by_me)


def trial_of(actor: Actor) -> Trial | None:
    """Return the query that somebody tries now."""
    return Trial.objects.filter(town=actor.town, person=actor.person).first()


def caught_by(trial: Trial | None) -> dict:
    """Return what a try caught, newest first, and whether it still runs."""
    samples = trial.samples.order_by("-id") if trial else ()
    caught = [
        (one, network(one.network_code).name, marked(one.text, one.phrase), one.sure is None or one.sure >= ABOUT)
        for one in samples
    ]
    slow = Source.objects.filter(Q(town=None) | Q(town=trial.town_id), kind="feed", active=True).count() if trial else 0
    return {"caught": caught, "runs": bool(trial and trial.until > timezone.now()), "slow": slow}


def sources_of(town: Town) -> list[Source]:
    """Return what a town listens to, beside its own channels."""
    return list(Source.objects.of(town).filter(channel=None, active=True))


def ground(watch: Watch) -> str:
    """Return the legal ground in words."""
    return str(GROUNDS.get(watch.legal_ground, watch.legal_ground))

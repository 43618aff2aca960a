"""Taking part in figures: which share of our answers, whether at all, how soon, and what came of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from plein.listening.joining.outcomes import Outcome, Share, done_in, outcome, usual
from plein_web.channels.models import Outgoing, Post
from plein_web.listening.elsewhere.models import PlaceChoice
from plein_web.town.models import Town

PERIODS = (7, 28, 91)
WEEKS, MONTHS = 12, 6
# A thread: network and the uri where it begins.
Thread = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures of a period of `days` up to now."""

    days: int
    share: Share
    weeks: list[tuple[date, bool]]
    months: list[tuple[date, bool]]
    time_to_join: timedelta | None
    timed: int
    outcomes: dict[str, int]
    choices: dict[str, int]
    joined: int


def measure(town: Town, days: int, now: datetime) -> Measured:
    """Return the figures of a town over so many days."""
    since = now - timedelta(days=days)
    joined = list(_joined(town).filter(made_at__gte=since).select_related("post"))
    firsts, replies = _first_answers(town, joined), _replies(town, joined)
    became = [
        outcome(firsts.get(one.pk), _after(firsts.get(one.pk), replies[_thread(one.post)]), now) for one in joined
    ]
    times = [firsts[one.pk] - one.asked_at for one in joined if one.pk in firsts and one.asked_at]
    did = list(_elsewhere(town).values_list("settled_at", flat=True))
    weeks, months = _weeks(now), _months(now)
    return Measured(
        days,
        share_of(town, since, now),
        list(zip([timezone.localdate(start) for start, _end in weeks], done_in(weeks, did), strict=True)),
        list(zip([timezone.localdate(start) for start, _end in months], done_in(months, did), strict=True)),
        usual(times),
        len(times),
        {str(one): Counter(became)[one] for one in Outcome},
        dict(Counter(PlaceChoice.objects.of(town).filter(made_at__gte=since).values_list("choice", flat=True))),
        len(joined),
    )


def share_of(town: Town, since: datetime, until: datetime) -> Share:
    """Return how many of the answers that the town sent in a period it gave in conversations found elsewhere."""
    sent = _answers(town).filter(settled_at__gte=since, settled_at__lt=until)
    return Share(_elsewhere(town).filter(settled_at__gte=since, settled_at__lt=until).count(), sent.count())


def _answers(town: Town):
    return Outgoing.objects.of(town).filter(kind=Outgoing.Kind.REPLY, state="sent")


def _elsewhere(town: Town):
    """Return the answers in conversations that were joined. One that had reached our inbox already was found by itself."""
    found = _joined(town).filter(
        post__network_code=OuterRef("reply_to__network_code"),
        post__root_uri=OuterRef("reply_to__root_uri"),
        made_at__lte=OuterRef("written_at"),
    )
    return _answers(town).filter(Exists(found))


def _joined(town: Town):
    return PlaceChoice.objects.of(town).joined().filter(post__isnull=False, post__arrived_at__gte=F("made_at"))


def _thread(post: Post) -> Thread:
    return post.network_code, post.root_uri


def _first_answers(town: Town, joined: list[PlaceChoice]) -> dict[int, datetime]:
    """Return when we first answered in each of the conversations, by choice."""
    roots = [one.post.root_uri for one in joined]
    rows = _answers(town).filter(reply_to__root_uri__in=roots).order_by("settled_at")
    sent: dict[Thread, list[datetime]] = defaultdict(list)
    for network, root, at in rows.values_list("reply_to__network_code", "reply_to__root_uri", "settled_at"):
        sent[network, root].append(at)
    found = {one.pk: [at for at in sent[_thread(one.post)] if at >= one.made_at] for one in joined}
    return {pk: times[0] for pk, times in found.items() if times}


def _replies(town: Town, joined: list[PlaceChoice]) -> dict[Thread, list[tuple[datetime, str]]]:
    """Return what residents said in each of the conversations."""
    rows = Post.objects.of(town).filter(root_uri__in=[one.post.root_uri for one in joined], ours=False, deleted_at=None)
    found: dict[Thread, list[tuple[datetime, str]]] = defaultdict(list)
    for network, root, at, text in rows.values_list("network_code", "root_uri", "posted_at", "text"):
        found[network, root].append((at, text))
    return found


def _after(answered_at: datetime | None, said: list[tuple[datetime, str]]) -> list[str]:
    return [text for at, text in said if answered_at and at > answered_at]


def _weeks(now: datetime) -> list[tuple[datetime, datetime]]:
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday())
    days = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -2, -1)]
    return _between(days)


def _months(now: datetime) -> list[tuple[datetime, datetime]]:
    today = timezone.localdate(now)
    first = today.year * 12 + today.month - 1
    days = [date((first - back) // 12, (first - back) % 12 + 1, 1) for back in range(MONTHS - 1, -2, -1)]
    return _between(days)


def _between(days: list[date]) -> list[tuple[datetime, datetime]]:
    moments = [timezone.make_aware(datetime.combine(day, time())) for day in days]
    return list(pairwise(moments))

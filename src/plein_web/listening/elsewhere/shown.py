"""What the pages of places show: the queue, one place with its reasons, and all places where people talk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from plein.channels.registry import network
from plein.listening.joining.queueing import UNDO
from plein.town.roles import Right
from plein_web.channels.models import Channel, Source
from plein_web.listening.elsewhere import words
from plein_web.listening.elsewhere.access import colleagues_of
from plein_web.listening.elsewhere.actions import accounts_on
from plein_web.listening.elsewhere.models import ConversationPlace, PlaceChoice
from plein_web.listening.elsewhere.naming import name_of
from plein_web.listening.elsewhere.weighing import MESSAGES, said_in
from plein_web.listening.models import Mention, Watch
from plein_web.listening.shown import Chart, chart
from plein_web.listening.topics import LABELS
from plein_web.town.access import Actor
from plein_web.town.models import Town
from plein_web.town.queries import newest_event

PAGE = 25
MOST_QUEUED = 5_000
LATEST = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """A place as the pages show it. `words` is what asks there, masked; `chart` is none where more was said than we read."""

    place: ConversationPlace
    name: str
    network: str
    words: str
    chart: Chart | None
    number: int = 0
    choice: PlaceChoice | None = None

    @property
    def kind(self) -> str:
        """Return what kind of place it is, in words."""
        return str(words.KINDS[self.place.kind])

    @property
    def step(self) -> str:
        """Return the suggested next step, in words."""
        return str(words.STEPS.get(self.place.step, ""))

    @property
    def title(self) -> str:
        """Return what a row is called: the words that ask, else the name of the place."""
        return self.words or self.name


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue: what was handed to the reader, what waits for anybody, how much there is, as of which event."""

    handed: list[Shown]
    waiting: list[Shown]
    total: int
    page: int
    pages: int
    mark: str
    seen: int


def queue_of(actor: Actor, page: int = 1) -> Queue:
    """Return a page of the queue, best first; the same question stands in it once, under its largest place."""
    seen = newest_event(actor.town)
    waiting = _once(ConversationPlace.objects.of(actor.town).waiting().best_first())
    pages = max(1, -(-len(waiting) // PAGE))
    page = min(max(1, page), pages)
    start = (page - 1) * PAGE
    mine = list(ConversationPlace.objects.of(actor.town).handed_to(actor.person).order_by("chosen_at"))
    rows = ConversationPlace.objects.in_bulk(waiting[start : start + PAGE])
    handed, rest = _apart(mine), [rows[pk] for pk in waiting[start : start + PAGE] if pk in rows]
    shown = shown_of([*handed, *rest])
    mark = f"{_newest_choice(actor.town)}-{len(waiting)}-{len(mine)}"
    given = [replace(one, choice=_handed(one.place)) for one in shown[: len(handed)]]
    numbered = [replace(one, number=number) for number, one in enumerate(shown[len(handed) :], start + 1)]
    return Queue(given, numbered, len(waiting), page, pages, mark, seen)


def _once(places) -> list[int]:
    """Return the places in order, each question once: where the most was said, and of equals in its thread."""
    rows = list(places.values_list("pk", "asking", "messages", "kind")[:MOST_QUEUED])
    best: dict[str, tuple] = {}
    for pk, asking, messages, kind in rows:
        best[asking or f"-{pk}"] = max(best.get(asking or f"-{pk}", (0, False, 0)), (messages, kind == "thread", pk))
    return [pk for pk, asking, _messages, _kind in rows if best[asking or f"-{pk}"][2] == pk]


def _apart(places: list[ConversationPlace]) -> list[ConversationPlace]:
    """Return places that were handed over, without the thread that went along with another."""
    return list({place.asking or place.pk: place for place in places}.values())


def _handed(place: ConversationPlace) -> PlaceChoice | None:
    rows = PlaceChoice.objects.filter(town=place.town_id, choice="hand_over", undone_at=None, uri_hash=place.asking)
    return rows.select_related("person").order_by("-id").first()


def _newest_choice(town: Town) -> int:
    return PlaceChoice.objects.filter(town=town).order_by("-id").values_list("pk", flat=True).first() or 0


def shown_of(places: Iterable[ConversationPlace]) -> list[Shown]:
    """Return places as they are shown, with what was said in them."""
    places = list(places)
    said, sources = said_in(places), _sources_of(places)
    return [_shown(place, said.get(place.pk, []), sources) for place in places]


def _shown(place: ConversationPlace, said: list[Mention], sources: dict[int, Source]) -> Shown:
    asks = next((one.text for one in said if one.uri_hash == place.asking), said[-1].text if said else "")
    whole = place.messages <= MESSAGES
    counts = Counter(timezone.localdate(one.posted_at) for one in said)
    return Shown(
        place, name_of(place, sources), _(network(place.network_code).name), asks, chart(counts) if whole else None
    )


def _sources_of(places: Iterable[ConversationPlace]) -> dict[int, Source]:
    numbers = {int(place.key) for place in places if place.kind not in ("thread", "hashtag") and place.key.isdecimal()}
    return Source.objects.in_bulk(numbers) if numbers else {}


@dataclass(frozen=True, slots=True)
class Detail:
    """One place, opened: what was said last, why it stands here, what we cannot see, and what can be done."""

    shown: Shown
    said: list[Mention]
    wide: Chart
    topic: str
    accounts: list[Channel]
    speakers: list[Channel]
    colleagues: list
    choice: PlaceChoice | None
    may_choose: bool

    @property
    def reasons(self) -> list[str]:
        """Return what else speaks for or against, own sentences."""
        return [line for line in self.shown.place.reasons.splitlines() if line and line != self.shown.place.why]

    @property
    def unseen(self) -> list[str]:
        """Return what we cannot see there, own sentences and our own words."""
        return [
            str(words.UNSEEN[self.shown.place.kind]),
            *(line for line in self.shown.place.unseen.splitlines() if line),
        ]

    @property
    def few(self) -> bool:
        """Whether so little was said that one reads it instead of counting."""
        return self.shown.place.messages < 10


def detail_of(actor: Actor, place: ConversationPlace) -> Detail:
    """Return what the page of a place shows."""
    (shown,), said = shown_of([place]), said_in([place])[place.pk]
    may = actor.may(Right.WRITE, "inbox")
    return Detail(
        shown,
        said[-LATEST:][::-1],
        chart(activity_of(place), height=96, bar=32, gap=16),
        str(LABELS.get(place.topic, "")),
        accounts_on(actor.town, place.network_code) if may else [],
        accounts_on(actor.town, place.network_code, "posts") if may and place.kind == "hashtag" else [],
        colleagues_of(actor) if may else [],
        _handed(place) if place.state == "handed" else None,
        may,
    )


def activity_of(place: ConversationPlace) -> Counter[date]:
    """Return how much was said on each day, each message once."""
    hashes = place.spoken.values("uri_hash")
    rows = Mention.objects.of(place.town_id).filter(uri_hash__in=hashes).counting().values_list("uri_hash", "posted_at")
    return Counter(timezone.localdate(at) for at in dict(rows.distinct()).values())


@dataclass(frozen=True, slots=True)
class Tabs:
    """The sub-navigation of the room, with what waits behind each tab."""

    watches: int
    queue: int


def tabs_of(town: Town) -> Tabs:
    """Return the figures beside the tabs: running watches, and different questions that wait."""
    waiting = ConversationPlace.objects.of(town).waiting().values("asking").distinct().count()
    now = timezone.now()
    return Tabs(Watch.objects.of(town).live(now).order_by().count(), waiting)


def undoable_by(actor: Actor, number: str, now: datetime) -> PlaceChoice | None:
    """Return the choice that was just made, while it can be undone."""
    if not (number.isdecimal() and actor.may(Right.WRITE, "inbox")):
        return None
    rows = PlaceChoice.objects.of(actor.town).filter(pk=int(number[:15]), made_at__gte=now - UNDO)
    return rows.exclude(choice="ask").select_related("place").first()


def said_of(choice: PlaceChoice) -> str:
    """Return what a choice was, with the name of its place."""
    return str(words.CHOICES[choice.choice]) % {"name": name_of(choice.place) if choice.place else ""}


def places_page(town: Town, kind: str, page: int) -> tuple[list[Shown], int, int]:
    """Return a page of the places where people talk, the number of pages, and how many places there are."""
    rows = ConversationPlace.objects.of(town).talked_in()
    rows = rows.filter(kind=kind) if kind in words.KINDS else rows
    total = rows.count()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    return shown_of(rows.newest_first()[(page - 1) * PAGE : page * PAGE]), pages, total


@dataclass(frozen=True, slots=True)
class Watching:
    """Whether the town listens at all: what an empty queue has to tell."""

    watches: bool
    sources: bool
    mentions: bool


def watching(town: Town) -> Watching:
    """Return what there is to find places in."""
    return Watching(
        Watch.objects.of(town).live(timezone.now()).exists(),
        Source.objects.of(town).filter(channel=None, active=True).exists(),
        Mention.objects.of(town).exists(),
    )

"""What could the town add in each place? The judge's answer, brought up to date for places that changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from plein.listening.conversations.messages import Message
from plein.listening.conversations.teaching import Choice, Taught
from plein.listening.conversations.weighed import Weighed
from plein.listening.conversations.weighing import weigh
from plein.listening.hearing import Keys
from plein.listening.joining.queueing import belongs, returns, without
from plein_web.channels.models import Post
from plein_web.listening.elsewhere.models import ConversationPlace, PlaceChoice, Spoken
from plein_web.listening.elsewhere.naming import name_of
from plein_web.listening.models import Mention
from plein_web.listening.places import knowledge_of
from plein_web.town.actions import vault
from plein_web.town.models import Event, Town

AT_ONCE = 25
# What was said longer ago tells little about what is needed now.
MESSAGES = 80
# Time alone changes a weight: who waits is weighed again after so long.
STALE = timedelta(hours=2)
# A place of which the last message is gone, or that nobody spoke in for so long, is forgotten.
FORGET = timedelta(days=90)
# A thread may have begun so long before we heard of it; so many of the inbox are looked through.
ALREADY = timedelta(days=30)
MOST_THREADS = 20_000
WRITTEN = ("messages", "people", "weighed_at", "score", "said", "step", "topic", "why", "reasons", "unseen", "asked",
           "asking", "waiting_since", "queued", "state", "first_at", "last_at")  # fmt: skip


def weigh_places(now: datetime) -> int:
    """Weigh some of the places that changed; returns how many."""
    places = list(ConversationPlace.objects.to_weigh(now - STALE).select_related("town")[:AT_ONCE])
    weigh_these(places, now)
    return len(places)


def weigh_these(places: list[ConversationPlace], now: datetime) -> None:
    """Weigh places. One in which nothing of what was said is left, is forgotten."""
    said = said_in(places)
    empty = [place for place in places if not said[place.pk]]
    ConversationPlace.objects.filter(pk__in=[place.pk for place in empty]).delete()
    by_town: dict[int, list[ConversationPlace]] = defaultdict(list)
    for place in places:
        if said[place.pk]:
            by_town[place.town_id].append(place)
    for mine in by_town.values():
        _weigh_of_town(mine[0].town, mine, said, now)


def _weigh_of_town(town: Town, places: list[ConversationPlace], said: dict[int, list[Mention]], now: datetime) -> None:
    knowledge, taught = knowledge_of(town, town.name), taught_by(town)
    addressed = threads_addressed(town, min(place.first_at for place in places))
    answered = threads_chosen(town) | addressed
    counts = dict(Spoken.objects.filter(place__in=places).values_list("place").annotate(Count("id")).order_by())
    for place in places:
        heard = said[place.pk]
        kept = set(without([one.uri_hash for one in heard], {one.uri_hash: one.thread for one in heard}, answered))
        left = heard if place.kind == "thread" else [one for one in heard if one.uri_hash in kept]
        weighed = weigh(name_of(place), messages(left), now, knowledge, taught)
        place.messages = counts[place.pk] if len(heard) >= MESSAGES else len(heard)
        _write(place, weighed, heard, now)
        if place.kind == "thread" and place.key in addressed:
            place.queued = False
    ConversationPlace.objects.bulk_update(places, WRITTEN)


def _write(place: ConversationPlace, weighed: Weighed, heard: list[Mention], now: datetime) -> None:
    oldest = weighed.asked[0] if weighed.asked else None
    place.people, place.weighed_at = weighed.people, now
    place.first_at, place.last_at = min(one.posted_at for one in heard), max(one.posted_at for one in heard)
    place.score, place.said, place.step, place.topic = (
        weighed.score,
        str(weighed.kind),
        str(weighed.step),
        weighed.topic,
    )
    place.why, place.reasons, place.unseen = weighed.why, "\n".join(weighed.reasons), "\n".join(weighed.unseen)
    place.asked, place.asking = len(weighed.asked), oldest.message if oldest else heard[-1].uri_hash
    place.waiting_since = oldest.at if oldest else None
    place.queued = belongs(place.score, place.step, place.last_at, now)
    newest = max((one.at for one in weighed.asked if one.at), default=None)
    if returns(place.state, place.chosen_at, newest):
        place.state = ConversationPlace.State.OPEN


def said_in(places: Iterable[ConversationPlace]) -> dict[int, list[Mention]]:
    """Return what was said in places, by place: the newest messages, oldest first, each once whatever watches caught it."""
    town_of = {place.pk: place.town_id for place in places}
    if not town_of:
        return {}
    places_of: dict[tuple[int, str], list[int]] = defaultdict(list)
    for pk, hashed in _newest(town_of):
        places_of[town_of[pk], hashed].append(pk)
    found: dict[int, dict[str, Mention]] = defaultdict(dict)
    rows = Mention.objects.filter(town__in=set(town_of.values()), uri_hash__in={hashed for _, hashed in places_of})
    for one in rows.counting().defer("search", "locator").order_by("id"):
        for pk in places_of.get((one.town_id, one.uri_hash), ()):
            found[pk].setdefault(one.uri_hash, one)
    return {pk: sorted(found[pk].values(), key=lambda one: (one.posted_at, one.pk)) for pk in town_of}


def _newest(places: Iterable[int]):
    """Return the last messages that we heard of each place: of a hashtag that runs wild no more than can be read."""
    place = Window(RowNumber(), partition_by="place", order_by=F("id").desc())
    rows = Spoken.objects.filter(place__in=list(places)).annotate(back=place).filter(back__lte=MESSAGES)
    return rows.values_list("place", "uri_hash")


def messages(heard: Iterable[Mention]) -> list[Message]:
    """Return mentions as the judge reads them: masked words, a pseudonym, what replies to what."""
    return [Message(one.text, one.posted_at, f"{one.watch_id} {one.author}", one.parent, one.uri_hash) for one in heard]


def threads_chosen(town: Town) -> frozenset[str]:
    """Return the threads about which somebody chose already: joined, handed over, put away."""
    rows = ConversationPlace.objects.of(town).filter(kind="thread").exclude(state="open")
    return frozenset(rows.values_list("key", flat=True))


def threads_addressed(town: Town, since: datetime) -> frozenset[str]:
    """Return the threads that stand in the inbox since a moment: nobody has to look for those."""
    roots = Post.objects.of(town).filter(posted_at__gte=since - ALREADY).order_by().values_list("root_uri", flat=True)
    hashed = Keys(vault().derive).hash
    return frozenset(hashed(root) for root in roots.distinct()[:MOST_THREADS])


def look_again(events: list[Event]) -> None:
    """Have the threads weighed again of which a post reached the inbox."""
    hashed, keys = Keys(vault().derive).hash, defaultdict(set)
    for town, root in Post.objects.filter(pk__in=[one.subject for one in events]).values_list("town", "root_uri"):
        keys[town].add(hashed(root))
    for town, roots in keys.items():
        there = ConversationPlace.objects.filter(town=town, kind="thread", key__in=roots, queued=True)
        there.update(changed_at=timezone.now())


def taught_by(town: Town) -> Taught:
    """Return what the choices of a town teach, counted anew from those that stand."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for said, topic, choice, number in PlaceChoice.objects.of(town).by_pattern():
        for pattern, pair in _one(said, topic, choice).items():
            counts[pattern][0] += pair[0] * number
            counts[pattern][1] += pair[1] * number
    return Taught({pattern: (pair[0], pair[1]) for pattern, pair in counts.items()})


# Handing over and asking say the same of a place as joining does: it was worth it.
SPEAKS = {
    "join": Choice.JOIN,
    "hand_over": Choice.JOIN,
    "ask": Choice.JOIN,
    "not_ours": Choice.NOT_OURS,
    "leave": Choice.LEAVE,
}


def _one(said: str, topic: str, choice: str) -> dict[str, tuple[int, int]]:
    weighed = Weighed(0.0, "", said, "", topic)  # type: ignore[arg-type]
    return dict(Taught().learn(weighed, SPEAKS[choice]).counts)


def forget_places(now: datetime) -> int:
    """Forget places nobody spoke in for long, and what is left of messages that are gone; returns how many."""
    gone, _ = ConversationPlace.objects.filter(last_at__lt=now - FORGET).delete()
    held = Mention.objects.filter(town=OuterRef("place__town"), uri_hash=OuterRef("uri_hash"))
    lost = list(Spoken.objects.filter(~Exists(held)).values_list("pk", "place")[:1000])
    Spoken.objects.filter(pk__in=[pk for pk, _place in lost]).delete()
    ConversationPlace.objects.filter(pk__in={place for _pk, place in lost}).update(changed_at=now)
    return gone + len(lost)

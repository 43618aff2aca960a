"""Conversations by the thousand, written as rows at once: for measuring, never for showing.

The same seed gives the same rows. What the demo shows goes in by the way of a message instead.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from plein.inbox.threads import shortened
from plein.town.words import search_line
from plein_web.channels.models import Channel, Outgoing, Post
from plein_web.inbox.models import Answer, Conversation, Entry
from plein_web.town.models import Membership, Person, Town

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SPAN = timedelta(days=365)
PORTION = 1_000

BEGINNINGS = (
    "Wanneer wordt",
    "Waarom is",
    "Weet iemand of",
    "Kan de gemeente zeggen waarom",
    "Alweer:",
    "Fijn dat",
    "Hoe lang blijft",
)
SUBJECTS = (
    "de lantaarnpaal", "het glas", "de bladkorf", "het zebrapad", "de Sluisbrug", "het zwembad", "de speeltuin", "mijn paspoort",
    "de parkeervergunning", "de container", "het fietspad", "de stoep", "de milieustraat", "het riool", "de buurtbus",
)  # fmt: skip
PLACES = (
    "Havenkade",
    "Rietgors",
    "Molenweg",
    "Klaproosplein",
    "Dorpsstraat",
    "Ankerpad",
    "Kerklaan",
    "Veerdam",
    "Elzenhof",
)
STATES = ("kapot", "geleegd", "dicht", "gemaakt", "weg", "opgeknapt", "nog niet klaar", "onder water", "vol")
ENDINGS = (
    "?",
    "? Alvast bedankt!",
    ". Wie weet meer?",
    ", dat duurt nu al weken.",
    ". Graag een reactie.",
    " 🙂",
    "?? Belachelijk.",
)
NAMES = (
    "Aaf",
    "Bram",
    "Ceylin",
    "Douwe",
    "Esma",
    "Femke",
    "Gijs",
    "Hatice",
    "Ids",
    "Jolanta",
    "Kees",
    "Lotte",
    "Mees",
    "Noor",
    "Okke",
)
SURNAMES = (
    "van Rietveen",
    "Plasmeer",
    "Dijkhuys",
    "Veerbeek",
    "Zandhorst",
    "Molenkamp",
    "Waterink",
    "Oostdam",
    "Brugsma",
    "Elzinga",
)
REPLY = "Dag {name}, dank je wel voor je bericht. We zoeken uit hoe het zit en laten het je uiterlijk morgen weten."
# How often a conversation is to do, waiting or done.
SHARES = {"open": 15, "waiting": 15, "done": 70}


@dataclass(slots=True)
class _Rows:
    """What one portion writes, in the order of its foreign keys."""

    posts: list[Post] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)
    threads: list[list[Post]] = field(default_factory=list)
    outgoing: list[tuple[Conversation, Outgoing]] = field(default_factory=list)


def fill(
    *,
    town: Town,
    channel: Channel,
    conversations: int,
    seed: int = 1,
    now: datetime = NOW,
    answers: bool = True,
    advance: Callable[[int], None] = lambda number: None,
) -> None:
    """Give a town so many conversations, spread over the year before `now`.

    `answers` also writes what we sent (two more rows for most conversations); `advance` is told
    how many conversations were written.
    """
    chance = Random(f"{seed}:{town.slug}")
    workers = list(
        Person.objects.filter(memberships__in=Membership.objects.filter(town=town).exclude(role="reader")).order_by(
            "id"
        )
    )
    numbers = range(conversations)
    for start in range(0, conversations, PORTION):
        portion = numbers[start : start + PORTION]
        rows = _Rows()
        for number in portion:
            # Ids follow age, as they would if it had all come in by itself.
            at = now - SPAN + SPAN * ((number + 1) / (conversations + 1))
            _conversation(rows, _Maker(town, channel, chance, seed, number, at), workers, answers)
        _write(rows)
        advance(len(portion))


@dataclass(frozen=True, slots=True)
class _Maker:
    town: Town
    channel: Channel
    chance: Random
    seed: int
    number: int
    at: datetime

    def sentence(self) -> str:
        """Return something that a resident could have written."""
        pick = self.chance.choice
        return f"{pick(BEGINNINGS)} {pick(SUBJECTS)} bij de {pick(PLACES)} {pick(STATES)}{pick(ENDINGS)}"

    def name(self) -> str:
        return f"{self.chance.choice(NAMES)} {self.chance.choice(SURNAMES)}"

    def uri(self, place: int) -> str:
        return f"https://oefenplein.example/{self.town.slug}/{self.seed}/{self.number}/{place}"

    def post(self, place: int, name: str, text: str, *, ours: bool = False) -> Post:
        at = self.at + timedelta(minutes=7 * place)
        handle = self.channel.handle if ours else name.lower().replace(" ", ".")
        return Post(
            town=self.town,
            channel=self.channel,
            network_code=self.channel.network_code,
            uri=self.uri(place),
            url=self.uri(place),
            parent_uri=self.uri(place - 1) if place else "",
            root_uri=self.uri(0),
            ours=ours,
            author_id=f"bulk:{handle}",
            author_handle=handle,
            author_name=name,
            text=text,
            language="nl",
            posted_at=at,
            version_at=at,
            arrived_at=at,
            search=search_line(self.town.pk, text, name, handle),
        )


def _conversation(rows: _Rows, maker: _Maker, workers: Sequence[Person], answers: bool) -> None:
    chance, name = maker.chance, maker.name()
    status = chance.choices(list(SHARES), weights=SHARES.values())[0]
    spoken = [
        maker.post(place, name, maker.sentence())
        for place in range(chance.choices((1, 2, 3, 5), weights=(60, 25, 10, 5))[0])
    ]
    last, thread = spoken[-1], list(spoken)
    if status != "open":
        reply = maker.post(len(spoken), f"Gemeente {maker.town.name}", REPLY.format(name=name.split()[0]), ours=True)
        thread.append(reply)
    made = Conversation(
        town=maker.town,
        channel=maker.channel,
        network_code=maker.channel.network_code,
        root_uri=maker.uri(0),
        status=status,
        assignee=chance.choice(workers) if workers and (status != "open" or chance.random() < 0.3) else None,
        title=shortened(spoken[0].text, 160),
        resident=name,
        snippet=shortened(last.text, 240),
        posts=len(thread),
        unseen=len(spoken) if status == "open" else 0,
        waiting_since=spoken[0].posted_at if status == "open" else None,
        last_post_at=thread[-1].posted_at,
        changed_at=thread[-1].posted_at,
        closed_at=thread[-1].posted_at if status == "done" else None,
        handled_at=thread[-1].posted_at if status == "done" else None,
    )
    rows.conversations.append(made)
    rows.threads.append(thread)
    rows.posts.extend(thread)
    if status != "open" and answers:
        rows.outgoing.append((made, _sent(maker, made.assignee, thread[-1], last)))


def _sent(maker: _Maker, author: Person | None, reply: Post, to: Post) -> Outgoing:
    return Outgoing(
        town=maker.town,
        channel=maker.channel,
        kind=Outgoing.Kind.REPLY,
        key=uuid.UUID(int=maker.chance.getrandbits(128), version=4),
        reply_to=to,
        author=author,
        text=reply.text,
        state="sent",
        written_at=reply.posted_at,
        due_at=reply.posted_at,
        claimed_at=reply.posted_at,
        settled_at=reply.posted_at,
        tries=1,
        uri=reply.uri,
        remote_id=reply.uri.rsplit("/", 1)[-1],
        url=reply.uri,
    )


def _write(rows: _Rows) -> None:
    Post.objects.bulk_create(rows.posts)
    Conversation.objects.bulk_create(rows.conversations)
    Entry.objects.bulk_create(_entries(rows))
    Outgoing.objects.bulk_create([outgoing for _, outgoing in rows.outgoing])
    Answer.objects.bulk_create([Answer(conversation=made, outgoing=outgoing) for made, outgoing in rows.outgoing])


def _entries(rows: _Rows) -> Iterator[Entry]:
    for made, thread in zip(rows.conversations, rows.threads, strict=True):
        for post in thread:
            yield Entry(conversation=made, post=post)

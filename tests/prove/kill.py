"""A town that talks and is answered, on a network that misbehaves, with an engine that keeps dying."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.db.models import F

from plein.channels.memory import Square
from plein.channels.outgoing import State
from plein.channels.posts import Deleted
from plein.channels.posts import Post as Told
from plein_web.channels.models import Outgoing, Post, Source
from plein_web.inbox.actions import send_answer
from plein_web.inbox.models import Conversation, Entry
from plein_web.town.models import Cursor, Event

HANDLE = "waterdam"


@dataclass(frozen=True)
class Size:
    """How long a proof is."""

    kills: int
    posts: int
    replies: int


WHOLE = Size(kills=100, posts=20_000, replies=500)
TENTH = Size(kills=10, posts=2_000, replies=50)


class Engine:
    """The engine as it runs in production, in a process that can be killed."""

    def __init__(self, database_url: str, log: Path) -> None:
        self._environment = {**os.environ, "DATABASE_URL": database_url, "PYTHONPATH": os.pathsep.join(sys.path)}
        self._log = log.open("ab")
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it."""
        command = [sys.executable, "-c", "from plein_web.site.cli import main; raise SystemExit(main(['engine']))"]
        self.process = subprocess.Popen(command, env=self._environment, stdout=self._log, stderr=self._log)

    def kill(self) -> None:
        """Pull the plug."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


@dataclass
class Talk:
    """What residents do: they post, answer each other, change and delete; the network repeats and shuffles it."""

    square: Square
    chance: random.Random
    uris: list[str] = field(default_factory=list)
    versions: dict[str, set[str]] = field(default_factory=dict)
    done: Counter = field(default_factory=Counter)
    place: int = 0

    def go_on(self, posts: int) -> None:
        """Let so many posts be made, with everything that comes with it."""
        for _ in range(posts):
            self._post()
            if self.chance.random() < 0.2:
                self._edit(self.chance.choice(self.uris[-400:]))
            if self.chance.random() < 0.1:
                self._delete(self.chance.choice(self.uris[-400:]))
        self.square.scramble(self.chance.randrange(1 << 30), after=self.place, duplicates=0.1)
        self.place = self.square.end()

    def _post(self) -> None:
        number = len(self.uris)
        parent = self.chance.choice(self.uris[-200:]) if self.uris and self.chance.random() < 0.3 else None
        text = f"@{HANDLE} nummer {number}: wanneer gaat de Sluisbrug weer open?"
        uri = self.square.post(f"bewoner{number % 97}", text, reply_to=parent)
        self.uris.append(uri)
        self.versions[uri] = {text}
        self.done["posts"] += 1

    def _edit(self, uri: str) -> None:
        post = self.square.get(uri)
        if isinstance(post, Told):
            text = f"{post.text} (gewijzigd)"
            self.square.edit(uri, text)
            self.square.say_again(post)
            self.versions[uri].add(text)
            self.done["edits"] += 1

    def _delete(self, uri: str) -> None:
        post = self.square.get(uri)
        if isinstance(post, Told):
            self.square.delete(uri)
            self.square.say_again(post)
            self.done["deletes"] += 1


def misbehave(square: Square) -> None:
    """Make the network as bad as networks get."""
    square.behave("times_out_after", share=0.15)
    square.behave("times_out_before", share=0.1)
    square.behave("rate_limits", share=0.05, retry_after=1)
    square.behave("refuses", share=0.1)
    # Most of a send is waiting: that is when a kill leaves the most behind.
    square.behave("takes_time", retry_after=0.1)
    for call in ("find_sent", "listen", "thread", "check"):
        square.behave("is_down", on=call, share=0.05)


def be_good(square: Square) -> None:
    """Let the network answer again, so that what is open can be settled."""
    for call in ("publish", "find_sent", "listen", "thread", "check"):
        square.behave("answers", on=call)


def answer_some(actor, chance: random.Random, wanted: int) -> int:
    """Let a colleague answer so many conversations, some of them twice in a row; returns how many answers."""
    found = list(Conversation.objects.of(actor.town).order_by("-id")[:50])
    planned = 0
    while planned < wanted and found:
        conversation = chance.choice(found)
        post = Post.objects.filter(entry__conversation=conversation, ours=False, deleted_at=None).order_by("?").first()
        if post is None:
            found.remove(conversation)
            continue
        # Each in words of its own: the same words twice in a row count as one press.
        words = f"Antwoord {chance.randrange(10**9)}: morgen om negen uur."
        send_answer(actor=actor, conversation=conversation, post=post, text=words)
        planned += 1
    return planned


def settle(square: Square, patience: float) -> bool:
    """Wait until nothing moves any more, at most `patience` seconds; returns whether it came so far."""
    until = time.monotonic() + patience
    while not (quiet := _is_quiet(square)) and time.monotonic() < until:
        time.sleep(0.5)
    return quiet


def _is_quiet(square: Square) -> bool:
    behind = Source.objects.filter(active=True, channel__isnull=False).exclude(cursor=str(square.end())).exists()
    if behind or Outgoing.objects.on_the_way().filter(needs_person=False).exists():
        return False
    last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return Cursor.objects.filter(consumer="inbox", event=last).exists()


@dataclass
class Figures:
    """What was found when everything had settled. All of `wrong` has to be nought."""

    told: dict[str, int]
    wrong: dict[str, int]

    def __str__(self) -> str:
        return "\n".join(f"  {number:>8,}  {name}" for name, number in [*self.told.items(), *self.wrong.items()])


def figures(talk: Talk, kills: int, busy: int) -> Figures:
    """Compare what the network has with what we have."""
    told = Counter({"kills": kills, "of which in the middle of work": busy, **talk.done})
    told["replies asked for"] = Outgoing.objects.count()
    for state in State:
        told[f"replies {state}"] = Outgoing.objects.filter(state=state).count()
    told["outcomes unknown for a while"] = Event.objects.filter(
        kind="outgoing.settled", payload__state=State.UNKNOWN
    ).count()
    return Figures(told, {**_came_in_wrong(talk), **_went_out_wrong(talk.square)})


WRONG_COMING_IN = (
    "posts lost",
    "posts double",
    "earlier texts lost",
    "deleted posts with words",
    "posts without a conversation",
    "conversations double",
)


def _came_in_wrong(talk: Talk) -> dict[str, int]:
    wrong = dict.fromkeys(WRONG_COMING_IN, 0)
    rows = {post.uri: post for post in Post.objects.filter(ours=False).prefetch_related("earlier")}
    wrong["posts double"] = Post.objects.filter(ours=False).count() - len(rows)
    for uri in talk.uris:
        there, row = talk.square.get(uri), rows.get(uri)
        if isinstance(there, Deleted):
            wrong["deleted posts with words"] += bool(row and (row.text or row.raw or row.earlier.all()))
        elif row is None or row.text != there.text or row.deleted_at:
            wrong["posts lost"] += 1
        else:
            wrong["earlier texts lost"] += {
                row.text,
                *(version.text for version in row.earlier.all()),
            } != talk.versions[uri]
    living = {post.pk for post in rows.values() if not post.deleted_at}
    wrong["posts without a conversation"] = len(living - set(Entry.objects.values_list("post", flat=True)))
    roots = Counter(Conversation.objects.values_list("root_uri", flat=True))
    wrong["conversations double"] = sum(many - 1 for many in roots.values())
    return wrong


def _went_out_wrong(square: Square) -> dict[str, int]:
    accepted = square.times_sent()
    rows = {row.key.hex: row for row in Outgoing.objects.all()}
    settled = {State.SENT, State.REFUSED, State.CANCELLED}
    return {
        "replies sent twice": sum(times > 1 for times in accepted.values()),
        "replies sent that we do not know of": sum(rows[key].state != State.SENT for key in accepted),
        "replies called sent that are not there": sum(
            row.state == State.SENT and key not in accepted for key, row in rows.items()
        ),
        "outcomes neither known nor shown": sum(
            row.state not in settled and not row.needs_person for row in rows.values()
        ),
    }


def let_time_pass(span: timedelta) -> None:
    """Let a claim be older than it is, as if nobody had been there for a while. The engine is not running."""
    Outgoing.objects.update(claimed_at=F("claimed_at") - span, ask_at=F("ask_at") - span)


def progress() -> tuple:
    """Return something that changes while the engine works."""
    sent = Outgoing.objects.exclude(state=State.PLANNED).count()
    return (*Source.objects.order_by("id").values_list("cursor", "posts"), sent)

"""Play the stories: residents on the practice square, colleagues in the inbox, weeks in seconds.

What residents say goes by way of the square, its source and the inbox; what colleagues do, by
the actions behind the buttons. No row is written past them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta

from plein.channels.contract import Image
from plein.channels.memory import Square, author_of
from plein.town.saying import own
from plein_web.channels.actions import plan_post
from plein_web.channels.models import Channel, Outgoing, Post, Source
from plein_web.channels.workers.hearing import fill_threads, poll
from plein_web.channels.workers.sending import send_from
from plein_web.inbox import actions as inbox
from plein_web.inbox.models import Conversation
from plein_web.inbox.workers import EVENTS_AT_ONCE, apply_events
from plein_web.listening.elsewhere.workers import run_once as find_places
from plein_web.listening.workers import look
from plein_web.site.demo.clock import Clock
from plein_web.site.demo.stage import Stage
from plein_web.site.demo.stories import Act, StoryError, in_order, stories

HOUSE_RULES = own("This message comes too soon after the one before. The square does not take it.")
# How soon after a message the engine would have seen it.
SOON = timedelta(seconds=20)
# Long enough after an unknown outcome for the engine to ask again.
A_WHILE = timedelta(minutes=2)


class Player:
    """Plays the history of one town."""

    def __init__(self, stage: Stage, square: Square, clock: Clock, names: dict[str, str]) -> None:
        self.stage, self.square, self.clock, self.names = stage, square, clock, names
        self.uris: dict[tuple[int, int], str] = {}
        # The accounts that have something to hear.
        self.unheard: set[str] = set()

    def play(self, now: datetime, advance: Callable[[int], None]) -> None:
        """Play every act in the order of time, and hear what came last."""
        before = now
        for story, act in in_order(stories(self.stage.town, now)):
            if act.at - before > SOON:
                self._hear_at(before + SOON)
            if act.at.date() != before.date():
                self.overhear()
            self.clock.now = before = act.at
            self._do(story, act)
            advance(1)
        self._hear_at(min(before + SOON, now))
        self.clock.now = now
        self.overhear()
        # What the engine does by itself: places where people talk, found and weighed.
        while find_places(now):
            pass

    def _hear_at(self, moment: datetime) -> None:
        """Let in what was said last, as soon as it would have been."""
        if self.unheard:
            self.clock.now = moment
            self.hear()

    def hear(self) -> None:
        """Let in what residents said: what the engine does by itself, all at once."""
        now = self.clock.now
        mine = Source.objects.filter(town__slug=self.stage.town.slug, network_code="memory")
        addressed = mine.filter(channel__handle__in=self.unheard).select_related("channel__town")
        for source in addressed:
            poll(source, now)
            fill_threads(source.channel_id, now)
        _apply(now)
        self.unheard = set()

    def overhear(self) -> None:
        """Let in what the watches ask for: once a day is often enough for a story."""
        for source in Source.objects.filter(town__slug=self.stage.town.slug, channel=None).select_related("town"):
            look(source, self.clock.now)

    def _do(self, story: int, act: Act) -> None:
        if act.who in self.stage.actors:
            if self.unheard:
                self.hear()
            self._colleague(story, act)
        else:
            self._resident(story, act)
            self.unheard.add(act.account)

    # residents

    def _resident(self, story: int, act: Act) -> None:
        if act.deed in ("edits", "deletes") and self.unheard:
            # What was never heard leaves no trace when it goes.
            self.hear()
        if act.deed == "edits":
            self.square.edit(self._uri(story, act.about), act.text, act.at)
        elif act.deed == "deletes":
            self.square.delete(self._uri(story, act.about), act.at)
        else:
            self.uris[story, act.number] = self.square.post(
                author_of(act.who, self.names[act.who]),
                act.text,
                self._answered(story, act),
                act.at,
                "direct" if act.private else "public",
                content_warning=act.warning,
                language=act.language,
                images=[picture(act.picture, act.alt)] if act.picture else [],
            )

    def _answered(self, story: int, act: Act) -> str | None:
        """Return the uri that an act is a reaction to: what it says, else what was said last."""
        if act.to:
            return self._uri(story, act.to)
        earlier = [number for (tale, number) in self.uris if tale == story and number < act.number]
        return self._uri(story, max(earlier)) if earlier else None

    def _uri(self, story: int, number: int | None) -> str:
        try:
            return self.uris[story, number or 0]
        except KeyError:
            raise StoryError(f"{self.stage.town.story}, story {story + 1}: line {number} said nothing") from None

    # colleagues

    def _colleague(self, story: int, act: Act) -> None:
        actor = self.stage.actors[act.who]
        channel = self.stage.accounts[act.account]
        if act.deed == "posts":
            images = [picture(act.picture, act.alt)] if act.picture else []
            sent = self._send(channel, plan_post(actor=actor, channel=channel, text=act.text, images=images), act)
            self.uris[story, act.number] = sent.uri
            return
        post = self._post(story, act)
        conversation = Conversation.objects.get(entries__post=post)
        if act.deed == "closes":
            inbox.close(actor=actor, conversation=conversation)
        elif act.deed == "assigns":
            inbox.assign(actor=actor, conversation=conversation, person=actor.person)
        elif act.deed == "drafts":
            inbox.save_draft(actor=actor, conversation=conversation, text=act.text)
        else:
            sent = self._send(
                channel, inbox.send_answer(actor=actor, conversation=conversation, post=post, text=act.text), act
            )
            if sent.uri:
                self.uris[story, act.number] = sent.uri

    def _post(self, story: int, act: Act) -> Post:
        """Return the resident's post that a colleague reacts to."""
        rows = Post.objects.filter(town__slug=self.stage.town.slug, ours=False, deleted_at=None)
        if act.to:
            return rows.get(uri=self._uri(story, act.to))
        said = [uri for (tale, number), uri in self.uris.items() if tale == story and number < act.number]
        return rows.filter(uri__in=said).latest("posted_at")

    def _send(self, channel: Channel, outgoing: Outgoing, act: Act) -> Outgoing:
        """Let the engine send it, with the outcome that the story wants."""
        if act.outcome == "refused":
            self.square.behave("refuses", times=1, words=HOUSE_RULES)
        elif act.outcome == "unknown":
            self.square.behave("times_out_before", times=1)
            self.square.behave("cannot_tell", on="find_sent", times=1)
        send_from(channel.pk, self.clock.now)
        if act.outcome:
            self.clock.now += A_WHILE
            send_from(channel.pk, self.clock.now)
        _apply(self.clock.now)
        outgoing.refresh_from_db()
        return outgoing


def _apply(now: datetime) -> None:
    """Bring the conversations up to date."""
    while apply_events(now) >= EVENTS_AT_ONCE:
        pass


def picture(name: str, alt: str) -> Image:
    """Return a small plain picture, of a colour that goes with its name."""
    colour = bytes(96 + value % 128 for value in zlib.crc32(name.encode()).to_bytes(4, "big")[:3])
    rows = b"".join(b"\0" + colour * 16 for _ in range(12))
    return Image(
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 12, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b""),
        "image/png",
        alt,
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

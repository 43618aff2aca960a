"""Send what is due, and ask after what may have been sent.

A row is claimed in a transaction of its own before the network is called; whatever happens
after that, it says that the message may be out. Only the network's word that it does not have
the message lets it be sent again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

from django.conf import settings
from django.db import transaction
from django.db.models import F

from plein.channels.contract import Absent, CannotTell, Image, Message, Sent
from plein.channels.errors import ChannelError
from plein.channels.merging import PROVISIONAL
from plein.channels.outgoing import Hold, Ruling, State, absence_is_certain_at, ask_again_after, may_send
from plein.channels.posts import Author, Visibility
from plein.channels.posts import Post as Told
from plein_web.channels.actions.receiving import take
from plein_web.channels.actions.sending import move
from plein_web.channels.clients import Kept
from plein_web.channels.models import Channel, Outgoing, SendHold
from plein_web.channels.workers.hearing import nameless_source
from plein_web.channels.workers.lanes import Lanes
from plein_web.channels.workers.trouble import UNREACHABLE, as_channel_error, sign_in_needed
from plein_web.town.actions import emit, lock_town

SENDS_A_ROUND = 20

_lanes = Lanes("send")
_kept = Kept()


class _InFlight:
    """The rows that this process is sending at this moment: their claims are kept fresh."""

    def __init__(self) -> None:
        self._lock, self._rows = Lock(), set()

    def __call__(self) -> list[int]:
        with self._lock:
            return sorted(self._rows)

    def add(self, pk: int) -> None:
        with self._lock:
            self._rows.add(pk)

    def remove(self, pk: int) -> None:
        with self._lock:
            self._rows.discard(pk)


_in_flight = _InFlight()


def send_due(now: datetime) -> int:
    """Send and ask after what is due, a lane a channel; returns how many rows moved."""
    if mine := _in_flight():
        Outgoing.objects.filter(pk__in=mine, state=State.CLAIMED).update(claimed_at=now)
    count = give_up_claims(now)
    waiting = Outgoing.objects.due(now) | Outgoing.objects.to_ask(now).order_by("due_at", "id")
    channels = (
        waiting.filter(channel__status=Channel.Status.OPEN).order_by().values_list("channel", flat=True).distinct()
    )
    return count + _lanes.run({pk: partial(send_from, pk, now) for pk in channels})


def give_up_claims(now: datetime) -> int:
    """Make unknown what was claimed by a process that did not live to tell."""
    abandoned = Outgoing.objects.abandoned(now).exclude(pk__in=_in_flight())
    return sum(_became_unknown(outgoing, "", now, State.CLAIMED, now) for outgoing in abandoned)


def send_from(channel_pk: int, now: datetime) -> int:
    """Do what is due on one channel: ask first, then send, in order; stop at the first trouble."""
    channel, clock = Channel.objects.select_related("town").get(pk=channel_pk), _running(now)
    client = _kept.client_for(channel)
    count = 0
    for outgoing in _of(channel, Outgoing.objects.to_ask(now).order_by("id")):
        count += ask_after(outgoing, client, clock())
    # What cannot leave now must not take the place of what can.
    due = Outgoing.objects.due(now).first_of_their_thread().spared_by(_holds(channel.town_id), channel.pk)
    for outgoing in _of(channel, due):
        if not claim(outgoing, clock()):
            continue
        count += 1
        if not send(outgoing, client, clock()):
            break
    return count


def _running(now: datetime) -> Callable[[], datetime]:
    """Return a clock that goes on from a moment: the last row of a round may be sent minutes after the first."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


def _of(channel: Channel, rows) -> Iterable[Outgoing]:
    return rows.filter(channel=channel).select_related("reply_to", "channel__town")[:SENDS_A_ROUND]


def ruling(outgoing: Outgoing, now: datetime) -> Ruling:
    """Return whether something may leave now, and if not, why: for the loop and for the screen."""
    return may_send(
        channel=outgoing.channel_id,
        kind=outgoing.kind,
        author=outgoing.author_id,
        due_at=outgoing.due_at,
        holds=_holds(outgoing.town_id),
        channel_open=outgoing.channel.status == Channel.Status.OPEN,
        now=now,
    )


def _holds(town: int) -> list[Hold]:
    holds = SendHold.objects.standing().filter(town=town)
    return [Hold(hold.reason, hold.channel_id, frozenset(hold.spares)) for hold in holds]


@transaction.atomic
def claim(outgoing: Outgoing, now: datetime) -> bool:
    """Take a row to send it. A stop that is placed at this moment comes before or after, not between."""
    lock_town(outgoing.town_id)
    outgoing.channel.refresh_from_db(fields=["status"])
    if not ruling(outgoing, now).allowed:
        return False
    return move(outgoing, State.PLANNED, State.CLAIMED, claimed_at=now, tries=F("tries") + 1)


def send(outgoing: Outgoing, client, now: datetime) -> bool:
    """Send a claimed row once; returns whether the network is fit for the next."""
    _in_flight.add(outgoing.pk)
    try:
        sent = client.publish(message_of(outgoing))
    except (ChannelError, *UNREACHABLE) as trouble:
        return _not_sent(outgoing, as_channel_error(trouble), now)
    finally:
        _in_flight.remove(outgoing.pk)
    _arrived(outgoing, sent, now)
    return True


def _not_sent(outgoing: Outgoing, error: ChannelError, now: datetime) -> bool:
    if error.permanent and not error.needs_sign_in:
        _refused(outgoing, error, now)
        return True
    wait = max(ask_again_after(outgoing.tries - 1), timedelta(seconds=error.retry_after or 0))
    _became_unknown(outgoing, error.words, now + wait, State.CLAIMED, now)
    if error.needs_sign_in:
        sign_in_needed(outgoing.channel, error, now)
    return False


def ask_after(outgoing: Outgoing, client, now: datetime) -> int:
    """Ask the network whether it has a message of which we do not know; returns 1 if we know now."""
    try:
        answer = client.find_sent(message_of(outgoing))
    except (ChannelError, *UNREACHABLE) as trouble:
        return _no_answer(outgoing, as_channel_error(trouble), now)
    if isinstance(answer, Sent):
        return _arrived(outgoing, answer, now)
    if isinstance(answer, CannotTell):
        return _needs_person(outgoing, answer.why, now)
    return _absent(outgoing, answer, now)


def _absent(outgoing: Outgoing, answer: Absent, now: datetime) -> int:
    """Send again what the network does not have, once a send that is still under way must have landed."""
    certain_at = absence_is_certain_at(outgoing.claimed_at, outgoing.channel.network.abilities.receipt)
    if certain_at and now < certain_at:
        return _ask_later(outgoing, certain_at)
    return _settle(outgoing, State.UNKNOWN, State.PLANNED, now, ask_at=None)


def _no_answer(outgoing: Outgoing, error: ChannelError, now: datetime) -> int:
    if error.needs_sign_in:
        sign_in_needed(outgoing.channel, error, now)
    elif error.permanent:
        return _needs_person(outgoing, error.words, now)
    wait = max(ask_again_after(outgoing.tries), timedelta(seconds=error.retry_after or 0))
    return _ask_later(outgoing, now + wait)


def _ask_later(outgoing: Outgoing, at: datetime) -> int:
    move(outgoing, State.UNKNOWN, State.UNKNOWN, ask_at=at, tries=F("tries") + 1)
    return 0


@transaction.atomic
def _arrived(outgoing: Outgoing, sent: Sent, now: datetime) -> int:
    """Write that the network has it, and put our own post where the answers to it will look for it."""
    lock_town(outgoing.town_id)
    values = {"uri": sent.uri, "remote_id": sent.remote_id, "url": sent.url or sent.uri, "words": "", "ask_at": None}
    if not move(outgoing, (State.CLAIMED, State.UNKNOWN), State.SENT, settled_at=now, needs_person=False, **values):
        return 0
    Channel.objects.filter(pk=outgoing.channel_id).update(last_sent_at=now, error="", error_at=None)
    take(source=nameless_source(outgoing.channel), items=(own_post(outgoing, sent, now),), now=now, ask_threads=False)
    _tell(outgoing, now)
    return 1


def _refused(outgoing: Outgoing, error: ChannelError, now: datetime) -> int:
    return _settle(outgoing, State.CLAIMED, State.REFUSED, now, words=error.words, ask_at=None)


def _became_unknown(outgoing: Outgoing, words: str, ask_at: datetime, source: State, now: datetime) -> int:
    """Write that nobody knows; of a channel that was disconnected only a person can find out."""
    values = {"words": words, "ask_at": ask_at}
    if Channel.objects.filter(pk=outgoing.channel_id, status=Channel.Status.DISCONNECTED).exists():
        values |= {"ask_at": None, "needs_person": True}
    return _settle(outgoing, source, State.UNKNOWN, now, **values)


def _needs_person(outgoing: Outgoing, words: str, now: datetime) -> int:
    return _settle(outgoing, State.UNKNOWN, State.UNKNOWN, now, needs_person=True, words=words, ask_at=None)


@transaction.atomic
def _settle(outgoing: Outgoing, source, to: State, now: datetime, **values) -> int:
    if to is State.REFUSED:
        values["settled_at"] = now
    if not move(outgoing, source, to, **values):
        return 0
    _tell(outgoing, now)
    return 1


def _tell(outgoing: Outgoing, now: datetime) -> None:
    emit(town=outgoing.town_id, kind="outgoing.settled", subject=outgoing.pk, payload={"state": outgoing.state}, at=now)


def message_of(outgoing: Outgoing) -> Message:
    """Return a row as what its network is asked to send; the same row gives the same message."""
    post = outgoing.reply_to
    return Message(
        key=outgoing.key.hex,
        text=outgoing.text,
        written_at=outgoing.written_at,
        reply_to=post.uri if post else None,
        reply_to_id=post.remote_id if post else None,
        root=post.root_uri if post else None,
        to=Author(post.author_id, post.author_handle, post.author_name) if post else None,
        visibility=Visibility(outgoing.visibility),
        content_warning=outgoing.content_warning,
        language=outgoing.language,
        images=tuple(_image(image) for image in outgoing.images),
    )


def _image(image: dict[str, str]) -> Image:
    content = (settings.MEDIA_ROOT / "outgoing" / image["file"]).read_bytes()
    return Image(content, image["media_type"], image["alt"])


def own_post(outgoing: Outgoing, sent: Sent, now: datetime) -> Told:
    """Return what we sent as a post, for as long as the network has not shown it to us."""
    channel, post = outgoing.channel, outgoing.reply_to
    return Told(
        network=channel.network_code,
        uri=sent.uri,
        remote_id=sent.remote_id,
        author=Author(channel.identity, channel.handle, channel.name, channel.url),
        text=outgoing.text,
        posted_at=sent.sent_at or now,
        edited_at=PROVISIONAL,
        parent=post.uri if post else None,
        root=post.root_uri if post else None,
        url=sent.url,
        language=outgoing.language,
        content_warning=outgoing.content_warning,
        visibility=Visibility(outgoing.visibility),
    )

"""Plan what leaves, and write how it went. The calls to the network stand in `workers`."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plein.channels.contract import Image
from plein.channels.outgoing import MOVES, State, narrowest
from plein.town.roles import Right
from plein.town.saying import own
from plein_web.channels.models import Channel, Outgoing, Post
from plein_web.town.access import Actor
from plein_web.town.actions import audit, emit


def plan_reply(
    *,
    actor: Actor,
    post: Post,
    text: str,
    visibility: str = "",
    content_warning: str = "",
    images: Sequence[Image] = (),
) -> Outgoing:
    """Plan an answer to a post. It is shown to nobody whom the post itself was not shown to."""
    actor.need(Right.WRITE, "inbox")
    channel = _channel_for(post)
    abilities = channel.abilities
    if not (abilities.replies or abilities.copies_by_hand):
        raise ValidationError(_("Nobody can answer on %(network)s.") % {"network": _(channel.network.name)})
    if post.deleted_at:
        raise ValidationError(_("The resident took this message away; there is nothing left to answer."))
    return _plan(
        actor,
        channel,
        kind=Outgoing.Kind.REPLY,
        reply_to=post,
        text=text,
        visibility=narrowest(post.visibility, visibility),
        content_warning=content_warning or post.content_warning,
        language=actor.town.language,
        images=images,
    )


def plan_post(
    *,
    actor: Actor,
    channel: Channel,
    text: str,
    due_at: datetime | None = None,
    visibility: str = "public",
    content_warning: str = "",
    images: Sequence[Image] = (),
    cause: str = "",
) -> Outgoing:
    """Plan a message of our own."""
    actor.need(Right.WRITE, "inbox")
    if not channel.abilities.posts:
        raise ValidationError(_("Nobody can post on %(network)s.") % {"network": _(channel.network.name)})
    return _plan(
        actor,
        channel,
        kind=Outgoing.Kind.POST,
        text=text,
        due_at=due_at,
        visibility=visibility,
        content_warning=content_warning,
        language=actor.town.language,
        images=images,
        cause=cause,
    )


def _channel_for(post: Post) -> Channel:
    if post.channel and post.channel.status != Channel.Status.DISCONNECTED:
        return post.channel
    channel = Channel.objects.of(post.town).filter(network_code=post.network_code).first()
    if channel is None:
        raise ValidationError(_("Connect an account on this network first."))
    return channel


def _plan(
    actor: Actor, channel: Channel, *, text: str, images: Sequence[Image], due_at: datetime | None = None, **values
) -> Outgoing:
    if not text.strip() and not images:
        raise ValidationError(_("Write something first."))
    now = timezone.now()
    kept = [_keep_image(image) for image in images]
    with transaction.atomic():
        outgoing = Outgoing.objects.create(
            town=actor.town,
            channel=channel,
            key=uuid.uuid4(),
            author=actor.person,
            text=text.strip(),
            images=kept,
            written_at=now,
            due_at=due_at or now,
            needs_person=channel.abilities.copies_by_hand,
            **values,
        )
        audit(
            town=actor.town,
            actor=actor.person,
            action="outgoing.planned",
            subject=f"outgoing:{outgoing.pk}",
            details={"channel": channel.handle, "kind": outgoing.kind},
        )
        emit(town=actor.town, kind="outgoing.planned", subject=outgoing.pk)
    return outgoing


def _keep_image(image: Image) -> dict[str, str]:
    """Store a picture under its own digest, before the row that names it."""
    name = hashlib.sha256(image.content).hexdigest()
    path = settings.MEDIA_ROOT / "outgoing" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        half = path.with_suffix(f".{uuid.uuid4().hex}")
        half.write_bytes(image.content)
        half.rename(path)
    return {"file": name, "media_type": image.media_type, "alt": image.alt}


def move(outgoing: Outgoing, source: State | Sequence[State], to: State, **values) -> bool:
    """Move a row from a state to another, if it is still there; returns whether it was.

    Every change of state is one conditional update, so that of two processes one wins.
    """
    states = [source] if isinstance(source, State) else list(source)
    if forbidden := [state for state in states if to not in MOVES[state] | {state}]:
        raise ValueError(f"Nothing goes from {', '.join(forbidden)} to {to}.")
    if to in (State.SENT, State.REFUSED, State.CANCELLED):
        values.setdefault("settled_at", timezone.now())
    moved = Outgoing.objects.filter(pk=outgoing.pk, state__in=states).update(state=to, **values)
    if moved:
        outgoing.refresh_from_db()
    return moved == 1


@transaction.atomic
def cancel(*, actor: Actor, outgoing: Outgoing) -> None:
    """Take back what has not left. What is on its way cannot be taken back any more."""
    actor.need(Right.WRITE, "inbox")
    if not move(outgoing, (State.PLANNED, State.REFUSED), State.CANCELLED, needs_person=False):
        raise ValidationError(_("This message is already on its way."))
    _tell(actor, outgoing, "outgoing.cancelled")


@transaction.atomic
def settle_by_hand(*, actor: Actor, outgoing: Outgoing, arrived: bool) -> None:
    """Write what a person saw on the network, where the network cannot tell, or where they copied it."""
    actor.need(Right.WRITE, "inbox")
    waits = Outgoing.objects.filter(pk=outgoing.pk, needs_person=True, state__in=[State.PLANNED, State.UNKNOWN])
    if not waits.exists():
        raise ValidationError(_("Nobody has to look after this message any more."))
    to = State.SENT if arrived else State.REFUSED
    words = "" if arrived else own("Not on the network, says {0}.", actor.person)
    move(outgoing, (State.PLANNED, State.UNKNOWN), to, needs_person=False, words=words, ask_at=None)
    _tell(actor, outgoing, "outgoing.settled_by_hand")


@transaction.atomic
def try_again(*, actor: Actor, outgoing: Outgoing) -> None:
    """Send once more what was refused; ask once more about what is not known."""
    actor.need(Right.WRITE, "inbox")
    now = timezone.now()
    by_hand = outgoing.channel.abilities.copies_by_hand
    again = move(outgoing, State.REFUSED, State.PLANNED, due_at=now, settled_at=None, words="", needs_person=by_hand)
    asked = again or move(outgoing, State.UNKNOWN, State.UNKNOWN, ask_at=now, needs_person=False)
    if not asked:
        raise ValidationError(_("There is nothing to try again."))
    _tell(actor, outgoing, "outgoing.tried_again")


def _tell(actor: Actor, outgoing: Outgoing, action: str) -> None:
    subject = f"outgoing:{outgoing.pk}"
    audit(town=actor.town, actor=actor.person, action=action, subject=subject, details={"state": outgoing.state})
    emit(town=actor.town, kind="outgoing.settled", subject=outgoing.pk, payload={"state": outgoing.state})

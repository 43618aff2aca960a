"""What a colleague does with a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plein.channels.contract import Image
from plein.channels.outgoing import narrowest
from plein.town.roles import Right
from plein_web.channels.actions import cancel, plan_reply
from plein_web.channels.models import Outgoing, Post
from plein_web.inbox.access import colleagues_of
from plein_web.inbox.models import Answer, Conversation, Draft
from plein_web.inbox.queries import already_sent
from plein_web.town.access import Actor
from plein_web.town.actions import audit, emit
from plein_web.town.models import Person


@transaction.atomic
def save_draft(
    *,
    actor: Actor,
    conversation: Conversation,
    text: str,
    post: Post | None = None,
    visibility: str = "",
    content_warning: str = "",
    written: int = 0,
) -> Draft:
    """Keep what a colleague is writing: the words, to whom, who may read it.

    `written` says when, in milliseconds since 1970 (0: now): what was on its way for a while is as old as its words.
    """
    actor.need(Right.WRITE, "inbox")
    now = timezone.now()
    at = datetime.fromtimestamp(written / 1000, UTC) if 0 < written < now.timestamp() * 1000 else now
    values = {"text": text, "post": post, "visibility": visibility, "content_warning": content_warning}
    draft, _made = Draft.objects.update_or_create(
        conversation=conversation, person=actor.person, defaults={**values, "saved_at": at}
    )
    return draft


@transaction.atomic
def send_answer(
    *,
    actor: Actor,
    conversation: Conversation,
    post: Post,
    text: str,
    visibility: str = "",
    content_warning: str = "",
    images: Sequence[Image] = (),
) -> Outgoing:
    """Answer a post of a conversation: planned now, sent by the engine. A second press gives the first answer."""
    _lock(conversation)
    # Asked below the lock: of two presses at once, one waits here until the other has planned its answer.
    if sent := already_sent(conversation, actor.person, post, text, timezone.now()):
        return sent
    if not conversation.entries.filter(post=post).exists():
        raise ValidationError(_("This message belongs to another conversation."))
    outgoing = plan_reply(
        actor=actor, post=post, text=text, visibility=visibility, content_warning=content_warning, images=images
    )
    Answer.objects.create(conversation=conversation, outgoing=outgoing)
    Draft.objects.filter(conversation=conversation, person=actor.person).delete()
    values = {
        "status": Conversation.Status.WAITING,
        "unseen": 0,
        "waiting_since": None,
        "edited": False,
        "closed_at": None,
    }
    if conversation.assignee_id is None:
        values["assignee"] = actor.person
    _change(conversation, **values)
    return outgoing


@transaction.atomic
def rewrite_answer(*, actor: Actor, outgoing: Outgoing) -> Draft:
    """Take back an answer that has not left, or was refused, and lay it ready to be changed.

    What the colleague was writing stays above it: the draft that comes of both is returned.
    """
    conversation = outgoing.answer.conversation
    _lock(conversation)
    cancel(actor=actor, outgoing=outgoing)
    if conversation.status == Conversation.Status.WAITING:
        reopen(actor=actor, conversation=conversation)
    kept = Draft.objects.filter(conversation=conversation, person=actor.person).first()
    return save_draft(actor=actor, conversation=conversation, **_with_draft(outgoing, kept))


def _with_draft(outgoing: Outgoing, kept: Draft | None) -> dict:
    """Return an answer that was taken back as a draft, below the draft there was; whom the fewest read, decides."""
    taken = {
        "text": outgoing.text,
        "post": outgoing.reply_to,
        "visibility": outgoing.visibility,
        "content_warning": outgoing.content_warning,
    }
    if kept is None or not kept.text.strip() or kept.text.strip() == outgoing.text:
        return taken
    before = narrowest(kept.post.visibility if kept.post else outgoing.visibility, kept.visibility)
    least = narrowest(outgoing.visibility, before)
    return {
        "text": f"{kept.text.rstrip()}\n\n{outgoing.text}",
        "post": kept.post if kept.post and before == least else outgoing.reply_to,
        "visibility": str(least),
        "content_warning": kept.content_warning or outgoing.content_warning,
    }


def close(*, actor: Actor, conversation: Conversation) -> None:
    """Put a conversation away. A new message of the resident brings it back."""
    _move(actor, conversation, "conversation.closed", Conversation.Status.DONE)


def reopen(*, actor: Actor, conversation: Conversation) -> None:
    """Bring a conversation back to what has to be done. Who still waits is reckoned anew by the engine."""
    _move(actor, conversation, "conversation.reopened", Conversation.Status.OPEN)


def wait(*, actor: Actor, conversation: Conversation) -> None:
    """Leave a conversation until the resident writes again."""
    _move(actor, conversation, "conversation.waiting", Conversation.Status.WAITING)


@transaction.atomic
def assign(*, actor: Actor, conversation: Conversation, person: Person | None) -> None:
    """Give a conversation to a colleague of this town, or to nobody."""
    actor.need(Right.WRITE, "inbox")
    if person is not None and person not in colleagues_of(actor):
        raise ValidationError(_("This person does not answer residents in your town."))
    audit(
        town=actor.town,
        actor=actor.person,
        action="conversation.assigned",
        subject=f"conversation:{conversation.pk}",
        details={"to": person.email if person else ""},
    )
    _change(conversation, assignee=person)


@transaction.atomic
def _move(actor: Actor, conversation: Conversation, action: str, status: Conversation.Status) -> None:
    """Move a conversation by hand. What came in until now has been looked at, unless it is brought back."""
    actor.need(Right.WRITE, "inbox")
    if conversation.status == status:
        return
    audit(town=actor.town, actor=actor.person, action=action, subject=f"conversation:{conversation.pk}")
    now = timezone.now()
    back = status == Conversation.Status.OPEN
    values = {"closed_at": now if status == Conversation.Status.DONE else None, "handled_at": None if back else now}
    _change(conversation, status=status, unseen=0, waiting_since=None, edited=False, **values)
    if back:
        emit(town=conversation.town_id, kind="conversation.reopened", subject=conversation.pk)


def _lock(conversation: Conversation) -> None:
    """Be the only one who changes a conversation. Locks come in one order: the conversation, then the events."""
    Conversation.objects.select_for_update().filter(pk=conversation.pk).values_list("pk").first()


def _change(conversation: Conversation, **values) -> None:
    """Change these columns alone: the engine writes the others at the same time."""
    for name, value in {**values, "changed_at": timezone.now()}.items():
        setattr(conversation, name, value)
    conversation.save(update_fields=[*values, "changed_at"])
    emit(town=conversation.town_id, kind="conversation.changed", subject=conversation.pk)

"""What the inbox holds of one resident: the conversations in which they spoke, and what we answered them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from plein.listening.leaving import outside
from plein.town.retention import is_held
from plein_web.channels.models import Outgoing
from plein_web.channels.residents import posts_of
from plein_web.inbox.models import Conversation, Draft, Entry
from plein_web.town.residents import Erased, Resident

# Why something stays when a resident's words go.
OWN_WORDS = "own_words"


def find(resident: Resident) -> list[dict[str, object]]:
    """Return the conversations of a resident. Of others who spoke there only how many messages there are."""
    return [_told(row, resident) for row in _conversations(resident).order_by("last_post_at", "id")]


def held_posts(resident: Resident, holds: Collection[str]) -> frozenset[int]:
    """Return which of a resident's posts stand in a conversation that a legal hold keeps."""
    kept = [row.pk for row in _conversations(resident) if is_held(f"conversation:{row.pk}", holds)]
    posts = Entry.objects.filter(conversation__in=kept, post__in=posts_of(resident).values("pk"))
    return frozenset(posts.values_list("post", flat=True))


@transaction.atomic
def erase(resident: Resident, kept: Collection[int] = ()) -> Erased:
    """Throw away what colleagues were writing; what the municipality said stays, its words are its own."""
    rows = _conversations(resident).exclude(entries__post__in=kept)
    count = Draft.objects.filter(conversation__in=list(rows)).delete()[0]
    answers = _answers(resident).count()
    return Erased("drafts", count, ((answers, OWN_WORDS),) if answers else ())


def _conversations(resident: Resident):
    return Conversation.objects.filter(entries__post__in=posts_of(resident).values("pk")).distinct()


def _answers(resident: Resident):
    return Outgoing.objects.of(resident.town).filter(reply_to__in=posts_of(resident).values("pk")).order_by("id")


def _told(row: Conversation, resident: Resident) -> dict[str, object]:
    theirs = posts_of(resident).values("pk")
    entries = Entry.objects.filter(conversation=row)
    return {
        "number": row.pk,
        "network": row.network_code,
        "status": row.status,
        "last_message_at": row.last_post_at.isoformat(timespec="seconds"),
        "messages_of_yours": entries.filter(post__in=theirs).count(),
        "messages_of_others": entries.exclude(post__in=theirs).filter(post__ours=False).count(),
        "answers": [_answer(one) for one in _answers(resident).filter(answer__conversation=row)],
    }


def _answer(one: Outgoing) -> dict[str, object]:
    return {"at": one.written_at.isoformat(timespec="seconds"), "state": one.state, "text": outside(one.text)}

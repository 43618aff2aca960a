"""What the inbox holds of one resident: the conversations in which they spoke, and what we answered them."""

from __future__ import annotations

from django.db import transaction

from plein.listening.leaving import outside
from plein_web.channels.models import Outgoing
from plein_web.channels.residents import posts_of
from plein_web.inbox.models import Conversation, Draft, Entry
from plein_web.town.residents import Erased, Resident

# Why something stays when a resident's words go.
OWN_WORDS = "own_words"


def find(resident: Resident) -> list[dict[str, object]]:
    """Return the conversations of a resident. Of others who spoke there only how many messages there are."""
    posts = posts_of(resident).values("pk")
    rows = Conversation.objects.filter(entries__post__in=posts).distinct().order_by("last_post_at", "id")
    return [_told(row, resident) for row in rows]


@transaction.atomic
def erase(resident: Resident) -> Erased:
    """Throw away what colleagues were writing; what the municipality said stays, its words are its own."""
    rows = list(Conversation.objects.filter(entries__post__in=posts_of(resident).values("pk")).distinct())
    count = Draft.objects.filter(conversation__in=rows).delete()[0]
    answers = _answers(resident).count()
    return Erased("drafts", count, ((answers, OWN_WORDS),) if answers else ())


def _answers(resident: Resident):
    return Outgoing.objects.of(resident.town).filter(reply_to__in=posts_of(resident).values("pk")).order_by("id")


def _told(row: Conversation, resident: Resident) -> dict[str, object]:
    theirs = posts_of(resident).values("pk")
    entries = Entry.objects.filter(conversation=row)
    answers = _answers(resident).filter(answer__conversation=row)
    return {
        "number": row.pk,
        "network": row.network_code,
        "status": row.status,
        "last_message_at": row.last_post_at.isoformat(timespec="seconds"),
        "messages_of_yours": entries.filter(post__in=theirs).count(),
        "messages_of_others": entries.exclude(post__in=theirs).filter(post__ours=False).count(),
        "answers": [
            {"at": one.written_at.isoformat(timespec="seconds"), "state": one.state, "text": outside(one.text)}
            for one in answers
        ],
    }

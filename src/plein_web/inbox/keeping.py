"""Delete conversations and drafts when their time has come, keep what the town itself said, and prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from plein.town.retention import Kind, is_held
from plein_web.channels.models import Outgoing, Post
from plein_web.inbox.models import Conversation, Draft
from plein_web.town.actions import ask_to_press, vault
from plein_web.town.keeping import digest_of, due_day, end_of, held, note_deletion
from plein_web.town.models import DeletionProof, Town
from plein_web.town.proving import Traces, prove

AT_ONCE = 20
TABLE = Post._meta.db_table
# Where in an encrypted payload it is like no other.
UNIQUE = slice(24, 88)


@dataclass(slots=True)
class Gone:
    """What a round deleted, and what to look for afterwards."""

    proofs: list[DeletionProof] = field(default_factory=list)
    traces: Traces = field(default_factory=Traces)
    posts: list[int] = field(default_factory=list)


def expire(now: datetime) -> int:
    """Delete in every town the conversations and drafts that had their time. Returns how many of both went."""
    gone = Gone()
    for town in Town.objects.order_by("pk"):
        while ids := _due(town, now):
            _forget(town, ids, now, gone)
        _forget_drafts(town, now, gone)
    gone.proofs += DeletionProof.objects.filter(kind__in=(Kind.CONVERSATION, Kind.DRAFT), checked_at=None).exclude(
        pk__in=[proof.pk for proof in gone.proofs]
    )
    if gone.proofs:
        prove(gone.proofs, TABLE, gone.traces, now, stayed=Post.objects.filter(pk__in=gone.posts[-500:]).exists())
    return sum(proof.number for proof in gone.proofs if proof.at == now)


def due_conversations(town: Town, now: datetime):
    """Return the conversations of which the last message is too old to keep, held ones included; and the day."""
    day = due_day(town, Kind.CONVERSATION, now)
    rows = Conversation.objects.of(town)
    return (rows.none() if day is None else rows.filter(last_post_at__lte=end_of(day))), day


def subject_of(conversation: int) -> str:
    """Return how holds and proofs name a conversation."""
    return f"conversation:{conversation}"


def name_of(post: Post) -> str:
    """Return what names a post for good, for its digest."""
    return f"post:{post.town_id}:{post.network_code}:{post.uri}"


def _due(town: Town, now: datetime) -> list[int]:
    holds = held(town, now)
    rows, _day = due_conversations(town, now)
    ids = rows.order_by("last_post_at", "id").values_list("pk", flat=True)
    return [pk for pk in ids[: AT_ONCE + len(holds)] if not is_held(subject_of(pk), holds)][:AT_ONCE]


@transaction.atomic
def _forget(town: Town, ids: Sequence[int], now: datetime, gone: Gone) -> None:
    # Somebody may have written since we looked: the row is locked, and asked once more.
    rows, day = due_conversations(town, now)
    locked = list(rows.filter(pk__in=ids).select_for_update(of=("self",)).values_list("pk", flat=True))
    posts = list(Post.objects.filter(entry__conversation__in=locked))
    theirs = [post for post in posts if not post.ours]
    gone.proofs.append(delete(town, locked, posts, day, now))
    gone.posts += [post.pk for post in theirs]
    gone.traces = gone.traces.joined(traces_of(theirs))


def delete(
    town: Town, conversations: Sequence[int], posts: Sequence[Post], day: date | None, now: datetime, why: str = "term"
) -> DeletionProof:
    """Delete conversations with what residents said in them. What the town said stays, and no longer says to whom."""
    theirs = [post for post in posts if not post.ours]
    Outgoing.objects.filter(reply_to__in=theirs).update(reply_to=None)
    Post.objects.filter(pk__in=[post.pk for post in posts if post.ours]).update(parent_uri="", root_uri=F("uri"))
    Conversation.objects.filter(pk__in=conversations).delete()
    Post.objects.filter(pk__in=[post.pk for post in theirs]).delete()
    ask_to_press(TABLE)
    names = [name_of(post) for post in theirs]
    return note_deletion(
        town=town, kind=Kind.CONVERSATION, number=len(conversations), what=names, up_to=day, now=now, why=why
    )


def traces_of(posts: Sequence[Post]) -> Traces:
    """Return what only these posts held: a stretch of their encrypted payload, and the words of their index."""
    secrets = [bytes(post.raw)[UNIQUE].decode("ascii", "ignore") for post in posts if post.raw]
    return Traces.of([one for one in secrets if one], [post.search.partition(" ")[2] for post in posts])


@transaction.atomic
def _forget_drafts(town: Town, now: datetime, gone: Gone) -> None:
    day = due_day(town, Kind.DRAFT, now)
    due = Draft.objects.filter(conversation__town=town, saved_at__lte=end_of(day))
    ids = list(due.values_list("pk", flat=True))
    if ids:
        Draft.objects.filter(pk__in=ids).delete()
        names = [f"draft:{pk}" for pk in ids]
        gone.proofs.append(note_deletion(town=town, kind=Kind.DRAFT, number=len(ids), what=names, up_to=day, now=now))


def forget_known(known: frozenset[str], now: datetime) -> int:
    """Delete the conversations that hold a post of which a digest is known: after a restore, what was deleted since."""
    key, forgotten = vault(), 0
    for town in Town.objects.order_by("pk"):
        rows = Post.objects.of(town).filter(ours=False).only("town", "network_code", "uri")
        found = [row.pk for row in rows.iterator() if digest_of(name_of(row), key) in known]
        ids = list(Conversation.objects.of(town).filter(entries__post__in=found).distinct().values_list("pk", flat=True))
        for start in range(0, len(ids), AT_ONCE):
            part = ids[start : start + AT_ONCE]
            with transaction.atomic():
                posts = list(Post.objects.filter(entry__conversation__in=part))
                forgotten += delete(town, part, posts, None, now, why="restore").number
    return forgotten

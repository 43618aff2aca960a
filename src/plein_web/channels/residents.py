"""What channels hold of one resident: the posts that they addressed to the town."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce

from plein.town.retention import Kind
from plein_web.channels.models import Post, PostVersion
from plein_web.channels.shelf import NOTHING
from plein_web.town.actions import ask_to_press, emit_all, lock_town, vault
from plein_web.town.keeping import digest_of, note_deletion
from plein_web.town.models import Town
from plein_web.town.residents import Erased, Resident

# Beside the words: who it was, and what stood with it. The uri stays, or the network would bring it back.
NOBODY = {"author_id": "", "author_handle": "", "author_name": "", "url": "", "attachments": [], "versions": 1}
NOT_ASKED = {"check_at": None, "thread_at": None}
HELD = "legal_hold"


def posts_of(resident: Resident):
    """Return the posts of a resident, oldest first; also one that only its tombstone is left of."""
    rows = Post.objects.of(resident.town).filter(network_code=resident.network, author_id=resident.author_id)
    return rows.filter(ours=False).order_by("posted_at", "id")


def find(resident: Resident) -> list[dict[str, object]]:
    """Return what a resident wrote to the town, every version of it."""
    return [_told(post) for post in posts_of(resident).defer("raw", "search").prefetch_related("earlier")]


@transaction.atomic
def erase(resident: Resident, now: datetime, held: Collection[int] = ()) -> Erased:
    """Take away words, versions, raw data and who it was; a tombstone stays. `held`: posts that the law keeps."""
    lock_town(resident.town)
    found = list(posts_of(resident).only("pk", "town_id", "network_code", "uri"))
    gone = [post for post in found if post.pk not in held]
    _bury(gone, resident.town, now)
    kept = len(found) - len(gone)
    return Erased("posts", len(gone), ((kept, HELD),) if kept else ())


def forget_known(known: frozenset[str], now: datetime) -> int:
    """Erase once more what was erased after a backup was made: its digests are known from a newer one."""
    key, count = vault(), 0
    for town in Town.objects.order_by("pk"):
        rows = Post.objects.of(town).filter(ours=False, deleted_at=None).only("pk", "town_id", "network_code", "uri")
        again = [post for post in rows.iterator() if digest_of(name_of(post), key) in known]
        with transaction.atomic():
            lock_town(town.pk)
            _bury(again, town.pk, now)
        count += len(again)
    return count


def name_of(post: Post) -> str:
    """Return what names an erased post for good, for its digest."""
    return f"erased:{post.town_id}:{post.network_code}:{post.uri}"


def _bury(posts: list[Post], town: int, now: datetime) -> None:
    if not posts:
        return
    ids = [post.pk for post in posts]
    PostVersion.objects.filter(post__in=ids).delete()
    Post.objects.filter(pk__in=ids).update(**NOTHING, **NOBODY, **NOT_ASKED, deleted_at=Coalesce("deleted_at", now))
    ask_to_press(Post._meta.db_table)
    names = [name_of(post) for post in posts]
    note_deletion(town=town, kind=Kind.CONVERSATION, number=len(ids), what=names, now=now, why="request")
    emit_all(town=town, happened=[("post.deleted", pk) for pk in ids], at=now)


def _told(post: Post) -> dict[str, object]:
    told: dict[str, object] = {
        "uri": post.uri,
        "address": post.url,
        "posted_at": _moment(post.posted_at),
        "arrived_at": _moment(post.arrived_at),
        "account": post.author_handle,
        "name": post.author_name,
        "visibility": post.visibility,
        "language": post.language,
        "title": post.title,
        "content_warning": post.content_warning,
        "text": post.text,
        "attachments": post.attachments,
        "earlier_texts": [{"at": _moment(one.version_at), "text": one.text} for one in post.earlier.all()],
    }
    if post.deleted_at:
        told["deleted_at"] = _moment(post.deleted_at)
    return told


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")

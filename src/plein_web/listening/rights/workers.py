"""Codes that arrive, and forgetting whom closed requests were about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from plein.listening.proving import Asked, Sent, proves
from plein_web.channels.models import Post
from plein_web.listening.rights.models import Request
from plein_web.town.actions import audit, consume_together
from plein_web.town.models import Event

CONSUMER = "requests"
KINDS = frozenset({"post.arrived", "post.edited"})
AT_ONCE = 500


def prove_arrived(now: datetime) -> int:
    """Look for codes in what arrived at our channels. Returns how many events passed."""
    return consume_together(consumer=CONSUMER, kinds=KINDS, apply=lambda events: _apply(events, now), limit=AT_ONCE)


def _apply(events: Iterable[Event], now: datetime) -> None:
    waiting = list(Request.objects.waiting_for_proof(now))
    if not waiting:
        return
    posts = Post.objects.filter(pk__in=[event.subject for event in events], ours=False, deleted_at=None)
    for post in posts.filter(town__in={request.town_id for request in waiting}).defer("raw", "search"):
        for request in waiting:
            if post.town_id == request.town_id and proves(_asked(request), _sent(post)):
                _prove(request, post, now)


def _asked(request: Request) -> Asked:
    return Asked(request.network_code, request.handle, request.code, request.code_until)


def _sent(post: Post) -> Sent:
    text = f"{post.title} {post.content_warning} {post.text}"
    return Sent(post.network_code, post.author_handle, text, post.arrived_at, post.ours)


def _prove(request: Request, post: Post, now: datetime) -> None:
    proved = {"proved_at": now, "proof": post, "author_id": post.author_id, "code": ""}
    if Request.objects.waiting_for_proof(now).filter(pk=request.pk).update(**proved):
        request.code = ""
        audit(town=request.town_id, actor=CONSUMER, action="request.proved", subject=f"request:{request.pk}")


@transaction.atomic
def forget_closed(now: datetime) -> int:
    """Forget whom requests were about that were closed long ago. Returns how many."""
    return Request.objects.forgettable(now).update(handle="", author_id="", proof=None)

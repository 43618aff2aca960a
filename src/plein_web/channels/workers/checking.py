"""Ask whether a post still stands as we hold it, and whether our tokens still live."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from plein.channels.asking import DOUBTED, check_again_after
from plein.channels.errors import ChannelError
from plein.channels.posts import Deleted
from plein.channels.posts import Post as Told
from plein_web.channels.actions.receiving import take
from plein_web.channels.clients import Kept, client_for
from plein_web.channels.models import Channel, Post
from plein_web.channels.workers.hearing import nameless_source
from plein_web.channels.workers.lanes import Lanes
from plein_web.channels.workers.trouble import UNREACHABLE, as_channel_error, sign_in_needed
from plein_web.town.actions import emit

# How many posts of one channel are asked after in a round. At a round every four seconds that is
# half of what the strictest network we know (300 calls in five minutes) allows for everything.
CHECKS_A_ROUND = 2
# After a restore a deleted post must not stand there for long; the network says when it is too much.
DOUBTS_A_ROUND = 40
LONGEST_CHECK = 3.0
# Threads of posts younger than this come in by themselves.
THREAD_AFTER = timedelta(seconds=45)
CHECK_LATER = timedelta(minutes=1)
PROFILE_EVERY = timedelta(days=1)

_lanes = Lanes("check")
_kept = Kept()
_token_lanes = Lanes("tokens")


def check_posts(now: datetime) -> int:
    """Ask after some of the posts that are due. Returns 0, whatever there is: politeness sets the pace."""
    ask_after_posts(now)
    return 0


def ask_after_posts(now: datetime) -> int:
    """Ask after some posts of every channel, the newest first; returns how many were asked after."""
    due = Post.objects.to_check(now).order_by().values_list("channel", flat=True).distinct()
    return _lanes.run({pk: partial(check_channel, pk, now) for pk in due})


def check_channel(channel_pk: int, now: datetime) -> int:
    """Ask after some posts of one channel; stops at the first trouble."""
    channel = Channel.objects.select_related("town").get(pk=channel_pk)
    until = time.monotonic() + LONGEST_CHECK
    asked = 0
    try:
        client = _kept.client_for(channel)
        for post in _posts_to_check(channel, now):
            check(post, client, channel, now)
            asked += 1
            if time.monotonic() > until:
                break
    except (ChannelError, *UNREACHABLE) as trouble:
        _leave_alone(channel, as_channel_error(trouble), now)
    return asked


def _posts_to_check(channel: Channel, now: datetime) -> list[Post]:
    due = Post.objects.to_check(now).filter(channel=channel).defer("raw", "search")
    return list(due.filter(check_at=DOUBTED)[:DOUBTS_A_ROUND]) or list(due[:CHECKS_A_ROUND])


def check(post: Post, client, channel: Channel, now: datetime) -> None:
    """Ask after one post and write what the network says."""
    try:
        found = client.check(post.uri, post.remote_id)
    except ChannelError as error:
        if error.needs_sign_in or not error.permanent:
            raise
        Post.objects.filter(pk=post.pk).update(check_at=None)
        return
    take(source=nameless_source(channel), items=(_as_it_stands(found, post, now),), now=now, ask_threads=False)
    if not isinstance(found, Deleted):
        _plan_next(post, now)


def _as_it_stands(found: Told | Deleted, post: Post, now: datetime) -> Told | Deleted:
    """Date a change of which the network does not say when it was made: it was made by now."""
    if isinstance(found, Deleted):
        return found
    if (found.text, found.content_warning) == (post.text, post.content_warning):
        # Another number for the same words is no edit: some networks renumber, others never say when.
        return replace(found, edited_at=post.version_at if post.version_at > found.posted_at else None)
    return found if found.version_at != post.version_at else replace(found, edited_at=now)


def _plan_next(post: Post, now: datetime) -> None:
    wait = check_again_after(now - post.posted_at)
    latest = not Post.objects.filter(town=post.town_id, root_uri=post.root_uri, posted_at__gt=post.posted_at).exists()
    values = {"check_at": now + wait if wait else None}
    if latest and wait and wait > THREAD_AFTER:
        # Somebody may have answered in a way that is not told to us, also with our own account.
        values["thread_at"] = now
    Post.objects.filter(pk=post.pk).update(**values)


def _leave_alone(channel: Channel, error: ChannelError, now: datetime) -> None:
    if error.needs_sign_in:
        sign_in_needed(channel, error, now)
    later = now + max(CHECK_LATER, timedelta(seconds=error.retry_after or 0))
    Post.objects.to_check(now).filter(channel=channel).order_by().update(check_at=later)


def check_tokens(now: datetime) -> int:
    """Ask every network once a day who we are there; returns how many answered."""
    due = Channel.objects.open().to_introduce(now - PROFILE_EVERY)
    return _token_lanes.run({channel.pk: partial(introduce, channel, now) for channel in due})


def introduce(channel: Channel, now: datetime) -> int:
    """Write who the network says we are, and until when our token lives."""
    # Also when it fails: a network that is down is asked again tomorrow, by its sources all day.
    Channel.objects.filter(pk=channel.pk).update(checked_at=now)
    client = client_for(channel)
    if not hasattr(client, "profile"):
        return 0
    try:
        profile = client.profile()
    except (ChannelError, *UNREACHABLE) as trouble:
        error = as_channel_error(trouble)
        if error.needs_sign_in:
            sign_in_needed(channel, error, now)
        return 0
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(
            name=profile.name[:200],
            url=profile.url[:500],
            max_length=profile.max_length,
            token_expires_at=profile.token_expires_at,
        )
        emit(town=channel.town_id, kind="channel.changed", subject=channel.pk)
    return 1

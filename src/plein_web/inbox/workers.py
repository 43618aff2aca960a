"""From what happened to posts and answers to conversations, some events at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from plein.channels.outgoing import State
from plein.inbox.threads import Handling, Spoken, Status, Summary, summary
from plein_web.channels.models import Outgoing, Post
from plein_web.inbox.joined import OF_PLACES, close_what_was_left, give_to_who_joined, posts_joined
from plein_web.inbox.models import Answer, Conversation, Draft, Entry
from plein_web.town.actions import consume_together, emit_all
from plein_web.town.models import Event

CONSUMER = "inbox"
OF_POSTS = frozenset({"post.arrived", "post.edited", "post.deleted"})
REOPENED = "conversation.reopened"
KINDS = OF_POSTS | OF_PLACES | {"outgoing.settled", REOPENED}
EVENTS_AT_ONCE = 50
# An answer in one of these states leaves the resident waiting.
NO_ANSWER = (State.REFUSED, State.CANCELLED)

# A thread: town, network and the uri of its beginning.
Thread = tuple[int, str, str]


def apply_events(now: datetime) -> int:
    """Bring the conversations up to date; returns how many events passed."""
    return consume_together(
        consumer=CONSUMER, kinds=KINDS, apply=lambda events: _apply(events, now), limit=EVENTS_AT_ONCE
    )


def _apply(events: list[Event], now: datetime) -> None:
    posts = Post.objects.filter(pk__in=[event.subject for event in events if event.kind in OF_POSTS]).defer(
        "raw", "search"
    )
    threads = {_thread_of(post) for post in [*posts, *posts_joined(events)]}
    conversations = _held(threads)
    _join(posts, conversations)
    settled = [event.subject for event in events if event.kind == "outgoing.settled"]
    reopened = [event.subject for event in events if event.kind == REOPENED]
    wanted = Conversation.objects.filter(Q(answers__outgoing__in=settled) | Q(pk__in=reopened)).order_by("id")
    for conversation in Conversation.objects.filter(pk__in=wanted.values("pk")).select_for_update(of=("self",)):
        conversations.setdefault(_key(conversation), conversation)
    _bring_up_to_date(threads | set(conversations), conversations, now)
    give_to_who_joined(events, now)
    close_what_was_left(events, now)


def _thread_of(post: Post) -> Thread:
    return post.town_id, post.network_code, post.root_uri


def _key(conversation: Conversation) -> Thread:
    return conversation.town_id, conversation.network_code, conversation.root_uri


def _held(threads: Iterable[Thread]) -> dict[Thread, Conversation]:
    """Return the conversations that there are about some threads, locked until we are done."""
    roots = {root for _, _, root in threads}
    rows = Conversation.objects.filter(root_uri__in=roots).order_by("id").select_for_update(of=("self",))
    return {_key(row): row for row in rows if _key(row) in threads}


def _join(posts: Iterable[Post], conversations: dict[Thread, Conversation]) -> None:
    """Let conversations that began at one of these posts go on as the longer thread it belongs to."""
    parts = {
        (post.town_id, post.network_code, post.uri): _thread_of(post) for post in posts if post.uri != post.root_uri
    }
    for part, shorter in _held(parts).items():
        thread = parts[part]
        older = shorter
        if longer := conversations.get(thread):
            older, younger = sorted((shorter, longer), key=lambda row: row.pk)
            _merge(younger, older)
        older.root_uri = thread[2]
        older.save(update_fields=["root_uri"])
        conversations[thread] = older


def _merge(younger: Conversation, older: Conversation) -> None:
    """Move everything of one conversation to another, of which the address stays."""
    Entry.objects.filter(conversation=younger).update(conversation=older)
    Answer.objects.filter(conversation=younger).update(conversation=older)
    written = set(older.drafts.values_list("person", flat=True))
    Draft.objects.filter(conversation=younger).exclude(person__in=written).update(conversation=older)
    if Status.OPEN in (younger.status, older.status):
        older.status = Status.OPEN
    older.assignee_id = older.assignee_id or younger.assignee_id
    older.waiting_since = older.waiting_since or younger.waiting_since
    younger.delete()
    older.save(update_fields=["status", "assignee", "waiting_since"])


def _bring_up_to_date(threads: set[Thread], conversations: dict[Thread, Conversation], now: datetime) -> None:
    posts = _posts_of(threads)
    for thread in threads:
        if thread not in conversations and _is_conversation(posts[thread]):
            conversations[thread] = _begin(thread, posts[thread], now)
    placed = {thread: row for thread, row in conversations.items() if posts[thread]}
    _place(placed, posts)
    answers = _answers_of(placed.values())
    for thread, conversation in placed.items():
        _write(conversation, summary([_spoken(post) for post in posts[thread]], _handling(conversation, answers)), now)
    _tell(placed.values(), now)


def _posts_of(threads: Iterable[Thread]) -> dict[Thread, list[Post]]:
    found: dict[Thread, list[Post]] = defaultdict(list)
    towns = {town for town, _, _ in threads}
    rows = Post.objects.filter(town__in=towns, root_uri__in={root for _, _, root in threads})
    for post in rows.defer("raw", "search", "markup", "attachments").order_by("posted_at", "id"):
        found[_thread_of(post)].append(post)
    return found


def _is_conversation(posts: list[Post]) -> bool:
    """Whether a resident said something that still stands; what we post ourselves is no conversation."""
    return any(not post.ours and post.deleted_at is None for post in posts)


def _begin(thread: Thread, posts: list[Post], now: datetime) -> Conversation:
    town, network, root = thread
    channel = next((post.channel_id for post in posts if post.channel_id), None)
    return Conversation.objects.create(
        town_id=town,
        network_code=network,
        root_uri=root,
        channel_id=channel,
        last_post_at=posts[0].posted_at,
        changed_at=now,
    )


def _place(placed: dict[Thread, Conversation], posts: dict[Thread, list[Post]]) -> None:
    """Give every post its place, also when it had one in a thread that turned out to be longer."""
    home = {post.pk: conversation.pk for thread, conversation in placed.items() for post in posts[thread]}
    there = dict(Entry.objects.filter(post__in=home).values_list("post", "conversation"))
    Entry.objects.bulk_create([Entry(conversation_id=c, post_id=p) for p, c in home.items() if p not in there])
    for post, conversation in there.items():
        if conversation != home[post]:
            Entry.objects.filter(post=post).update(conversation=home[post])


def _answers_of(conversations: Iterable[Conversation]) -> dict[int, list[Outgoing]]:
    found: dict[int, list[Outgoing]] = defaultdict(list)
    rows = Answer.objects.filter(conversation__in=list(conversations)).select_related("outgoing")
    for answer in rows:
        found[answer.conversation_id].append(answer.outgoing)
    return found


def _spoken(post: Post) -> Spoken:
    return Spoken(
        uri=post.uri,
        name=post.author_name or post.author_handle,
        words=post.content_warning or post.title or post.text,
        at=post.posted_at,
        arrived=post.arrived_at,
        changed=post.version_at if post.versions > 1 else None,
        ours=post.ours,
        deleted=post.deleted_at is not None,
        private=post.visibility == "direct",
    )


def _handling(conversation: Conversation, answers: dict[int, list[Outgoing]]) -> Handling:
    ours = answers[conversation.pk]
    return Handling(
        status=Status(conversation.status),
        answered=tuple(row.written_at for row in ours if row.state not in NO_ANSWER),
        sent=frozenset(row.uri for row in ours if row.uri),
        handled=conversation.handled_at,
        waited=conversation.waiting_since is not None,
    )


def _write(conversation: Conversation, found: Summary, now: datetime) -> None:
    conversation.status = found.status
    conversation.title = found.title
    conversation.resident = found.resident
    conversation.snippet = found.snippet
    conversation.private = found.private
    conversation.edited = found.edited
    conversation.posts = found.posts
    conversation.unseen = found.unseen
    conversation.waiting_since = found.waiting_since
    conversation.last_post_at = found.last_post_at
    conversation.changed_at = now
    if found.status is not Status.DONE:
        conversation.closed_at = None
    elif conversation.closed_at is None:
        conversation.closed_at = now
    conversation.save(update_fields=_SUMMARY)


_SUMMARY = (
    "status",
    "title",
    "resident",
    "snippet",
    "private",
    "edited",
    "posts",
    "unseen",
    "waiting_since",
    "last_post_at",
    "changed_at",
    "closed_at",
)


def _tell(conversations: Iterable[Conversation], now: datetime) -> None:
    by_town: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for conversation in conversations:
        by_town[conversation.town_id].append(("conversation.changed", conversation.pk))
    for town, happened in sorted(by_town.items()):
        emit_all(town=town, happened=happened, at=now)

"""Which conversations, and what a page of them needs, in as few questions as it takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from plein.channels.outgoing import State
from plein_web.channels.models import Outgoing, Post, PostVersion, SendHold
from plein_web.town.models import Person
from plein_web.town.search import found

# Counting further than this costs more than the page itself and tells nobody anything.
COUNT_TO = 100
# What a row of the list shows: plain values, no rows of the ORM.
ROW = (
    "id",
    "resident",
    "network_code",
    "snippet",
    "private",
    "edited",
    "unseen",
    "status",
    "last_post_at",
    "assignee_id",
    "assignee__name",
)
# The same words by the same person to the same post, so soon, are a second press on the button.
SAME_WITHIN = timedelta(minutes=2)
TROUBLED = (State.REFUSED, State.UNKNOWN)


class ConversationQuerySet(models.QuerySet):
    def of(self, town) -> ConversationQuerySet:
        """Return the conversations of a town."""
        return self.filter(town=town)

    def to_do(self) -> ConversationQuerySet:
        """Return what waits for an answer of ours."""
        return self.filter(status="open")

    def waiting(self) -> ConversationQuerySet:
        """Return what waits for the resident."""
        return self.filter(status="waiting")

    def done(self) -> ConversationQuerySet:
        """Return what was closed."""
        return self.filter(status="done")

    def of_person(self, person) -> ConversationQuerySet:
        """Return what a person has taken on and not finished."""
        return self.filter(assignee=person).exclude(status="done")

    def in_tab(self, tab: str, person) -> ConversationQuerySet:
        """Return what belongs under a tab of the inbox."""
        if tab == "mine":
            return self.of_person(person)
        return {"waiting": self.waiting, "done": self.done}.get(tab, self.to_do)()

    def with_words(self, town, asked: str) -> ConversationQuerySet:
        """Return the conversations in which one post has all the words asked for."""
        posts = found(Post.objects.filter(town=town), town.pk, asked)
        return self.filter(pk__in=posts.values("entry__conversation"))

    def newest_first(self) -> ConversationQuerySet:
        """Return the one with the newest post first."""
        return self.order_by("-last_post_at", "-id")

    def longest_waiting_first(self) -> ConversationQuerySet:
        """Return the one whose resident has waited longest first."""
        return self.filter(waiting_since__isnull=False).order_by("waiting_since", "id")

    def below(self, last_post_at: datetime, pk: int) -> ConversationQuerySet:
        """Return what comes after a row in `newest_first`."""
        return self.filter(last_post_at__lte=last_post_at).filter(Q(last_post_at__lt=last_post_at) | Q(pk__lt=pk))

    def as_rows(self, *more: str) -> ConversationQuerySet:
        """Return what the list shows, as tuples: ROW, then `trouble` (a send that went wrong), then what more is asked."""
        sent = Outgoing.objects.filter(answer__conversation=OuterRef("pk"), state__in=TROUBLED)
        trouble = Subquery(sent.order_by("-id").values("state")[:1])
        return self.annotate(trouble=trouble).values_list(*ROW, "trouble", *more)

    def counted(self) -> int:
        """Return how many there are, at most COUNT_TO: so few that fetching them is cheaper than COUNT."""
        return len(self.values_list("pk", flat=True)[:COUNT_TO])


def posts_of(conversation) -> list[Post]:
    """Return the posts of a conversation, oldest first, without what no page shows."""
    posts = Post.objects.filter(entry__conversation=conversation)
    return list(posts.defer("raw", "search").order_by("posted_at", "id"))


def earlier_texts(posts: Iterable[Post]) -> dict[int, list[PostVersion]]:
    """Return the other versions of the posts that have any, oldest first, by post."""
    changed = [post.pk for post in posts if post.versions > 1]
    earlier: dict[int, list[PostVersion]] = {}
    for version in PostVersion.objects.filter(post_id__in=changed).order_by("version_at") if changed else ():
        earlier.setdefault(version.post_id, []).append(version)
    return earlier


def answers_of(conversation) -> list[Outgoing]:
    """Return what we sent or are sending in a conversation, with who wrote it, oldest first."""
    sent = Outgoing.objects.filter(answer__conversation=conversation).exclude(state=State.CANCELLED)
    return list(sent.select_related("author", "reply_to", "channel").order_by("written_at", "id"))


def holds_over(channel) -> list[SendHold]:
    """Return what stops sending on a channel now."""
    holds = SendHold.objects.standing().filter(town_id=channel.town_id)
    return list(holds.filter(Q(channel=None) | Q(channel=channel)).select_related("placed_by"))


def was_just_sent(conversation, person: Person, text: str, now: datetime) -> bool:
    """Whether a draft is what its writer has just sent: a save that was overtaken by the sending."""
    sent = Outgoing.objects.filter(
        answer__conversation=conversation, author=person, written_at__gte=now - SAME_WITHIN
    ).exclude(state__in=[State.CANCELLED, State.REFUSED])
    begun = text.strip()
    return bool(begun) and any(one.startswith(begun) for one in sent.values_list("text", flat=True))


def already_sent(conversation, person: Person, post: Post, text: str, now: datetime) -> Outgoing | None:
    """Return the same answer by the same person, a moment ago: a second press on the button."""
    same = Outgoing.objects.filter(
        answer__conversation=conversation,
        author=person,
        reply_to=post,
        text=text,
        state__in=[State.PLANNED, State.CLAIMED, State.SENT, State.UNKNOWN],
        written_at__gte=now - SAME_WITHIN,
    )
    return same.order_by("-id").first()

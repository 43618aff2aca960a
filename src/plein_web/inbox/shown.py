"""What the screens of the inbox show: rows and posts turned into plain values, words included.

Templates only print. Everything a resident or a network wrote goes through `plein_web.inbox.safe`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup

from plein.channels.contract import Abilities, Account, Preview
from plein.channels.contract import Message as Outward
from plein.channels.outgoing import State
from plein.channels.posts import Author, Visibility
from plein.channels.registry import network
from plein.inbox.tree import Leaf, Place, arrange
from plein.town.door import Door
from plein.town.naming import initials
from plein.town.roles import Right
from plein_web.channels.models import Channel, Outgoing, Post
from plein_web.inbox import safe
from plein_web.inbox.queries import ROW, answers_of, earlier_texts, holds_over, posts_of
from plein_web.town.access import Actor
from plein_web.town.moments import ago, clock, day_clock, day_title

# A resident's post is called new for this long after it came in.
NEW_FOR = timedelta(minutes=10)


def network_name(code: str) -> str:
    """Return a network's name in the reader's language; the code itself when the network is no longer installed."""
    return _named(code, get_language())


@cache
def _named(code: str, _language: str | None) -> str:
    try:
        return _(network(code).name)
    except KeyError:
        return code


@cache
def on_the_web(code: str) -> bool:
    """Whether the addresses of a network lead somewhere; of one that is no longer installed they may."""
    try:
        return network(code).on_the_web
    except KeyError:
        return True


def _link(code: str, url: str) -> str:
    return safe.address(url) if on_the_web(code) else ""


class Row(NamedTuple):
    """One conversation in the list. A tuple: fifty of them are made for every look at the inbox."""

    id: int
    who: str
    network: str
    words: str
    private: bool
    edited: bool
    unseen: int
    status: str
    iso: str
    mine: bool
    assignee: str
    trouble: str
    time: str
    url: str
    initials: str
    draft: bool


@dataclass(slots=True)
class Group:
    """The rows of one day, under its name."""

    title: str
    rows: list[Row] = field(default_factory=list)


def groups(found: list, actor: Actor, now: datetime, query: str, drafts: frozenset[int] = frozenset()) -> list[Group]:
    """Return the list's rows by day, in the order in which they came. `query` is kept in the links.

    `drafts` are the conversations in which the actor is writing.
    """
    local = timezone.get_current_timezone()
    today = now.astimezone(local).date()
    base = reverse("inbox", args=[actor.town.slug])
    made: list[Group] = []
    day = None
    for row in found:
        at = row[AT].astimezone(local)
        if at.date() != day:
            day = at.date()
            made.append(Group(day_title(day, today)))
        made[-1].rows.append(_row(row, at, f"{base}{row[0]}/{query}", actor.person.pk, drafts))
    return made


# Where the moment stands in a row of the query.
AT = ROW.index("last_post_at")


def _row(row: tuple, at: datetime, url: str, me: int, drafts: frozenset[int]) -> Row:
    pk, who, code, words, private, edited, unseen, status, _at, assignee, name, trouble = row
    return Row(
        pk,
        who,
        network_name(code),
        words,
        private,
        edited,
        unseen if status == "open" else 0,
        status,
        at.isoformat(),
        assignee == me,
        name or "",
        trouble or "",
        clock(at),
        url,
        initials(name) if name else "",
        pk in drafts,
    )


@dataclass(slots=True)
class Message:
    """One post or answer in the tree."""

    id: str
    pk: int
    place: Place
    who: str
    initials: str
    time: str
    iso: str
    ours: bool = False
    html: Markup = field(default_factory=Markup)
    title: str = ""
    warning: str = ""
    language: str = ""
    url: str = ""
    visibility: str = "public"
    deleted: str = ""
    fresh: str = ""
    to: str = ""
    attachments: list[safe.Described] = field(default_factory=list)
    earlier: list[tuple[str, str]] = field(default_factory=list)
    changed: str = ""
    choosable: bool = False
    sending: Sending | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """Where an answer of ours stands. `state` is that of the row, or `held` or `by_hand`."""

    pk: int
    state: str
    by: str = ""
    at: str = ""
    words: str = ""
    needs_person: bool = False
    can_cancel: bool = False
    text: str = ""


@dataclass(slots=True)
class Thread:
    """The conversation as its page shows it."""

    messages: list[Message]
    posts: list[Post]
    latest: Post | None
    # Whether the last word is ours: then it is the resident who is waited for.
    ours_last: bool = False
    # What the reader answered last, unless it was refused: a page that kept a copy lets go of it.
    sent: Outgoing | None = None

    @property
    def link(self) -> str:
        """Return where the resident's newest post stands on the network."""
        return _link(self.latest.network_code, self.latest.url) if self.latest else ""


def answerable(post: Post) -> bool:
    """Whether an answer can go to this post: a resident's, that still stands."""
    return not post.ours and post.deleted_at is None


def thread(conversation, actor: Actor, now: datetime) -> Thread:
    """Return the tree of a conversation: what residents wrote, what we wrote and what is on its way."""
    posts = posts_of(conversation)
    answers = answers_of(conversation)
    holds = holds_over(conversation.channel) if conversation.channel else []
    by_uri = {answer.uri: answer for answer in answers if answer.uri}
    earlier = earlier_texts(posts)
    parents = {post.uri: post for post in posts}
    town = actor.town.name[:1].upper()
    shown = {post.uri: _of_post(post, by_uri.get(post.uri), earlier.get(post.pk, []), parents, now) for post in posts}
    leaves = [Leaf(post.uri, post.parent_uri, post.posted_at) for post in posts]
    for answer in answers:
        if answer.uri in shown:
            continue
        key = f"answer:{answer.pk}"
        shown[key] = _of_answer(answer, actor, holds, now)
        leaves.append(Leaf(key, answer.reply_to.uri if answer.reply_to else "", answer.written_at))
    messages = []
    for place in arrange(leaves):
        shown[place.uri].place = place
        shown[place.uri].initials = town if shown[place.uri].ours else shown[place.uri].initials
        messages.append(shown[place.uri])
    mine_to_answer = [post for post in posts if answerable(post)]
    sent = [one for one in answers if one.author_id == actor.person.pk and one.state != State.REFUSED]
    return Thread(
        messages,
        posts,
        latest=mine_to_answer[-1] if mine_to_answer else None,
        ours_last=_ours_last(posts, answers),
        sent=sent[-1] if sent else None,
    )


def _ours_last(posts: list[Post], answers: list[Outgoing]) -> bool:
    """Whether we wrote after the last that stands of a resident. A refused answer is none."""
    theirs = max((post.posted_at for post in posts if answerable(post)), default=None)
    ours = [post.posted_at for post in posts if post.ours and post.deleted_at is None]
    ours += [answer.written_at for answer in answers if answer.state != State.REFUSED]
    return theirs is None or any(at > theirs for at in ours)


NOWHERE = Place("", 0)


def _of_post(post: Post, answer: Outgoing | None, earlier: list, parents: dict[str, Post], now: datetime) -> Message:
    name = post.author_name or post.author_handle
    message = Message(
        id=f"post-{post.pk}",
        pk=post.pk,
        place=NOWHERE,
        who=name,
        initials=initials(name),
        time=day_clock(post.posted_at, now),
        iso=post.posted_at.isoformat(),
        ours=post.ours,
        url=_link(post.network_code, post.url),
        visibility=post.visibility,
        choosable=answerable(post),
        to=_to(post, parents),
    )
    if post.deleted_at:
        message.deleted = day_clock(post.deleted_at, now)
        return message
    message.html = safe.body(post.text, post.markup)
    message.title = post.title
    message.warning = post.content_warning
    message.language = safe.language(post.language)
    message.attachments = safe.described(post.attachments, on_the_web=on_the_web(post.network_code))
    message.earlier = [(day_clock(version.version_at, now), version.text) for version in earlier]
    message.changed = day_clock(post.version_at, now) if earlier else ""
    if not post.ours and now - post.arrived_at < NEW_FOR:
        message.fresh = ago(post.arrived_at, now)
    if answer:
        message.sending = _sending(answer, [], now, can_act=False)
    return message


def _of_answer(answer: Outgoing, actor: Actor, holds: list, now: datetime) -> Message:
    name = answer.channel.name or answer.channel.handle
    can_act = actor.may(Right.WRITE, "inbox")
    return Message(
        id=f"answer-{answer.pk}",
        pk=answer.pk,
        place=NOWHERE,
        who=name,
        initials=initials(name),
        time=day_clock(answer.written_at, now),
        iso=answer.written_at.isoformat(),
        ours=True,
        html=safe.body(answer.text, ""),
        warning=answer.content_warning,
        url=_link(answer.channel.network_code, answer.url),
        visibility=answer.visibility,
        to=(answer.reply_to.author_name or answer.reply_to.author_handle) if answer.reply_to else "",
        sending=_sending(answer, holds, now, can_act=can_act),
    )


def _sending(answer: Outgoing, holds: list, now: datetime, *, can_act: bool) -> Sending:
    state = str(answer.state)
    words = answer.words
    if answer.needs_person and state == State.PLANNED:
        state = "by_hand"
    elif state == State.PLANNED and holds:
        state, words = "held", holds[0].reason
    elif state == State.PLANNED and answer.channel.status != "open":
        state, words = "closed", answer.channel.error
    return Sending(
        pk=answer.pk,
        state=state,
        by=answer.author.name if answer.author else "",
        at=clock(answer.settled_at) if answer.settled_at else "",
        words=words,
        needs_person=answer.needs_person and can_act,
        can_cancel=can_act and answer.state == State.PLANNED,
        text=answer.text,
    )


def network_abilities(code: str) -> Abilities:
    """Return what a network can do; one that is no longer installed can do nothing."""
    try:
        return network(code).abilities
    except KeyError:
        return Abilities()


def _to(post: Post, parents: dict[str, Post]) -> str:
    parent = parents.get(post.parent_uri)
    return (parent.author_name or parent.author_handle) if parent else ""


def visibility_words(visibility: str) -> str:
    """Return in one word who can read a post."""
    return {
        "public": _("public"),
        "unlisted": _("public, not in lists"),
        "followers": _("followers only"),
        "direct": _("private"),
    }.get(visibility, visibility)


def preview_of(channel: Channel, post: Post, text: str, visibility: str, warning: str) -> Preview:
    """Return an answer as the network will show it. Touches no network, decrypts no secret."""
    account = Account(channel.network_code, channel.handle, channel.identity, channel.settings)
    client = network(channel.network_code).connect(account, Door())
    outward = Outward(
        key="preview",
        text=text,
        written_at=post.posted_at,
        reply_to=post.uri,
        root=post.root_uri,
        to=Author(post.author_id, post.author_handle, post.author_name),
        visibility=Visibility(visibility),
        content_warning=warning,
    )
    made = client.preview(outward)
    return replace(made, max_length=channel.max_length) if channel.max_length else made

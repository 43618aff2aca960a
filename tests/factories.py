"""Rows for tests: plain functions with a sensible answer for everything left out.

All people and municipalities are made up.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from plein_web.channels.models import Channel, Outgoing, Post, Source
from plein_web.inbox.models import Conversation, Entry
from plein_web.town.access import Actor
from plein_web.town.models import Membership, Person, Town

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
_number = count(1)


def waterdam() -> Town:
    """Return the town of Waterdam, preset ruim."""
    return Town.objects.get_or_create(slug="waterdam", defaults={"name": "Waterdam", "preset": Town.Preset.FULL})[0]


def oeverloo() -> Town:
    """Return the village of Oeverloo, preset klein."""
    return Town.objects.get_or_create(slug="oeverloo", defaults={"name": "Oeverloo", "preset": Town.Preset.SMALL})[0]


def person(email: str, name: str, **roles: str) -> Person:
    """Return a person with a role per town slug: `person("a@b.example", "A", waterdam="reader")`."""
    found = Person.objects.filter(email=email).first() or Person.objects.create_user(email, name=name)
    for slug, role in roles.items():
        Membership.objects.get_or_create(person=found, town=Town.objects.get(slug=slug), defaults={"role": role})
    return found


def sanne(*towns: Town) -> Person:
    """Sanne Bos: administrator in every town given."""
    return person("sanne.bos@waterdam.example", "Sanne Bos", **{town.slug: "administrator" for town in towns})


def femke(town: Town) -> Person:
    """Femke Visser: webcare."""
    return person("femke.visser@waterdam.example", "Femke Visser", **{town.slug: "webcare"})


def daan(town: Town) -> Person:
    """Daan de Wit: reader."""
    return person("daan.de.wit@oeverloo.example", "Daan de Wit", **{town.slug: "reader"})


def actor(who: Person, town: Town) -> Actor:
    """Return a person as an actor in a town."""
    return Actor(who, town, Membership.objects.get(person=who, town=town))


def channel(town: Town, *, network: str = "memory", handle: str = "", **fields: Any) -> Channel:
    """Return a connected channel, the memory network's by default."""
    handle = handle or f"gemeente-{town.slug}-{next(_number)}"
    fields = {"identity": handle, "name": f"Gemeente {town.name}", **fields}
    return Channel.objects.create(town=town, network_code=network, handle=handle, **fields)


def memory_channel(town: Town, address: str, *, handle: str = "", **fields: Any) -> Channel:
    """Return a channel on the practice square at this address, with its mentions source."""
    made = channel(town, handle=handle, settings={"address": address}, **fields)
    source(town, channel=made)
    return made


def source(town: Town | None, *, channel: Channel | None = None, kind: str = "mentions", **fields: Any) -> Source:
    """Return a source: the channel's mentions by default."""
    fields = {"network_code": channel.network_code if channel else "memory", **fields}
    return Source.objects.create(town=town, channel=channel, kind=kind, **fields)


def post(town: Town, *, channel: Channel | None = None, text: str = "Wanneer wordt het glas opgehaald?", **fields: Any):
    """Return an addressed post; `parent` (a Post) makes it an answer to that one."""
    number = next(_number)
    uri = fields.pop("uri", f"memory://square/{number}")
    parent: Post | None = fields.pop("parent", None)
    posted_at = fields.pop("posted_at", NOW + timedelta(seconds=number))
    values = {
        "network_code": channel.network_code if channel else "memory",
        "parent_uri": parent.uri if parent else "",
        "root_uri": parent.root_uri if parent else uri,
        "author_id": "resident-joke",
        "author_handle": "joke",
        "author_name": "Joke Terpstra",
        "version_at": posted_at,
        **fields,
    }
    return Post.objects.create(town=town, channel=channel, uri=uri, text=text, posted_at=posted_at, **values)


def conversation(town: Town, *, channel: Channel | None = None, texts: tuple[str, ...] = (), **fields: Any):
    """Return a conversation with a post for every text, as the inbox would have made it."""
    posts: list[Post] = []
    for text in texts or ("Wanneer wordt het glas opgehaald?",):
        posts.append(post(town, channel=channel, text=text, parent=posts[-1] if posts else None))
    values = {
        "network_code": posts[0].network_code,
        "root_uri": posts[0].root_uri,
        "title": posts[0].text[:160],
        "resident": posts[-1].author_name,
        "snippet": posts[-1].text[:240],
        "posts": len(posts),
        "unseen": len(posts),
        "waiting_since": posts[0].posted_at,
        "last_post_at": posts[-1].posted_at,
        **fields,
    }
    made = Conversation.objects.create(town=town, channel=channel, **values)
    Entry.objects.bulk_create(Entry(conversation=made, post=one) for one in posts)
    return made


def outgoing(channel: Channel, *, text: str = "We halen het glas donderdag op.", **fields: Any) -> Outgoing:
    """Return something planned to be sent, by somebody who works in the town."""
    import uuid

    if "author" not in fields:
        member = Membership.objects.filter(town=channel.town).order_by("id").first()
        fields["author"] = member.person if member else person("piet.planner@waterdam.example", "Piet Planner")
    fields = {"kind": "reply" if fields.get("reply_to") else "post", **fields}
    return Outgoing.objects.create(town=channel.town, channel=channel, key=uuid.uuid4(), text=text, **fields)

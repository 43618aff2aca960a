"""Set the stage: two towns, who works there, their accounts on the practice square, what they listen to.

Everything is made by the actions that the screens use.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from plein.town.roles import Role
from plein_web.channels.actions import add_source, connect_channel, enter_by_hand
from plein_web.channels.models import Channel, Source
from plein_web.listening.actions import make_watch
from plein_web.listening.lawful.deciding import decide_by_link
from plein_web.listening.rights.actions import tell_particulars
from plein_web.site.demo.clock import Clock
from plein_web.site.demo.stories import Cast, Town, moment
from plein_web.town import people as hall
from plein_web.town.access import Actor, actor_for
from plein_web.town.models import Person

# A watch says itself when it ends; an exercise of a year is long enough.
WATCH_FOR = timedelta(days=360)


@dataclass(frozen=True, slots=True)
class Stage:
    """A town that is ready to play: its accounts by handle, and who acts in it by name."""

    town: Town
    accounts: dict[str, Channel]
    hand: Channel
    actors: dict[str, Actor]

    @property
    def administrator(self) -> Actor:
        """Return who may do everything here."""
        return administrator(self.actors)


def administrator(actors: dict[str, Actor]) -> Actor:
    """Return who may do everything."""
    return next(actor for actor in actors.values() if actor.membership.role == Role.ADMINISTRATOR)


def set_stage(cast: Cast, square: Path) -> list[Stage]:
    """Make the towns with their people, channels and watches, as on their first day."""
    people = {one.key: _person(one.email, one.name) for one in cast.people}
    stages = []
    for town in cast.towns:
        actors = engage(town, cast, people)
        founder = administrator(actors)
        accounts = {one["handle"]: _account(founder, one, square) for one in town.channels}
        hand = connect_channel(actor=founder, network_code="manual", handle=town.hand, settings={}, secrets={})
        stages.append(Stage(town, accounts, hand, actors))
        _listen(founder, town, square)
        _tell_register(actors)
    return stages


def make_people(cast: Cast) -> dict[str, Person]:
    """Make a person for everybody who works somewhere."""
    return {one.key: Person.objects.create_user(one.email, name=one.name, language="nl") for one in cast.people}


def enter_by_phone(stage: Stage, clock: Clock, now: datetime) -> None:
    """Enter what people told at the desk and by phone."""
    for told in stage.town.entered:
        clock.now = moment(told["when"], now)
        enter_by_hand(
            actor=stage.administrator,
            channel=stage.hand,
            author_name=told["author"],
            text=told["says"],
            posted_at=clock.now,
        )


def _person(email: str, name: str) -> Person:
    """Make somebody who comes in by link and is never asked to choose a password first."""
    return Person.objects.create_user(email, secrets.token_urlsafe(24), name=name, language="nl")


def engage(town: Town, cast: Cast, people: dict[str, Person]) -> dict[str, Actor]:
    """Found a town and let in who works there; returns them by key."""
    roles = {one.key: one.roles[town.slug] for one in cast.people if town.slug in one.roles}
    first = next(key for key, role in roles.items() if role == Role.ADMINISTRATOR)
    founder = hall.found_town(name=town.name, preset=town.preset, administrator=people[first])
    if town.rooms:
        hall.change_town(actor=founder, name=town.name, preset=town.preset, rooms=list(town.rooms), language="nl")
    for key, role in roles.items():
        if key != first:
            hall.invite(actor=founder, name=people[key].name, email=people[key].email, role=role)
    return {key: actor_for(people[key], town.slug, room="channels") for key in roles}


def _account(founder: Actor, told: dict, square: Path) -> Channel:
    settings = {"address": str(square), "name": told["name"]}
    return connect_channel(actor=founder, network_code="memory", handle=told["handle"], settings=settings, secrets={})


def _tell_register(actors: dict[str, Actor]) -> None:
    """Let the privacy officer, where there is one, complete the public register."""
    for actor in actors.values():
        if actor.membership.role == Role.PRIVACY_OFFICER:
            host = actor.town.slug
            tell_particulars(
                actor=actor,
                owner="Teammanager communicatie",
                contact=f"privacy@{host}.example",
                officer=f"fg@{host}.example",
                processor=f"Gemeente {actor.town.name}, op eigen servers in het stadhuis",
            )


def _listen(founder: Actor, town: Town, square: Path) -> None:
    """Read the whole square, and keep of it only what a watch asks for."""
    source = add_source(actor=founder, network_code="memory", kind="public", address="")
    Source.objects.filter(pk=source.pk).update(settings={"address": str(square)})
    for watch in town.watches:
        listen_for(founder, watch, founder.membership.town.created_at + WATCH_FOR)


def listen_for(founder: Actor, watch: dict, ends_at: datetime) -> None:
    """Make a watch, and have the one approve it who answers for the task: by link, without an account."""
    name, email = "Ineke Vermaat", "ineke.vermaat@waterdam.example"
    who = {"approver_name": name, "approver_email": email}
    told = {name: watch[name] for name in ("name", "query", "purpose")}
    made = make_watch(actor=founder, purpose_code=watch.get("for", "services"), ends_at=ends_at, **told, **who)
    decide_by_link(terms=made.terms.get(), approved=True, name=name, reason="")

"""What the frame around every page needs: who you are, which town, which rooms, what stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from plein.town.roles import Right
from plein.town.rooms import NUMBERS, shown
from plein_web.channels.models import Outgoing, SendHold
from plein_web.inbox.models import Conversation
from plein_web.town.access import Actor
from plein_web.town.models import Membership, Person, Town

LAST_TOWN = "last_town"
# Enough to say "99+": a count may not grow with the town.
MANY = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the rail. `name` is both the url name and the room that it stands for."""

    name: str
    label: str
    icon: str
    key: int | None = None
    on_phone: bool = True
    # Whether it has a figure, and the figure: none while there is nothing to do.
    counted: bool = False
    count: str = ""


LABELS = {"channels": _("Channels"), "listening": _("Listening"), "inbox": _("Inbox")}
ON_PHONE = frozenset({"listening", "inbox"})
# Pages that belong to a room under another first word of their address.
PLACES = {"sources": "channels"}


def shell(request: HttpRequest) -> dict:
    """Return the context of the frame. Pages of nobody in particular get an empty one."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"person": None, "html_class": settings.PLEIN_THEME_CLASS, "themed": bool(settings.PLEIN_THEME_CSS)}
    memberships = list(Membership.objects.select_related("town").filter(person=person).order_by("town__name"))
    found: dict = {
        "person": person,
        "towns": [membership.town for membership in memberships],
        "room": _room(request),
        "html_class": _html_class(person),
        "themed": bool(settings.PLEIN_THEME_CSS),
    }
    membership = _current(request, memberships)
    if membership is not None:
        found |= _of_town(Actor(person, membership.town, membership))
    return found


def _html_class(person: Person) -> str:
    chosen = "" if person.theme == "auto" else f"theme-{person.theme}"
    return f"{settings.PLEIN_THEME_CLASS} {chosen}".strip()


def _current(request: HttpRequest, memberships: list[Membership]) -> Membership | None:
    """Return the role in the town of the address; elsewhere, in the town where one was last."""
    match = request.resolver_match
    asked = match.kwargs.get("town") if match else None
    slug = asked or request.session.get(LAST_TOWN)
    found = next((m for m in memberships if m.town.slug == slug), None)
    if found and asked and request.session.get(LAST_TOWN) != asked:
        request.session[LAST_TOWN] = asked
    if found is None and not asked and memberships:
        return memberships[0]
    return found


def _room(request: HttpRequest) -> str:
    """Return which item of the rail is lit: the first word after the town."""
    parts = request.path.strip("/").split("/")
    word = parts[1] if len(parts) > 1 else parts[0]
    return PLACES.get(word, word)


def _of_town(actor: Actor) -> dict:
    standing = SendHold.objects.standing().filter(town=actor.town).select_related("channel", "placed_by")
    holds = list(standing.order_by("channel_id", "id"))
    held = Outgoing.objects.of(actor.town).to_leave().count() if holds else 0
    return {"actor": actor, "town": actor.town, "rooms": _items(actor), "holds": holds, "held": held}


def _items(actor: Actor) -> list[Item]:
    """Return the rail of a person in a town."""
    # Who is here for the watches needs their room, also where a small town does not show it.
    switched_on = actor.town.rooms if actor.may(Right.READ, "inbox") else ["listening"]
    codes = [room for room in shown(actor.town.preset, switched_on) if actor.may(Right.READ, room)]
    items = [_item(code, actor.town) for code in codes]
    if actor.may(Right.READ, "inbox"):
        items.append(Item("digest", _("Digest"), "digest"))
        items.append(Item("stop", _("Stop"), "stop"))
    return items


def _item(code: str, town: Town) -> Item:
    count = COUNTS[code](town) if code in COUNTS else ""
    return Item(code, LABELS[code], code, NUMBERS[code], code in ON_PHONE, code in COUNTS, count)


def _to_do(town: Town) -> str:
    count = Conversation.objects.of(town).to_do()[:MANY].count()
    return f"{MANY - 1}+" if count == MANY else str(count or "")


COUNTS: dict[str, Callable[[Town], str]] = {"inbox": _to_do}

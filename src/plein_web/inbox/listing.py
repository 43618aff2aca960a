"""The list of conversations as a page asks for it: a tab or a search, from a place downwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from plein_web.inbox.access import number_of
from plein_web.inbox.asking import drafts_of, tab_counts
from plein_web.inbox.hearing import Hearing, hearing_now
from plein_web.inbox.models import Conversation
from plein_web.inbox.queries import COUNT_TO
from plein_web.inbox.shown import AT, Group, groups
from plein_web.town.access import Actor

PAGE = 50
TABS = ("todo", "mine", "waiting", "done")


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: its name, its address, how many there are, whether it is the one shown."""

    code: str
    label: str
    url: str
    count: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """What the list pane shows."""

    tab: str
    search: str
    tabs: list[Tab]
    groups: list[Group]
    older: str
    url: str
    hearing: Hearing
    selected: int
    focus: int


def of(actor: Actor, asked: Mapping[str, str], now: datetime, selected: Conversation | None = None) -> Listing:
    """Return the list that an address asks for. What it asks wrongly is as if it did not ask."""
    tab, search = _tab(asked), asked.get("q", "").strip()[:200]
    kept = _query(tab, search)
    found = list(_below(_wanted(actor, tab, search), asked.get("before", ""))[: PAGE + 1])
    base = reverse("inbox", args=[actor.town.slug])
    return Listing(
        tab=tab,
        search=search,
        tabs=_tabs(actor, "" if search else tab, base),
        groups=groups(found[:PAGE], actor, now, kept, drafts_of(actor.person)),
        older=f"{base}{_query(tab, search, before=_place(found[PAGE - 1]))}" if len(found) > PAGE else "",
        url=base + kept,
        hearing=hearing_now(actor, now),
        selected=selected.pk if selected else number_of(asked.get("selected", "")),
        focus=number_of(asked.get("focus", "")),
    )


def below(actor: Actor, moved: Conversation, asked: Mapping[str, str]) -> int:
    """Return which row takes the focus when one leaves the list: the next, else the one before."""
    rows = _wanted(actor, _tab(asked), asked.get("q", "").strip()).exclude(pk=moved.pk).values_list("pk", flat=True)
    return rows.below(moved.last_post_at, moved.pk).first() or rows.first() or 0


@cache
def _all_rows():
    """Return the question that every list starts from: put together once, copied for each page."""
    return Conversation.objects.newest_first().as_rows()


def _wanted(actor: Actor, tab: str, search: str):
    ours = _all_rows().of(actor.town)
    return ours.with_words(actor.town, search) if search else ours.in_tab(tab, actor.person)


def _tab(asked: Mapping[str, str]) -> str:
    return asked["tab"] if asked.get("tab") in TABS else "todo"


def _tabs(actor: Actor, chosen: str, base: str) -> list[Tab]:
    counts = tab_counts(actor.town, actor.person)
    labels = {"todo": _("To do"), "mine": _("Mine"), "waiting": _("Waiting"), "done": _("Done")}
    return [
        Tab(code, labels[code], base + _query(code, ""), _figure(counts.get(code)), code == chosen) for code in TABS
    ]


def _figure(count: int | None) -> str:
    if count is None:
        return ""
    return str(count) if count < COUNT_TO else f"{COUNT_TO - 1}+"


def _query(tab: str, search: str, **more: str) -> str:
    asked = ({"q": search} if search else {"tab": tab} if tab != "todo" else {}) | more
    return f"?{urlencode(asked)}" if asked else ""


def _place(row: tuple) -> str:
    return f"{row[AT].isoformat()}_{row[0]}"


def _below(rows, before: str):
    moment, _separator, pk = before.rpartition("_")
    try:
        return rows.below(datetime.fromisoformat(moment), int(pk)) if moment else rows
    except ValueError:
        return rows

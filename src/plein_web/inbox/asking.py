"""What every look at the list asks, put into SQL once: the figures beside the tabs, own drafts, answers that got stuck.

Putting a question together takes the ORM longer than the database needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.db import connection, models
from django.db.models import Q, Subquery

from plein.channels.outgoing import State
from plein_web.channels.models import Outgoing
from plein_web.inbox.models import Conversation, Draft
from plein_web.inbox.queries import COUNT_TO
from plein_web.town.models import Person, Town

# What is done is not counted: it only grows.
COUNTED = ("todo", "mine", "waiting")


def tab_counts(town: Town, person: Person) -> dict[str, int]:
    """Return the figures beside the tabs, at most COUNT_TO."""
    return dict(zip(COUNTED, _answers(_counts, town.pk, person.pk)[0], strict=True))


def drafts_of(person: Person) -> frozenset[int]:
    """Return the conversations, of whichever town, in which a person is writing something."""
    return frozenset(pk for (pk,) in _answers(_drafts, person.pk))


def stuck(town: Town) -> list[int]:
    """Return what we sent that only a person can mend: refused, or unknown to the network too; few are counted."""
    return [pk for (pk,) in _answers(_stuck, town.pk)]


class _Counted(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = models.IntegerField()


def _counts(town: int, person: int) -> models.QuerySet:
    ours = Conversation.objects.of(town)
    few = (ours.in_tab(tab, person).values("pk")[:COUNT_TO] for tab in COUNTED)
    return Town.objects.filter(pk=town).values_list(*map(_Counted, few))


def _drafts(person: int) -> models.QuerySet:
    return Draft.objects.filter(person=person).exclude(text="").values_list("conversation_id")


def _stuck(town: int) -> models.QuerySet:
    troubled = Q(state=State.REFUSED) | Q(state=State.UNKNOWN, needs_person=True)
    found = Outgoing.objects.of(town).filter(troubled, answer__isnull=False)
    return found.order_by("-id").values_list("pk")[:COUNT_TO]


def _answers(question: Callable[..., models.QuerySet], *keys: int) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(*_as_sql(question, *keys))
        return cursor.fetchall()


@lru_cache(maxsize=1_000)
def _as_sql(question: Callable[..., models.QuerySet], *keys: int) -> tuple[str, tuple]:
    return question(*keys).query.sql_with_params()

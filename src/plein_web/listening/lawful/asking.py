"""Put what a watch says to whoever has to approve it."""

from __future__ import annotations

from datetime import datetime, timedelta

from plein.listening.lawful.purposes import ALL_PURPOSES, article_of
from plein.listening.watching import Ground, Proposal
from plein_web.listening.lawful.models import Terms
from plein_web.listening.models import Watch
from plein_web.town.models import Person

# What a version holds, under the same names in a proposal, in terms and in a watch.
SAID = ("name", "query", "purpose_code", "purpose", "legal_ground", "article", "ends_at", "review_at")


def proposed(
    maker: Person,
    owner: Person,
    now: datetime,
    *,
    name: str,
    query: str,
    purpose: str,
    ends_at: datetime | None,
    purpose_code: str,
    approver_name: str,
    approver_email: str,
    article: str = "",
) -> Proposal:
    """Return what somebody wants, with the article and the review of its purpose where they named none."""
    known = ALL_PURPOSES.get(purpose_code)
    review_at = ends_at and known and min(ends_at, now + timedelta(days=known.review_days))
    return Proposal(
        name=name,
        query=query,
        purpose=purpose,
        legal_ground=Ground.PUBLIC_TASK.value,
        owner=owner.email,
        ends_at=ends_at,
        purpose_code=purpose_code,
        article=article_of(purpose_code, article),
        review_at=review_at,
        maker=maker.email,
        approver_name=approver_name,
        approver_email=approver_email,
    )


def said(form: Proposal | Terms | Watch) -> dict:
    """Return what a version says, as fields."""
    return {name: getattr(form, name) for name in SAID}


def ask(watch: Watch, wanted: Proposal, maker: Person, now: datetime) -> Terms:
    """Put a version to its approver; an earlier one that nobody decided about goes. Within a transaction."""
    withdraw(watch, now)
    who = {"approver_name": wanted.approver_name, "approver_email": wanted.approver_email}
    return Terms.objects.create(watch=watch, maker=maker, made_at=now, **said(wanted), **who)


def withdraw(watch: Watch, now: datetime) -> None:
    """Take back what waits for a decision."""
    Terms.objects.filter(watch=watch, decided_at=None, superseded_at=None).update(superseded_at=now)


def waiting(watch: Watch) -> Terms | None:
    """Return the version that waits for a decision, if there is one."""
    return Terms.objects.pending().filter(watch=watch).select_related("maker").last()


def is_waiting(terms: Terms) -> bool:
    """Whether a version waits for a decision."""
    return terms.decided_at is None and terms.superseded_at is None and terms.watch.stopped_at is None


def newest(watch: Watch) -> Terms | None:
    """Return the version that was asked for last, whatever became of it."""
    return Terms.objects.filter(watch=watch).select_related("maker", "watch__owner").order_by("-id").first()

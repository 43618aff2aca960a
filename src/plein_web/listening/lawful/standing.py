"""From rows to what the rules judge: in which state a watch is, who advises, what the mayor signed."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from plein.listening.lawful import public_order, states
from plein.listening.lawful.purposes import PUBLIC_ORDER
from plein.town.roles import Role
from plein_web.listening.lawful.models import Mandate
from plein_web.listening.models import Watch
from plein_web.town.models import Membership, Town

OFFICERS = (Role.PRIVACY_OFFICER, Role.DATA_PROTECTION_OFFICER)


def standing_of(watch: Watch, mandated: frozenset[int] = frozenset()) -> states.Standing:
    """Return what decides about a watch; `mandated` are the towns with a mandate of the mayor."""
    return states.Standing(
        starts_at=watch.starts_at,
        ends_at=watch.ends_at,
        review_at=watch.review_at,
        approved_at=watch.approved_at,
        refused_at=watch.refused_at,
        stopped_at=watch.stopped_at,
        public_order=watch.purpose_code == PUBLIC_ORDER.code,
        mandated=watch.town_id in mandated,
    )


def standing_mandates(now: datetime):
    """Return the mandates that hold today, as rows."""
    return Mandate.objects.filter(withdrawn_at=None, until__gte=timezone.localdate(now))


def mandated_towns(now: datetime) -> frozenset[int]:
    """Return the towns whose mayor lets them listen for public order now."""
    return frozenset(standing_mandates(now).values_list("town", flat=True))


def mandate_of(town: Town, now: datetime) -> public_order.Mandate | None:
    """Return the mandate that holds longest, if there is one."""
    row = standing_mandates(now).filter(town=town).order_by("-until").first()
    return public_order.Mandate(row.until) if row else None


def officers_of(town: Town) -> list[str]:
    """Return the addresses of who advises in a town."""
    return list(Membership.objects.filter(town=town, role__in=OFFICERS).values_list("person__email", flat=True))

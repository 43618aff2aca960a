"""What the screens say of the approval of a watch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from plein.listening.lawful.states import State

# Why a watch does not search that is neither over nor stopped.
STILL = {
    State.WAITING: _("waits for approval"),
    State.REFUSED: _("refused"),
    State.REVIEW_DUE: _("stands still: review needed"),
    State.NO_MANDATE: _("stands still: no mandate"),
}
ROLES = {"privacy_officer": _("Privacy officer"), "data_protection_officer": _("Data protection officer")}


def review_in(days: int) -> str:
    """Return that a watch has to be reviewed."""
    return ngettext("review within %(days)d day", "review within %(days)d days", days or 1) % {"days": days or 1}


def ends_in(days: int) -> str:
    """Return that a watch ends."""
    return ngettext("ends within %(days)d day", "ends within %(days)d days", days or 1) % {"days": days or 1}

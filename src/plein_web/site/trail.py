"""`plein audit verify`."""

from __future__ import annotations

from plein_web.site.saying import gettext as _
from plein_web.site.saying import ngettext
from plein_web.town.models import AuditRow, AuditSeal, Town
from plein_web.town.trail import faults

KINDS = {
    "changed": _("was changed after it was sealed"),
    "count": _("rows under this seal were removed or added"),
    "seal": _("the seal does not fit its rows"),
    "chain": _("a seal before this one was removed or replaced"),
    "head": _("this seal was there and is gone: the end was cut off, or an older database was put back"),
}


# A wrong key makes a fault of every row.
MOST_SHOWN = 20


def command(slug: str | None) -> int:
    """Check the trail of one town or of all; the exit code is 1 when something does not fit."""
    wrong = 0
    for town in Town.objects.filter(**({"slug": slug} if slug else {})).order_by("name"):
        wrong += _check(town)
    return 1 if wrong else 0


def _check(town: Town) -> int:
    found = 0
    for fault in faults(town):
        found += 1
        if found > MOST_SHOWN:
            continue
        where = _("row %(row)s, seal %(seal)s") if fault.row else _("seal %(seal)s")
        print(f"{town.name}: {where % {'row': fault.row, 'seal': fault.seal}}: {KINDS[fault.kind]}")
    if found > MOST_SHOWN:
        print(f"{town.name}: " + _("and %(number)d more") % {"number": found - MOST_SHOWN})
    last = AuditSeal.objects.filter(town=town).order_by("-id").first()
    tail = AuditRow.objects.filter(town=town, seal=None).count()
    sealed = AuditRow.objects.filter(town=town).exclude(seal=None).count()
    print(
        f"{town.name}: "
        + ngettext("%(number)d sealed row", "%(number)d sealed rows", sealed) % {"number": sealed}
        + ", "
        + _("%(number)d not sealed yet") % {"number": tail}
    )
    if last:
        # Kept elsewhere, this line shows later that nothing was cut off at the end.
        print(_("  newest seal, worth keeping elsewhere: %(digest)s") % {"digest": last.digest})
    return found

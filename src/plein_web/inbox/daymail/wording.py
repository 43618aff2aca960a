"""The mail of the day in sentences, each with one link; the same for text and HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.inbox.daymail import Day, Trouble
from plein_web.town.access import Actor
from plein_web.town.moments import span


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and where it leads."""

    text: str
    address: str


def mail_for(actor: Actor, day: Day, connection) -> EmailMultiAlternatives:
    """Return the mail; the language of the reader has to be switched on."""
    lines, end = list(lines_of(actor, day)), _page("digest", actor)
    made = EmailMultiAlternatives(
        subject=_("%(town)s: %(what)s") % {"town": actor.town.name, "what": _subject(day)},
        body="\n\n".join(f"{line.text}\n{line.address}" for line in [*lines, Line(_end(), end)]),
        to=[actor.person.email],
        # A machine wrote this: no out-of-office answers to it, please (RFC 3834).
        headers={"Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    context = {"lines": lines, "end": Line(_end(), end), "person": actor.person, "town": actor.town}
    made.attach_alternative(render_to_string("inbox/day_mail.html", context), "text/html")
    return made


def lines_of(actor: Actor, day: Day) -> Iterator[Line]:
    """Yield what there is to tell."""
    if day.quiet:
        yield Line(_("Nothing waits, nothing was overheard and nothing failed. All runs."), _page("digest", actor))
    if day.waiting:
        yield Line(_waiting(day), _page("inbox", actor))
    elif day.came:
        said = ngettext("%(num)d message came in. Nobody waits.", "%(num)d messages came in. Nobody waits.", day.came)
        yield Line(said % {"num": day.came}, _page("inbox", actor))
    for heard in day.heard:
        said = ngettext(
            "Overheard: %(num)d message on %(watch)s.", "Overheard: %(num)d messages on %(watch)s.", heard.count
        )
        yield Line(said % {"num": heard.count, "watch": heard.name}, _page("watch", actor, heard.watch))
    for trouble in day.troubles:
        yield _trouble(actor, trouble)


def _waiting(day: Day) -> str:
    said = ngettext(
        "%(num)d conversation waits for an answer, for %(span)s.",
        "%(num)d conversations wait for an answer, the longest for %(span)s.",
        day.waiting,
    )
    return said % {"num": day.waiting, "span": span(day.longest)}


def _trouble(actor: Actor, trouble: Trouble) -> Line:
    match trouble.kind:
        case "stuck":
            said = ngettext("%(num)d answer got stuck.", "%(num)d answers got stuck.", int(trouble.name))
            return Line(said % {"num": int(trouble.name)}, _page("digest", actor))
        case "token":
            said = _("Access to %(name)s ends soon. Connect it anew.")
            return Line(said % {"name": trouble.name}, _page("channel", actor, trouble.row))
        case "channel":
            said = _("Something is wrong with the channel %(name)s.")
            return Line(said % {"name": trouble.name}, _page("channel", actor, trouble.row))
    return Line(_("We no longer hear %(name)s.") % {"name": trouble.name}, _page("running", actor))


def _subject(day: Day) -> str:
    """Return the counts that matter; no names, as a subject shows on every screen."""
    if day.quiet:
        return _("all quiet")
    heard = sum(one.count for one in day.heard)
    parts = [
        ngettext("%(num)d waits", "%(num)d wait", day.waiting) % {"num": day.waiting} if day.waiting else "",
        _("%(num)d overheard") % {"num": heard} if heard else "",
        ngettext("%(num)d failed", "%(num)d failed", len(day.troubles)) % {"num": len(day.troubles)}
        if day.troubles
        else "",
    ]
    return ", ".join(filter(None, parts)) or _("%(num)d came in") % {"num": day.came}


def _end() -> str:
    return _("You get this once on an office day, because you asked for it. Change or stop it here:")


def _page(name: str, actor: Actor, *row: int) -> str:
    return settings.ADDRESS.rstrip("/") + reverse(name, args=[actor.town.slug, *row])

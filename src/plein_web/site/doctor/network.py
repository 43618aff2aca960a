"""Every host we talk to, tried through the same door as the engine uses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from smtplib import SMTPException
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.mail import get_connection

from plein.town.door import DoorClosed
from plein_web.channels.models import Channel, Source
from plein_web.inbox.models import DayMail
from plein_web.site.doctor.finding import Finding, fine, look, wrong
from plein_web.site.logging import without_secrets
from plein_web.site.saying import gettext as _
from plein_web.town.actions import door_for
from plein_web.town.models import Town

SECONDS = 8.0
SKEW = 30


def proxy() -> Iterator[Finding]:
    """Is there a proxy between us and the world?"""
    if settings.PROXY:
        yield fine(_("proxy"), without_secrets(settings.PROXY))
    else:
        yield fine(_("proxy"), _("none; set PLEIN_PROXY where the network needs one"))


def hosts() -> Iterator[Finding]:
    """Can every host be reached?"""
    found = addresses()
    if not found:
        yield fine(_("hosts"), _("no channel or source talks to a host yet"))
    for address, town in found.items():
        yield _tried(address, town)


def addresses() -> dict[str, Town | None]:
    """Return the hosts that the channels and sources name, each with a town that uses it."""
    found: dict[str, Town | None] = {}
    for channel in Channel.objects.exclude(status="disconnected").select_related("town"):
        defaults = {field.name: field.default for field in channel.network.fields if not field.secret}
        for value in {**defaults, **channel.settings}.values():
            _note(found, value, channel.town)
    for source in Source.objects.filter(active=True).select_related("town"):
        for value in (source.address, *source.settings.values()):
            _note(found, value, source.town)
    return found


def _note(found: dict[str, Town | None], value: object, town: Town | None) -> None:
    parts = urlsplit(value) if isinstance(value, str) and "://" in value else None
    if parts and parts.scheme in ("http", "https", "ws", "wss") and parts.netloc:
        scheme = parts.scheme.replace("ws", "http")
        found.setdefault(f"{scheme}://{parts.netloc.rpartition('@')[2]}", town)


def _tried(address: str, town: Town | None) -> Finding:
    check = _("host %(address)s") % {"address": address}
    try:
        with door_for(town).client(timeout=SECONDS) as client:
            answer = client.head(address)
    except DoorClosed as closed:
        return wrong(check, str(closed), _("Allow the address for the municipality, or set PLEIN_ALLOWED_ADDRESSES."))
    except httpx.ProxyError as problem:
        return wrong(
            check, str(problem), _("Check PLEIN_PROXY: %(proxy)s") % {"proxy": without_secrets(settings.PROXY or "")}
        )
    except httpx.HTTPError as problem:
        remedy = _(
            "Is the address right, and does the firewall let it through? For a certificate of your own: PLEIN_CA_FILE."
        )
        return wrong(check, f"{type(problem).__name__}: {problem}", remedy)
    return _answered(check, answer)


def _answered(check: str, answer: httpx.Response) -> Finding:
    seen = _("answers in %(ms)d ms") % {"ms": answer.elapsed.total_seconds() * 1000}
    skew = _skew(answer.headers.get("date", ""))
    if skew > SKEW:
        remedy = _("Set this machine's clock: tokens and signatures depend on it.")
        return look(check, seen + ", " + _("its clock is %(seconds)d s from ours") % {"seconds": skew}, remedy)
    return fine(check, seen)


def _skew(date: str) -> float:
    try:
        return abs((parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def mail() -> Iterator[Finding]:
    """Can mail leave, where somebody asked for it?"""
    wanted = DayMail.objects.filter(on=True).count()
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        seen, remedy = _("mail is only printed"), _("Set PLEIN_EMAIL_URL, for example submission://user:password@host:587.")
        yield look(_("mail"), seen, remedy) if wanted else fine(_("mail"), seen)
        return
    try:
        with get_connection(timeout=SECONDS):
            yield fine(_("mail"), _("%(host)s takes mail, from %(sender)s") % _mail_words())
    except (OSError, SMTPException) as error:
        remedy = _("Look at PLEIN_EMAIL_URL and at the mail server.")
        yield wrong(_("mail"), without_secrets(f"{settings.EMAIL_HOST}: {error}"), remedy)


def _mail_words() -> dict[str, str]:
    return {"host": settings.EMAIL_HOST or settings.EMAIL_BACKEND, "sender": settings.DEFAULT_FROM_EMAIL}


CHECKS = (proxy, hosts, mail)

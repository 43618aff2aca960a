"""The link with which somebody without an account approves: signed, for one version, for two weeks, used once.

What was decided stands in the row of the version; the signature covers every word of it, so that another version
has another link.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from plein_web.listening.lawful.asking import said
from plein_web.listening.lawful.models import Terms

SALT = "plein.approval"
LASTS = timedelta(days=14)
MAIL_SECONDS = 10
# Backends that bring no letter to anybody.
NO_MAIL = ("console", "dummy")


class LinkEnded(ValueError):
    """No link of ours, too old, or no longer what was asked."""


def approval_link(terms: Terms) -> str:
    """Return the address at which the approver sees this version and decides."""
    token = signing.dumps([terms.pk, _stamp(terms)], salt=SALT)
    return settings.ADDRESS.rstrip("/") + reverse("approve", args=[token])


def terms_of_link(token: str) -> Terms:
    """Return the version a link is for, also one that was decided; raises LinkEnded."""
    try:
        pk, stamp = signing.loads(token, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError) as error:
        raise LinkEnded(token) from error
    terms = Terms.objects.select_related("watch__town", "watch__owner", "maker").filter(pk=pk).first()
    if terms is None or _stamp(terms) != stamp:
        raise LinkEnded(token)
    return terms


def can_mail() -> bool:
    """Whether this installation sends letters at all."""
    return not any(word in settings.EMAIL_BACKEND for word in NO_MAIL)


def mail_link(terms: Terms) -> bool:
    """Send the link to the approver; False when that did not work."""
    with translation.override(terms.watch.town.language):
        about = {"town": terms.watch.town.name, "name": terms.name, "link": approval_link(terms)}
        subject = _("%(town)s asks you to approve a watch: %(name)s") % about
        words = _("Please read what we want to search for and why, and approve or refuse it:\n\n%(link)s") % about
    letter = EmailMessage(subject, words, to=[terms.approver_email], connection=get_connection(timeout=MAIL_SECONDS))
    try:
        return bool(letter.send())
    except OSError:
        return False


def _stamp(terms: Terms) -> str:
    words = repr((terms.pk, terms.approver_email, sorted((name, str(value)) for name, value in said(terms).items())))
    return salted_hmac(SALT, words).hexdigest()[:24]

"""One-time links: a way in without a password.

A link is signed, works once, and not for long. Its signature covers the person's password and
last sign-in, so that using it, or changing the password, ends it: no table of links is needed.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from plein_web.town.models import Person

SALT = "plein.one-time-link"
LINK_SECONDS = 15 * 60
INVITATION_SECONDS = 7 * 24 * 3600


class LinkError(ValueError):
    """A one-time link is not one of ours, was used, or is too old."""


def one_time_link(person: Person, *, seconds: int = LINK_SECONDS) -> str:
    """Return an address at which a person signs in once; it ends after so many seconds."""
    token = signing.dumps([person.pk, _stamp(person), seconds], salt=SALT)
    return settings.ADDRESS.rstrip("/") + reverse("enter", args=[token])


def person_of_link(token: str) -> Person:
    """Return whom a one-time link is for. Raises LinkError."""
    try:
        # The link says itself how long it lives, within the signature; none outlives an invitation.
        pk, stamp, seconds = signing.loads(token, salt=SALT, max_age=INVITATION_SECONDS)
        signing.loads(token, salt=SALT, max_age=seconds)
    except (signing.BadSignature, ValueError) as error:
        raise LinkError(token) from error
    person = Person.objects.filter(pk=pk, is_active=True).first()
    if person is None or _stamp(person) != stamp:
        raise LinkError(token)
    return person


def _stamp(person: Person) -> str:
    seen = person.last_login.timestamp() if person.last_login else 0
    return salted_hmac(SALT, f"{person.pk}:{person.password}:{seen}").hexdigest()[:24]

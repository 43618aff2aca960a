"""`plein user`: people, their roles and their way in."""

from __future__ import annotations

import argparse

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _
from plein_web.town.actions import audit
from plein_web.town.links import INVITATION_SECONDS, LINK_SECONDS, one_time_link
from plein_web.town.models import Membership, Person, Town

TERMINAL = "plein user"


def command(options: argparse.Namespace) -> int:
    """Do one of the deeds of `plein user`."""
    {"add": _add, "link": _link, "role": _role, "list": _list}[options.deed](options)
    return 0


def _add(options: argparse.Namespace) -> None:
    town = _town(options.town) if options.town else _only_town()
    _check(options.email)
    with transaction.atomic():
        person = Person.objects.filter(email=options.email.lower()).first() or Person.objects.create_user(
            options.email, name=options.name or options.email.split("@")[0], language=town.language
        )
        Membership.objects.update_or_create(person=person, town=town, defaults={"role": options.role})
        _note(town, "person.invited", person, options.role)
    print(_("%(email)s may now come in to %(town)s. Sign-in link, works once, for a week:") % vars_of(person, town))
    print(one_time_link(person, seconds=INVITATION_SECONDS))


def _link(options: argparse.Namespace) -> None:
    person = _person(options.email)
    for membership in person.memberships.select_related("town"):
        _note(membership.town, "person.link_made", person, membership.role)
    print(_("Sign-in link for %(email)s, works once, for %(number)d minutes:") % _of_link(person))
    print(one_time_link(person))


def _role(options: argparse.Namespace) -> None:
    person, town = _person(options.email), _town(options.town)
    with transaction.atomic():
        if options.role == "none":
            Membership.objects.filter(person=person, town=town).delete()
        else:
            Membership.objects.update_or_create(person=person, town=town, defaults={"role": options.role})
        _note(town, "person.role_changed", person, options.role)
    print(f"{person.email}  {town.slug}  {options.role}")


def _list(options: argparse.Namespace) -> None:
    for person in Person.objects.prefetch_related("memberships__town").order_by("email"):
        roles = ", ".join(sorted(f"{one.town.slug}: {one.role}" for one in person.memberships.all()))
        print(f"{person.email:<40} {person.name:<24} {roles or _('no role anywhere')}")


def vars_of(person: Person, town: Town) -> dict[str, str]:
    """Return what the sentence about an invitation is made of."""
    return {"email": person.email, "town": town.name}


def _of_link(person: Person) -> dict[str, object]:
    return {"email": person.email, "number": LINK_SECONDS // 60}


def _check(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Told(_("%(email)s is not an e-mail address.") % {"email": email}) from None


def _note(town: Town, action: str, person: Person, role: str) -> None:
    audit(town=town, actor=TERMINAL, action=action, subject=f"person:{person.pk}", details={"role": role})


def _person(email: str) -> Person:
    person = Person.objects.filter(email=email.lower()).first()
    if person is None:
        raise Told(_("There is nobody with the address %(email)s. See: plein user list") % {"email": email})
    return person


def _town(slug: str) -> Town:
    town = Town.objects.filter(slug=slug).first()
    if town is None:
        known = ", ".join(Town.objects.order_by("slug").values_list("slug", flat=True)) or "-"
        raise Told(_("There is no municipality %(slug)s. Known: %(known)s") % {"slug": slug, "known": known})
    return town


def _only_town() -> Town:
    towns = list(Town.objects.all()[:2])
    if not towns:
        raise Told(_("There is no municipality yet. Set it up first, at the address that plein up printed."))
    if len(towns) != 1:
        raise Told(_("Say which municipality with --town."))
    return towns[0]

"""The forms of the hall: people, and how the town is set up."""

from __future__ import annotations

import re
from datetime import datetime, time

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from plein.town.naming import place_of
from plein.town.roles import Role
from plein_web.town.models import Membership, Person, Town
from plein_web.town.words import ACTIONS

ROLES = [
    (Role.WEBCARE.value, lazy("Webcare: reads and answers residents")),
    (Role.READER.value, lazy("Reader: reads along, sends nothing")),
    (Role.ADMINISTRATOR.value, lazy("Administrator: also channels, people and settings")),
    (Role.PRIVACY_OFFICER.value, lazy("Privacy officer: advises on watches, handles what residents ask about their data")),
    (
        Role.DATA_PROTECTION_OFFICER.value,
        lazy("Data protection officer: reads watches and the audit trail, and advises"),
    ),
]
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?")
ROLE_NAMES = [
    (Role.ADMINISTRATOR.value, lazy("Administrator")),
    (Role.WEBCARE.value, lazy("Webcare")),
    (Role.READER.value, lazy("Reader")),
    (Role.PRIVACY_OFFICER.value, lazy("Privacy officer")),
    (Role.DATA_PROTECTION_OFFICER.value, lazy("Data protection officer")),
]
PRESETS = [
    (Town.Preset.SMALL.value, lazy("Small: the inbox, the digest and the stop button")),
    (Town.Preset.FULL.value, lazy("Ample: all rooms")),
]
ROOMS = [("channels", lazy("Channels")), ("listening", lazy("Listening"))]


class InviteForm(forms.Form):
    """Somebody who comes to work here."""

    name = forms.CharField(label=lazy("Name"), max_length=120)
    email = forms.EmailField(label=lazy("E-mail address"))
    role = forms.ChoiceField(label=lazy("Role"), choices=ROLES, widget=forms.RadioSelect, initial=Role.WEBCARE.value)

    def __init__(self, *args: object, town: Town, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.town = town

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if Membership.objects.filter(town=self.town, person__email=email).exists():
            raise ValidationError(_("Somebody with this e-mail address already has a role here."))
        if Person.objects.filter(email=email, is_active=False).exists():
            raise ValidationError(_("The account with this e-mail address is closed."))
        return email


class RoleForm(forms.Form):
    """Another role for somebody."""

    role = forms.ChoiceField(choices=ROLES)
    answers_requests = forms.BooleanField(required=False)


class TownForm(forms.Form):
    """How the town is called, and which rooms it shows."""

    name = forms.CharField(label=lazy("Name of the municipality"), max_length=100)
    language = forms.ChoiceField(label=lazy("Language for new colleagues"), choices=lambda: settings.LANGUAGES)
    preset = forms.ChoiceField(
        label=lazy("Which rooms do you want to see?"),
        widget=forms.RadioSelect,
        choices=PRESETS,
    )
    rooms = forms.MultipleChoiceField(
        label=lazy("With a small town, also show"),
        widget=forms.CheckboxSelectMultiple,
        choices=ROOMS,
        required=False,
    )

    def clean_name(self) -> str:
        return place_of(self.cleaned_data["name"])


class AddressesForm(forms.Form):
    """Private addresses that channels may reach, on purpose."""

    addresses = forms.CharField(
        label=lazy("Allowed private addresses"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=lazy("One a line, with or without a port: mastodon.waterdam.example or 10.0.4.20:8443."),
    )

    def clean_addresses(self) -> list[str]:
        lines = [line.strip().lower() for line in self.cleaned_data["addresses"].splitlines() if line.strip()]
        for line in lines:
            if not HOST.fullmatch(line):
                raise ValidationError(_("%(line)s is not a name or an address."), params={"line": line})
        return lines


class AuditFilter(forms.Form):
    """Which rows of the audit trail to show."""

    actor = forms.CharField(label=lazy("Who"), required=False, max_length=160)
    action = forms.ChoiceField(label=lazy("What"), required=False, choices=lambda: [("", _("Everything")), *_actions()])
    since = forms.DateField(label=lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=lazy("Until and including"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def conditions(self) -> dict[str, object]:
        """Return what rows have to be; days are those of the town."""
        asked = self.cleaned_data
        found = {"actor__icontains": asked["actor"], "action__startswith": asked["action"]}
        if asked["since"]:
            found["at__gte"] = timezone.make_aware(datetime.combine(asked["since"], time.min))
        if asked["until"]:
            found["at__lte"] = timezone.make_aware(datetime.combine(asked["until"], time.max))
        return {name: value for name, value in found.items() if value}


def _actions() -> list[tuple[str, str]]:
    """Return the actions as one reads them, in that order."""
    return sorted(((code, str(text)) for code, text in ACTIONS.items()), key=lambda row: row[1])

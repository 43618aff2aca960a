"""The forms in front of the door, and of one's own account."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from plein.town.naming import place_of
from plein_web.town.forms import PRESETS
from plein_web.town.models import Person, Town


class TownForm(forms.Form):
    """Which municipality is this?"""

    name = forms.CharField(
        label=_("Name of the municipality"), max_length=100, help_text=_("As residents know it, for example Waterdam.")
    )
    preset = forms.ChoiceField(
        label=_("Which rooms do you want to see?"),
        choices=PRESETS,
        initial=Town.Preset.SMALL,
        widget=forms.RadioSelect,
        help_text=_(
            "Small hides Channels and Listening; both keep working, and an administrator shows them under Settings."
        ),
    )

    def clean_name(self) -> str:
        return place_of(self.cleaned_data["name"])


class FirstPersonForm(TownForm):
    """The same, with the first administrator."""

    person_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text=_("You sign in with it."),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A sentence works well."),
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("password"):
            person = Person(email=cleaned.get("email", ""), name=cleaned.get("person_name", ""))
            try:
                validate_password(cleaned["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class MeForm(forms.ModelForm):
    """How Plein looks and behaves for me."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    theme = forms.ChoiceField(
        label=_("Light or dark"),
        choices=[("auto", _("As my device")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    single_keys = forms.BooleanField(
        label=_("Work with single keys"),
        required=False,
        help_text=_("R answers, E closes, the figures go to a room. A single key never sends anything."),
    )

    class Meta:
        model = Person
        fields = ("name", "language", "theme", "single_keys")


class PasswordForm(forms.Form):
    """A new password, with the old one where there is one."""

    old = forms.CharField(
        label=_("Your password now"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A sentence works well."),
    )

    def __init__(self, *args: object, person: Person, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if not person.has_usable_password():
            del self.fields["old"]

    def clean_old(self) -> str:
        if not self.person.check_password(self.cleaned_data["old"]):
            raise ValidationError(_("This is not your password now."))
        return self.cleaned_data["old"]

    def clean_new(self) -> str:
        validate_password(self.cleaned_data["new"], self.person)
        return self.cleaned_data["new"]

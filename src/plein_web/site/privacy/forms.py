"""The forms of the privacy pages: what a resident asks, and what the register says beside the watches."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from plein.channels.registry import network
from plein.listening.proving import UNPROVEN, bare
from plein_web.channels.models import Channel
from plein_web.listening.rights.words import KINDS
from plein_web.town.models import Town

CHOICES = [(kind.value, label) for kind, label in KINDS.items()]


class RequestForm(forms.Form):
    """What a resident asks, about which account, and when that came in."""

    kind = forms.ChoiceField(label=lazy("What does the resident ask?"), choices=CHOICES, widget=forms.RadioSelect)
    network = forms.ChoiceField(label=lazy("On which network?"))
    handle = forms.CharField(
        label=lazy("Account"),
        max_length=200,
        help_text=lazy("As the resident says it. Ask for nothing else: no name, no address, no identity document."),
    )
    received_on = forms.DateField(
        label=lazy("Came in on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=lazy("From this day on there is one month to answer."),
    )

    def __init__(self, *args: object, town: Town, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].choices = [(code, network(code).name) for code in provable(town)]

    def clean_handle(self) -> str:
        handle = bare(self.cleaned_data["handle"])
        if not handle:
            raise ValidationError(_("Write the name of the account."))
        return handle

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has yet to come."))
        return day


def provable(town: Town) -> list[str]:
    """Return the networks on which a code can reach the town."""
    codes = Channel.objects.of(town).values_list("network_code", flat=True)
    return sorted(set(codes) - UNPROVEN)


class ParticularsForm(forms.Form):
    """What only the town can say of itself."""

    owner = forms.CharField(
        label=lazy("Who answers for listening"),
        max_length=120,
        required=False,
        help_text=lazy("A function, not a person: manager of communication."),
    )
    contact = forms.CharField(
        label=lazy("Where residents ask about their data"),
        max_length=200,
        required=False,
        help_text=lazy("An e-mail address or a page of your site."),
    )
    officer = forms.CharField(
        label=lazy("Where the data protection officer can be reached"), max_length=200, required=False
    )
    processor = forms.CharField(
        label=lazy("Who runs this Plein, and where"),
        max_length=200,
        required=False,
        help_text=lazy("For example: our own servers in the town hall, or a supplier with the country of its servers."),
    )

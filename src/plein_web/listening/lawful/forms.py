"""The forms of approval: deciding, advising, and the mandate of the mayor."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class DecisionForm(forms.Form):
    """Yes or no; a no says why."""

    decision = forms.ChoiceField(choices=[("approve", _("Approve")), ("refuse", _("Refuse"))])
    reason = forms.CharField(
        label=_("Reason"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when you refuse: what should be different?"),
    )

    def clean(self) -> dict:
        given = super().clean()
        if given.get("decision") == "refuse" and not given.get("reason", "").strip():
            self.add_error("reason", ValidationError(gettext("Write why you refuse, so that a better watch can be made.")))
        return given


class LinkForm(DecisionForm):
    """The decision of somebody without an account, under their own name."""

    name = forms.CharField(label=_("Your name"), max_length=120)


class AdviceForm(forms.Form):
    """What an officer thinks of it."""

    text = forms.CharField(label=_("Your advice"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class MandateForm(forms.Form):
    """What the mayor signed."""

    mayor = forms.CharField(label=_("Name of the mayor"), max_length=120)
    reference = forms.CharField(
        label=_("Signed document"), max_length=200, help_text=_("Where it can be found: a case number or a file name.")
    )
    until = forms.DateField(
        label=_("Holds until and including"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until < timezone.localdate():
            raise ValidationError(gettext("This day is over."))
        return until

"""What is asked of somebody who hands a place over, or asks something in it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from plein.channels.contract import Abilities
from plein.channels.counting import length
from plein.listening.joining.discovering import PlaceKind
from plein.listening.tokens import Line
from plein_web.channels.models import Channel
from plein_web.listening.elsewhere.models import ConversationPlace


class HandOverForm(forms.Form):
    """To whom, and what they should know."""

    to = forms.TypedChoiceField(label=lazy("To whom?"), coerce=int)
    note = forms.CharField(label=lazy("What should they know?"), max_length=300, required=False)

    def __init__(self, *args, colleagues=(), **kwargs) -> None:
        super().__init__(*args, prefix="hand", **kwargs)
        self.people = {person.pk: person for person in colleagues}
        self.fields["to"].choices = [(pk, str(person)) for pk, person in self.people.items()]

    def clean_to(self):
        """Return the person."""
        return self.people[self.cleaned_data["to"]]


class AskForm(forms.Form):
    """A message of the town under a hashtag."""

    channel = forms.TypedChoiceField(label=lazy("From which account?"), coerce=int)
    text = forms.CharField(
        label=lazy("What do you ask?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        help_text=lazy("Say that you are the municipality. The hashtag has to stand in it, else nobody there sees it."),
    )

    def __init__(self, *args, place: ConversationPlace, accounts=(), **kwargs) -> None:
        initial = {"text": f"\n\n#{place.key}"} | kwargs.pop("initial", {})
        super().__init__(*args, prefix="ask", initial=initial, **kwargs)
        self.place, self.accounts = place, {channel.pk: channel for channel in accounts}
        self.fields["channel"].choices = [(pk, str(channel)) for pk, channel in self.accounts.items()]
        if len(self.accounts) == 1:
            self.fields["channel"].widget = forms.HiddenInput()
            self.fields["channel"].initial = next(iter(self.accounts))

    def clean_channel(self) -> Channel:
        """Return the account."""
        return self.accounts[self.cleaned_data["channel"]]

    def clean_text(self) -> str:
        """Return the text; without the hashtag, or with nothing else, it asks nothing there."""
        text = self.cleaned_data["text"].strip()
        tags = Line(text).tags
        if self.place.kind == PlaceKind.HASHTAG and self.place.key not in tags:
            raise forms.ValidationError(
                _("Put #%(tag)s in your message, else nobody there sees it.") % {"tag": self.place.key}
            )
        if text.casefold() == f"#{self.place.key}":
            raise forms.ValidationError(_("Write what you want to ask."))
        return text

    def clean(self) -> dict:
        """Refuse a text that is too long for the network, before anything is planned."""
        given = super().clean()
        channel, text = given.get("channel"), given.get("text")
        if channel and text and (over := _too_long(channel.abilities, text)):
            told = ngettext(
                "Your text is %(count)d character too long for %(network)s. Make it shorter.",
                "Your text is %(count)d characters too long for %(network)s. Make it shorter.",
                over,
            )
            self.add_error("text", told % {"count": over, "network": channel.network.name})
        return given


def _too_long(abilities: Abilities, text: str) -> int:
    """Return how many characters have to go, as the network counts them."""
    if not abilities.max_length:
        return 0
    return max(0, length(text, abilities.counting, abilities.link_length) - abilities.max_length)

"""The forms of what goes and when: a term, and a hold."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from plein.town.retention import TERMS, Kind, Term
from plein_web.inbox.access import MOST_FIGURES
from plein_web.inbox.models import Conversation
from plein_web.listening.keeping.forgetting import subject_of
from plein_web.listening.models import Watch
from plein_web.town.models import Town

CONVERSATION = "conversation"


class TermForm(forms.Form):
    """How many days a kind of data, or that of one watch, is kept."""

    subject = forms.ChoiceField(label=lazy("Of which"), required=False)
    days = forms.IntegerField(label=lazy("Days"))

    def __init__(self, *args, town: Town, kind: Kind, **kwargs) -> None:
        super().__init__(*args, auto_id=f"id_{kind}_%s", **kwargs)
        term: Term = TERMS[kind]
        days = self.fields["days"]
        days.min_value, days.max_value = term.least, term.most
        days.widget.attrs |= {"min": term.least, "max": term.most, "inputmode": "numeric"}
        days.validators += [forms.fields.validators.MinValueValidator(term.least), forms.fields.validators.MaxValueValidator(term.most)]
        days.help_text = _("From %(least)d to %(most)d days.") % {"least": term.least, "most": term.most}
        if kind is Kind.OVERHEARD:
            self.fields["subject"].choices = [("", _("All watches"))] + watches_of(town)
        else:
            del self.fields["subject"]


class HoldForm(forms.Form):
    """Keep the texts of a watch, or a conversation, from being deleted until a day."""

    subject = forms.ChoiceField(label=lazy("What has to stay?"))
    number = forms.IntegerField(
        label=lazy("Number of the conversation"),
        required=False,
        min_value=1,
        help_text=lazy("It stands at the end of its address: …/inbox/12/. Only for a conversation."),
    )
    reason = forms.CharField(
        label=lazy("Why?"), max_length=300, help_text=lazy("For example: request under the Open Government Act, number 12.")
    )
    until = forms.DateField(
        label=lazy("Until and including"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=lazy("After this day everything goes on as usual. Longer is possible: place it again then."),
    )

    def __init__(self, *args, town: Town, **kwargs) -> None:
        super().__init__(*args, auto_id="id_hold_%s", **kwargs)
        self.town = town
        first = [("", _("Choose")), (CONVERSATION, _("One conversation, by its number"))]
        self.fields["subject"].choices = first + watches_of(town)

    def clean(self) -> dict:
        given = super().clean()
        if given.get("subject") == CONVERSATION:
            number = given.get("number") or 0
            known = len(str(number)) <= MOST_FIGURES and Conversation.objects.of(self.town).filter(pk=number).exists()
            if not known:
                self.add_error("number", _("There is no conversation with this number here. Look in its address."))
            given["subject"] = f"{CONVERSATION}:{number}"
        return given


def watches_of(town: Town) -> list[tuple[str, str]]:
    """Return the watches of a town to choose from."""
    return [
        (subject_of(watch), _("Watch “%(name)s”") % {"name": watch.name}) for watch in Watch.objects.of(town).only("name")
    ]

"""Who wants the mail of the day, and when: a choice of each person, for each town."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from plein.inbox.daymail import HOURS
from plein_web.inbox.models import DayMail
from plein_web.town.access import Actor, actor_for


class DayMailForm(forms.ModelForm):
    """On or off, and at what hour."""

    class Meta:
        model = DayMail
        fields = ["on", "hour"]
        labels = {"on": lazy("Mail me this once on every office day"), "hour": lazy("At what time?")}
        help_texts = {"on": lazy("Only counts and links, no names. Nothing to tell, no mail."), "hour": ""}
        widgets = {"hour": forms.Select(choices=[(hour, f"{hour}.00") for hour in HOURS])}

    def clean_hour(self) -> int:
        if self.cleaned_data["hour"] not in HOURS:
            raise forms.ValidationError(_("Choose one of the hours."))
        return self.cleaned_data["hour"]


def form_for(actor: Actor, given=None) -> DayMailForm:
    """Return the form with what a person chose before."""
    chosen = DayMail.objects.filter(person=actor.person, town=actor.town).first()
    return DayMailForm(given, instance=chosen or DayMail(person=actor.person, town=actor.town))


@transaction.atomic
def choose_day_mail(*, actor: Actor, on: bool, hour: int) -> DayMail:
    """Keep what a person chose; whoever may read the inbox may have its mail."""
    actor.need("read", "inbox")
    values = {"on": on, "hour": hour}
    return DayMail.objects.update_or_create(person=actor.person, town=actor.town, defaults=values)[0]


@login_required
@require_POST
def day_mail(request: HttpRequest, town: str) -> HttpResponse:
    """Take the choice, from the page of the digest."""
    actor = actor_for(request.user, town)
    form = form_for(actor, request.POST)
    if form.is_valid():
        choose_day_mail(actor=actor, on=form.cleaned_data["on"], hour=form.cleaned_data["hour"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose one of the hours."))
    return redirect("digest", town)

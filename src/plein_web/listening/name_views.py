"""The page of a town's own names."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from plein.listening.places.gazetteer import Municipality, find, is_ambiguous, key_of, names_of
from plein.listening.query.terms import place_name
from plein.listening.watching import name_objection
from plein.town.roles import Right
from plein.town.saying import told
from plein_web.listening.access import name_for
from plein_web.listening.elsewhere.shown import tabs_of
from plein_web.listening.models import OwnName, PlaceName
from plein_web.listening.naming import AlreadyThere, NoName, add_name, remove_name, restore_name
from plein_web.town.access import Actor, actor_for

ROOM = "listening"
KINDS: list[tuple[str, Promise]] = [
    ("nickname", lazy("Nickname")),
    ("building", lazy("Building")),
    ("event", lazy("Event")),
    ("neighbourhood", lazy("Neighbourhood or village")),
    ("street", lazy("Street or square")),
]
# What the gazetteer calls the names it knows, for people.
KNOWN = {
    "municipality": lazy("Name"),
    "official": lazy("Other name"),
    "short": lazy("Short name"),
    "former": lazy("Merged municipality"),
    "village": lazy("Village"),
    "dialling": lazy("Dialling code"),
    "frisian": lazy("Frisian name"),
    "dialect": lazy("Name in dialect"),
    "carnival": lazy("Name at carnival"),
    **dict(KINDS),
}


class NameForm(forms.Form):
    """A name that people use."""

    name = forms.CharField(
        label=lazy("What do people say?"),
        max_length=120,
        help_text=lazy("For example the town hall's nickname, the theatre, the sports park, the fair."),
    )
    kind = forms.ChoiceField(label=lazy("What is it?"), choices=KINDS, widget=forms.RadioSelect, initial="nickname")

    def clean_name(self) -> str:
        """Return the name, tidy; one of nothing but signs finds nothing."""
        name = " ".join(self.cleaned_data["name"].split())
        if not key_of(name):
            raise forms.ValidationError(_("Type at least one letter or figure."))
        if objection := name_objection(name):
            raise forms.ValidationError(told(objection, _))
        return name


@login_required
def names(request: HttpRequest, town: str) -> HttpResponse:
    """Show what people call the town, and add a name."""
    posted = request.method == "POST"
    actor = actor_for(request.user, town, Right.WRITE if posted else Right.READ, ROOM)
    form = NameForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            own = add_name(actor=actor, **form.cleaned_data)
        except AlreadyThere:
            form.add_error("name", _("This name is in the list already."))
        else:
            added = _("Added: %(name)s. It is an ordinary word too, so alone it does not count.")
            added = added if is_ambiguous(own.name) else _("Added: %(name)s.")
            messages.success(request, added % {"name": own.name})
            return redirect("own_names", actor.town.slug)
    return render(request, "listening/names.html", _shown(actor, form, request.GET.get("removed", "")))


@login_required
@require_POST
def name_change(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Remove a name, or put it back."""
    actor = actor_for(request.user, town, Right.WRITE, ROOM)
    own = name_for(actor, pk)
    if request.POST.get("do") == "restore":
        try:
            restore_name(actor=actor, own=own)
        except AlreadyThere:
            messages.warning(request, _("%(name)s is in the list already.") % {"name": own.name})
        except NoName as refused:
            messages.warning(request, told(str(refused), _))
        return redirect("own_names", actor.town.slug)
    remove_name(actor=actor, own=own)
    return redirect(f"{request.path.removesuffix(f'{pk}/')}?removed={pk}")


def _shown(actor: Actor, form: NameForm, removed: str) -> dict:
    """Return what the page shows: the own names, those we knew, how many of the registers, and what can be undone."""
    own = list(OwnName.objects.of(actor.town))
    municipality = next(iter(find(place_name(actor.town.name))), None)
    return {
        "actor": actor,
        "town": actor.town,
        "form": form,
        "may_write": actor.may(Right.WRITE, ROOM),
        "own": [(one, dict(KINDS).get(one.kind, one.kind), is_ambiguous(one.name)) for one in own],
        "known": _known(municipality, timezone.localdate()) if municipality else [],
        "loaded": PlaceName.objects.filter(municipality=municipality.code).count() if municipality else 0,
        "tabs": tabs_of(actor.town),
        "undo": _removed(actor, removed) if removed.isdecimal() else None,
    }


def _known(municipality: Municipality, today: date) -> list[tuple[str, str, bool]]:
    return [(name.text, KNOWN.get(name.kind, name.kind), name.ambiguous) for name in names_of(municipality, today)]


def _removed(actor: Actor, number: str) -> OwnName | None:
    return OwnName.objects.filter(town=actor.town, pk=int(number[:15])).exclude(removed_at=None).first()

"""The form of a watch, and the sentence for everything that can be wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from plein.listening.lawful.purposes import ALL_PURPOSES, PUBLIC_ORDER, PURPOSES
from plein.listening.query.errors import QueryError
from plein.listening.query.parsing import parse
from plein.listening.query.simple import SimpleForm, tree_of
from plein.listening.query.simple import form_of as simple_of
from plein.listening.query.terms import place_name
from plein.listening.query.writing import in_words_of, write
from plein.listening.watching import Fault, Ground, Objection, query_objections
from plein.town.saying import told
from plein_web.listening.lawful.asking import is_waiting, newest
from plein_web.listening.lawful.models import Terms
from plein_web.listening.models import Watch
from plein_web.listening.places import known_places
from plein_web.town.models import Town

DEFAULT_DAYS = 90
# Two ways to say what to search for: a few lines, or a query.
LINES, QUERY = "lines", "query"
IN_LINES = ("places", "any_of", "all_of", "none_of")
LINES_FIRST = "any_of"

GROUNDS = {
    Ground.PUBLIC_TASK: _("Task in the public interest (GDPR 6.1e)"),
    # No longer to be chosen; a watch of before may have one.
    "legal_duty": _("Legal duty (GDPR 6.1c)"),
    "vital_interest": _("Vital interest, somebody's life or health (GDPR 6.1d)"),
}

SENTENCES = {
    Fault.NAME_MISSING: _("Give the watch a name."),
    Fault.QUERY_MISSING: _("Write at least one word to search for."),
    Fault.PURPOSE_MISSING: _("Write down what you want to know, and what for."),
    Fault.GROUND_MISSING: _("Choose a legal ground. Without one we may not search."),
    Fault.OWNER_MISSING: _("This watch has no owner."),
    Fault.END_MISSING: _("Fill in an end date. Without an end date we may not search."),
    Fault.END_PAST: _("This end date is over. Choose a day to come."),
    Fault.END_TOO_FAR: _("This end date is too far away. A watch may run for at most %(about)s days."),
    Fault.PURPOSE_CODE_MISSING: _("Choose what this watch is for."),
    Fault.ARTICLE_MISSING: _("Write down which article of law gives this task, such as: Wegenwet, artikel 16."),
    Fault.REVIEW_MISSING: _("Without a moment to look at it again we may not search."),
    Fault.APPROVER_MISSING: _("Fill in who approves this: name and e-mail address of the process owner."),
    Fault.APPROVER_IS_OWNER: _("You cannot approve your own watch. Ask the one who is responsible for this task."),
    Fault.APPROVER_ADVISES: _("A privacy officer or data protection officer advises, and approves nothing. Ask the process owner."),
    Fault.OWNER_ADVISES: _("A privacy officer or data protection officer advises, and owns no watch."),
    Fault.NO_MANDATE: _("Listening for public order is off. The mayor has to sign a mandate first."),
    Fault.PUBLIC_ORDER_TOO_LONG: _("For public order a watch runs for at most seven days, and no longer than the mandate."),
    Fault.DIRECTED: _("For public order we only look at what goes on in a place: ask for the place, without hashtags or links."),
    Fault.NO_ADVICE: _("The data protection officer has to advise on this first."),
}


MISSING = {
    "name": Fault.NAME_MISSING,
    "purpose": Fault.PURPOSE_MISSING,
    "purpose_code": Fault.PURPOSE_CODE_MISSING,
    "approver_name": Fault.APPROVER_MISSING,
    "approver_email": Fault.APPROVER_MISSING,
    "ends_on": Fault.END_MISSING,
}


def sentence(objection: Objection) -> str:
    """Return an objection in words for whoever made the watch."""
    if objection.fault is Fault.QUERY_WRONG:
        return told(objection.about, gettext)
    return str(SENTENCES[objection.fault]) % {"about": objection.about}


def _lines(label: str, help_text: str, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "autocapitalize": "off"})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=20_000, widget=widget)


def asked(given: Mapping[str, str]) -> str:
    """Return the query of a form, filled in either way; raises QueryError where lines make none."""
    if given.get("how") != LINES:
        return (given.get("query") or "").strip()
    lines = {name: tuple((given.get(name) or "").splitlines()) for name in IN_LINES}
    if not any(line.strip() for found in lines.values() for line in found):
        return ""
    return in_words_of(reader(), write(tree_of(SimpleForm(**lines))))


def reader() -> str:
    """Return the language of whoever looks: the words of a query are in it too."""
    return (get_language() or "")[:2]


def in_lines(query: str) -> dict[str, str] | None:
    """Return the lines that ask for the same as a query; None when it says more than they can."""
    try:
        found = simple_of(parse(query))
    except QueryError:
        return None
    return found and {name: "\n".join(getattr(found, name)) for name in IN_LINES}


class WatchForm(forms.Form):
    """What do we search for, why may we, and until when? The rules of watches judge it."""

    name = forms.CharField(
        label=_("Name"), max_length=120, required=True, help_text=_("A subject, for example: Bridge closed.")
    )
    how = forms.ChoiceField(choices=[(LINES, LINES), (QUERY, QUERY)], required=False, widget=forms.HiddenInput)
    places = _lines(
        _("About which place?"),
        _("The name of a municipality, or more with commas between. Villages, former names and nicknames come along."),
        1,
    )
    any_of = _lines(
        _("At least one of these words"),
        _("One per line, or with commas between. Words in a row on one line; brug* for a beginning."),
        4,
    )
    all_of = _lines(_("And all of these"), "", 2)
    none_of = _lines(_("But none of these"), "", 2)
    query = forms.CharField(
        label=_("What do we search for?"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(
            attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off", "autocomplete": "off", "data-query": ""}
        ),
        help_text=_(
            "Words, “words in a row”, AND, OR, NOT, brug* for a beginning, NEAR/4, place:Best. Capitals and accents make no difference."
        ),
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=300,
        required=True,
        help_text=_("What do you want to know, and what will you do with it?"),
    )
    purpose_code = forms.ChoiceField(label=_("What is it for?"), required=True, choices=lambda: purposes())
    article = forms.CharField(
        label=_("Article of law"),
        max_length=200,
        required=False,
        help_text=_("Which law gives the municipality this task? Left empty, the article of the purpose counts."),
    )
    approver_name = forms.CharField(
        label=_("Who approves this?"),
        max_length=120,
        required=True,
        help_text=_("The one who is responsible for this task, not you."),
    )
    approver_email = forms.EmailField(label=_("Their e-mail address"), max_length=160, required=True)
    ends_on = forms.DateField(
        label=_("Stops by itself after"),
        required=True,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("After this day we stop searching. Each message is deleted within 90 days after we found it, or sooner."),
    )

    # The browser would stop at the first empty field; we tell of all of them at once.
    use_required_attribute = False

    def __init__(self, *args, town: Town, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.town = town
        for name, fault in MISSING.items():
            self.fields[name].error_messages["required"] = SENTENCES[fault]

    def clean(self) -> dict:
        """Put everything that is wrong with what is searched for at its field."""
        given = super().clean()
        try:
            given["query"] = asked(given)
        except QueryError as error:
            self.add_error(error.field or LINES_FIRST, told(error.words, gettext))
            return given
        for one in query_objections(given["query"], known_places(self.town, timezone.localdate())):
            self.add_error(self._field(one), sentence(one))
        return given

    def _field(self, one: Objection) -> str:
        if self.data.get("how") != LINES:
            return "query"
        return one.field if one.field in IN_LINES else LINES_FIRST

    def values(self) -> dict:
        """Return the arguments of the action."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in IN_LINES and name != "how"}
        ends_on = given.pop("ends_on", None)
        last = timezone.make_aware(datetime.combine(ends_on + timedelta(days=1), time())) if ends_on else None
        return {**given, "ends_at": last}

    @property
    def details_open(self) -> bool:
        """Whether what is filled in by itself has to be looked at."""
        return bool({"article", "ends_on"} & set(self.errors)) or self["purpose_code"].value() in ("other", PUBLIC_ORDER.code)

    def object_to(self, objections: tuple[Objection, ...]) -> None:
        """Put every objection at its field."""
        for one in objections:
            field = "ends_on" if one.field == "ends_at" else one.field
            place = self._field(one) if field in ("query", *IN_LINES) else field if field in self.fields else None
            self.add_error(place, sentence(one))


def purposes() -> list[tuple[str, str]]:
    """Return what a watch may be for, to choose from."""
    return [("", gettext("Choose")), *((one.code, told(one.name, gettext)) for one in ALL_PURPOSES.values())]


def ready_made() -> list[tuple[str, str, str]]:
    """Return the watches that are ready but for the place and the approval: code, name and what for."""
    return [(one.code, told(one.name, gettext), told(one.why, gettext)) for one in PURPOSES.values() if one.words]


def empty_form(town: Town, ready: str = "") -> WatchForm:
    """Return the form of a new watch: about the town itself, with an end date that somebody will see coming.

    `ready` is the code of a ready-made one; then only the approver is left to fill in.
    """
    chosen = PURPOSES.get(ready)
    ends_on = timezone.localdate() + timedelta(days=chosen.days if chosen else DEFAULT_DAYS)
    first = {"how": LINES, "places": place_name(town.name), "ends_on": ends_on}
    if chosen:
        name, why = told(chosen.name, gettext), told(chosen.why, gettext) if chosen.why else ""
        first |= {"purpose_code": ready, "name": name, "purpose": why, "any_of": "\n".join(chosen.words)}
    return WatchForm(town=town, initial=first)


def form_again(watch: Watch) -> WatchForm:
    """Return the form of a new watch that asks for the same as one that stopped."""
    form = form_of(watch)
    form.initial["ends_on"] = timezone.localdate() + timedelta(days=DEFAULT_DAYS)
    return form


def form_of(watch: Watch) -> WatchForm:
    """Return the form with what a watch says now, or would say once that is approved."""
    asked = newest(watch)
    now = asked if asked and is_waiting(asked) else watch
    lines = in_lines(now.query)
    return WatchForm(
        town=watch.town,
        initial={
            **(lines or {}),
            "how": QUERY if lines is None else LINES,
            "name": now.name,
            "query": now.query,
            "purpose": now.purpose,
            "purpose_code": now.purpose_code,
            "article": now.article,
            "approver_name": asked.approver_name if asked else "",
            "approver_email": asked.approver_email if asked else "",
            "ends_on": last_day(now),
        }
    )


def last_day(watch: Watch | Terms):
    """Return the last day on which a watch searches, as the reader counts days."""
    return timezone.localtime(watch.ends_at - timedelta(seconds=1)).date()

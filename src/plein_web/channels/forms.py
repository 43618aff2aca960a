"""The forms of this room. What a network needs to be connected, it says itself."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from plein.channels.contract import Network
from plein.channels.registry import network
from plein_web.channels import words
from plein_web.channels.clients import offered
from plein_web.channels.models import Channel
from plein_web.town.models import Town

BY_HAND = "handle"
# What a network shows only to who signs in.
NEED_ACCOUNT = frozenset({"list", "search"})
VOUCHED = "vouched"


class ConnectForm(forms.Form):
    """Generated from the fields that a network asks for. Secrets are never shown again."""

    def __init__(self, *args: object, network: Network, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.network = network
        for field in network.fields:
            widget = forms.PasswordInput(render_value=False) if field.secret else forms.TextInput()
            widget.attrs["autocomplete"] = "off"
            self.fields[field.name] = forms.CharField(
                label=_(field.label),
                help_text=_(field.help) if field.help else "",
                required=field.required,
                initial=field.default,
                widget=widget,
            )

        if VOUCHED in self.data:
            self.ask_to_vouch()

    def ask_to_vouch(self) -> None:
        """Add the tick by which somebody says that an account is an official one all the same."""
        self.fields[VOUCHED] = forms.BooleanField(
            label=_("This is an official account of the municipality, and its profile says so."),
            help_text=_("Better still: give the account the name of the municipality on the network itself."),
        )

    def account(self) -> tuple[str, dict[str, str], dict[str, str]]:
        """Return the handle, what is not secret, and what is."""
        given = {field.name: self.cleaned_data[field.name].strip() for field in self.network.fields}
        secret = {field.name for field in self.network.fields if field.secret}
        settings = {name: value for name, value in given.items() if name not in secret and name != BY_HAND}
        return given.get(BY_HAND, ""), settings, {name: given[name] for name in secret if given.get(name)}


class PublicSourceForm(forms.Form):
    """Something that everybody can read, for the watches to listen to."""

    what = forms.ChoiceField(label=lazy("What do you want to read?"))
    address = forms.CharField(
        label=lazy("Which one?"),
        required=False,
        help_text=lazy(
            "A hashtag with its server, as in sluisbrug@mastodon.example; the address of a feed; or the address "
            "of a server. Of a list: its address or number. For all public posts of Bluesky it may stay empty."
        ),
    )

    account = forms.ModelChoiceField(
        queryset=Channel.objects.none(),
        required=False,
        label=lazy("With which account of ours?"),
        empty_label=lazy("Without an account"),
        help_text=lazy("A list and a search need one. For a hashtag or a feed: none."),
    )

    def __init__(self, *args: object, town: Town, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        with_sign_in = [code for code in offered() if set(network(code).abilities.public_sources) & NEED_ACCOUNT]
        self.fields["account"].queryset = Channel.objects.of(town).filter(network_code__in=with_sign_in)
        self.fields["what"].choices = [("", _("Choose"))] + [
            (f"{code}:{kind}", f"{_(network(code).name)}: {words.kind(kind)}")
            for code in offered()
            for kind in network(code).abilities.public_sources
        ]

    def clean(self) -> dict:
        cleaned = super().clean()
        code, _colon, kind = cleaned.get("what", "").partition(":")
        address = cleaned.get("address", "").strip()
        if problem := self._problem(code, kind, address):
            self.add_error("address", problem)
        account = cleaned.get("account")
        if kind in NEED_ACCOUNT and account is None:
            self.add_error("account", _("Choose an account: the network shows this to nobody else."))
        elif account is not None and account.network_code != code:
            self.add_error("account", _("This account is on another network."))
        return cleaned | {"network_code": code, "kind": kind, "address": address.lstrip("#")}

    def _problem(self, code: str, kind: str, address: str) -> str:
        if not address and (kind in ("hashtag", "feed", "page", "list") or (code, kind) == ("mastodon", "public")):
            return _("Fill in which one you mean.")
        if kind in ("feed", "page") and not re.match(r"https?://", address):
            return _("Start the address with https://.")
        own_server = self.cleaned_data.get("account") is not None
        if (code, kind) == ("mastodon", "hashtag") and not own_server and "@" not in address and "://" not in address:
            return _("Name the server too, as in sluisbrug@mastodon.example.")
        return ""


class SiteForm(forms.Form):
    """The address of a site, as somebody copied it: Plein looks what it offers."""

    site = forms.CharField(
        label=lazy("Address of the site or the page"),
        max_length=500,
        help_text=lazy("For example www.waterdam.example/raad. We look for feeds there; nothing is read before you choose."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )


class MessageForm(forms.Form):
    """A message from a network that lets nobody in, as a colleague read it there."""

    author_name = forms.CharField(
        label=lazy("Who wrote it?"), max_length=120, help_text=lazy("The name as it stands on the network.")
    )
    text = forms.CharField(
        label=lazy("What did the resident write?"), widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000
    )
    posted_at = forms.DateTimeField(
        label=lazy("When?"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    url = forms.URLField(
        label=lazy("Address of the message"),
        required=False,
        assume_scheme="https",
        help_text=lazy("Then you find it back with one click."),
    )

    def clean_posted_at(self):
        if self.cleaned_data["posted_at"] > timezone.now() + timezone.timedelta(minutes=5):
            raise ValidationError(_("This moment still has to come."))
        return self.cleaned_data["posted_at"]


class HoldForm(forms.Form):
    """Why everything has to be silent; colleagues read it on every page."""

    reason = forms.CharField(
        label=lazy("Why?"),
        max_length=300,
        help_text=lazy("Your colleagues read this on every page. For example: fire at the Havenkade, first the facts."),
    )

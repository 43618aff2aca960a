"""Sign-in by django-allauth, with the public door closed, and the code of the first set-up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from plein_web.town.links import LinkError, one_time_link, person_of_link
from plein_web.town.models import Person

__all__ = [
    "ClosedDoor",
    "LinkError",
    "SignInForm",
    "enter",
    "is_setup_code",
    "one_time_link",
    "person_of_link",
    "setup_code",
    "setup_link",
]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class ClosedDoor(DefaultAccountAdapter):
    """Nobody makes an account for themselves; what went wrong is said in our words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Ask an administrator of your municipality."),
        "email_password_mismatch": _("Signing in did not work. Is your e-mail address right, and your password?"),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing: that somebody is in, they see."""


class SignInForm(LoginForm):
    """Our own labels, and no placeholders in their place."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
        )
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.order_fields(["login", "password"])


def enter(request: HttpRequest, person: Person) -> None:
    """Sign a person in by link; the link is worth nothing from now on."""
    login(request, person, backend=BACKEND)
    request.session.set_expiry(0)


def setup_code() -> str:
    """Return the code that proves that who sets up also runs the installation."""
    return salted_hmac("plein.setup", "code", algorithm="sha256").hexdigest()[:10]


def is_setup_code(code: str) -> bool:
    """Whether this is the code, in a time that tells nothing about it."""
    return constant_time_compare(code.strip(), setup_code())


def setup_link() -> str:
    """Return the address of the first set-up, with its code."""
    return f"{settings.ADDRESS.rstrip('/')}{reverse('setup')}?code={setup_code()}"

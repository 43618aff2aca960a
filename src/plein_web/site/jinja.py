"""The Jinja2 environment: what every template may use."""

from __future__ import annotations

from django.forms.renderers import Jinja2 as DjangoJinja2
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment


class FormRenderer(DjangoJinja2):
    """Forms are rendered by Jinja2 too."""


def environment(**options) -> Environment:
    """Return the environment with translations and our few functions."""
    options["autoescape"] = True
    options["trim_blocks"] = options["lstrip_blocks"] = True
    made = Environment(extensions=["jinja2.ext.i18n"], **options)
    made.install_gettext_callables(
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    made.globals.update(static=static, url=_url, language=translation.get_language)
    return made


def _url(name: str, *args, **kwargs) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def shell(request: HttpRequest) -> dict:
    """Return what the frame around every page needs."""
    return {}

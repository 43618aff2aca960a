"""The Jinja2 environment: what every template may use."""

from __future__ import annotations

from datetime import date, datetime

from django.forms.renderers import Jinja2 as DjangoJinja2
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import Environment

from plein.town.naming import initials
from plein.town.saying import is_own, told
from plein_web.site.shell import shell
from plein_web.town import moments

__all__ = ["FormRenderer", "environment", "shell"]


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
    made.globals.update(
        static=static, url=_url, language=translation.get_language, now=timezone.now, widget_attrs=widget_attrs
    )
    made.filters.update(
        clock=moments.clock,
        milliseconds=moments.milliseconds,
        short_time=_with_now(moments.day_clock),
        moment=_with_now(moments.in_words),
        ago=_with_now(moments.ago),
        span=moments.span,
        day=_day,
        initials=initials,
        told=_told,
    )
    made.tests["own"] = is_own
    return made


def widget_attrs(described_by: list[str], errors: object) -> dict[str, str]:
    """Return the attributes that tie a widget to its help and its error."""
    attrs = {"aria-invalid": "true"} if errors else {}
    return attrs | ({"aria-describedby": " ".join(described_by)} if described_by else {})


def _told(text: str) -> str:
    """Return what a network or Plein itself said, in the language of the page."""
    return told(text, translation.gettext)


def _day(at: date | datetime) -> str:
    """Return a day in the middle of a sentence, as the reader counts days."""
    local = timezone.localtime(at).date() if isinstance(at, datetime) else at
    return moments.day_inside(local, timezone.localdate())


def _with_now(say):
    def filter_(at: datetime) -> str:
        return say(at, timezone.now())

    return filter_


def _url(name: str, *args, **kwargs) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)

"""What the command line says, in the operator's language, without loading Django.

The words stand in the same catalogue as those of the screens.
"""

from __future__ import annotations

import gettext as catalogues
import os
from functools import cache
from pathlib import Path


class Told(Exception):
    """Something that the operator can mend: shown as a sentence, never as a trace."""


LOCALE = Path(__file__).parent / "locale"


def language() -> str:
    """Return nl or en: PLEIN_LANGUAGE, else what the terminal is set to, else English."""
    asked = os.environ.get("PLEIN_LANGUAGE") or next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return "nl" if asked.lower().startswith("nl") else "en"


@cache
def _catalogue(code: str) -> catalogues.NullTranslations:
    return catalogues.translation("django", LOCALE, [code], fallback=True)


def gettext(text: str) -> str:
    """Return a text in the operator's language."""
    return _catalogue(language()).gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """Return a text that counts, in the operator's language."""
    return _catalogue(language()).ngettext(one, many, number)

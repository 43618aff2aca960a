"""A folder of our own for every test process, set before anything reads the settings."""

from __future__ import annotations

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="plein-test-"))
os.environ["PLEIN_HOME"] = str(HOME)
os.environ.pop("DATABASE_URL", None)
# A home where something was set up; the tests bring their own database.
(HOME / "plein.sqlite3").touch()
os.environ.setdefault("PLEIN_LANGUAGE", "en")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein_web.site.settings")

# The ground floor is tested without Django; where it is there, models may be imported from here on.
DJANGO = find_spec("django") is not None
if DJANGO:
    import django

    django.setup()

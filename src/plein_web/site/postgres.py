"""PostgreSQL's own programs, for backup and restore."""

from __future__ import annotations

import glob
import os
import shutil

from django.db import connection

from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs: the newest, where there are several."""
    versions = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=_version)
    found = versions[-1] if versions else shutil.which(name)
    if not found:
        raise Told(_("%(program)s is not installed: apt-get install postgresql-client") % {"program": name})
    return found


def environment() -> dict[str, str]:
    """Return the environment in which those programs reach our database; passwords stay off the command line."""
    chosen = connection.settings_dict
    values = {
        "PGDATABASE": chosen["NAME"],
        "PGHOST": chosen["HOST"],
        "PGPORT": str(chosen["PORT"] or ""),
        "PGUSER": chosen["USER"],
        "PGPASSWORD": chosen["PASSWORD"],
    }
    return {**os.environ, **{name: value for name, value in values.items() if value}}


def _version(path: str) -> float:
    return float(path.split("/")[4])

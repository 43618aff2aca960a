"""What every process of ours does at its start and its end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _

PARENT = "PLEIN_PARENT"
# In the home: the address that `plein up` answers at, for the commands that print links.
ADDRESS_FILE = "address"
DATABASE_FILE = "plein.sqlite3"


def home_in(environment: Mapping[str, str]) -> Path:
    """Return the folder with the database and the keys."""
    return Path(environment.get("PLEIN_HOME", "plein-data")).resolve()


def is_empty(environment: Mapping[str, str]) -> bool:
    """Whether nothing was ever set up here. A database elsewhere is not looked at."""
    return "DATABASE_URL" not in environment and not (home_in(environment) / DATABASE_FILE).exists()


def setup() -> None:
    """Load Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein_web.site.settings")
    import django

    django.setup()


def setup_existing() -> None:
    """Load Django for a command that has nothing to do where nothing was set up. Raises Told; then nothing is left behind."""
    if is_empty(os.environ):
        empty = _(
            "There is no Plein in %(folder)s yet. Start it there with: plein up, or name another folder with --home."
        )
        raise Told(empty % {"folder": home_in(os.environ)})
    setup()
    from django.db import connection

    if not connection.introspection.table_names():
        raise Told(_("The database is still empty. Start Plein with: plein up"))


def end_with_parent() -> None:
    """End this process when the supervisor that started it is gone, however that went."""
    parent = int(os.environ.get(PARENT, "0"))
    if parent:
        threading.Thread(target=_watch, args=[parent], name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def rows_are_up_to_date() -> bool:
    """Whether every migration has been applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def bring_rows_up_to_date(verbosity: int = 0) -> bool:
    """Apply the migrations that are missing; return whether there were any.

    Engines and other web processes that start meanwhile wait for it.
    """
    if rows_are_up_to_date():
        return False
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=verbosity)
    return True


def wait_for_rows(seconds: float = 120) -> None:
    """Wait until somebody has applied the migrations. Raises Told."""
    from django.db import OperationalError, connection

    deadline = time.monotonic() + seconds
    while True:
        try:
            if rows_are_up_to_date():
                return
        except OperationalError:
            connection.close()
        if time.monotonic() > deadline:
            raise Told(_("The database is not up to date. Run: plein migrate"))
        time.sleep(0.2)

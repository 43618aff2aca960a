"""What every process of ours does at its start and its end."""

from __future__ import annotations

import os
import threading
import time

from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _

PARENT = "PLEIN_PARENT"


def setup() -> None:
    """Load Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein_web.site.settings")
    import django

    django.setup()


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

"""Where each town's audit trail ended last, kept outside the database.

Whoever can change the database can cut off the end of a chain, and what is left still fits. The
head of each chain therefore also stands in a small file in the folder of this installation.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from plein.town.sealing import Head


class Heads:
    """A folder with a file for each town. Several processes may write: the last one stands."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, town: int, head: Head) -> None:
        """Remember where a town's trail ends; never half."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, aside = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{head.seal} {head.digest}\n")
        os.replace(aside, self._folder / str(town))

    def of(self, town: int) -> Head | None:
        """Return where a town's trail ended; None when that is not known here."""
        with suppress(OSError, ValueError):
            seal, digest = (self._folder / str(town)).read_text().split()
            return Head(int(seal), digest)
        return None

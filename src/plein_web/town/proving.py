"""Looking, after a deletion, whether something of it stayed: in the rows, the index, the file and the log.

What is looked for (`Traces`) is known only while a deletion runs, and never written down: a round that was killed
in between is proved by its rows and its index alone, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from django.db import connection

from plein_web.town.models import DeletionProof
from plein_web.town.search import press, words_in_index

CHUNK = 1 << 20
# So many of each are looked for: one that stayed shows that the pressing failed, and then all are suspect.
MOST_TRACES = 24
SHORTEST_WORD = 6
TRIES = 3


class Look(StrEnum):
    """What a look at one place brought."""

    ABSENT = "absent"
    PRESENT = "present"
    NOT_LOOKED = "not_looked"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Traces:
    """What only the deleted rows held: secrets that stand nowhere else, and their words."""

    secrets: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, secrets: Iterable[str], texts: Iterable[str]) -> Traces:
        """Return what to look for: some secrets, and the longest words of normalised texts."""
        found = {word for text in texts for word in text.split() if len(word) >= SHORTEST_WORD}
        return cls(tuple(secrets)[:MOST_TRACES], tuple(sorted(found, key=lambda word: (-len(word), word))[:MOST_TRACES]))

    def joined(self, other: Traces) -> Traces:
        """Return some of both."""
        half = MOST_TRACES // 2
        secrets = (self.secrets + other.secrets) if len(self.secrets) <= half else self.secrets[:half] + other.secrets
        words = (self.words + other.words) if len(self.words) <= half else self.words[:half] + other.words
        return Traces(secrets[:MOST_TRACES], words[:MOST_TRACES])


def prove(proofs: list[DeletionProof], table: str, traces: Traces, now: datetime, *, stayed: bool) -> dict[str, str]:
    """Press a table and its log, look for what was deleted, and write what came of it. Not inside a transaction.

    `stayed` says whether a deleted row is still there. Returns the verdicts by place.
    """
    found: dict[str, str] = {}
    for _ in range(TRIES):
        press(table)
        found = {"rows": Look.PRESENT if stayed else Look.ABSENT, **_looked(table, traces)}
        if Look.PRESENT not in found.values():
            break
    DeletionProof.objects.filter(pk__in=[proof.pk for proof in proofs]).update(checked_at=now, found=found)
    return found


def _looked(table: str, traces: Traces) -> dict[str, str]:
    index = _verdict(bool(words_in_index(table, traces.words)), bool(traces.words))
    if connection.vendor != "sqlite":
        # The files of a database server are the server's: it is told to clean up (VACUUM), we cannot read them.
        return {"index": index, "file": Look.NOT_OURS, "log": Look.NOT_OURS}
    path = Path(connection.settings_dict["NAME"])
    sought = [secret.encode() for secret in traces.secrets]
    return {
        "index": index,
        "file": _verdict(_holds(path, sought), bool(sought)),
        "log": _verdict(_holds(path.with_name(path.name + "-wal"), sought), bool(sought)),
    }


def _verdict(found: bool, looked: bool) -> Look:
    if not looked:
        return Look.NOT_LOOKED
    return Look.PRESENT if found else Look.ABSENT


def _holds(path: Path, sought: list[bytes]) -> bool:
    """Whether a file holds any of some byte strings; one that is not there holds nothing."""
    if not sought or not path.exists():
        return False
    overlap = max(map(len, sought))
    with path.open("rb") as file:
        before = b""
        while chunk := file.read(CHUNK):
            if any(one in before + chunk for one in sought):
                return True
            before = chunk[-overlap:]
    return False

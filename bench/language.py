"""How often a short text is given its language, and in how much memory, beside lingua on the same rows.

The rows come from a folder: `FOLDER/KIND/CODE.txt`, a text a line, for the kinds single-words, word-pairs and
sentences, and the languages that both know. Name it as the argument or in LANGUAGE_ROWS; without it the bench is
skipped. Each of the two runs in a process of its own; memory is how much its resident set grew, from before its first
import to after the last row. lingua knows only these six languages here; Plein also chooses from Frisian and und.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

CODES = ("nl", "en", "de", "tr", "pl", "ar")
KINDS = ("single-words", "word-pairs", "sentences")
MOST_MEMORY = 1 / 3

Judge = Callable[[str], str]


def plein() -> Judge:
    """Return our own answer."""
    from plein.listening.language import language_of

    return lambda text: language_of(text).code


def lingua() -> Judge:
    """Return lingua's, restricted to the languages of the rows, as its makers recommend it."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [getattr(IsoCode639_1, code.upper()) for code in CODES]
    detector = LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()

    def answer(text: str) -> str:
        found = detector.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else "und"

    return answer


JUDGES = {"plein": plein, "lingua": lingua}


def rows(folder: Path) -> dict[tuple[str, str], list[str]]:
    """Return the texts by kind and language."""
    return {
        (kind, code): (folder / kind / f"{code}.txt").read_text("utf-8").splitlines()
        for kind in KINDS
        for code in CODES
    }


def resident() -> float:
    """Return what this process holds in memory now, in megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(name: str, folder: Path) -> dict[str, object]:
    """Judge all rows; return the shares that are right by kind and language, megabytes and seconds."""
    texts = rows(folder)
    before = resident()
    judge = JUDGES[name]()
    began = time.perf_counter()
    right = {f"{kind} {code}": sum(map(code.__eq__, map(judge, of))) / len(of) for (kind, code), of in texts.items()}
    return {"right": right, "megabytes": resident() - before, "seconds": time.perf_counter() - began}


def in_its_own_process(name: str, folder: Path) -> dict:
    """Return what `measure` says in a fresh process."""
    command = [sys.executable, "-m", "bench.language", str(folder), name]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def mean(found: dict, code: str) -> float:
    """Return the mean of the three kinds for a language."""
    return sum(found["right"][f"{kind} {code}"] for kind in KINDS) / len(KINDS)


def main(folder: Path) -> bool:
    """Measure both, print, and return whether the bounds were kept."""
    counted = {kind: sum(len(of) for (k, _), of in rows(folder).items() if k == kind) for kind in KINDS}
    print("Language of short texts, " + ", ".join(f"{number} {kind}" for kind, number in counted.items()))
    ours, theirs = (in_its_own_process(name, folder) for name in JUDGES)
    print(f"  {'':<4} {'Plein: words, pairs, sentences, mean':<40} lingua: the same")
    for code in CODES:
        print("  " + "  ".join([f"{code:<4}", *(f"{_shares(one, code):<38}" for one in (ours, theirs))]).rstrip())
    print(f"  seconds: {ours['seconds']:.1f} and {theirs['seconds']:.1f}")
    share = ours["megabytes"] / theirs["megabytes"]
    print(f"  Dutch: {mean(ours, 'nl'):.4f} and lingua {mean(theirs, 'nl'):.4f} (at least lingua's)")
    print(
        f"  memory: {ours['megabytes']:.0f} MB and lingua {theirs['megabytes']:.0f} MB, {share:.2f} (at most {MOST_MEMORY:.2f})"
    )
    return mean(ours, "nl") >= mean(theirs, "nl") and share <= MOST_MEMORY


def _shares(found: dict, code: str) -> str:
    shares = [found["right"][f"{kind} {code}"] for kind in KINDS]
    return "  ".join(f"{share:.3f}" for share in (*shares, mean(found, code)))


if __name__ == "__main__":
    given = sys.argv[1:] or [os.environ.get("LANGUAGE_ROWS", "")]
    if len(given) == 2:
        print(json.dumps(measure(given[1], Path(given[0]))))
    elif not given[0]:
        print("Language of short texts: skipped, LANGUAGE_ROWS names no folder with labelled rows")
    else:
        sys.exit(0 if main(Path(given[0])) else 1)

"""Style and translations, as `make lint` checks them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command: str) -> str:
    """Run a checker; return what it complains about."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_style_is_kept() -> None:
    assert run(str(Path(sys.executable).with_name("ruff")), "check", "--no-cache", "--output-format=concise", ".") == ""


def test_every_word_is_translated() -> None:
    assert run(sys.executable, "tools/messages.py", "check") == ""


def test_the_lock_files_name_no_address() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        lines = [line for line in file.read_text().splitlines() if "://" in line or line.startswith(("--index", "/"))]
        assert lines == [], file.name

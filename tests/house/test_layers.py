"""The one layering rule, and that breaking it is noticed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
PLANTED = {
    "plein/town/planted.py": ("from plein.channels import posts", "ground floor's rooms"),
    "plein_web/channels/planted.py": ("from plein_web.inbox import models", "upper floor's rooms"),
    "plein/inbox/planted.py": ("def later():\n    from django.db import models", "ground floor knows no upper floor"),
    "plein/listening/planted.py": ("import plein_web.town.models", "ground floor knows no upper floor"),
}


def lint(folder: Path) -> subprocess.CompletedProcess:
    """Check the layers of a copy."""
    command = [str(LINT), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(folder / "src")})


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the house to plant something in."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("static", "*.pyc", "templates"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_module_imports_only_from_rooms_to_its_left(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", PLANTED)
def test_a_planted_import_to_the_right_is_noticed(path: str, copy: Path) -> None:
    code, contract = PLANTED[path]
    (copy / "src" / path).write_text(f'"""Planted."""\n{code}\n')
    done = lint(copy)
    assert done.returncode == 1
    assert any(contract in line and "BROKEN" in line for line in done.stdout.splitlines())

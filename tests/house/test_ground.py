"""The ground floor's tests pass where Django cannot be imported: in an environment of their own."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.needs import missing

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-ground/bin/python"


@pytest.mark.timeout(600)
def test_the_ground_floor_is_tested_without_django() -> None:
    if not PYTHON.exists():
        missing("The environment without Django", "Run: make test-fast")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PLEIN_", "PYTEST_", "DJANGO_"))
    }
    absent = subprocess.run([str(PYTHON), "-c", "import django"], capture_output=True, env=environment)
    assert absent.returncode != 0
    # Whatever a property draws runs the same lines once more; `make test-fast` runs these here too.
    chosen = ["-m", "not hypothesis", "tests/unit", "tests/golden"]
    command = [str(PYTHON), "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**environment, "PLEIN_GROUND": "1"})
    assert done.returncode == 0, done.stdout[-4000:]
    assert re.search(r"\d+ passed", done.stdout)

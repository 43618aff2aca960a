"""The ground floor stands by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

from tests.unit.test_examples import MODULES


def test_where_the_ground_floor_is_proven_there_is_no_django() -> None:
    if os.environ.get("PLEIN_GROUND"):
        assert find_spec("django") is None
        assert find_spec("psycopg") is None


def test_the_whole_ground_floor_can_be_loaded_without_loading_django() -> None:
    program = "\n".join([*(f"import {name}" for name in MODULES), "import sys", "assert 'django' not in sys.modules"])
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "PYTHONPATH": "src"})

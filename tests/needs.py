"""What a test needs from outside: skipped by name on a user's machine, a failure with CI=true."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def missing(what: str, remedy: str) -> NoReturn:
    """End the test because something is not installed; `remedy` is the command that installs it."""
    words = f"{what} is missing. {remedy}"
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(words, pytrace=False)
    pytest.skip(words)


def program(*names: str, remedy: str = "Run: python tools/install_system.py") -> str:
    """Return the path of the first of these programs that is installed."""
    for name in names:
        if path := shutil.which(name):
            return path
    return missing(names[0], remedy)

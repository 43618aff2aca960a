"""The examples in the ground floor's docstrings."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import plein

MODULES = sorted(module.name for module in pkgutil.walk_packages(plein.__path__, "plein."))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_are_true(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0

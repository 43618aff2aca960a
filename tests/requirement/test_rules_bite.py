"""Each rule is replaced by "allow" in turn: then a test of its requirement has to fail."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.requirement.table import ALL, HERE, Rule, function_of, rows, rules

pytestmark = [pytest.mark.requirement, pytest.mark.xdist_group("requirement")]
DATABASES = ("sqlite",)
RULES = rules()


@pytest.fixture(scope="session")
def failed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Which test failed without which rule."""
    told = tmp_path_factory.mktemp("rules") / "failed.json"
    plugin = ["-p", "tests.requirement.without", "--told", str(told), "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", "--database", "sqlite", *plugin, f"--ignore={__file__}", str(HERE)]
    done = subprocess.run(command, cwd=HERE.parents[1], capture_output=True, text=True)
    assert told.exists(), done.stdout + done.stderr
    return json.loads(told.read_text())


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_without_the_rule_a_test_fails(rule: Rule, failed):
    assert failed[str(rule)], f"no test of {rule.requirement} noticed that {rule.rule} was gone"


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_rule_is_there_and_has_tests(rule: Rule):
    assert callable(function_of(rule.rule))
    assert list(HERE.glob(f"{rule.tests}*.py"))


def test_every_requirement_has_a_rule_or_is_said_to_be_due():
    have, due = {rule.requirement for rule in RULES}, {name for name, _where in rows("due.tsv")}
    assert have | due == set(ALL)
    assert not have & due, "built: take it out of due.tsv"


def test_every_file_of_tests_belongs_to_a_rule():
    named = tuple(rule.tests for rule in RULES)
    stray = [path.name for path in Path(HERE).glob("test_r[0-9]*.py") if not path.name.startswith(named)]
    assert not stray, "no row in rules.tsv"

"""A plugin of pytest: run the tests of every requirement without its rule, and tell which failed.

One process collects and sets up once; every rule is then replaced in a child of its own.
"""

from __future__ import annotations

import json
import os
import traceback
from pathlib import Path

import pytest
from django.db import connections

from tests.requirement.table import Rule, let_everything_pass, rules

_failed: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--told", type=Path, required=True, help="where to write what failed, by rule")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    # A test that breaks while it is set up has judged nothing.
    if report.failed and report.when == "call":
        _failed.append(report.nodeid)


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Take the place of the usual loop."""
    run = session.config.hook.pytest_runtest_protocol
    # The first test makes the database; naming another as the next keeps it.
    run(item=session.items[0], nextitem=session.items[-1])
    found = {str(rule): _in_a_child(session, rule) for rule in rules()}
    session.config.getoption("--told").write_text(json.dumps(found))
    return True


def _in_a_child(session: pytest.Session, rule: Rule) -> list[str]:
    connections.close_all()
    reads, writes = os.pipe()
    if not (child := os.fork()):
        try:
            os.write(writes, json.dumps(_without(session, rule)).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as told:
        said = told.read()
    os.waitpid(child, 0)
    return json.loads(said or "[]")


def _without(session: pytest.Session, rule: Rule) -> list[str]:
    """Return the first test that fails when the rule allows everything; none when no test notices."""
    let_everything_pass(rule)
    _failed.clear()
    for item in session.items:
        if item.path.name.startswith(rule.tests):
            other = next(each for each in session.items if each is not item)
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=other)
        if _failed:
            break
    return _failed

"""What a network says it can do, against what was promised and against what is checked."""

from __future__ import annotations

import ast
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from plein.channels.contract import Abilities, Converses, Listens, Publishes, ReceivesHooks, Searches, Support
from plein.channels.registry import codes, network
from tests.contract.conftest import KINDS, has
from tests.contract.least import LEAST

HERE = Path(__file__).parent
# Shown to people and used by the rules of other rooms, but nothing a server could contradict.
ONLY_SHOWN = {"cost_per_call", "reply_window", "token_lifetime", "counting", "link_length", "receipt"}
ONLY_SHOWN |= {"basis", "signs_in", "closed_groups"}
# Checked with a network's own pairs and its fake, not by a conversation with residents.
ELSEWHERE = {"hooks", "copies_by_hand", "searches"}


@pytest.mark.parametrize("code", LEAST)
def test_a_network_can_do_at_least_what_was_promised(code: str) -> None:
    declared = network(code)
    short = {name: wanted for name, wanted in LEAST[code].items() if not _reaches(declared, name, wanted)}
    assert not short


def _reaches(declared: Any, name: str, wanted: Any) -> bool:
    given = declared.support if name == "support" else getattr(declared.abilities, name)
    if isinstance(wanted, set):
        return wanted <= set(given)
    if isinstance(wanted, int) and not isinstance(wanted, bool):
        return given is not None and given >= wanted
    return given == wanted


@pytest.mark.parametrize("code", codes())
def test_every_network_is_in_the_table_of_promises(code: str) -> None:
    assert code in LEAST


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_client_has_the_methods_that_its_abilities_promise(kind) -> None:
    client = kind.network.connect(_nobody(kind), _shut_door())
    abilities = kind.network.abilities
    promised = {Listens: abilities.hears_mentions, Converses: abilities.shows_threads, Publishes: abilities.posts}
    promised[ReceivesHooks] = abilities.hooks
    promised[Searches] = abilities.searches
    assert [port.__name__ for port, said in promised.items() if said and not isinstance(client, port)] == []


def _nobody(kind) -> Any:
    from plein.channels.contract import Account

    return Account(kind.network.code, "nobody", settings={"address": ":memory:", "server": "https://nobody.example"})


def _shut_door() -> Any:
    from plein.town.door import Door

    return Door()


def test_every_ability_is_checked_by_something() -> None:
    asked = {name.partition(":")[0] for name in _asked_for()} | {"public_sources"}
    assert {field.name for field in fields(Abilities)} - asked - ONLY_SHOWN - ELSEWHERE == set()


def test_what_one_server_lacks_another_of_the_same_network_shows() -> None:
    for kind in KINDS.values():
        for name in kind.lacks:
            same = [other for other in KINDS.values() if other.network.code == kind.network.code]
            assert any(name not in other.lacks for other in same), f"No server shows {name} of {kind.network.code}."


def test_a_network_that_says_live_has_a_world_that_is_a_real_server() -> None:
    real = {kind.network.code for kind in KINDS.values() if not kind.name.endswith("-fake")}
    speaking = [network(code) for code in codes() if has(network(code).abilities, "posts")]
    assert {declared.code for declared in speaking if declared.support is Support.LIVE} <= real


def _asked_for() -> set[str]:
    """Return the abilities that the marks in this folder name."""
    names: set[str] = set()
    for path in HERE.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("needs", "denies"):
                names |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    return names

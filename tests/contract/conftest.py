"""One suite for all networks: each check runs on every world whose network says it can do that.

@needs("replies", "shows_threads")   on every world whose network has these abilities
@denies("edits")                     on every world whose network has not
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from plein.channels.contract import Abilities
from tests.contract.talking import Ear, Town
from tests.contract.worlds import Kind, World, kinds
from tests.needs import missing

KINDS = {kind.name: kind for kind in kinds()}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*abilities): runs where the network has all of these")
    config.addinivalue_line("markers", "denies(ability): runs where the network has not")
    config.addinivalue_line("markers", "only(world): runs on one world")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a check on the worlds that it is about."""
    if "world" not in metafunc.fixturenames:
        return
    needed = [name for mark in metafunc.definition.iter_markers("needs") for name in mark.args]
    denied = [name for mark in metafunc.definition.iter_markers("denies") for name in mark.args]
    chosen = [kind.name for kind in KINDS.values() if _is_about(kind, needed, denied, metafunc.function.__name__)]
    for mark in metafunc.definition.iter_markers("only"):
        chosen = [name for name in chosen if name in mark.args]
    if "public_kind" in metafunc.fixturenames:
        pairs = [(name, source) for name in chosen for source in KINDS[name].network.abilities.public_sources]
        pairs = [(name, source) for name, source in pairs if f"public_sources:{source}" not in KINDS[name].lacks]
        ids = [f"{name}-{source}" for name, source in pairs]
        metafunc.parametrize(("world", "public_kind"), pairs, indirect=["world"], scope="session", ids=ids)
        return
    metafunc.parametrize("world", chosen, indirect=True, scope="session")


def _is_about(kind: Kind, needed: list[str], denied: list[str], check: str) -> bool:
    abilities = kind.network.abilities
    return (
        all(has(abilities, name) for name in needed)
        and not any(has(abilities, name) for name in denied)
        and not kind.lacks.keys() & {*needed, *denied, check}
    )


def has(abilities: Abilities, name: str) -> bool:
    """Whether a network has an ability; `visibilities:direct` asks for one of several.

    >>> has(Abilities(), "edits")
    False
    """
    name, _, part = name.partition(":")
    value = getattr(abilities, name)
    return part in value if part else bool(value)


@pytest.fixture(scope="session")
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A running network with a town and residents; the name is in the test's id."""
    kind = KINDS[request.param]
    if lacking := kind.missing():
        missing(f"The {kind.name} world", lacking)
    with kind.open() as opened:
        opened.kind = kind
        yield opened


@pytest.fixture
def abilities(world: World) -> Abilities:
    """What the network says it can do."""
    return world.kind.network.abilities


@pytest.fixture
def client(world: World):
    """The adapter under test, speaking as the town."""
    return world.connect()


@pytest.fixture
def ear(world: World) -> Ear:
    """Hears what is addressed to the town from now on."""
    return Ear(world)


@pytest.fixture
def town(world: World, client) -> Iterator[Town]:
    """The town's side of a conversation; takes back what it sent, where that can be."""
    speaking = Town(world, client)
    yield speaking
    if has(world.kind.network.abilities, "deletes") and "deletes" not in world.kind.lacks:
        for sent in speaking.sent:
            with suppress(Exception):
                client.withdraw(sent)

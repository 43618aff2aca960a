"""Who may do what in which room."""

from __future__ import annotations

import pytest

from plein.town.roles import RIGHTS, Right, Role, may


@pytest.mark.parametrize("role", Role)
def test_writing_includes_reading(role):
    assert all(may(role, Right.READ, room) for room in RIGHTS[role])


def test_a_reader_writes_nowhere():
    assert not any(may(Role.READER, Right.WRITE, room) for room in RIGHTS[Role.ADMINISTRATOR])


def test_only_an_administrator_enters_the_town_hall():
    assert [role for role in Role if may(role, Right.READ, "town")] == [Role.ADMINISTRATOR]


def test_a_room_that_is_not_in_the_table_is_closed():
    assert not may(Role.ADMINISTRATOR, Right.READ, "attic")

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


def test_the_trail_is_read_by_administrator_and_officers():
    readers = {role for role in Role if may(role, Right.READ, "audit")}
    assert readers == {Role.ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.DATA_PROTECTION_OFFICER}


def test_by_role_only_the_privacy_officer_handles_requests_of_residents():
    assert [role for role in Role if may(role, Right.READ, "requests")] == [Role.PRIVACY_OFFICER]


def test_officers_advise_and_change_no_watch():
    advisers = {role for role in Role if may(role, Right.WRITE, "advice")}
    assert advisers == {Role.PRIVACY_OFFICER, Role.DATA_PROTECTION_OFFICER}
    assert not any(may(role, Right.WRITE, "listening") for role in advisers)

"""Who may do what in which room: a table, not code."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is in one town."""

    ADMINISTRATOR = "administrator"
    WEBCARE = "webcare"
    READER = "reader"


class Right(StrEnum):
    """What a role may do in a room; WRITE includes READ."""

    READ = "read"
    WRITE = "write"


RIGHTS: dict[Role, dict[str, Right]] = {
    Role.ADMINISTRATOR: {
        "town": Right.WRITE,
        "channels": Right.WRITE,
        "listening": Right.WRITE,
        "inbox": Right.WRITE,
    },
    Role.WEBCARE: {"channels": Right.READ, "listening": Right.READ, "inbox": Right.WRITE},
    Role.READER: {"channels": Right.READ, "inbox": Right.READ},
}


def may(role: Role | str, right: Right, room: str) -> bool:
    """Whether a role has this right in a room.

    >>> may("reader", Right.WRITE, "inbox")
    False
    """
    given = RIGHTS[Role(role)].get(room)
    return given is Right.WRITE or given == right

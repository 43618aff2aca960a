"""Who may do what in which room: a table, not code.

Beside the rooms stand the audit trail, the requests of residents about their own data, and the advice on a watch.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is in one town."""

    ADMINISTRATOR = "administrator"
    WEBCARE = "webcare"
    READER = "reader"
    PRIVACY_OFFICER = "privacy_officer"
    DATA_PROTECTION_OFFICER = "data_protection_officer"


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
        "audit": Right.READ,
    },
    Role.WEBCARE: {"channels": Right.READ, "listening": Right.READ, "inbox": Right.WRITE},
    Role.READER: {"channels": Right.READ, "inbox": Right.READ},
    Role.PRIVACY_OFFICER: {
        "channels": Right.READ,
        "listening": Right.READ,
        "audit": Right.READ,
        "advice": Right.WRITE,
        "requests": Right.WRITE,
    },
    Role.DATA_PROTECTION_OFFICER: {
        "channels": Right.READ,
        "listening": Right.READ,
        "audit": Right.READ,
        "advice": Right.WRITE,
    },
}


def may(role: Role | str, right: Right, room: str) -> bool:
    """Whether a role has this right in a room.

    >>> may("reader", Right.WRITE, "inbox")
    False
    """
    given = RIGHTS[Role(role)].get(room)
    return given is Right.WRITE or given == right

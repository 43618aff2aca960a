"""Networks that let nobody in: a colleague enters what a resident wrote, and copies the answer over.

Useful on the first day, before any contract with a platform. Nothing here touches a network.
"""

from __future__ import annotations

from plein.channels.contract import (
    Abilities,
    Absent,
    Account,
    Basis,
    CannotTell,
    Counting,
    Field,
    Message,
    Network,
    Preview,
    Profile,
    Sent,
    SourceSpec,
    Support,
)
from plein.channels.counting import LINK
from plein.channels.errors import Refused, Unsupported
from plein.channels.posts import Batch
from plein.town.door import Door
from plein.town.saying import own

# --- abilities ---

ABILITIES = Abilities(basis=Basis.BROUGHT, counting=Counting.NONE, copies_by_hand=True)

# --- translate in: what a colleague enters is a post already ---

# --- translate out ---


def by_hand() -> Unsupported:
    """Return what everything that sends says."""
    return Unsupported(own("Copy the answer and place it on the network yourself."))


# --- client ---


class Client:
    """A network on paper."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def profile(self) -> Profile:
        """Return what the colleagues call the network."""
        name = self.account.handle.strip()
        if not name:
            raise Refused(own("Give the network a name."))
        return Profile(f"manual:{name.casefold()}", name, name)

    def listen(self, source: SourceSpec, cursor: str | None) -> Batch:
        """Raise Unsupported: messages are entered, nobody can look for them."""
        raise Unsupported(own("Messages from this network are entered by hand."))

    def preview(self, message: Message) -> Preview:
        """Return the text as it will be copied."""
        return Preview(message.text, len(message.text), None, tuple(LINK.findall(message.text)))

    def publish(self, message: Message) -> Sent:
        """Raise Unsupported: a person copies the text."""
        raise by_hand()

    def find_sent(self, message: Message) -> Sent | Absent | CannotTell:
        """Return that only whoever copied it knows."""
        return CannotTell(own("Look on the network whether the answer stands there."))

    def revise(self, sent: Sent, message: Message) -> Sent:
        """Raise Unsupported."""
        raise by_hand()

    def withdraw(self, sent: Sent) -> None:
        """Raise Unsupported."""
        raise by_hand()


def connect(account: Account, door: Door) -> Client:
    """Return a client."""
    return Client(account)


NETWORK = Network(
    code="manual",
    name=own("By hand"),
    abilities=ABILITIES,
    support=Support.RECORDED,
    connect=connect,
    fields=(Field("handle", "Name of the network", "As you and your colleagues call it."),),
    first_sources=(),
    docs="docs/channels/manual.md",
)

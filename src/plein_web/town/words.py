"""What the audit trail says: the stored codes of actions, in the words of the screens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as lazy

from plein.town.saying import told
from plein_web.town.moments import in_words

ACTIONS: dict[str, Promise] = {
    "conversation.viewed": lazy("read a conversation"),
    "data.deleted": lazy("deleted what had to go"),
    "inbox.searched": lazy("searched the inbox"),
    "legal_hold.lifted": lazy("no longer keeps something from being deleted"),
    "legal_hold.placed": lazy("keeps something from being deleted"),
    "listening.searched": lazy("searched overheard messages"),
    "mention.asked_after": lazy("asked networks whether overheard messages still stand"),
    "mention.judged": lazy("said whether a message is about us"),
    "term.chosen": lazy("chose how long something is kept"),
    "watch.viewed": lazy("read overheard messages"),
    "backup.restored": lazy("put a backup back"),
    "channel.connected": lazy("connected a channel"),
    "channel.disconnected": lazy("disconnected a channel"),
    "channel.paused": lazy("paused a channel"),
    "channel.resumed": lazy("resumed a channel"),
    "channel.sign_in_needed": lazy("lost access to a channel"),
    "conversation.assigned": lazy("assigned a conversation"),
    "conversation.closed": lazy("closed a conversation"),
    "conversation.reopened": lazy("opened a conversation again"),
    "conversation.waiting": lazy("let a conversation wait for the resident"),
    "hold.lifted": lazy("lifted a stop"),
    "hold.placed": lazy("stopped sending"),
    "mention.opened": lazy("looked up where a message stands"),
    "name.added": lazy("added a name of the town"),
    "name.removed": lazy("removed a name of the town"),
    "outgoing.cancelled": lazy("took a message back"),
    "outgoing.planned": lazy("sent a message"),
    "outgoing.settled_by_hand": lazy("said whether a message arrived"),
    "outgoing.tried_again": lazy("tried to send a message again"),
    "person.invited": lazy("invited somebody"),
    "person.link_made": lazy("made a one-time link"),
    "person.removed": lazy("took a role away"),
    "person.requests_switched": lazy("said whether somebody handles requests of residents"),
    "person.role_changed": lazy("changed a role"),
    "place.ask": lazy("asked something where people talk"),
    "place.hand_over": lazy("handed a place over"),
    "place.join": lazy("joined a conversation elsewhere"),
    "place.leave": lazy("left a place be"),
    "place.not_ours": lazy("said that a place is not ours"),
    "place.undone": lazy("took a choice back"),
    "post.entered": lazy("entered a message by hand"),
    "objection.made": lazy("stopped listening to an account"),
    "objection.withdrawn": lazy("took an objection back"),
    "register.changed": lazy("completed the register"),
    "request.closed": lazy("closed a request of a resident"),
    "request.code_made": lazy("made another code"),
    "request.erased": lazy("erased what we had of a resident"),
    "request.exported": lazy("exported what we have of a resident"),
    "request.looked": lazy("looked up what we have of a resident"),
    "request.opened": lazy("took in a request of a resident"),
    "request.proved": lazy("saw the code of a resident arrive"),
    "source.added": lazy("started reading a source"),
    "source.removed": lazy("stopped reading a source"),
    "town.addresses_allowed": lazy("changed the allowed addresses"),
    "town.changed": lazy("changed the settings"),
    "town.founded": lazy("set up the municipality"),
    "mandate.recorded": lazy("recorded a mandate of the mayor"),
    "mandate.withdrawn": lazy("withdrew a mandate of the mayor"),
    "watch.advised": lazy("advised on a watch"),
    "watch.approved": lazy("approved a watch"),
    "watch.asked_again": lazy("asked to approve a change of a watch"),
    "watch.refused": lazy("refused a watch"),
    "watch.changed": lazy("changed a watch"),
    "watch.made": lazy("made a watch"),
    "watch.stopped": lazy("stopped a watch"),
}

# What a row is about: the first word of its subject.
SUBJECTS: dict[str, Promise] = {
    "inbox": lazy("inbox"),
    "proof": lazy("proof of deletion"),
    "term": lazy("term"),
    "channel": lazy("channel"),
    "conversation": lazy("conversation"),
    "hold": lazy("stop"),
    "mandate": lazy("mandate of the mayor"),
    "mention": lazy("overheard message"),
    "outgoing": lazy("message of ours"),
    "person": lazy("person"),
    "place": lazy("place where people talk"),
    "request": lazy("request of a resident"),
    "source": lazy("source"),
    "town": lazy("municipality"),
    "watch": lazy("watch"),
}
DETAILS: dict[str, Promise] = {
    "about": lazy("about us"),
    "choice": lazy("choice"),
    "conversations": lazy("conversations"),
    "days": lazy("days"),
    "days_before": lazy("days before"),
    "number": lazy("how many"),
    "digest": lazy("digest"),
    "hold": lazy("hold"),
    "of": lazy("of"),
    "up_to": lazy("up to and including"),
    "why": lazy("why"),
    "after": lazy("after"),
    "answers": lazy("handles requests of residents"),
    "approver": lazy("to be approved by"),
    "article": lazy("article of law"),
    "at": lazy("at"),
    "by": lazy("by"),
    "how": lazy("how"),
    "mayor": lazy("mayor"),
    "mentions": lazy("overheard messages"),
    "posts": lazy("messages"),
    "topic": lazy("topic"),
    "purpose_code": lazy("kind of purpose"),
    "reference": lazy("document"),
    "until": lazy("until"),
    "version": lazy("version"),
    "before": lazy("before"),
    "channel": lazy("channel"),
    "email": lazy("e-mail address"),
    "ends_at": lazy("until"),
    "handle": lazy("account"),
    "kind": lazy("kind"),
    "language": lazy("language"),
    "legal_ground": lazy("legal ground"),
    "name": lazy("name"),
    "network": lazy("network"),
    "phrases": lazy("words"),
    "post": lazy("message"),
    "preset": lazy("rooms shown"),
    "purpose": lazy("purpose"),
    "query": lazy("search"),
    "reason": lazy("reason"),
    "role": lazy("role"),
    "rooms": lazy("rooms switched on"),
    "source": lazy("source"),
    "state": lazy("state"),
    "to": lazy("to"),
    "watch": lazy("watch"),
    "words": lazy("words"),
}
# Codes, by the detail in which they stand: what a person wrote is never taken for one.
_ROLES = {"administrator": lazy("Administrator"), "webcare": lazy("Webcare"), "reader": lazy("Reader")}
_ROLES |= {"privacy_officer": lazy("Privacy officer"), "data_protection_officer": lazy("Data protection officer")}
_ROLES["none"] = lazy("none")
VALUES: dict[str, dict[str, Promise]] = {
    "role": _ROLES,
    "before": _ROLES,
    "answers": {"True": lazy("yes"), "False": lazy("no")},
    "about": {"True": lazy("yes"), "False": lazy("no")},
    "state": {
        "planned": lazy("waits to leave"),
        "claimed": lazy("on its way"),
        "sent": lazy("sent"),
        "refused": lazy("not sent"),
        "unknown": lazy("outcome unknown"),
        "cancelled": lazy("taken back"),
    },
    "how": {"link": lazy("by link"), "screen": lazy("on the screen")},
    "kind": {"reply": lazy("an answer"), "post": lazy("a message")},
    "preset": {"klein": lazy("small"), "ruim": lazy("all")},
    "rooms": {"channels": lazy("Channels"), "listening": lazy("Listening")},
    "legal_ground": {
        "public_task": lazy("Task in the public interest (GDPR 6.1e)"),
        "legal_duty": lazy("Legal duty (GDPR 6.1c)"),
        "vital_interest": lazy("Vital interest, somebody's life or health (GDPR 6.1d)"),
    },
}
MOMENTS = frozenset({"at", "ends_at"})


def action(code: str) -> str:
    """Return what somebody did; an unknown code stays as it is."""
    return str(ACTIONS.get(code, code))


def subject(text: str) -> str:
    """Return what a row is about: gesprek 12. An address of a message stays as it is."""
    word, _colon, number = text.partition(":")
    return f"{SUBJECTS[word]} {number}" if word in SUBJECTS else text


def details(found: dict) -> Iterator[tuple[str, str]]:
    """Yield what else was written down, names and codes in words; what is empty is left out."""
    for name, value in found.items():
        if value not in ("", None, []):
            yield str(DETAILS.get(name, name)), _value(name, value)


def _value(name: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_value(name, each) for each in value)
    if name in MOMENTS:
        return in_words(datetime.fromisoformat(str(value)), timezone.now())
    known = VALUES.get(name, {}).get(str(value))
    return str(known) if known else told(str(value), gettext)

"""What can be done in this room: one function a use case, actor first, one transaction.

connecting   channels and sources: connect, pause, resume, disconnect
exploring    what the site at an address offers to read
receiving    what came in from a network, or was entered by hand
sending      plan, cancel, settle; what the sending worker writes
holding      stop sending, and go on
"""

from plein_web.channels.actions.connecting import (
    NotRecognisable,
    add_source,
    connect_channel,
    disconnect_channel,
    pause_channel,
    remove_source,
    resume_channel,
)
from plein_web.channels.actions.exploring import look_at_site
from plein_web.channels.actions.holding import lift_hold, place_hold
from plein_web.channels.actions.receiving import enter_by_hand, receive, receive_delivery
from plein_web.channels.actions.restoring import after_restore
from plein_web.channels.actions.sending import cancel, plan_post, plan_reply, settle_by_hand, try_again

__all__ = [
    "NotRecognisable",
    "add_source",
    "after_restore",
    "cancel",
    "connect_channel",
    "disconnect_channel",
    "enter_by_hand",
    "lift_hold",
    "look_at_site",
    "pause_channel",
    "place_hold",
    "plan_post",
    "plan_reply",
    "receive",
    "receive_delivery",
    "remove_source",
    "resume_channel",
    "settle_by_hand",
    "try_again",
]

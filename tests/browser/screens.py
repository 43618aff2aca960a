"""Every screen there is: a new page is one line here, and a test fails while it is missing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: the url name, its address in the world of the tests, who looks, and in which state."""

    name: str
    path: str
    who: str = "sanne"
    state: str = ""
    status: int = 200

    def __str__(self) -> str:
        return f"{self.name}{'-' + self.state if self.state else ''}{'-' + self.who if self.who != 'sanne' else ''}"


NOBODY = ""
SCREENS = (
    # in front of the door
    Screen("sign_in", "/sign-in/", NOBODY),
    Screen("enter", "{link}", NOBODY),
    Screen("enter", "/enter/onzin/", NOBODY, "ended", 410),
    Screen("approve", "{approve}", NOBODY),
    Screen("approve", "/approve/onzin/", NOBODY, "ended", 410),
    Screen("account_reset_password", "/sign-in/forgotten/", NOBODY),
    Screen("account_inactive", "/sign-in/closed/", NOBODY),
    Screen("sign_out", "/sign-out/"),
    Screen("setup", "/setup/", NOBODY, "no_town"),
    Screen("setup", "{setup}", NOBODY, "no_town_code"),
    # one's own
    Screen("me", "/me/"),
    Screen("help", "/help/"),
    Screen("account_change_password", "/me/password/"),
    Screen("account_set_password", "/me/password/first/"),
    # the hall
    Screen("people", "/waterdam/people/"),
    Screen("town", "/waterdam/town/"),
    Screen("audit", "/waterdam/audit/"),
    Screen("audit", "/waterdam/audit/?actor=niemand", state="empty"),
    Screen("deletions", "/waterdam/privacy/deletions/"),
    Screen("deletions", "/oeverloo/privacy/deletions/", state="empty"),
    Screen("not_found", "/waterdam/nergens/", status=404),
    Screen("forbidden", "/waterdam/people/", "femke", status=403),
    # privacy
    Screen("register", "/waterdam/register/", NOBODY),
    Screen("register", "/oeverloo/register/", NOBODY, "empty"),
    Screen("privacy", "/waterdam/privacy/", "noor"),
    Screen("privacy", "/waterdam/privacy/"),
    Screen("privacy", "/oeverloo/privacy/", state="empty"),
    Screen("particulars", "/waterdam/privacy/particulars/", "noor"),
    Screen("paper", "/waterdam/privacy/papers/dpia/", "noor"),
    Screen("paper", "/waterdam/privacy/papers/algorithm-register/", "noor", "algorithms"),
    Screen("request_new", "/waterdam/privacy/requests/new/", "noor"),
    Screen("resident_request", "/waterdam/privacy/requests/{asked}/", "noor"),
    Screen("resident_request", "/waterdam/privacy/requests/{proved}/?look=1", "noor", "proved"),
    Screen("resident_request", "/waterdam/privacy/requests/{erased}/", "noor", "erased"),
    # channels
    Screen("channels", "/waterdam/channels/"),
    Screen("channels", "/oeverloo/channels/", state="empty"),
    Screen("channel", "/waterdam/channels/{channel}/"),
    Screen("channel", "/waterdam/channels/{dead}/", state="sign_in_needed"),
    Screen("channel", "/waterdam/channels/{hook}/", state="hook"),
    Screen("channel", "/waterdam/channels/{channel}/", "femke"),
    Screen("connect", "/waterdam/channels/connect/"),
    Screen("connect", "/waterdam/channels/connect/?first=1", state="first"),
    Screen("connect_network", "/waterdam/channels/connect/bluesky/"),
    Screen("connect_network", "/waterdam/channels/connect/mastodon/", state="mastodon"),
    Screen("enter_message", "/waterdam/channels/{manual}/enter/"),
    Screen("sources", "/waterdam/sources/"),
    Screen("sources", "/oeverloo/sources/", state="empty"),
    Screen("site", "/waterdam/sources/site/"),
    Screen("running", "/waterdam/running/"),
    Screen("running", "/oeverloo/running/", state="empty"),
    Screen("stop", "/waterdam/stop/"),
    Screen("stop", "/oeverloo/stop/", "daan", "held"),
    # listening
    Screen("listening", "/waterdam/listening/"),
    Screen("listening", "/oeverloo/listening/", state="empty"),
    Screen("watch_new", "/waterdam/listening/new/"),
    Screen("own_names", "/waterdam/listening/names/"),
    Screen("own_names", "/oeverloo/listening/names/", state="empty"),
    Screen("watch", "/waterdam/listening/{watch}/"),
    Screen("watch_change", "/waterdam/listening/{watch}/change/"),
    Screen("watch_change", "/waterdam/listening/{query}/change/", state="query"),
    Screen("watch", "/waterdam/listening/{query}/", state="judged"),
    Screen("watch", "/waterdam/listening/{waiting}/", state="waiting"),
    Screen("watch_new", "/waterdam/listening/new/?ready=roads", state="ready_made"),
    Screen("public_order", "/waterdam/listening/public-order/"),
    Screen("watch_stop", "/waterdam/listening/{watch}/stop/"),
    # where the conversation is
    Screen("here_you_can_help", "/waterdam/listening/help/"),
    Screen("here_you_can_help", "/oeverloo/listening/help/", state="empty"),
    Screen("place", "/waterdam/listening/help/{tag}/", "femke", "hashtag"),
    Screen("place", "/waterdam/listening/help/{handed}/", state="handed"),
    Screen("place_joined", "/waterdam/listening/help/joined/{waits}/", state="waits"),
    Screen("place_joined", "/waterdam/listening/help/joined/{failed}/", state="failed"),
    Screen("places", "/waterdam/listening/places/"),
    Screen("places", "/oeverloo/listening/places/", state="empty"),
    Screen("joining_measured", "/waterdam/listening/help/measured/"),
    # inbox
    Screen("inbox", "/waterdam/inbox/"),
    Screen("inbox", "/waterdam/inbox/?q=bestaat+niet", state="nothing_found"),
    Screen("inbox", "/oeverloo/inbox/", "daan", "reader"),
    Screen("conversation", "/waterdam/inbox/{conversation}/"),
    Screen("conversation", "/waterdam/inbox/{sent}/", state="sent"),
    Screen("conversation", "/waterdam/inbox/{conversation}/", "femke"),
    Screen("digest", "/waterdam/digest/"),
    Screen("digest", "/oeverloo/digest/", state="small"),
)
# Addresses that show no page of their own, and why.
NO_SCREENS = {
    "home": "sends on",
    "town_home": "sends on to the inbox",
    "healthz": "for machines",
    "hook": "for machines",
    "live": "for machines",
    "theme": "a style sheet",
    "register_json": "for machines",
    "register_csv": "for machines",
    "register_schema": "for machines",
    "paper_file": "a file",
    "request_do": "a button",
    "request_export": "a file",
    "language": "a button",
    "account_login": "the same as sign_in",
    "account_logout": "the same as sign_out",
    "account_signup": "sends on to sign_in",
    "person": "a button",
    "town_addresses": "a button",
    "channel_switch": "a button",
    "source_remove": "a button",
    "lift": "a button",
    "answer": "a button",
    "draft": "a button",
    "day_mail": "a button",
    "preview": "part of the conversation",
    "write": "a button",
    "conversation_status": "a button",
    "assign": "a button",
    "sending": "a button",
    "outgoing": "sends on to the conversation",
    "term": "a button",
    "legal_hold": "a button",
    "legal_hold_lift": "a button",
    "place_join": "a button",
    "place_choose": "a button",
    "place_hand_over": "a button",
    "place_ask": "a button",
    "place_undo": "a button",
    "conversation_of_post": "sends on to the conversation",
    "mention_open": "a button",
    "watch_decide": "a button",
    "watch_advise": "a button",
    "watch_mail": "a button",
    "own_name": "a button",
    "mention_about": "a button",
    "query_check": "part of the form of a watch",
    "query_try": "part of the form of a watch",
}

"""What the screens of this room say: networks' abilities, health and kinds of source, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from plein.channels.contract import Abilities, Basis, Counting, Network, Receipt, SignsIn, Support
from plein.channels.health import Health, Level
from plein_web.town import moments

KINDS: dict[str, Promise] = {
    "mentions": lazy("Messages to us"),
    "public": lazy("The public timeline"),
    "hashtag": lazy("A hashtag"),
    "feed": lazy("A news feed (RSS or Atom)"),
    "page": lazy("A web page, for its changes"),
    "list": lazy("A list of our own account"),
    "manual": lazy("Entered by hand"),
    "hook": lazy("Delivered by another system"),
    "jetstream": lazy("All public posts, as Jetstream"),
    "firehose": lazy("All public posts, as firehose"),
    "local": lazy("The public timeline of one server"),
    "search": lazy("A search on the network"),
}
NETWORK_LINES: dict[str, Promise] = {
    "mastodon": lazy("Messages to your account on any Mastodon server; you answer from Plein."),
    "bluesky": lazy("Messages to your account on Bluesky; you answer from Plein."),
    "feed": lazy("News sites and blogs that offer a feed. To read only."),
    "page": lazy("Pages without a feed: council documents, permits, news. To read only."),
    "manual": lazy("Networks that let nobody in: you enter the message and copy the answer."),
    "webhook": lazy("Another system delivers messages here, signed."),
    "memory": lazy("A network that does not exist, to practise on."),
}
SUPPORT: dict[Support, Promise] = {
    Support.LIVE: lazy("Tried on a real server"),
    Support.RECORDED: lazy("Tried on recordings"),
    Support.DOCUMENTED: lazy("Built from the documentation, not tried yet"),
}
VISIBILITY: dict[str, Promise] = {
    "public": lazy("everybody"),
    "unlisted": lazy("everybody, but not in the timelines"),
    "followers": lazy("only followers"),
    "direct": lazy("only the resident"),
}
RECEIPT: dict[Receipt, Promise] = {
    Receipt.IDEMPOTENT: lazy("Yes, and a second try never sends twice."),
    Receipt.ASKABLE: lazy("Yes, we ask the network."),
    Receipt.CANNOT_TELL: lazy("No. When in doubt, you look yourself."),
}
COUNTING: dict[Counting, Promise] = {
    Counting.CHARACTERS: lazy("every character counts"),
    Counting.GRAPHEMES: lazy("an emoji counts as one"),
    Counting.MASTODON: lazy("as Mastodon counts: a link and a name are short"),
    Counting.NONE: lazy("not counted"),
}
BASIS: dict[Basis, Promise] = {
    Basis.OFFICIAL_API: lazy("By the official way in that the network offers to programs (its API)."),
    Basis.FEED: lazy("By the feed that the site itself offers."),
    Basis.PUBLIC_PAGE: lazy("By the page as everybody gets to see it."),
    Basis.BROUGHT: lazy("What comes in is brought: a colleague enters it, or another system delivers it."),
    Basis.UNDECLARED: lazy("It does not say. We do not use it."),
}
SIGNS_IN: dict[SignsIn, Promise] = {
    SignsIn.NOBODY: lazy("As nobody: without an account."),
    SignsIn.OFFICIAL_ACCOUNT: lazy("As the municipality, with an account that residents recognise. Never as a person."),
    SignsIn.PERSON: lazy("As a person. That may not be."),
}
COLOURS = {Level.OFF: "", Level.FINE: "green", Level.LOOK: "amber", Level.WRONG: "red"}
HEALTH: dict[str, tuple[Promise, Promise | str]] = {
    # word: what is the matter, what to do
    "fine": (lazy("Runs"), ""),
    "off": (lazy("Off"), ""),
    "paused": (lazy("Paused"), lazy("Resume the channel when you want to hear and answer again.")),
    "disconnected": (lazy("Disconnected"), ""),
    "sign_in_needed": (lazy("Connect anew"), lazy("The network no longer knows us. Connect the channel anew.")),
    "failing": (lazy("Silent"), lazy("The network does not answer. We keep trying; look at its own status page.")),
    "stumbled": (lazy("Trying again"), lazy("The last try failed. We try again by ourselves.")),
    "not_yet": (lazy("Starting"), lazy("We have not looked yet. This takes a minute at most.")),
    "engine_still": (lazy("Stands still"), lazy("The engine of Plein does not run. Start it with: plein up.")),
    "token_soon": (lazy("Token ends soon"), lazy("Connect the channel anew before its token ends.")),
    "token_dead": (lazy("Token has ended"), lazy("Connect the channel anew.")),
    "queue_held": (lazy("Sending is stopped"), lazy("Somebody stopped sending. Lift the stop when it may go on.")),
    "queue_late": (
        lazy("Sending is late"),
        lazy("Messages should have left by now. Look whether the engine runs: plein doctor."),
    ),
    "asks_person": (lazy("Did it arrive?"), lazy("Look on the network whether your message is there, and say so.")),
    "worker_error": (lazy("Stumbled"), lazy("The last round failed. It is tried again by itself; the log tells more.")),
}

WORKERS: dict[str, Promise] = {
    "poll": lazy("Fetches messages"),
    "send": lazy("Sends"),
    "inbox": lazy("Makes conversations"),
    "check": lazy("Looks for edits and deletions"),
    "listen": lazy("Listens along"),
    "search": lazy("Looks back for new watches"),
    "overheard": lazy("Looks after what was overheard"),
    "forget": lazy("Deletes what has to go"),
    "streams": lazy("Follows streams"),
    "tokens": lazy("Watches over tokens"),
    "tidy": lazy("Tidies up"),
    "mail": lazy("Sends the mail of the day"),
    "seal": lazy("Seals the audit trail"),
    "press": lazy("Presses deleted words out of the files"),
}


def worker(name: str) -> str:
    """Return what a worker does; an unknown one keeps its own name."""
    return str(WORKERS.get(name, name))


def said(health: Health) -> str:
    """Return what is the matter, in a word or two."""
    return str(HEALTH[health.word][0])


def remedy(health: Health) -> str:
    """Return what to do about it; nothing when nothing is wrong."""
    return str(HEALTH[health.word][1]) if health.level in (Level.LOOK, Level.WRONG) else ""


def colour(health: Health) -> str:
    """Return the colour that repeats how bad it is."""
    return COLOURS[health.level]


def kind(code: str) -> str:
    """Return what a kind of source is called; an unknown one keeps its own word."""
    return str(KINDS.get(code, code))


def network_line(network: Network) -> str:
    """Return what a network is good for, in a sentence."""
    return str(NETWORK_LINES.get(network.code, _(network.name)))


def support(network: Network) -> str:
    """Return how a network was tried; nothing where there is no server to try it on."""
    return "" if network.code in ("manual", "webhook", "memory") else str(SUPPORT[network.support])


def questions(abilities: Abilities, max_length: int | None) -> Iterator[tuple[str, str]]:
    """Yield what a channel can do, as questions of a colleague with their answers."""
    yield _("Do messages to us come in?"), _yes(abilities.hears_mentions or abilities.hooks or abilities.copies_by_hand)
    yield _("Can we answer from Plein?"), _answers(abilities)
    yield _("Can we post something ourselves?"), _yes(abilities.posts)
    yield _("Can we look back at what was said?"), _yes(abilities.searches)
    yield _("Do we see the whole conversation?"), _yes(abilities.shows_threads)
    yield _("How long may a text be?"), _length(abilities, max_length)
    yield _("Who can read our answer?"), _readers(abilities)
    yield _("Can pictures come along?"), _pictures(abilities)
    yield _("Can we change what we sent?"), _yes(abilities.edits)
    yield _("Can we take back what we sent?"), _yes(abilities.deletes)
    yield _("Do we see it when a resident changes or deletes a message?"), _hears_changes(abilities)
    yield (
        _("Do we learn whether an answer arrived?"),
        str(RECEIPT[abilities.receipt]) if _sends(abilities) else _("Not needed: we send nothing."),
    )
    yield _("Until when may we answer?"), _window(abilities)
    yield _("What does it cost?"), _cost(abilities)
    yield _("How do we get in?"), str(BASIS[abilities.basis])
    yield _("As whom are we there?"), str(SIGNS_IN[abilities.signs_in])
    yield _("Do we read closed groups?"), _yes(abilities.closed_groups)


def _yes(can: bool) -> str:
    return _("Yes.") if can else _("No.")


def _sends(abilities: Abilities) -> bool:
    return abilities.replies or abilities.posts


def _answers(abilities: Abilities) -> str:
    if abilities.copies_by_hand:
        return _("You write the answer here and copy it to the network yourself.")
    return _yes(abilities.replies)


def _length(abilities: Abilities, max_length: int | None) -> str:
    limit = max_length or abilities.max_length
    if limit is None:
        return _("As long as you like.")
    return _("%(limit)s characters; %(how)s.") % {"limit": limit, "how": COUNTING[abilities.counting]}


def _readers(abilities: Abilities) -> str:
    words = "; ".join(str(VISIBILITY[level.value]) for level in abilities.visibilities)
    return (
        _("You choose: %(levels)s.") % {"levels": words}
        if len(abilities.visibilities) > 1
        else f"{words.capitalize()}."
    )


def _pictures(abilities: Abilities) -> str:
    if not abilities.max_images:
        return _("No.")
    count = ngettext("%(n)d picture", "%(n)d pictures", abilities.max_images) % {"n": abilities.max_images}
    return _("%(count)s, each with a description.") % {"count": count} if abilities.alt_text else f"{count}."


def _hears_changes(abilities: Abilities) -> str:
    if abilities.hears_edits and abilities.hears_deletes:
        return _("Yes, both.")
    if abilities.hears_edits:
        return _("Changes yes, deletions no.")
    return _("Deletions yes, changes no.") if abilities.hears_deletes else _("No.")


def _window(abilities: Abilities) -> str:
    if not abilities.replies or abilities.reply_window is None:
        return _("Always.") if abilities.replies else _("We cannot answer here.")
    span = moments.span(abilities.reply_window.total_seconds())
    return _("Until %(span)s after the last message of the resident.") % {"span": span}


def _cost(abilities: Abilities) -> str:
    if not abilities.cost_per_call:
        return _("Nothing.")
    return _("%(euro).3f euro for each call.") % {"euro": abilities.cost_per_call}

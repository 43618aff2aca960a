"""The composer: the answer form with everything around it, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from markupsafe import Markup

from plein.channels.contract import Abilities, Preview
from plein.listening.persons.lists import listed
from plein.town.roles import Right
from plein_web.channels.models import Channel, Post
from plein_web.inbox import safe
from plein_web.inbox.forms import AnswerForm
from plein_web.inbox.models import Conversation, Draft
from plein_web.inbox.queries import holds_over, posts_of
from plein_web.inbox.shown import Thread, answerable, network_abilities, network_name, visibility_words
from plein_web.town.access import Actor


@dataclass(slots=True)
class Composer:
    """What stands below the thread. Without a form, `why_not` says why nobody can answer here."""

    conversation: Conversation
    network: str
    abilities: Abilities
    channel: Channel | None = None
    form: AnswerForm | None = None
    why_not: str = ""
    text: str = ""
    saved_at: datetime | None = None
    # When the server's copy was saved, also when nothing stands in it.
    stored_at: datetime | None = None
    held: str = ""
    # The post whose radio button is on; 0 when the one that was chosen is gone.
    picked: int = 0
    # Whether another post was chosen since the page last heard from us.
    moved: bool = False

    @property
    def lost(self) -> bool:
        """Whether the post that was being answered is gone: nobody is answered by mistake."""
        return self.form is not None and not self.picked

    @property
    def chosen(self) -> Post | None:
        """Return the post that the answer goes to."""
        return self.form.chosen if self.form else None

    @property
    def to(self) -> str:
        """Return the name of whom the answer goes to: the first name alone only where it surely is one."""
        if self.chosen is None:
            return ""
        name = safe.straight(self.chosen.author_name.strip() or self.chosen.author_handle)
        first = name.split()[0]
        return first if first.lower() in listed("first_names") else name

    @property
    def private(self) -> bool:
        """Whether only the resident will read it."""
        return bool(self.form) and self.form.level == "direct"

    @property
    def who_reads(self) -> str:
        """Return in words who will be able to read it."""
        return visibility_words(self.form.level) if self.form else ""

    @property
    def button(self) -> str:
        """Return what the button does, and where."""
        if self.abilities.copies_by_hand:
            return _("Set ready to copy")
        if self.private:
            return _("Send privately on %(network)s") % {"network": self.network}
        return _("Send answer on %(network)s") % {"network": self.network}

    @property
    def preview(self) -> Preview | None:
        """Return the answer as the network will show it: without the white space around it, which is not sent."""
        return self.form.preview(self.text.strip()) if self.form else None

    @property
    def warning(self) -> str:
        """Return the content warning as it stands in the form."""
        return self.form.warning if self.form else ""

    def shown(self, preview: Preview) -> Markup:
        """Return the preview's text with its mentions and links marked."""
        return safe.marked(preview.text, preview.mentions, preview.links)


def of(
    actor: Actor,
    conversation: Conversation,
    now: datetime,
    given: Mapping[str, str] | None,
    *,
    wanted: str | None = None,
    tree: Thread | None = None,
) -> Composer:
    """Return the composer for a person: with what they gave, else with their draft."""
    made = Composer(
        conversation,
        network_name(conversation.network_code),
        _abilities(conversation),
        conversation.channel,
    )
    posts = tree.posts if tree else posts_of(conversation)
    open_posts = [post for post in posts if answerable(post)]
    made.why_not = _why_not(actor, made, open_posts)
    if made.why_not:
        return made
    found = draft_of(actor, conversation) if given is None else None
    made.stored_at = found.saved_at if found else None
    kept = None if found is None or found.empty else found
    asked = given.get("post", "") if given is not None else _asked(wanted, kept)
    chosen = next((post for post in open_posts if str(post.pk) == asked), open_posts[-1])
    made.text = kept.text if kept else (given or {}).get("text", "")
    made.saved_at = kept.saved_at if kept else None
    made.picked = chosen.pk if asked is None or str(chosen.pk) == asked else 0
    made.moved = given is not None and given.get("was") != str(chosen.pk)
    initial = {"post": chosen.pk, "text": made.text}
    if kept:
        initial |= {"visibility": kept.visibility, "content_warning": kept.content_warning}
    made.form = AnswerForm(given, channel=conversation.channel, posts=posts, chosen=chosen, initial=initial)
    made.held = next((hold.reason for hold in holds_over(conversation.channel)), "")
    return made


def draft_of(actor: Actor, conversation: Conversation) -> Draft | None:
    """Return what a person is writing in a conversation."""
    return Draft.objects.filter(conversation=conversation, person=actor.person).first()


def as_fields(draft: Draft) -> dict[str, str]:
    """Return a draft by the names of the form's fields."""
    return {
        "text": draft.text,
        "post": str(draft.post_id or ""),
        "visibility": draft.visibility,
        "content_warning": draft.content_warning,
    }


def _asked(wanted: str | None, kept: Draft | None) -> str | None:
    """Return the post that is answered: the one the address names, else the draft's; None: the newest."""
    return str(kept.post_id) if wanted is None and kept and kept.post_id else wanted


def _abilities(conversation: Conversation) -> Abilities:
    """Return what the conversation's account can do; without one, what its network can."""
    code, channel = conversation.network_code, conversation.channel
    return channel.abilities if channel and channel.network_code == code else network_abilities(code)


def _why_not(actor: Actor, made: Composer, open_posts: list[Post]) -> str:
    if not actor.may(Right.WRITE, "inbox"):
        return "reader"
    if made.channel is None:
        return "disconnected"
    if not (made.abilities.replies or made.abilities.copies_by_hand):
        return "cannot"
    return "" if open_posts else "nobody"

"""The answer, as a person fills it in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plein.inbox.answering import allowed_visibilities
from plein_web.channels.models import Channel, Post
from plein_web.inbox.access import number_of
from plein_web.inbox.shown import answerable, network_abilities, network_name, preview_of, visibility_words


class AnswerForm(forms.Form):
    """An answer to one of the posts of a conversation.

    Which fields there are depends on the network: a content warning only where it has one, a
    choice of visibility only where there is something to choose.
    """

    # Anything goes: what is wrong with it is said once, in `clean`, and not of a field that nobody sees.
    post = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=gettext_lazy("Your answer"), widget=forms.Textarea, strip=True, max_length=20_000)
    visibility = forms.ChoiceField(label=gettext_lazy("Who can read it"), required=False)
    content_warning = forms.CharField(
        label=gettext_lazy("Warning above the text"),
        help_text=gettext_lazy("Readers see this first and open the text themselves."),
        required=False,
        max_length=300,
    )

    def __init__(self, *args, channel: Channel, posts: list[Post], chosen: Post, **kwargs) -> None:
        kwargs.setdefault("auto_id", "answer-%s")
        super().__init__(*args, **kwargs)
        self.channel = channel
        self.posts = {post.pk: post for post in posts if answerable(post)}
        self.chosen = self.posts.get(number_of(self.data.get("post", "")), chosen)
        abilities = network_abilities(channel.network_code)
        self.levels = allowed_visibilities(abilities.visibilities, self.chosen.visibility)
        self.fields["visibility"].choices = [(level.value, visibility_words(level)) for level in self.levels]
        self.fields["text"].error_messages["required"] = _("Write your answer first.")
        self.fields["text"].error_messages["max_length"] = _(
            "Your text is %(show_value)d characters long; more than %(limit_value)d cannot be sent. Make it shorter."
        )
        self.fields["visibility"].error_messages["invalid_choice"] = _(
            "An answer may not be read by more people than the message itself."
        )
        if not abilities.content_warnings:
            del self.fields["content_warning"]

    def clean_visibility(self) -> str:
        """Return the level chosen; nothing chosen is that of the post."""
        return self.cleaned_data["visibility"] or self.levels[0].value

    def clean(self) -> dict:
        """Refuse a post that is gone, and a text that the network would count as too long."""
        text = self.cleaned_data.get("text")
        self.cleaned_data["post"] = self.posts.get(number_of(self.cleaned_data.get("post", "")))
        if self.cleaned_data["post"] is None:
            self.add_error(None, _("This message is gone. Choose another one to answer."))
        elif text:
            too_long = self.preview(text).too_long_by
            if too_long:
                name = network_name(self.channel.network_code)
                self.add_error("text", _too_long(too_long, name))
        return self.cleaned_data

    def preview(self, text: str):
        """Return a text as the network will show it below the chosen post."""
        return preview_of(self.channel, self.chosen, text, self.level, self.warning)

    @property
    def warning(self) -> str:
        """Return the content warning as it stands in the form; nothing where the network has none."""
        return self._stands("content_warning") if "content_warning" in self.fields else ""

    @property
    def level(self) -> str:
        """Return who will be able to read it as the form stands, never more than is allowed."""
        asked = self._stands("visibility")
        return asked if asked in {level.value for level in self.levels} else self.levels[0].value

    def _stands(self, field: str) -> str:
        """Return what stands in a field: what was given, else what the draft kept."""
        return (self.data if self.is_bound else self.initial).get(field, "")


def _too_long(count: int, network: str) -> str:
    words = ngettext(
        "Your text is %(count)d character too long for %(network)s. Make it shorter.",
        "Your text is %(count)d characters too long for %(network)s. Make it shorter.",
        count,
    )
    return words % {"count": count, "network": network}

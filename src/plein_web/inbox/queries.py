"""Which conversations."""

from __future__ import annotations

from django.db import models


class ConversationQuerySet(models.QuerySet):
    def of(self, town) -> ConversationQuerySet:
        """Return the conversations of a town."""
        return self.filter(town=town)

    def to_do(self) -> ConversationQuerySet:
        """Return what waits for an answer of ours."""
        return self.filter(status="open")

    def waiting(self) -> ConversationQuerySet:
        """Return what waits for the resident."""
        return self.filter(status="waiting")

    def done(self) -> ConversationQuerySet:
        """Return what was closed."""
        return self.filter(status="done")

    def of_person(self, person) -> ConversationQuerySet:
        """Return what a person has taken on and not finished."""
        return self.filter(assignee=person).exclude(status="done")

    def newest_first(self) -> ConversationQuerySet:
        """Return the one with the newest post first."""
        return self.order_by("-last_post_at", "-id")

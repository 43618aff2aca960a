"""Standing queries, and what they overheard."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from plein_web.listening.queries import MentionQuerySet, OwnNameQuerySet, PlaceNameQuerySet, WatchQuerySet
from plein_web.town.models import Person, Town


class Watch(models.Model):
    """A standing query of a town, with a purpose, a ground, an owner and an end."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="watches")
    name = models.CharField(max_length=120)
    query = models.TextField(help_text="as somebody wrote it, see plein.listening.query")
    purpose = models.CharField(max_length=300)
    legal_ground = models.CharField(max_length=300)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="watches")
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)
    purpose_code = models.CharField(max_length=20, default="other", help_text="see plein.listening.lawful.purposes")
    article = models.CharField(max_length=200, default="", help_text="the article of law that gives the task")
    review_at = models.DateTimeField(null=True, help_text="stops collecting then, unless approved again")
    approved_at = models.DateTimeField(null=True, help_text="none: it collects nothing")
    approved_by = models.CharField(max_length=300, default="", help_text="name and address")
    refused_at = models.DateTimeField(null=True)

    objects = WatchQuerySet.as_manager()


class Lesson(models.Model):
    """What a town taught about a place, from every "about us" and "not about us": counts, never a text."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="lessons")
    place = models.CharField(max_length=120, help_text="as compared: folded, single spaces")
    counts = models.JSONField(default=dict, help_text="by pattern: how often about, how often not")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "place"], name="lesson_once")]


class Trial(models.Model):
    """A query that somebody tries on what passes now, for a few minutes. It becomes a watch, or nothing."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    query = models.TextField()
    started_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    caught = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "person"], name="trial_once")]


class Sample(models.Model):
    """What a trial caught: masked, without author or place, gone within a quarter of an hour."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="samples")
    network_code = models.CharField(max_length=20)
    text = models.TextField()
    phrase = models.CharField(max_length=120)
    sure = models.FloatField(null=True)
    posted_at = models.DateTimeField()


class Mention(models.Model):
    """An overheard post. No author, no handle, no address: only what was said, masked.

    `author` is a keyed pseudonym that is another one for every watch and period; `locator` is
    the uri, encrypted, opened only by an audited act.
    """

    town = models.ForeignKey(Town, models.CASCADE, related_name="mentions")
    watch = models.ForeignKey(Watch, models.CASCADE, related_name="mentions")
    period = models.CharField(max_length=7, help_text="year and month: pseudonyms do not outlive it")
    uri_hash = models.CharField(max_length=32)
    network_code = models.CharField(max_length=20, db_column="network")
    author = models.CharField(max_length=16)
    locator = models.TextField()
    text = models.TextField()
    language = models.CharField(max_length=16, blank=True)
    phrase = models.CharField(max_length=120, help_text="what brought it here")
    posted_at = models.DateTimeField()
    version_at = models.DateTimeField()
    heard_at = models.DateTimeField(default=timezone.now)
    search = models.TextField(help_text="normalised words with the town's token; indexed")
    sure = models.FloatField(null=True, help_text="0 to 1: that it is about the place asked for; none: no place was")
    # Null and no default: for that SQLite would make the table anew, without the triggers of its search.
    why = models.TextField(null=True, help_text="why, in own sentences, one a line")
    about = models.BooleanField(null=True, help_text="what a colleague said about that")
    thread = models.CharField(max_length=32, null=True, help_text="keyed hash of the uri where its thread begins")
    parent = models.CharField(max_length=32, null=True, help_text="keyed hash of the uri that it replies to")
    tags = models.TextField(null=True, help_text="its hashtags as they are compared")
    source = models.BigIntegerField(null=True, help_text="the source that brought it, where that is a place of its own")

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "watch", "period", "uri_hash"], name="mention_once")]
        indexes = [
            models.Index(fields=["uri_hash"], name="mention_by_uri"),
            models.Index(fields=["town", "watch", "-posted_at"], name="mention_newest"),
            models.Index(fields=["watch", "heard_at"], name="mention_by_age"),
        ]


class PlaceName(models.Model):
    """A neighbourhood, village or street of a municipality, from an open register. Of all towns; about nobody."""

    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=40, help_text="as the register has it")
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, help_text="the name as it is compared")
    municipality = models.CharField(max_length=6, db_index=True, help_text="its code: gm and four figures")
    shared = models.BooleanField(default=False, help_text="another municipality has one of the same name")
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    loaded_at = models.DateTimeField()

    objects = PlaceNameQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="place_once")]
        indexes = [models.Index(fields=["kind", "key"], name="place_by_key")]


class PlaceLoad(models.Model):
    """How far the loading of a register has come, so that it goes on where it stopped."""

    part = models.CharField(max_length=40, unique=True, help_text="a kind, of streets with their municipality")
    reached = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)


class OwnName(models.Model):
    """What people call a town, or something in it, that no register has: a nickname, a building, an event."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="own_names")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120, help_text="the name as it is compared")
    kind = models.CharField(max_length=16)
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    objects = OwnNameQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["town", "key"], condition=models.Q(removed_at=None), name="own_name_once")
        ]


# Their rows stand in a folder of their own; Django finds models here.
from plein_web.listening.elsewhere.models import ConversationPlace, PlaceChoice, Spoken  # noqa: E402, F401
from plein_web.listening.keeping.models import AskRound, DayCount  # noqa: E402, F401
from plein_web.listening.lawful.models import Advice, Mandate, Terms  # noqa: E402, F401
from plein_web.listening.rights.models import Objection, Particulars, Request  # noqa: E402, F401
from plein_web.listening.searching.models import LookBack  # noqa: E402, F401

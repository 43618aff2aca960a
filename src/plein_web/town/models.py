"""Towns, the people who serve them, and the rows that everything else leans on."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone

from plein.town.naming import initials
from plein.town.roles import Right, Role, may

ROOMS = ("channels", "listening", "inbox", "radar", "crisis", "publishing", "cocreation", "maturity")


class TownQuerySet(models.QuerySet["Town"]):
    def served_by(self, person: Person) -> TownQuerySet:
        """Return the towns in which a person has a role."""
        return self.filter(memberships__person=person).order_by("name")


class Town(models.Model):
    """A municipality: the tenant. Every row of a resident's belongs to exactly one."""

    class Preset(models.TextChoices):
        SMALL = "klein", "klein"
        FULL = "ruim", "ruim"

    name = models.CharField(max_length=120, help_text="as residents know it, without 'gemeente'")
    slug = models.SlugField(unique=True, help_text="the first part of every address")
    preset = models.CharField(max_length=8, choices=Preset, default=Preset.SMALL)
    rooms = models.JSONField(default=list, help_text="rooms that are switched on beside those of the preset")
    language = models.CharField(max_length=8, default="nl")
    allowed_addresses = models.JSONField(
        default=list, help_text="private addresses an administrator lets channels reach"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = TownQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> Person:
        """Make a person who signs in with an e-mail address; without a password only by link."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> Person:
        """Make a person who may do everything in the installation itself."""
        return self.create_user(email, password, is_superuser=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who works for one or more towns. Residents are never rows here."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="nl")
    single_keys = models.BooleanField(default=True, help_text="single-key shortcuts (WCAG 2.1.4)")
    theme = models.CharField(max_length=8, default="auto", choices=[(c, c) for c in ("auto", "light", "dark")])
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    objects = PersonManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        """Return at most two letters that stand for the name."""
        return initials(self.name or self.email)


class Membership(models.Model):
    """The role of a person in a town."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    town = models.ForeignKey(Town, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=32, choices=[(r.value, r.value) for r in Role])
    answers_requests = models.BooleanField(
        default=False, help_text="may also look up and erase what stands here about a resident who asks"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "town"], name="membership_once_per_town")]

    def may(self, right: Right, room: str) -> bool:
        """Whether this membership gives a right in a room."""
        return may(self.role, right, room) or (room == "requests" and self.answers_requests)


class Event(models.Model):
    """Something that happened, written in the transaction in which it happened.

    Consumers read in order of `id`; `town_event` rows are therefore written one transaction at
    a time (see `actions.emit`).
    """

    town = models.ForeignKey(Town, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    subject = models.BigIntegerField(default=0, help_text="the id of the row it is about")
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["town", "id"], name="event_by_town")]


class Cursor(models.Model):
    """How far a consumer of events has come."""

    consumer = models.CharField(max_length=40, unique=True)
    event = models.BigIntegerField(default=0)


class Pressing(models.Model):
    """A table of which words were deleted that its search index still holds (`search.press`).

    `asked` counts the deletions, `done` is its value when the index was last pressed.
    """

    table = models.CharField(max_length=60, primary_key=True)
    asked = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    pressed_at = models.DateTimeField(null=True)


class AuditSeal(models.Model):
    """One link of a town's hash chain over its audit rows."""

    town = models.ForeignKey(Town, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)


class AuditRow(models.Model):
    """Who did what. Appended freely, sealed within seconds, never changed."""

    town = models.ForeignKey(Town, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=160, help_text="e-mail of a person, or the name of a worker")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    details = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, help_text="of this row as it was sealed")
    seal = models.ForeignKey(AuditSeal, models.PROTECT, null=True, related_name="sealed_rows")

    class Meta:
        indexes = [models.Index(fields=["town", "seal", "id"], name="audit_by_seal")]


class Secret(models.Model):
    """Tokens of a channel or another thing, encrypted with the key file."""

    name = models.CharField(max_length=120, unique=True, help_text="kind:id of the owner")
    locked = models.TextField()
    changed_at = models.DateTimeField(default=timezone.now)


class WorkerBeat(models.Model):
    """When a worker last finished a round, and what it said."""

    worker = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField(default=timezone.now)
    done = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)


class ChosenTerm(models.Model):
    """How many days a town keeps something, where it chose another number than the default."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="terms")
    kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=60, blank=True, help_text="kind:id of the row it is for; none: for all")
    days = models.PositiveIntegerField()
    chosen_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "kind", "subject"], name="term_once")]


class LegalHold(models.Model):
    """Somebody keeps something from being deleted in time, with a reason and a last day."""

    town = models.ForeignKey(Town, models.CASCADE, related_name="legal_holds")
    subject = models.CharField(max_length=60, help_text="watch:id or conversation:id")
    reason = models.CharField(max_length=300)
    until = models.DateField(help_text="the last day on which it stands")
    placed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)


class DeletionProof(models.Model):
    """That a portion was deleted: what, how many, how old, and where was looked for what may have stayed.

    Written in the transaction of the deletion; `found` says for each place what the look brought. `digests` are
    keyed: with them a restored backup is made to forget the same rows, and nothing can be read from them.
    """

    town = models.ForeignKey(Town, models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=16, default="term", help_text="term, network or request")
    number = models.PositiveIntegerField()
    up_to = models.DateField(null=True, help_text="everything up to and including this day")
    digests = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True)
    found = models.JSONField(default=dict, help_text="by place: rows, index, file, log")

    class Meta:
        indexes = [models.Index(fields=["town", "-at", "-id"], name="proof_newest")]


class BackupMade(models.Model):
    """A backup of this installation: what was deleted since still stands in it, until it is gone itself."""

    name = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    gone_by = models.DateField(help_text="the day on which it has to be destroyed at the latest")
    destroyed_at = models.DateTimeField(null=True)

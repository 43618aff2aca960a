"""Make, change and stop a watch; open the place where a mention stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from plein.listening.hearing import Keys
from plein.listening.places.expanding import places_of
from plein.listening.places.gazetteer import key_of
from plein.listening.query.parsing import parse
from plein.listening.watching import Objection, Proposal, objections, query_objections
from plein.town.roles import Right
from plein_web.listening.compiling import judge_of
from plein_web.listening.models import Lesson, Mention, Trial, Watch
from plein_web.listening.places import known_places
from plein_web.town.access import Actor
from plein_web.town.actions import audit, emit, lock_town, vault
from plein_web.town.models import Person, Town

CHANGED = "watch.changed"
TRIED = "watch.tried"
TRY_FOR = timedelta(minutes=2)


class NotAllowed(ValueError):
    """A watch that may not run, with everything that stands in its way."""

    def __init__(self, objections: tuple[Objection, ...]) -> None:
        super().__init__(", ".join(f"{one.field}: {one.fault}" for one in objections))
        self.objections = objections


def make_watch(
    *,
    actor: Actor,
    name: str,
    query: str,
    purpose: str,
    legal_ground: str,
    ends_at: datetime | None,
    owner: Person | None = None,
) -> Watch:
    """Start a watch; whoever makes it owns it, unless they name somebody else. Raises NotAllowed."""
    actor.need(Right.WRITE, "listening")
    owner, now = owner or actor.person, timezone.now()
    _permit(actor.town, Proposal(name, query, purpose, legal_ground, owner.email, ends_at), now)
    with transaction.atomic():
        watch = Watch.objects.create(
            town=actor.town,
            name=name,
            query=query,
            purpose=purpose,
            legal_ground=legal_ground,
            owner=owner,
            starts_at=now,
            ends_at=ends_at,
            changed_at=now,
        )
        _tell(actor, watch, "watch.made", now)
    return watch


def change_watch(
    *,
    actor: Actor,
    watch: Watch,
    name: str,
    query: str,
    purpose: str,
    legal_ground: str,
    ends_at: datetime | None,
) -> Watch:
    """Change what a watch searches for, or why. What it has heard stays; one without an owner gets one. Raises NotAllowed."""
    actor.need(Right.WRITE, "listening")
    now = timezone.now()
    owner = watch.owner or actor.person
    _permit(actor.town, Proposal(name, query, purpose, legal_ground, owner.email, ends_at), now)
    watch.owner = owner
    watch.name, watch.query, watch.purpose = name, query, purpose
    watch.legal_ground, watch.ends_at, watch.changed_at = legal_ground, ends_at, now
    with transaction.atomic():
        watch.save(update_fields=["name", "query", "purpose", "legal_ground", "ends_at", "changed_at", "owner"])
        _tell(actor, watch, "watch.changed", now)
    return watch


def stop_watch(*, actor: Actor, watch: Watch) -> Watch:
    """Stop collecting at once. What was heard is deleted when its time comes."""
    actor.need(Right.WRITE, "listening")
    now = timezone.now()
    with transaction.atomic():
        stopped = Watch.objects.filter(pk=watch.pk, stopped_at=None).update(stopped_at=now, changed_at=now)
        if stopped:
            watch.stopped_at = watch.changed_at = now
            _tell(actor, watch, "watch.stopped", now)
    return watch


def try_query(*, actor: Actor, query: str) -> Trial:
    """Try a query on what passes in the next minutes; of an earlier try nothing stays. Raises NotAllowed."""
    actor.need(Right.WRITE, "listening")
    if found := tuple(query_objections(query, known_places(actor.town, timezone.localdate()))):
        raise NotAllowed(found)
    now = timezone.now()
    with transaction.atomic():
        Trial.objects.filter(town=actor.town, person=actor.person).delete()
        trial = Trial.objects.create(
            town=actor.town, person=actor.person, query=query, started_at=now, until=now + TRY_FOR
        )
        emit(town=actor.town, kind=TRIED, subject=trial.pk, at=now)
    return trial


def say_about(*, actor: Actor, mention: Mention, about: bool) -> Mention:
    """Write whether a mention is about the place it was kept for, and teach the judge of that place so."""
    actor.need(Right.WRITE, "listening")
    now = timezone.now()
    with transaction.atomic():
        lock_town(actor.town.pk)
        if not Mention.objects.filter(pk=mention.pk).exclude(about=about).update(about=about):
            return mention
        mention.about = about
        for place in places_of(parse(mention.watch.query)):
            _teach(actor.town, place, mention.text, about, now)
        audit(
            town=actor.town,
            actor=actor.person,
            action="mention.judged",
            subject=f"mention:{mention.pk}",
            details={"watch": mention.watch_id, "about": about},
        )
        emit(town=actor.town, kind=CHANGED, subject=mention.watch_id, at=now)
    return mention


def _teach(town: Town, place: str, text: str, about: bool, now: datetime) -> None:
    taught = judge_of(town, place).learn(text, about).learned
    Lesson.objects.update_or_create(
        town=town, place=key_of(place), defaults={"counts": taught.as_data(), "changed_at": now}
    )


def open_place(*, actor: Actor, mention: Mention) -> str:
    """Return the uri of an overheard post. Who looked, and at what, is written down first."""
    actor.need(Right.WRITE, "inbox")
    keys = Keys(vault().derive)
    uri = keys.disguise(mention.watch_id, mention.period).unlock(mention.locator, mention.uri_hash)
    audit(
        town=actor.town,
        actor=actor.person,
        action="mention.opened",
        subject=f"mention:{mention.pk}",
        details={"watch": mention.watch_id, "post": mention.uri_hash},
    )
    return uri


def _permit(town: Town, proposal: Proposal, now: datetime) -> None:
    if found := objections(proposal, now, known_places(town, timezone.localdate(now))):
        raise NotAllowed(found)


def _tell(actor: Actor, watch: Watch, action: str, now: datetime) -> None:
    details = {
        "name": watch.name,
        "query": watch.query,
        "purpose": watch.purpose,
        "legal_ground": watch.legal_ground,
        "ends_at": watch.ends_at.isoformat(),
    }
    audit(town=actor.town, actor=actor.person, action=action, subject=f"watch:{watch.pk}", details=details)
    emit(town=actor.town, kind=CHANGED, subject=watch.pk, at=now)

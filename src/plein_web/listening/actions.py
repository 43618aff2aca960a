"""Make, change and stop a watch; open the place where a mention stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from plein.listening.hearing import Keys
from plein.listening.lawful.asking import asks_again
from plein.listening.lawful.objecting import lawful_objections
from plein.listening.lawful.states import coming_up, may_collect
from plein.listening.places.expanding import places_of
from plein.listening.places.gazetteer import key_of
from plein.listening.query.parsing import parse
from plein.listening.watching import Objection, Proposal, objections, query_objections
from plein.town.roles import Right
from plein_web.listening.compiling import judge_of
from plein_web.listening.lawful.asking import ask, proposed, said, withdraw
from plein_web.listening.lawful.standing import mandate_of, officers_of, standing_of
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


def make_watch(*, actor: Actor, owner: Person | None = None, **words: Any) -> Watch:
    """Propose a watch; it searches once somebody approved it. `words` as in `proposed`. Raises NotAllowed.

    Whoever makes it owns it, unless they name somebody else.
    """
    actor.need(Right.WRITE, "listening")
    owner, now = owner or actor.person, timezone.now()
    wanted = proposed(actor.person, owner, now, **words)
    _permit(actor.town, wanted, now)
    with transaction.atomic():
        watch = Watch.objects.create(town=actor.town, owner=owner, starts_at=now, changed_at=now, **said(wanted))
        ask(watch, wanted, actor.person, now)
        _tell(actor, watch, "watch.made", now, wanted)
    return watch


def change_watch(*, actor: Actor, watch: Watch, **words: Any) -> Watch:
    """Change what a watch searches for, or why; one without an owner gets one. Raises NotAllowed.

    What has to be approved waits for that, and what was approved goes on meanwhile. What it has heard stays.
    """
    actor.need(Right.WRITE, "listening")
    now = timezone.now()
    owner = watch.owner or actor.person
    wanted = proposed(actor.person, owner, now, **words)
    _permit(actor.town, wanted, now)
    waits, watch.owner, watch.changed_at = _has_to_be_approved(watch, wanted, now), owner, now
    with transaction.atomic():
        if waits:
            ask(watch, wanted, actor.person, now)
        else:
            withdraw(watch, now)
        _take_over(watch, wanted, waits)
        _tell(actor, watch, "watch.asked_again" if waits else "watch.changed", now, wanted)
    return watch


def _has_to_be_approved(watch: Watch, wanted: Proposal, now: datetime) -> bool:
    """Whether somebody has to say yes again: it is another watch, it was never approved, or its time runs out."""
    standing = standing_of(watch)
    runs_out = not may_collect(standing, now) or coming_up(standing, now) is not None
    longer = wanted.ends_at >= watch.ends_at
    return watch.approved_at is None or bool(asks_again(said(watch), said(wanted))) or (runs_out and longer)


def _take_over(watch: Watch, wanted: Proposal, waits: bool) -> None:
    """Write what counts at once: everything while nothing was approved, else only what needs no approval."""
    if watch.approved_at is None:
        fresh = {**said(wanted), "refused_at": None}
    else:
        fresh = {} if waits else {"name": wanted.name, "ends_at": wanted.ends_at}
    for name, value in fresh.items():
        setattr(watch, name, value)
    watch.save(update_fields=[*fresh, "owner", "changed_at"])


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


def _permit(town: Town, wanted: Proposal, now: datetime) -> None:
    found = (
        *objections(wanted, now, known_places(town, timezone.localdate(now))),
        *lawful_objections(wanted, now, officers_of(town), mandate_of(town, now)),
    )
    if found:
        raise NotAllowed(found)


def _tell(actor: Actor, watch: Watch, action: str, now: datetime, wanted: Proposal | None = None) -> None:
    details = {
        name: getattr(wanted or watch, name) for name in ("name", "query", "purpose", "purpose_code", "legal_ground", "article")
    }
    details["ends_at"] = (wanted or watch).ends_at.isoformat()
    if wanted:
        details["approver"] = f"{wanted.approver_name} <{wanted.approver_email}>"
    audit(town=actor.town, actor=actor.person, action=action, subject=f"watch:{watch.pk}", details=details)
    emit(town=actor.town, kind=CHANGED, subject=watch.pk, at=now)

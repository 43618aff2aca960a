"""The two towns that the browser looks at: everything that a screen can show is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from plein.channels.memory import Square
from plein.channels.posts import Author, Batch
from plein.channels.posts import Post as Told
from plein.channels.registry import codes, network
from plein.listening.lawful.purposes import PURPOSES
from plein.listening.query.highlighting import marks
from plein.listening.query.looking import phrases_of
from plein.listening.query.parsing import parse
from plein.town.retention import Kind
from plein.town.saying import own
from plein_web.channels.models import Channel, Gap, Outgoing, Post, SendHold, Source, Unread
from plein_web.inbox.models import Answer, Draft
from plein_web.listening.actions import make_watch
from plein_web.listening.elsewhere.actions import hand_over
from plein_web.listening.elsewhere.models import ConversationPlace, PlaceChoice
from plein_web.listening.elsewhere.workers import run_once as find_places
from plein_web.listening.ingest import Ingestion
from plein_web.listening.lawful.links import approval_link
from plein_web.listening.lawful.models import Mandate, Terms
from plein_web.listening.models import Mention, Request, Watch
from plein_web.listening.rights.actions import open_request
from plein_web.listening.standing import STANDING
from plein_web.site.accounts import one_time_link, setup_link
from plein_web.town.access import actor_for
from plein_web.town.actions import audit
from plein_web.town.keeping import note_deletion
from plein_web.town.models import AuditRow, AuditSeal, BackupMade, DeletionProof, LegalHold, Person, Town, WorkerBeat
from tests import factories

PASSWORD = "de brug gaat om negen uur open"
LONG = "Kan-iemand-mij-uitleggen-waarom-de-Havenkade-alweer-drie-weken-afgesloten-is-zonder-bericht"

DATA = (
    (Person, "name", "email"),
    (Town, "name"),
    (Channel, "name", "handle"),
    (Post, "text", "author_name", "author_handle"),
    (Outgoing, "text", "words"),
    (Draft, "text"),
    (Watch, "name", "purpose", "article", "approved_by"),
    (Terms, "approver_name", "approver_email"),
    (Mandate, "mayor", "reference"),
    (Mention, "text"),
    (ConversationPlace, "key"),
    (PlaceChoice, "note", "words"),
    (LegalHold, "reason"),
    (Request, "handle", "code"),
    (BackupMade, "name"),
)


@dataclass
class World:
    """The rows by the name that a screen's address uses."""

    places: dict[str, object] = field(default_factory=dict)

    def fill(self, path: str) -> str:
        """Return an address with its places filled in."""
        return path.format(**self.places)

    def data(self) -> list[str]:
        """Return what people and networks wrote or are called, the longest first: no screen translates it."""
        told = {value for model, *fields in DATA for row in model.objects.values_list(*fields) for value in row}
        told |= {network(code).name for code in codes()}
        told |= {word for purpose in PURPOSES.values() for word in purpose.words}
        queries = set(Watch.objects.values_list("query", flat=True))
        phrases = {phrase for query in queries for phrase in phrases_of(parse(query))}
        # A screen marks what a watch found, and colours a query: texts come in pieces.
        told |= {piece for text in told if text for piece in re.split("|".join(phrases), text)} | phrases
        told |= {query[mark.start : mark.end] for query in queries for mark in marks(query)}
        return sorted({value.strip() for value in told if value and value.strip()}, key=len, reverse=True)


def build(folder: Path) -> World:
    """Fill two towns."""
    waterdam, oeverloo = factories.waterdam(), factories.oeverloo()
    sanne, femke = factories.sanne(waterdam, oeverloo), factories.femke(waterdam)
    factories.daan(oeverloo)
    sanne.set_password(PASSWORD)
    sanne.save()
    world = World({"link": "/" + one_time_link(femke).split("/", 3)[3], "setup": "/" + setup_link().split("/", 3)[3]})
    _channels(world, waterdam, folder)
    _inbox(world, waterdam, sanne, femke)
    _listening(world, waterdam, sanne)
    _requests(world, waterdam)
    _elsewhere(world, waterdam, sanne, femke)
    _engine(waterdam, oeverloo, sanne)
    return world


def _channels(world: World, town: Town, folder: Path) -> None:
    now = timezone.now()
    address = str(folder / "square.sqlite3")
    Square(address)
    good = factories.memory_channel(town, address, handle="waterdam", last_sent_at=now - timedelta(minutes=4))
    dead = factories.channel(
        town,
        network="mastodon",
        handle="sport@social.waterdam.example",
        name="Sport in Waterdam",
        status="sign_in_needed",
        token_expires_at=now + timedelta(days=6),
        error="The access token was revoked",
        error_at=now,
    )
    manual = factories.channel(town, network="manual", handle="Buurtapp Oosterkade", name="Buurtapp Oosterkade")
    hook = factories.channel(town, network="webhook", handle="kcc", name="Klantcontact", status="paused")
    Source.objects.filter(channel=good).update(last_ok_at=now, last_post_at=now - timedelta(minutes=11))
    source = factories.source(town, channel=dead, last_ok_at=now - timedelta(hours=3))
    factories.source(town, kind="hashtag", address="sluisbrug", last_ok_at=now, failures=1, error="read timed out")
    Gap.objects.create(source=source, words="The server keeps only the newest 800 notifications.")
    Unread.objects.create(source=source, digest="1", error="status without an account", count=2)
    factories.outgoing(good, state="unknown", needs_person=True, text="We komen morgen kijken.")
    factories.outgoing(good, text="De pont vaart weer.", due_at=now + timedelta(hours=2))
    world.places |= {"channel": good.pk, "dead": dead.pk, "manual": manual.pk, "hook": hook.pk}


def _inbox(world: World, town: Town, sanne, femke) -> None:
    now = timezone.now()
    channel = Channel.objects.get(town=town, handle="waterdam")
    texts = (
        "Hoe komen de kinderen van de Klaproosschool dan aan de overkant?",
        "Precies dit. Twee jaar terug voer er toch een pontje?",
        "En wie met een bakfiets komt? Past die ook op de pont?",
    )
    asked = factories.conversation(town, channel=channel, texts=texts, assignee=sanne, last_post_at=now)
    asked.entries.first().post.earlier.create(text="Hoe komen de kinderen over?", version_at=now - timedelta(hours=5))
    Draft.objects.create(conversation=asked, person=femke, text="Dag Marloes, goed dat je het vraagt.")
    sent = factories.conversation(
        town, channel=channel, texts=("De vuilnisbak zit al een week vol.",), status="waiting"
    )
    for state, words in (("sent", ""), ("refused", "Text is too long."), ("unknown", "timed out")):
        settled = {"settled_at": now} if state != "unknown" else {}
        outgoing = factories.outgoing(
            channel, text="We legen hem vandaag.", author=sanne, state=state, words=words, **settled
        )
        Answer.objects.create(conversation=sent, outgoing=outgoing)
    factories.conversation(town, channel=channel, texts=(LONG,), waiting_since=now - timedelta(days=2))
    factories.conversation(town, channel=channel, texts=("Dank voor de snelle reactie.",), status="done")
    factories.conversation(town, channel=channel, texts=("Alleen voor jullie: mijn kliko is weg.",), private=True)
    world.places |= {"conversation": asked.pk, "sent": sent.pk}


WATCHES = (("Sluisbrug dicht", "sluisbrug OR pont"), ("Brug en pont", "sluisbrug NEAR/40 (pont OR 84 OR sluisbrug) OR #sluisbrug"))


def _listening(world: World, town: Town, sanne) -> None:
    now = timezone.now()
    source = Source.objects.get(kind="hashtag")
    watch, judged = (_watch(town, sanne, name, query, now) for name, query in WATCHES)
    said = [
        Told(
            network="memory",
            uri=f"memory://square/overheard/{number}",
            remote_id=str(number),
            author=Author(f"resident-{number}", f"resident{number}"),
            text=f"{text} #sluisbrug",
            posted_at=now - timedelta(hours=number),
            language="nl",
        )
        for number, text in enumerate(("Weet iemand of de pont ook 's avonds vaart?", LONG, "Bus 84 rijdt om."), 1)
    ]
    STANDING.forget()
    Ingestion(source).take_batch(Batch(tuple(said), "1"), STANDING.listener(), now)
    for number, mention in enumerate(Mention.objects.filter(watch=judged).order_by("id")):
        sure = {"sure": (0.3, 0.6, 0.95)[number], "why": own("the street {0}", "Havenkade"), "about": (None, False, True)[number]}
        Mention.objects.filter(pk=mention.pk).update(**sure)
    world.places |= {"watch": watch.pk, "query": judged.pk}
    _keeping(town, sanne, watch, now)
    _approval(world, town, sanne, now)


def _keeping(town: Town, sanne, watch: Watch, now) -> None:
    LegalHold.objects.create(
        town=town, subject=f"watch:{watch.pk}", reason="Woo-verzoek 12", until=now.date() + timedelta(days=30), placed_by=sanne
    )
    note_deletion(town=town, kind=Kind.OVERHEARD, number=417, what=["a"], subject=f"watch:{watch.pk}", up_to=now.date(), now=now)
    places = {"rows": "absent", "index": "absent", "file": "absent", "log": "present"}
    DeletionProof.objects.update(checked_at=now, found=places)
    note_deletion(town=town, kind=Kind.CONVERSATION, number=1, what=["b"], now=now)
    BackupMade.objects.create(name="/srv/plein/maandag.tar", made_at=now - timedelta(days=40), gone_by=now.date() - timedelta(days=10))


def _requests(world: World, town: Town) -> None:
    """A request that waits for its code, one that was proved, one that was answered."""
    noor = factories.person("noor.dekker@waterdam.example", "Noor Dekker", waterdam="privacy_officer")
    actor, account = actor_for(noor, town.slug, room="requests"), {"network": "memory", "handle": "joke"}
    asked, proved, erased = (open_request(actor=actor, kind=kind, **account) for kind in ("see", "object", "erase"))
    done = {"outcome": "erased", "closed_at": timezone.now(), "closed_by": noor, "code": ""}
    kept = {"kind": "posts", "count": 3, "kept": [[1, "legal_hold"]]}
    Request.objects.filter(pk=proved.pk).update(proved_at=timezone.now(), author_id="resident-joke", code="")
    Request.objects.filter(pk=erased.pk).update(erased={"posts": kept}, **done)
    world.places |= {"asked": asked.pk, "proved": proved.pk, "erased": erased.pk}


def _approval(world: World, town: Town, sanne, now) -> None:
    """A watch that waits for who has to approve it, and a mandate of the mayor."""
    waiting = make_watch(
        actor=actor_for(sanne, town.slug),
        name="Wegwerk",
        query="wegwerk OR omleiding",
        purpose="Omleidingen uitleggen",
        purpose_code="roads",
        ends_at=now + timedelta(days=60),
        approver_name="Ineke Vermaat",
        approver_email="ineke.vermaat@waterdam.example",
    )
    Mandate.objects.create(
        town=town, mayor="A. van Oeveren", reference="Z-2026-14", until=now.date() + timedelta(days=5), recorded_by=sanne
    )
    world.places |= {"waiting": waiting.pk, "approve": "/" + approval_link(waiting.terms.get()).split("/", 3)[3]}


def _watch(town: Town, sanne, name: str, query: str, now) -> Watch:
    return Watch.objects.create(
        town=town,
        name=name,
        query=query,
        purpose="Vragen over de afsluiting beantwoorden",
        legal_ground="public_task",
        owner=sanne,
        starts_at=now - timedelta(days=14),
        ends_at=now + timedelta(days=30),
        review_at=now + timedelta(days=30),
        approved_at=now - timedelta(days=14),
    )


def _elsewhere(world: World, town: Town, sanne, femke) -> None:
    """Places where people talk: a hashtag with questions, one that was handed over, one that is being joined."""
    now = timezone.now()
    while find_places(now):
        pass
    ConversationPlace.objects.update(
        queued=True, score=2.4, step="answer", asked=1, waiting_since=now - timedelta(hours=3),
        why=own("A question about “{0}” has stood open for {1} hours.", "pont", 3),
        unseen=own("Closed groups and private messages: we never look there."),
    )  # fmt: skip
    threads = list(ConversationPlace.objects.filter(town=town, kind="thread").order_by("id"))
    handed = hand_over(actor=factories.actor(femke, town), place=threads[0], to=sanne, note="Jij kent het rooster van de pont")
    joined = {"town": town, "person": sanne, "choice": "join", "place": threads[1]}
    waits = PlaceChoice.objects.create(**joined, fetch="waiting", fetch_at=now + timedelta(days=1))
    failed = PlaceChoice.objects.create(**joined, fetch="failed", words="410 Gone")
    tag = ConversationPlace.objects.get(town=town, kind="hashtag")
    ConversationPlace.objects.filter(pk=tag.pk).update(queued=True)
    world.places |= {"tag": tag.pk, "handed": handed.place_id, "waits": waits.pk, "failed": failed.pk}


def _engine(waterdam: Town, oeverloo: Town, sanne) -> None:
    seal = AuditSeal.objects.create(town=waterdam, digest="ab12cd34" * 8, previous="", rows=1)
    audit(town=waterdam, actor=sanne, action="channel.connected", subject="channel:1", details={"network": "memory"})
    AuditRow.objects.update(seal=seal)
    audit(town=waterdam, actor=sanne, action="person.invited", subject="person:2", details={"email": "femke@x.example"})
    WorkerBeat.objects.create(worker="send")
    WorkerBeat.objects.create(worker="poll", error="connection refused")
    SendHold.objects.create(town=oeverloo, reason="Brand aan de Havenkade: eerst de feiten", placed_by=sanne)

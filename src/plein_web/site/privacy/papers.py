# ruff: noqa: E501 - sentences stand whole, as translators get them
"""The papers of whoever guards privacy, filled from what is really set: watches, terms, channels, hosting.

They are drafts: where only people know, there is a gap with what has to stand there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plein.channels.registry import network
from plein.listening.drafting import Block, Draft, Gap, Points, Section, Table
from plein.listening.register import Register, State
from plein.town.retention import Kind
from plein_web.channels.models import Channel
from plein_web.listening.rights.registering import register_of
from plein_web.listening.rights.words import GROUNDS, NEVER
from plein_web.town.keeping import days_kept
from plein_web.town.models import Town

PAPERS: dict[str, Promise] = {
    "privacy-statement": gettext_lazy("Privacy text for your site"),
    "dpia": gettext_lazy("DPIA, first draft"),
    "processing-record": gettext_lazy("Rows for the record of processing"),
    "algorithm-register": gettext_lazy("Text for the algorithm register"),
}
KINDS: dict[Kind, Promise] = {
    Kind.OVERHEARD: gettext_lazy("Overheard texts"),
    Kind.CONVERSATION: gettext_lazy("Conversations with residents"),
    Kind.OWN: gettext_lazy("What the municipality wrote"),
    Kind.DRAFT: gettext_lazy("Drafts of answers"),
    Kind.UNREADABLE: gettext_lazy("Messages to us that could not be read"),
    Kind.TRIAL: gettext_lazy("What trying a search caught"),
    Kind.AUDIT: gettext_lazy("The audit trail"),
    Kind.BACKUP: gettext_lazy("Backups"),
}


def paper_of(town: Town, code: str, now: datetime) -> Draft:
    """Return a paper about a town as it is set now."""
    register = register_of(town, now)
    about = _("Filled from the settings of %(town)s. A draft: read it, and complete what only you know.")
    return Draft(code, f"{PAPERS[code]}: {town.name}", about % {"town": town.name}, SECTIONS[code](town, register))


def _statement(town: Town, told: Register) -> tuple[Section, ...]:
    return (
        Section(_("What we do"), (
            _("We read what is written to us on social media, and answer. We also listen along on open networks, to answer questions and see problems sooner."),
            *_watches(told),
        )),
        Section(_("What we keep, and how long"), (_overheard(town), _terms(town))),
        Section(_("What we do not do"), (_never(),)),
        Section(_("Your rights"), (
            _("You may see what we have of your account, have it erased, and object to being listened to. You prove that the account is yours with a code that you send from it. You have an answer within a month."),
            *_or_gap(told.contact, _("where residents ask about their data")),
            _("You can complain to our data protection officer and to the Dutch Data Protection Authority."),
            *_or_gap(told.officer, _("where the data protection officer can be reached")),
        )),
    )  # fmt: skip


def _dpia(town: Town, told: Register) -> tuple[Section, ...]:
    return (
        Section(_("Processing"), (*_processing(town, told), *_watches(told))),
        Section(_("Necessity and proportionality"), (
            _("Every watch has a purpose, an article of law, an end date and an approval. Of a message that no watch asks for, nothing is written to disk."),
            Gap(_("why the purpose cannot be reached in a way that touches residents less")),
            _overheard(town), _terms(town),
        )),
        Section(_("Risks and measures"), (_risks(),)),
        Section(_("What Plein refuses"), (_never(),)),
        Section(_("Advice and decision"), (
            Gap(_("advice of the data protection officer, with its date")),
            Gap(_("how residents or their representatives were heard")),
            Gap(_("who decides, and when this is looked at again")),
        )),
    )  # fmt: skip


def _record(town: Town, told: Register) -> tuple[Section, ...]:
    webcare = (
        _("Answering residents"), _("Service to residents"), GROUNDS["public_task"],
        _("name, account, messages, what was answered"), _days(town, Kind.CONVERSATION),
    )  # fmt: skip
    listening = [
        (
            entry.name or _("For public order"), entry.purpose,
            f"{GROUNDS[entry.legal_ground]}{': ' if entry.article else ''}{entry.article}",
            _("masked text, a code that changes every month"), _number(entry.retention_days),
        )
        for entry in told.entries if entry.state is not State.ENDED
    ]  # fmt: skip
    head = (_("Processing"), _("Purpose"), _("Ground"), _("Data"), _("Kept for"))
    rows = tuple(tuple(map(str, row)) for row in (webcare, *listening))
    return (
        Section(_("Who"), tuple(_processing(town, told))),
        Section(_("Processing operations"), (Table(head, rows),)),
        Section(_("Recipients and security"), (
            _("Nobody outside the municipality receives data. An answer goes to the network on which the resident asked."),
            _("Tokens, raw messages and addresses are encrypted; who did what stands in a sealed audit trail; deletion is proved."),
        )),
    )  # fmt: skip


def _algorithms(town: Town, told: Register) -> tuple[Section, ...]:
    advice = (
        (_("Is it about us?"), _("words around a place name, with weights"), _("shown with how sure it is and why; a colleague corrects it, and Plein learns")),
        (_("In which language?"), _("how often combinations of letters occur"), _("only for the language filter of a watch")),
        (_("What about?"), _("a list of words per topic"), _("shown as a label; decides nothing")),
        (_("Where can we help?"), _("open questions, topics and what colleagues chose before"), _("the order of a list; a colleague chooses")),
    )  # fmt: skip
    return (
        Section(_("What it is for"), (
            _("Plein puts messages in order, so that a colleague sees sooner who needs an answer. All judgement is advice; a person reads, decides and sends."),
            *_watches(told),
        )),
        Section(_("Which judgements are advice"), (Table((_("Judgement"), _("How"), _("What a person does")), advice),)),
        Section(_("What it does not do"), (_never(),)),
        Section(_("How good it is"), (
            _("The makers publish how each judgement is measured, on examples that were not used to build it: plein evaluate does it again."),
            Gap(_("what your own colleagues find when they check a sample")),
        )),
        Section(_("Who"), tuple(_processing(town, told))),
    )  # fmt: skip


SECTIONS: dict[str, Callable[[Town, Register], tuple[Section, ...]]] = {
    "privacy-statement": _statement,
    "dpia": _dpia,
    "processing-record": _record,
    "algorithm-register": _algorithms,
}


def _processing(town: Town, told: Register) -> list[Block]:
    channels = sorted({f"{network(one.network_code).name}: {one.handle}" for one in Channel.objects.of(town)})
    return [
        _("Responsible: municipality of %(town)s.") % {"town": town.name},
        *_or_gap(told.officer, _("where the data protection officer can be reached")),
        *_or_gap(told.processor, _("who runs this Plein and where, and the agreement with them")),
        _("Our own accounts: %(names)s.") % {"names": ", ".join(channels)} if channels else _("No account is connected yet."),
        _("We listen along on: %(names)s.") % {"names": ", ".join(told.networks)} if told.networks else _("We listen along nowhere."),
    ]  # fmt: skip


def _watches(told: Register) -> list[Block]:
    live = [entry for entry in told.entries if entry.state is not State.ENDED]
    if not live:
        return [_("At this moment there is no watch.")]
    head = (_("Watch"), _("Purpose"), _("Article of law"), _("Until"), _("Texts kept for"))
    rows = tuple(
        (entry.name or _("For public order"), entry.purpose, entry.article or "-", f"{entry.until:%d-%m-%Y}", _number(entry.retention_days))
        for entry in live
    )
    return [Table(head, rows)]


def _overheard(town: Town) -> str:
    words = _("Overheard texts are kept for %(days)s: without accounts, telephone numbers, e-mail addresses, citizen service numbers, bank accounts, number plates and home addresses. Who wrote is a code that is another one for every watch and month.")
    return words % {"days": _days(town, Kind.OVERHEARD)}


def _terms(town: Town) -> Table:
    return Table((_("What"), _("Kept for")), tuple((str(name), _days(town, kind)) for kind, name in KINDS.items()))


def _risks() -> Table:
    rows = (
        (_("A resident is followed"), _("watches on persons, accounts and action groups are refused; pseudonyms change every month; there is no page per author")),
        (_("More is kept than needed"), _("nothing is kept without a watch; a term for every kind; deletion is proved")),
        (_("Data is used for something else"), _("exports carry purpose and watermark; there is none for fraud, enforcement or investigation")),
        (_("Residents do not know"), _("a public register; answers only from accounts that are recognisable")),
        (_("A machine is believed"), _("judgements show how sure they are and why; a person decides and sends")),
        (_("Somebody looks without need"), _("roles; a sealed audit trail that officers read; opening an address is written down")),
    )  # fmt: skip
    return Table((_("Risk"), _("What Plein does about it")), rows)


def _never() -> Points:
    return Points(tuple(map(str, NEVER)))


def _or_gap(told: str, what: str) -> tuple[Block, ...]:
    return (f"{what[:1].upper()}{what[1:]}: {told}",) if told else (Gap(what),)


def _days(town: Town, kind: Kind) -> str:
    days = days_kept(town, kind)
    return _("for good") if days is None else _number(days)


def _number(days: int) -> str:
    if days == 0:
        return _("less than an hour")
    return ngettext("%(num)d day", "%(num)d days", days) % {"num": days}

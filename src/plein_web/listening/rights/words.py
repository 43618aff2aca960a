"""What the screens say of requests and of what we do not do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plein.listening.answering import Kind, Outcome

# In the order of `plein.listening.register.CANNOT`: what the software refuses, for whoever reads the register.
NEVER: tuple[Promise, ...] = (
    _("We do not follow persons. Names and accounts cannot be searched for, nor can groups that organise a protest."),
    _("We make no profiles: nobody here sees what one person wrote in different places."),
    _("We keep no list of who writes most, or whom others listen to."),
    _("We do not read closed groups or private messages between residents."),
    _("We use no disguised accounts: you always see that it is the municipality."),
    _("What we hear is not used to find fraud, to enforce or to investigate, and goes to no other department for that."),
    _("No machine decides. Plein suggests what a message is about; a colleague judges and answers."),
)
KINDS: dict[Kind, Promise] = {
    Kind.SEE: _("To see everything we have"),
    Kind.ERASE: _("To have everything erased"),
    Kind.OBJECT: _("To be listened to no more"),
    Kind.HEAR_AGAIN: _("To take an earlier objection back"),
}
OUTCOMES: dict[Outcome, Promise] = {
    Outcome.EXPORTED: _("Everything was given to the resident"),
    Outcome.ERASED: _("Erased"),
    Outcome.UNHEARD: _("We listen to this account no more"),
    Outcome.HEARD_AGAIN: _("The objection was taken back"),
    Outcome.NOTHING_FOUND: _("We have nothing of this account"),
    Outcome.NOT_PROVEN: _("The code did not come"),
    Outcome.WITHDRAWN: _("The resident took the request back"),
}
# Why something stays when a resident's words go.
KEPT: dict[str, Promise] = {
    "legal_hold": _("a legal hold keeps it: a request for openness or a dispute has to be settled first"),
    "own_words": _("what the municipality itself said is kept, as the Archives Act asks; accounts in it are not shown"),
}
# Older watches may stand on a ground that is not offered any more: the register does not hide that.
GROUNDS: dict[str, Promise] = {
    "public_task": _("it is a task of the municipality (GDPR 6.1e)"),
    "legal_duty": _("a law obliges us to (GDPR 6.1c)"),
    "vital_interest": _("somebody's life or health is at stake (GDPR 6.1d)"),
}

"""Approving a watch by link or on the screen, advising on it, and the mandate for public order."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from plein.channels.registry import network
from plein.listening.query.writing import in_words_of
from plein.town.retention import Kind
from plein.town.roles import Right
from plein_web.listening import actions, forms, shown
from plein_web.listening.access import watch_for
from plein_web.listening.lawful import approval, deciding
from plein_web.listening.lawful.asking import waiting
from plein_web.listening.lawful.forms import AdviceForm, DecisionForm, LinkForm, MandateForm
from plein_web.listening.lawful.links import LinkEnded, mail_link, terms_of_link
from plein_web.listening.lawful.models import Mandate, Terms
from plein_web.listening.models import Watch
from plein_web.town.access import Actor, actor_for
from plein_web.town.keeping import days_kept

DECIDED = _("This was decided already, or it has changed since. Look again.")


@never_cache
def approve(request: HttpRequest, token: str) -> HttpResponse:
    """Show a watch to who has to approve it, without an account, and take the decision down."""
    response = _approve(request, token)
    response["X-Robots-Tag"] = "noindex"
    return response


def _approve(request: HttpRequest, token: str) -> HttpResponse:
    try:
        terms = terms_of_link(token)
    except LinkEnded:
        return render(request, "listening/approve_ended.html", status=410)
    if not Terms.objects.pending().filter(pk=terms.pk).exists():
        return render(request, "listening/approve_ended.html", {"terms": terms}, status=410 if not terms.decided_at else 200)
    form = LinkForm(request.POST or None, initial={"name": terms.approver_name})
    if request.method == "POST" and form.is_valid() and _by_link(request, terms, form):
        return redirect("approve", token)
    return render(request, "listening/approve.html", _shown(terms) | {"form": form})


def _by_link(request: HttpRequest, terms: Terms, form: LinkForm) -> bool:
    given = form.cleaned_data
    visitor = request.user if request.user.is_authenticated else None
    who = {"name": given["name"], "reason": given["reason"], "visitor": visitor}
    try:
        deciding.decide_by_link(terms=terms, approved=given["decision"] == "approve", **who)
    except deciding.Decided:
        form.add_error(None, DECIDED)
    except PermissionDenied:
        form.add_error(None, _("You made or own this watch, or advise on it. Somebody else has to approve it."))
    except actions.NotAllowed as refused:
        form.add_error(None, " ".join(map(forms.sentence, refused.objections)))
    return not form.errors


def _shown(terms: Terms) -> dict:
    """Return everything that somebody needs to decide."""
    return {
        "terms": terms,
        "asking_town": terms.watch.town,
        "purpose": approval.purpose_of(terms.purpose_code),
        "ground": forms.GROUNDS.get(terms.legal_ground, terms.legal_ground),
        "pieces": shown.pieces(in_words_of(forms.reader(), terms.query)),
        "advice": approval.advice_on(terms),
        "networks": sorted({network(one.network_code).name for one in shown.sources_of(terms.watch.town)}),
        "before": terms.watch if terms.watch.approved_at else None,
        "last_day": forms.last_day(terms),
        "days": days_kept(terms.watch.town, Kind.OVERHEARD, f"watch:{terms.watch_id}"),
    }


@login_required
@require_POST
def decide(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Approve or refuse on the screen."""
    actor, watch, terms = _waiting(request, town, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(message for errors in form.errors.values() for message in errors))
        return redirect("watch", town, pk)
    approved = form.cleaned_data["decision"] == "approve"
    try:
        deciding.decide_on_screen(actor=actor, terms=terms, approved=approved, reason=form.cleaned_data["reason"])
    except deciding.Decided:
        messages.error(request, DECIDED)
    except actions.NotAllowed as refused:
        messages.error(request, " ".join(map(forms.sentence, refused.objections)))
    else:
        messages.success(request, _("Approved. We are searching.") if approved else _("Refused."))
    return redirect("watch", town, watch.pk)


@login_required
@require_POST
def advise(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Take down what an officer advises."""
    actor, watch, terms = _waiting(request, town, pk)
    form = AdviceForm(request.POST)
    actor.need(Right.WRITE, "advice")
    if form.is_valid():
        deciding.advise(actor=actor, terms=terms, text=form.cleaned_data["text"])
        messages.success(request, _("Your advice stands with the watch. Who approves it reads it."))
    else:
        messages.error(request, _("Write your advice first."))
    return redirect("watch", town, watch.pk)


@login_required
@require_POST
def mail(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Mail the approver the link once more."""
    actor, watch, terms = _waiting(request, town, pk)
    actor.need(Right.WRITE, "listening")
    if mail_link(terms):
        messages.success(request, _("We have mailed %(name)s.") % {"name": terms.approver_name})
    else:
        messages.error(request, _("The mail could not be sent. Copy the link instead."))
    return redirect("watch", town, watch.pk)


def _waiting(request: HttpRequest, town: str, pk: int) -> tuple[Actor, Watch, Terms]:
    """Return the version that somebody looked at, as long as it is the one that waits."""
    actor = actor_for(request.user, town, Right.READ, "listening")
    watch = watch_for(actor, pk)
    terms = waiting(watch)
    if terms is None or request.POST.get("version") != str(terms.pk):
        raise PermissionDenied(DECIDED)
    return actor, watch, terms


@login_required
def public_order(request: HttpRequest, town: str) -> HttpResponse:
    """Record or withdraw what the mayor signed; without it listening for public order is off."""
    actor = actor_for(request.user, town, Right.WRITE, "town")
    form = MandateForm(request.POST if request.method == "POST" and "withdraw" not in request.POST else None)
    rows = Mandate.objects.filter(town=actor.town).select_related("recorded_by").order_by("-id")
    if request.method == "POST" and "withdraw" in request.POST:
        chosen = get_object_or_404(rows, pk=request.POST["withdraw"] if request.POST["withdraw"].isdecimal() else 0)
        deciding.withdraw_mandate(actor=actor, mandate=chosen)
        return redirect("public_order", town)
    if request.method == "POST" and form.is_valid():
        deciding.record_mandate(actor=actor, **form.cleaned_data)
        return redirect("public_order", town)
    context = {"form": form, "mandates": rows, "today": timezone.localdate(), "days": 7}
    return render(request, "listening/public_order.html", context)

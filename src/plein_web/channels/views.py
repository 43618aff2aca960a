"""Pages of channels and sources, of whether everything runs, and the stop button."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from plein.channels.contract import Network
from plein.channels.errors import ChannelError, Refused
from plein.channels.registry import network
from plein.town.roles import Right
from plein_web.channels import actions, health, words
from plein_web.channels.access import channel_for, hold_for, source_for
from plein_web.channels.clients import of_the_house, offered
from plein_web.channels.forms import ConnectForm, HoldForm, MessageForm, PublicSourceForm, SiteForm
from plein_web.channels.models import Channel, Outgoing, Source
from plein_web.town.access import OWN_FORM, Actor, actor_for

# A delivery of more bytes than this is no message.
MOST_BYTES = 1_000_000
# When whoever delivers to a paused channel may try again, in seconds.
PAUSE = 600
# A list of what is to be looked at goes no further; it says how many there are.
MOST_SHOWN = 100


def _reader(request: HttpRequest, town: str) -> Actor:
    return actor_for(request.user, town, Right.READ, "channels")


def _writer(request: HttpRequest, town: str) -> Actor:
    return actor_for(request.user, town, Right.WRITE, "channels")


@login_required
@require_GET
def channels(request: HttpRequest, town: str) -> HttpResponse:
    """The list of channels with their health."""
    actor = _reader(request, town)
    found = health.channels(actor.town, timezone.now())
    return render(request, "channels/channels.html", {"words": words, "channels": found})


@login_required
@require_GET
def channel(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """One channel: how it is doing, what it reads, what it can do."""
    actor = _reader(request, town)
    row = channel_for(actor, pk)
    found = health.channels(actor.town, timezone.now())
    context = {
        "words": words,
        "channels": found,
        "state": next(each for each in found if each.channel.pk == row.pk),
        "channel": row,
        "questions": list(words.questions(row.abilities, row.max_length)),
        "hook_address": settings.ADDRESS.rstrip("/") + reverse("hook", args=[row.pk]),
    }
    return render(request, "channels/channel.html", context)


SWITCHES = {
    "pause": actions.pause_channel,
    "resume": actions.resume_channel,
    "disconnect": actions.disconnect_channel,
}


@login_required
@require_POST
def switch(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Pause, resume or disconnect a channel."""
    actor = _writer(request, town)
    action = SWITCHES.get(request.POST.get("do", ""))
    if action is None:
        raise Http404
    action(actor=actor, channel=channel_for(actor, pk, Right.WRITE))
    if action is actions.disconnect_channel:
        messages.success(request, _("The channel has been disconnected. What came in stays in the inbox."))
        return redirect("channels", town)
    return redirect("channel", town, pk)


@login_required
@require_GET
def connect(request: HttpRequest, town: str) -> HttpResponse:
    """Choose a network."""
    _writer(request, town)
    networks = [network(code) for code in offered() if network(code).fields or network(code).first_sources]
    context = {"networks": networks, "words": words, "first": "first" in request.GET}
    return render(request, "channels/connect.html", context)


@login_required
@cache_control(**OWN_FORM)
@sensitive_post_parameters()
def connect_network(request: HttpRequest, town: str, code: str) -> HttpResponse:
    """Connect an account; on failure the network's own words, and the input is kept."""
    actor = _writer(request, town)
    chosen = _network(code)
    form = ConnectForm(request.POST if request.method == "POST" else None, network=chosen)
    failure = ""
    if form.is_valid():
        try:
            row = _connect(actor, chosen, form)
        except actions.NotRecognisable as error:
            failure = error.words
            form.ask_to_vouch()
        except ChannelError as error:
            failure = error.words
        else:
            messages.success(request, _("%(network)s has been connected.") % {"network": _(chosen.name)})
            return redirect("channel", town, row.pk)
    secret = any(field.secret for field in chosen.fields)
    context = {"form": form, "network": chosen, "words": words, "failure": failure, "secret": secret}
    return render(request, "channels/connect_network.html", context, status=422 if failure else 200)


def _network(code: str) -> Network:
    if code not in offered():
        raise Http404(code)
    return network(code)


def _connect(actor: Actor, chosen: Network, form: ConnectForm) -> Channel:
    handle, given, secrets = form.account()
    return actions.connect_channel(
        actor=actor,
        network_code=chosen.code,
        handle=handle,
        settings=given | of_the_house(chosen.code),
        secrets=secrets,
        vouched=form.cleaned_data.get("vouched", False),
    )


@login_required
@cache_control(**OWN_FORM)
def sources(request: HttpRequest, town: str) -> HttpResponse:
    """What the town reads without a channel, and the form to read something more."""
    actor = _reader(request, town)
    form = PublicSourceForm(request.POST if request.method == "POST" else None, town=actor.town)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.add_source(
            actor=actor,
            network_code=given["network_code"],
            kind=given["kind"],
            address=given["address"],
            reads_as=given["account"],
        )
        messages.success(request, _("From now on we read this too. Watches decide what we keep of it."))
        return redirect("sources", town)
    now = timezone.now()
    context = {
        "words": words,
        "form": form,
        "channels": health.channels(actor.town, now),
        "sources": health.public_sources(actor.town, now),
    }
    return render(request, "channels/sources.html", context)


@login_required
@cache_control(**OWN_FORM)
def site(request: HttpRequest, town: str) -> HttpResponse:
    """What the site at a pasted address offers: its feeds, or the page itself."""
    actor = _writer(request, town)
    form = SiteForm(request.POST if request.method == "POST" else None)
    found, failure = None, ""
    if form.is_valid():
        try:
            found = actions.look_at_site(actor=actor, address=form.cleaned_data["site"])
        except ChannelError as error:
            failure = error.words
    read = {(row.kind, row.address) for row in Source.objects.of(actor.town).filter(active=True, channel=None)}
    context = {"form": form, "found": found, "failure": failure, "read": read}
    return render(request, "channels/site.html", context, status=422 if failure else 200)


@login_required
@require_POST
def source_remove(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Stop reading something."""
    actor = _writer(request, town)
    source = source_for(actor, pk, Right.WRITE)
    actions.remove_source(actor=actor, source=source)
    messages.success(request, _("We no longer read this. What came in stays."))
    return redirect("channel", town, source.channel_id) if source.channel_id else redirect("sources", town)


@login_required
def enter_message(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Enter a message from a network that lets nobody in."""
    actor = actor_for(request.user, town, Right.WRITE, "inbox")
    row = channel_for(actor, pk)
    if not row.abilities.copies_by_hand:
        raise Http404(pk)
    form = MessageForm(request.POST or None, initial={"posted_at": timezone.localtime()})
    if form.is_valid():
        actions.enter_by_hand(actor=actor, channel=row, **form.cleaned_data)
        messages.success(request, _("Entered. The message appears in the inbox in a moment."))
        return redirect("inbox", town)
    return render(request, "channels/enter.html", {"form": form, "channel": row})


@csrf_exempt
@require_POST
def hook(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a signed delivery. Other errors than a wrong signature answer 500: the sender tries again."""
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return HttpResponse("too large\n", status=413, content_type="text/plain")
    row = Channel.objects.exclude(status=Channel.Status.DISCONNECTED).filter(pk=pk).select_related("town").first()
    if row is None or not row.network.abilities.hooks:
        raise Http404(pk)
    if row.status != Channel.Status.OPEN:
        return HttpResponse("paused\n", status=503, content_type="text/plain", headers={"Retry-After": str(PAUSE)})
    try:
        count = actions.receive_delivery(channel=row, headers=request.headers, body=body, now=timezone.now())
    except Refused as error:
        return HttpResponse(f"{error.words}\n", status=400, content_type="text/plain")
    return HttpResponse(f"received {count}\n", status=202, content_type="text/plain")


@login_required
@require_GET
def running(request: HttpRequest, town: str) -> HttpResponse:
    """Does everything run? Channels, sources, workers, gaps, what could not be read."""
    actor = _reader(request, town)
    now = timezone.now()
    unknown = health.to_look_at(actor.town)
    shown = list(unknown[:MOST_SHOWN])
    context = {
        "words": words,
        "channels": health.channels(actor.town, now),
        "sources": health.public_sources(actor.town, now),
        "workers": health.workers(now),
        "gaps": health.gaps(actor.town, now),
        "unread": health.unread(actor.town, now),
        "unknown": shown,
        "unknown_count": _count(unknown, shown),
    }
    return render(request, "channels/running.html", context)


@login_required
def stop(request: HttpRequest, town: str) -> HttpResponse:
    """The stop button: what would leave, why it has to wait, and going on again."""
    actor = actor_for(request.user, town)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.place_hold(actor=actor, reason=form.cleaned_data["reason"])
        return redirect("stop", town)
    waiting = Outgoing.objects.of(actor.town).to_leave()
    shown = list(waiting.select_related("channel", "author")[:MOST_SHOWN])
    context = {"form": form, "waiting": shown, "count": _count(waiting, shown)}
    return render(request, "channels/stop.html", context)


def _count(rows: QuerySet, shown: list) -> int:
    return rows.count() if len(shown) == MOST_SHOWN else len(shown)


@login_required
@require_POST
def lift(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Lift a stop: what waited leaves."""
    actor = actor_for(request.user, town, Right.WRITE, "inbox")
    actions.lift_hold(actor=actor, hold=hold_for(actor, pk, Right.WRITE))
    messages.success(request, _("The stop has been lifted. What waited leaves now."))
    return redirect("stop", town)

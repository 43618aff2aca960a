"""The hub of whoever guards privacy: requests of residents, the register, the papers, what waits for advice."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plein.listening.answering import Outcome
from plein.listening.drafting import markdown
from plein.town.roles import Right
from plein_web.listening.rights import actions
from plein_web.listening.rights.access import ROOM, request_for
from plein_web.site.privacy import shown
from plein_web.site.privacy.answering import do_as_asked
from plein_web.site.privacy.forms import ParticularsForm, RequestForm, provable
from plein_web.site.privacy.holders import NotProven, export, found_about, watches_in
from plein_web.site.privacy.papers import PAPERS, paper_of
from plein_web.town.access import Actor, actor_for

JSON = {"json_dumps_params": {"ensure_ascii": False, "indent": 2}}


def guardian_for(request: HttpRequest, town: str) -> Actor:
    """Return who may read the audit trail or answers requests, as an actor in a town."""
    actor = actor_for(request.user, town, Right.READ, shown.room_of(request.user, town))
    if not shown.is_guardian(actor):
        raise PermissionDenied("privacy")
    return actor


@login_required
@require_GET
def privacy(request: HttpRequest, town: str) -> HttpResponse:
    """Show what needs somebody, and where everything stands."""
    actor = guardian_for(request, town)
    return render(request, "privacy/privacy.html", shown.hub(actor, timezone.now()))


@login_required
def particulars(request: HttpRequest, town: str) -> HttpResponse:
    """Write down what the register says of the town beside its watches."""
    actor = actor_for(request.user, town, Right.WRITE, ROOM)
    kept = actions.particulars_of(actor.town)
    initial = {name: getattr(kept, name) for name in ParticularsForm.base_fields}
    form = ParticularsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.tell_particulars(actor=actor, **form.cleaned_data)
        messages.success(request, _("Saved. The register and the papers say it from now on."))
        return redirect("privacy", town)
    return render(request, "privacy/particulars.html", {"form": form})


@login_required
@require_GET
def paper(request: HttpRequest, town: str, code: str) -> HttpResponse:
    """Show a paper, filled from the settings as they are now."""
    actor = guardian_for(request, town)
    draft = _draft(actor, code)
    context = {"draft": draft, "text": markdown(draft, _("To fill in")), "register": code}
    return render(request, "privacy/paper.html", context)


@login_required
@require_GET
def paper_file(request: HttpRequest, town: str, code: str, form: str) -> HttpResponse:
    """Give a paper as a file: Markdown or HTML."""
    actor = guardian_for(request, town)
    draft = _draft(actor, code)
    if form == "md":
        content, kind = markdown(draft, _("To fill in")), "text/markdown"
    elif form == "html":
        content, kind = render_to_string("privacy/paper_file.html", {"draft": draft, "town": actor.town}), "text/html"
    else:
        raise Http404(form)
    name = f"{code}-{actor.town.slug}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers=headers)


def _draft(actor: Actor, code: str):
    if code not in PAPERS:
        raise Http404(code)
    return paper_of(actor.town, code, timezone.now())


@login_required
def request_new(request: HttpRequest, town: str) -> HttpResponse:
    """Take in what a resident asks."""
    actor = actor_for(request.user, town, Right.WRITE, ROOM)
    initial = {"received_on": timezone.localdate(), "kind": "see"}
    form = RequestForm(request.POST or None, town=actor.town, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = actions.open_request(actor=actor, **form.cleaned_data)
        return redirect("resident_request", town, made.pk)
    return render(request, "privacy/request_new.html", {"form": form, "networks": provable(actor.town)})


@login_required
@require_GET
def request_page(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Show a request: its clock, its code, and once that arrived what we have. Looking is written down."""
    actor = actor_for(request.user, town, Right.WRITE, ROOM)
    asked, now = request_for(actor, pk), timezone.now()
    context = shown.of_request(asked, now)
    if asked.proved_at and not asked.closed_at and "look" in request.GET:
        found = found_about(actor=actor, request=asked, now=now)
        context |= {"found": found, "watches": watches_in(found)}
    return render(request, "privacy/request.html", context)


@login_required
@require_POST
def request_do(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Make another code, do as was asked, or close without."""
    actor = actor_for(request.user, town, Right.WRITE, ROOM)
    asked, deed = request_for(actor, pk), request.POST.get("do", "")
    if deed == "code":
        actions.renew_code(actor=actor, request=asked)
    elif deed == "as_asked":
        _carry_out(request, actor, asked)
    elif deed in (Outcome.NOT_PROVEN, Outcome.WITHDRAWN, Outcome.NOTHING_FOUND):
        actions.close_request(actor=actor, request=asked, outcome=deed)
        messages.success(request, _("Closed."))
    return redirect("resident_request", town, pk)


def _carry_out(request: HttpRequest, actor: Actor, asked) -> None:
    if asked.closed_at:
        return
    try:
        do_as_asked(actor=actor, request=asked, now=timezone.now())
        messages.success(request, _("Done, and written down. Tell the resident how it ended."))
    except NotProven:
        messages.error(request, _("First the code has to arrive from this account."))


@login_required
@require_GET
def request_export(request: HttpRequest, town: str, pk: int, form: str) -> HttpResponse:
    """Give everything we have of a resident, for the resident: as data, or to read."""
    actor = actor_for(request.user, town, Right.WRITE, ROOM)
    asked = request_for(actor, pk)
    if form not in ("json", "html") or asked.proved_at is None or asked.closed_at:
        raise Http404(form)
    told = export(actor=actor, request=asked, now=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="plein-{town}-{pk}.{form}"'}
    if form == "json":
        return JsonResponse(told, headers=headers, **JSON)
    content = render_to_string("privacy/export.html", {"told": told, "town": actor.town})
    return HttpResponse(content, content_type="text/html; charset=utf-8", headers=headers)

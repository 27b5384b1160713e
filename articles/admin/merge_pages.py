"""The pages on which units are merged or renamed: asked, shown, done; and taken back."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import vietnamese
from newsroom.refusals import Conflict, NotReady

from .. import listing
from ..mergers import Change, Plan, Undoing, merge_units, preview, undo_merger
from ..models import Province
from ..permissions import may_merge
from ..succession import Units
from .merge_form import MergeForm

PREVIEW, CONFIRM, EDIT = "preview", "confirm", "edit"
FOLDER = "admin/articles/province/"


def merge_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Ask on GET; on POST show what would happen, and do it once that was confirmed."""
    if not may_merge(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _ask(model_admin, request, MergeForm())
    form = MergeForm(request.POST)
    step = request.POST.get("step", PREVIEW)
    if not form.is_valid():
        return _ask(model_admin, request, form)
    if step == EDIT:
        return _ask(model_admin, request, form)
    if step == CONFIRM:
        return _merge(model_admin, request, form)
    return _show(model_admin, request, form)


def _ask(
    model_admin: Any, request: HttpRequest, form: MergeForm, conflict: str = ""
) -> HttpResponse:
    """Show the form with all that was typed."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status = HTTPStatus.CONFLICT if conflict else status
    context = {"title": _("Merge or rename places"), "form": form, "conflict": conflict}
    return _answer(model_admin, request, "merge.html", context, status)


def _show(model_admin: Any, request: HttpRequest, form: MergeForm) -> HttpResponse:
    """Show what the change would do; nothing is done yet."""
    plan = _plan(form.change())
    if problems := plan.problems():
        form.blame(problems)
        return _ask(model_admin, request, form)
    context = {
        "title": _("Show what will happen"),
        "form": form,
        "plan": plan,
        "new": plan.change.made(),
        "names": _names(plan.old),
        "day": _told(plan.change.day),
        "is_coming": plan.change.day > timezone.now().astimezone(vietnamese.ZONE).date(),
        "addresses": preview.addresses(plan),
        "bearings": preview.articles(plan),
        "members": preview.members(plan),
    }
    return _answer(model_admin, request, "merge_preview.html", context)


def _merge(model_admin: Any, request: HttpRequest, form: MergeForm) -> HttpResponse:
    """Do what was shown; where the units are no more as they were, ask again with all typed."""
    change, seen = form.change(), request.POST.get("seen") or "-"
    try:
        new = merge_units(actor=request.user, change=change, seen=seen)
    except Conflict as conflict:
        form.blame(_plan(change).problems())
        return _ask(model_admin, request, form, str(conflict))
    except NotReady as refused:
        form.blame(refused.problems)
        return _ask(model_admin, request, form)
    text = _("Done: from %(day)s on %(old)s → %(new)s.")
    told = {"day": _told(change.day), "old": _names(new.predecessors.all()), "new": new.name}
    messages.success(request, text % told)
    return HttpResponseRedirect(reverse("admin:articles_province_change", args=[new.pk]))


def undo_page(model_admin: Any, request: HttpRequest, unit: Province) -> HttpResponse:
    """Say on GET what comes back, or what stands in the way; on POST undo the merger."""
    if not may_merge(request.user):
        raise PermissionDenied
    if request.method == "POST":
        try:
            restored = undo_merger(actor=request.user, unit=unit)
        except Conflict:
            # The page says itself what stands in the way now.
            return _show_undo(model_admin, request, unit, HTTPStatus.CONFLICT)
        text = _("Undone. What was before holds again: %(units)s.")
        messages.success(request, text % {"units": _names(restored)})
        return HttpResponseRedirect(reverse("admin:articles_province_changelist"))
    return _show_undo(model_admin, request, unit)


def _show_undo(
    model_admin: Any, request: HttpRequest, unit: Province, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    undoing = Undoing(unit, Units(listing.units()))
    restored = [
        (one, Province(kind=one.kind, slug=undoing.slug_before(one)).get_absolute_url())
        for one in undoing.touched
    ]
    context = {
        "title": _("Undo the merger"),
        "unit": unit,
        "day": _told(unit.valid_from),
        "obstacles": undoing.obstacles,
        "restored": restored,
    }
    return _answer(model_admin, request, "undo.html", context, status)


def _plan(change: Change) -> Plan:
    return Plan(change, Units(listing.units()))


def _names(units: Any) -> str:
    return ", ".join(unit.name for unit in units)


def _told(day: Any) -> str:
    return vietnamese.short_date(day, vietnamese.DAY)


def _answer(
    model_admin: Any,
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    frame = model_admin.admin_site.each_context(request)
    context = {**frame, "opts": model_admin.opts, "subtitle": None, **context}
    return TemplateResponse(request, f"{FOLDER}{template}", context, status=status)

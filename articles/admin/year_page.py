"""The page that begins a year of a cluster with the members of the year before."""

import datetime as dt
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import vietnamese
from newsroom.fields import LineFormField, row_number
from newsroom.refusals import Conflict, NotAllowed, NotReady

from .. import clusters, listing
from ..cluster_years import Candidate, Newcomer, NextYear, next_year
from ..models import Cluster, ClusterMember
from ..permissions import may_change

TEMPLATE = "admin/articles/cluster/year.html"
PARAMETER = "year"
STAYS, LEAVES, REPLACED = "stays", "leaves", "replaced"
FIRST, LAST = 1945, 2100
MAX_NAME_CHARS = ClusterMember._meta.get_field("name").max_length


@dataclass(frozen=True)
class MemberRow:
    """A member of the year before and what becomes of it."""

    candidate: Candidate
    choice: BoundField


@dataclass(frozen=True)
class NewcomerRow:
    """A new member and the name it gets."""

    newcomer: Newcomer
    name: BoundField


class YearForm(forms.Form):
    """A choice for each member, a name for each new one, and who leads."""

    def __init__(self, data: Any, proposed: NextYear):
        super().__init__(data)
        self.proposed = proposed
        for one in proposed.candidates:
            self.fields[_choice(one.member)] = self._choice_field(one)
        for one in proposed.newcomers:
            self.fields[_name(one)] = LineFormField(
                label=_("Name of the new member"),
                initial=one.name,
                max_length=MAX_NAME_CHARS,
                required=False,
            )
        for office, label in zip(clusters.OFFICES, proposed.cluster.office_names, strict=True):
            self.fields[office] = self._office_field(office, label)

    @property
    def rows(self) -> list[MemberRow]:
        """The members with their fields."""
        found = self.proposed.candidates
        return [MemberRow(one, self[_choice(one.member)]) for one in found]

    @property
    def new_rows(self) -> list[NewcomerRow]:
        """The new members with their fields."""
        return [NewcomerRow(one, self[_name(one)]) for one in self.proposed.newcomers]

    @property
    def offices(self) -> list[BoundField]:
        """Who leads."""
        return [self[office] for office in clusters.OFFICES]

    def clean(self) -> dict[str, Any]:
        """Refuse a leader who leaves and a new member without a name."""
        data = super().clean()
        for one in self.proposed.candidates:
            if data.get(_choice(one.member)) == LEAVES:
                for office in clusters.OFFICES:
                    if data.get(office) == one.member.pk:
                        self.add_error(office, _("This member leaves. Choose another one."))
        for one in self.proposed.newcomers:
            if self._replaced(one) and not data.get(_name(one)):
                self.add_error(_name(one), _("The new member has no name."))
        return data

    def plan(self) -> clusters.NewYear:
        """Return what was decided."""
        data = self.cleaned_data
        leaving = (one.member.pk for one in self.proposed.candidates if self._leaves(one))
        joining = (
            clusters.Joining(data[_name(one)], one.province, replaced)
            for one in self.proposed.newcomers
            if (replaced := self._replaced(one))
        )
        return clusters.NewYear(
            year=self.proposed.year,
            leaving=frozenset(leaving),
            joining=tuple(joining),
            offices={office: data[office] for office in clusters.OFFICES},
        )

    def _leaves(self, one: Candidate) -> bool:
        return self.cleaned_data[_choice(one.member)] == LEAVES

    def _replaced(self, one: Newcomer) -> frozenset[int]:
        chosen = (member.pk for member in one.replaces if self._choice_of(member) == REPLACED)
        return frozenset(chosen)

    def _choice_of(self, member: ClusterMember) -> str | None:
        return self.cleaned_data.get(_choice(member))

    def _choice_field(self, one: Candidate) -> forms.ChoiceField:
        choices = [(STAYS, _("stays as it is"))]
        if one.may_be_replaced:
            choices.append((REPLACED, _("is replaced: %(unit)s") % {"unit": one.heir.name}))
        if one.may_leave:
            choices.append((LEAVES, _("leaves the cluster")))
        initial = STAYS
        if one.heir:
            initial = REPLACED if one.may_be_replaced else choices[-1][0]
        return forms.ChoiceField(label=one.member.name, choices=choices, initial=initial)

    def _office_field(self, office: str, label: str) -> forms.TypedChoiceField:
        members = [(one.member.pk, _leader(one)) for one in self.proposed.candidates]
        held = getattr(self.proposed.before, f"{office}_id", None)
        return forms.TypedChoiceField(
            label=label,
            choices=[("", "–"), *members],
            initial=held,
            required=False,
            coerce=int,
            empty_value=None,
        )


def year_page(model_admin: Any, request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """Ask on GET; on POST begin the year, or ask again with what was chosen."""
    if not may_change(request.user, cluster):
        raise PermissionDenied
    year = _chosen_year(request, cluster)
    posted = request.method == "POST"
    proposed = NextYear(cluster, year, listing.units())
    form = YearForm(request.POST if posted else None, proposed)
    error = ""
    if posted and form.is_valid():
        error = _begin(request, cluster, form)
        if not error:
            return _done(request, cluster, year)
    elif cluster.terms.filter(year=year).exists():
        error = str(clusters.taken(cluster, year))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Begin the year %(year)s") % {"year": year},
        "subtitle": None,
        "cluster": cluster,
        "form": form,
        "year": year,
        "last_day": vietnamese.short_date(dt.date(year - 1, 12, 31), vietnamese.DAY),
        "error": error,
    }
    status = HTTPStatus.CONFLICT if error and posted else HTTPStatus.OK
    return TemplateResponse(request, TEMPLATE, context, status=status)


def _chosen_year(request: HttpRequest, cluster: Cluster) -> int:
    """Return the year asked for; the one behind the latest when in doubt."""
    asked = row_number(request.POST.get(PARAMETER) or request.GET.get(PARAMETER))
    if asked and FIRST <= asked <= LAST:
        return asked
    return next_year(cluster, timezone.now().astimezone(vietnamese.ZONE).date())


def _begin(request: HttpRequest, cluster: Cluster, form: YearForm) -> str:
    """Begin the year; return why it was refused, "" when it was not."""
    try:
        clusters.copy_year(actor=request.user, cluster=cluster, plan=form.plan())
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except (NotReady, Conflict) as refused:
        return str(refused)
    return ""


def _done(request: HttpRequest, cluster: Cluster, year: int) -> HttpResponse:
    messages.success(request, _("The year %(year)s is begun.") % {"year": year})
    return HttpResponseRedirect(reverse("admin:articles_cluster_change", args=[cluster.pk]))


def _leader(one: Candidate) -> str:
    """Return a member's name as one who leads, with the unit that may take its place."""
    name = one.member.name
    return f"{name} → {one.heir.name}" if one.may_be_replaced else name


def _choice(member: ClusterMember) -> str:
    return f"choice_{member.pk}"


def _name(one: Newcomer) -> str:
    return f"name_{one.province.pk}"

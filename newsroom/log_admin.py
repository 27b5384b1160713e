"""The log in the admin: read and searched, never written here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import audit, events, sign_ins, vietnamese
from .models import Event, SiteSettings, User
from .role_admin import RoleAdmin
from .roles import NOBODY, Role

SHOWN_OF_A_NETWORK = 8
MAX_TYPED = 100
# Whom a row about a section names, and as what.
CHARGES = {"editors": _("editors in charge"), "moderators": _("moderators in charge")}
# What a row says of those like it that follow and are not written.
LEFT_OUT = {
    events.WITHIN_THE_HOUR: _("further ones within the hour are not written"),
    sign_ins.OF_THE_NETWORK: _("a flood: not every further one from this network is written"),
    sign_ins.OF_ALL: _("a flood: not every further one, from wherever, is written"),
}


@dataclass(frozen=True)
class Row:
    """One row as it is shown."""

    event: Event
    kind: str
    url: str
    told: list[str]

    @property
    def network(self) -> str:
        """The beginning of the hash: enough to see that two are the same."""
        return self.event.network[:SHOWN_OF_A_NETWORK]


@admin.register(Event)
class EventAdmin(RoleAdmin):
    """The log. The secretary reads what was done with texts and comments, not who logged in."""

    viewers = frozenset({Role.ADMINISTRATOR, Role.SECRETARY})
    adders = changers = deleters = NOBODY
    fields = ["at", "actor", "did", "object_label", "reason", "details", "network"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """All of it for the administrator; of accounts the secretary is told nothing."""
        rows = super().get_queryset(request)
        if Role.ADMINISTRATOR in request.user.roles:
            return rows
        return rows.exclude(object_type="user")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show one page of what was asked for, newest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = asked_by(request)
        kinds = tuple(model._meta.model_name for model in self.admin_site._registry)
        after = request.GET.get("after", "")
        rows, further = audit.page(self.get_queryset(request), asked, kinds, after)
        names = names_in(rows)
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(self.opts.verbose_name_plural),
            "subtitle": None,
            "opts": self.opts,
            "asked": asked,
            "groups": self._groups(request),
            "verbs": sorted(events.PHRASES.items(), key=_in_words),
            "rows": [self._row(request, event, names) for event in rows],
            "further": _address(request, after=further) if further else "",
            "newest": _address(request, after="") if after else "",
            "searched": audit.SEARCHED if asked.searches_the_newest_alone else 0,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/newsroom/event/change_list.html", context)

    def _groups(self, request: HttpRequest) -> list[tuple[str, Promise]]:
        secret = set() if Role.ADMINISTRATOR in request.user.roles else {"sign-ins"}
        return [(key, one.label) for key, one in audit.GROUPS.items() if key not in secret]

    def _row(self, request: HttpRequest, event: Event, names: dict[int, str]) -> Row:
        model = _models().get(event.object_type)
        kind = str(model._meta.verbose_name) if model else event.object_type
        may = model and event.object_id and self._opens(request, model)
        name = f"admin:{model._meta.app_label}_{event.object_type}_history" if may else ""
        url = reverse(name, args=[event.object_id]) if name else ""
        return Row(event, capfirst(kind), url, told(event, names))

    def _opens(self, request: HttpRequest, model: Any) -> bool:
        return self.admin_site._registry[model].has_view_permission(request)

    @admin.display(description=pgettext_lazy("workflow", "verb"))
    def did(self, event: Event) -> str:
        """The verb in words."""
        return events.did(event)

    @admin.display(description=_("details"))
    def details(self, event: Event) -> str:
        """What a row tells besides, in words."""
        return "; ".join(told(event, names_in([event])))


def asked_by(request: HttpRequest) -> audit.Asked:
    """Return what an address asks; what no log can answer is not asked for."""
    typed = {name: vietnamese.clean(request.GET.get(name, ""))[:MAX_TYPED] for name in _TYPED}
    verb = request.GET.get("verb", "")
    return audit.Asked(
        verb=verb if verb in events.PHRASES or verb in audit.GROUPS else "",
        since=audit.read(request.GET.get("since", "")),
        until=audit.read(request.GET.get("until", "")),
        **typed,
    )


_TYPED = ("who", "what", "network")


def names_in(rows: list[Event]) -> dict[int, str]:
    """Return the names of the people that rows about sections speak of, asked for at once."""
    pks = {pk for event in rows for who in CHARGES for pk in event.data.get(who, ())}
    return {pk: str(person) for pk, person in User.objects.in_bulk(pks).items()}


def told(event: Event, names: dict[int, str]) -> list[str]:
    """Return what a row says besides who did what: version, roles, people in charge, reason."""
    return [*_facts(event.data, names), *([f"“{event.reason}”"] if event.reason else [])]


def _facts(data: dict[str, Any], names: dict[int, str]) -> Iterator[str]:
    if number := data.get("revision"):
        yield _now("version %(number)s") % {"number": number}
    if "roles" in data:
        yield _roles(data)
    for who in sorted(CHARGES.keys() & data.keys()):
        people = ", ".join(names.get(pk, f"#{pk}") for pk in data[who])
        yield f"{CHARGES[who]}: {people or '–'}"
    if data.get("active") is False:
        yield _now("switched off")
    if data.get("password"):
        yield _now("a new password")
    if changed := data.get("changed"):
        yield ", ".join(_setting(name) for name in changed)
    if left_out := data.get(events.LEFT_OUT):
        yield str(LEFT_OUT.get(left_out, left_out))


def _roles(data: dict[str, Any]) -> str:
    """Return "Phóng viên → Biên tập viên", or the roles alone where they are as before."""
    now, before = _labels(data["roles"]), _labels(data.get("before", data["roles"]))
    return now if now == before else f"{before} → {now}"


def _labels(roles: list[str]) -> str:
    labels = dict(Role.choices)
    return ", ".join(str(labels.get(role, role)) for role in roles) or str(_("no role"))


def _setting(name: str) -> str:
    return str(SiteSettings._meta.get_field(name).verbose_name)


def _models() -> dict[str, Any]:
    return {model._meta.model_name: model for model in admin.site._registry}


def _in_words(verb: tuple[str, Promise]) -> bytes:
    return vietnamese.sort_key(str(verb[1]))


def _address(request: HttpRequest, after: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    if after:
        query["after"] = after
    return f"?{query.urlencode()}"

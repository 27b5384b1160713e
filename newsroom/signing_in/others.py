"""What the administrator does with the log-ins of somebody else, and how somebody leaves."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import administration, second_factor, sessions
from ..models import User
from ..refusals import Conflict, NotAllowed, NotReady
from .password_again import asked_again


class HeirForm(forms.Form):
    """Who goes on with what is left behind."""

    heir = forms.ModelChoiceField(
        label=gettext_lazy("Who goes on with it?"),
        queryset=User.objects.none(),
        error_messages={"invalid_choice": gettext_lazy("Choose somebody who stays.")},
    )

    def __init__(self, data: Any, person: User, is_needed: bool):
        super().__init__(data)
        people = User.objects.filter(is_active=True, groups__isnull=False).exclude(pk=person.pk)
        self.fields["heir"].queryset = people.distinct().order_by("sort_key")
        self.fields["heir"].required = is_needed


class LogInsOfOthers:
    """For the admin of accounts: pages beside the form of one account."""

    def get_urls(self) -> list:
        """The addresses of the pages, before those of the form."""
        pages = [
            ("ket-thuc-phien", self.end_log_ins, "end_log_ins"),
            ("xoa-dien-thoai", self.remove_second_step, "remove_second_step"),
            ("cho-nghi", self.let_go, "let_go"),
        ]
        return [
            path(
                f"<int:object_id>/{address}/",
                self.admin_site.admin_view(view),
                name=f"newsroom_user_{name}",
            )
            for address, view, name in pages
        ] + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form, and how it stands with the log-ins."""
        person = self.get_object(request, object_id)
        context = self._log_ins(request, person) if person else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def _log_ins(self, request: HttpRequest, person: User) -> dict[str, Any]:
        return {
            "is_other": person.pk != request.user.pk,
            "may_change": self.has_change_permission(request, person),
            "log_ins": sessions.of(person).count(),
            "has_telephone": settings.SECOND_FACTOR and second_factor.has_telephone(person),
        }

    @asked_again
    def end_log_ins(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """End all log-ins of somebody."""
        person = self._person(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        number = administration.end_log_ins(actor=request.user, account=person)
        text = ngettext("%(n)s log-in ended.", "%(n)s log-ins ended.", number) % {"n": number}
        return self._back(request, person, text)

    @asked_again
    def remove_second_step(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Take somebody's telephone away, who has lost it or has a new one."""
        person = self._person(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        administration.remove_second_step(actor=request.user, account=person)
        return self._back(request, person, _("The telephone is removed; a new one can be added."))

    @asked_again
    def let_go(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Ask who goes on with the work of somebody who leaves, and do it in one step."""
        person = self._person(request, object_id)
        waits, sent, error = administration.what_waits(person), request.method == "POST", ""
        form = HeirForm(request.POST if sent else None, person, bool(waits))
        if sent and form.is_valid():
            try:
                heir = form.cleaned_data["heir"]
                administration.let_go(actor=request.user, account=person, heir=heir)
            except (NotAllowed, NotReady, Conflict) as refused:
                error = str(refused)
            else:
                text = _("%(name)s is switched off; what was left behind is handed over.")
                return self._back(request, person, text % {"name": person})
        return self._let_go_page(request, person, form, waits=waits, error=error)

    def _let_go_page(
        self, request: HttpRequest, person: User, form: HeirForm, **more: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("%(name)s leaves") % {"name": person},
            "subtitle": None,
            "person": person,
            "form": form,
            **more,
        }
        status = HTTPStatus.CONFLICT if more["error"] else HTTPStatus.OK
        return TemplateResponse(request, "admin/newsroom/user/let_go.html", context, status=status)

    def _person(self, request: HttpRequest, object_id: int) -> User:
        """Return somebody else; raises PermissionDenied for who may not, and for oneself."""
        person = self.get_object(request, str(object_id))
        if person is None or person.pk == request.user.pk:
            raise PermissionDenied
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        return person

    def _back(self, request: HttpRequest, person: User, text: str) -> HttpResponse:
        messages.success(request, text)
        return HttpResponseRedirect(reverse("admin:newsroom_user_change", args=[person.pk]))

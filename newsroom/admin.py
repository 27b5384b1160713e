"""Admin of the ground: accounts and site settings. All of it is the administrator's."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from . import administration, folded, second_factor, vietnamese
from . import log_admin as log_admin  # the log registers itself
from .models import SiteSettings, User
from .refusals import NotAllowed
from .role_admin import RoleAdmin
from .roles import ADMINISTRATORS, Role
from .signing_in.others import LogInsOfOthers
from .signing_in.password_again import RightsAskAgain, asked_again

# Roles are fixed; the groups behind them are nobody's to edit.
admin.site.unregister(Group)
second_factor.hide_from(admin.site)


class RolesMixin(forms.ModelForm):
    """Roles as boxes to tick, kept as groups."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a role the account opens nothing."),
    )
    is_ones_own = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in {"roles", "is_active"} & set(self.fields) if self.is_ones_own else ():
            self.fields[name].disabled = True
        if self.instance.pk:
            held = self.instance.groups.values_list("name", flat=True)
            self.initial.setdefault("roles", list(held))


class AccountForm(RolesMixin, UserChangeForm):
    """An account that exists."""


class NewAccountForm(RolesMixin, UserCreationForm):
    """An account about to be made."""


class PasswordForm(AdminPasswordChangeForm):
    """A new password for somebody. An account that must not log in is switched off instead."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True


@admin.register(User)
class AccountAdmin(LogInsOfOthers, RoleAdmin, UserAdmin):
    """Accounts of the staff. Nobody changes his own roles, only a superuser a superuser."""

    viewers = changers = adders = ADMINISTRATORS
    form = AccountForm
    add_form = NewAccountForm
    change_password_form = PasswordForm
    # All of an account is asked for at once, not in Django's two steps.
    add_form_template = "admin/change_form.html"
    list_display = ["full_name", "username", "role_names", "in_use", "last_login"]
    list_display_links = ["full_name", "username"]
    list_filter = ["is_active"]
    search_fields = ["username", "full_name", "email"]
    ordering = ["sort_key"]
    sorted_as = {"full_name": "sort_key"}
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "full_name", "email", "password"]}),
        (_("Rights"), {"fields": ["roles", "is_active"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "full_name", "email"]}),
        (_("Password"), {"fields": ["password1", "password2"]}),
        (_("Rights"), {"fields": ["roles"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def get_queryset(self, request: HttpRequest):
        """All accounts with their groups at once."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str):
        """By the words of a name with accents or without, by any part of log-in name or address."""
        called = folded.found(queryset, search_term, "full_name").values("pk")
        part = vietnamese.clean(search_term)
        known = Q(username__icontains=part) | Q(email__icontains=part)
        return queryset.filter(Q(pk__in=called) | known), False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Also asked by the page that sets a password."""
        return super().has_change_permission(request, obj) and administration.can_administer(
            request.user, obj
        )

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs: Any):
        """One's own roles and switch are shown and cannot be changed."""
        form = super().get_form(request, obj, **kwargs)
        own = obj is not None and obj.pk == request.user.pk
        return type(form.__name__, (form,), {"is_ones_own": own})

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save account and roles in one step."""
        roles = form.cleaned_data["roles"]
        administration.save_account(actor=request.user, account=obj, roles=roles)

    @asked_again
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Add or change an account; what cannot be is said on its page."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotAllowed as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(request.get_full_path())

    @asked_again
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = ""):
        """Set somebody's password, end his log-ins, and log that it was done."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            account, key = self.get_object(request, id), request.session.session_key
            administration.password_was_set(actor=request.user, account=account, but=key)
        return response

    @admin.display(description=_("use"), ordering="is_active")
    def in_use(self, account: User) -> str:
        """Whether the account may log in, in words."""
        return str(_("in use") if account.is_active else _("switched off"))

    @admin.display(description=_("Roles"))
    def role_names(self, account: User) -> str:
        """The roles in words."""
        labels = dict(Role.choices)
        return ", ".join(str(labels.get(group.name, group.name)) for group in account.groups.all())


@admin.register(SiteSettings)
class SiteSettingsAdmin(RightsAskAgain, RoleAdmin):
    """The one row of settings: its list leads straight to it."""

    rights = frozenset({"require_review"})  # whether whoever writes a text may publish it himself
    viewers = changers = ADMINISTRATORS
    fieldsets = [
        (_("How we work"), {"fields": ["require_review", "comments_open", "mourning"]}),
        (_("On every page"), {"fields": ["name", "initials", "tagline", "dateline"]}),
        (
            _("Required by law"),
            {
                "fields": [
                    "governing_body",
                    "licence",
                    "head",
                    "address",
                    "phone",
                    "fax",
                    "email",
                    "hotline",
                ]
            },
        ),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to the one row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:newsroom_sitesettings_change", args=[1]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Head the page with what it is: the one row is called like the site, as every page is."""
        heading = {"title": capfirst(self.opts.verbose_name), "subtitle": None}
        return super().change_view(request, object_id, form_url, heading | (extra_context or {}))

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None):
        """Return the row, or the defaults nobody has saved yet."""
        return SiteSettings.load() if object_id == "1" else None

    def save_model(self, request: HttpRequest, obj: SiteSettings, form: Any, change: bool) -> None:
        """Save and tell every page."""
        administration.save_site_settings(actor=request.user, settings=obj)

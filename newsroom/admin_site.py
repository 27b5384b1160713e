"""The desk: the one admin site of the newsroom, and what stands around each of its pages."""

from functools import partial, update_wrapper
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import PasswordChangeView, redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import administration, lockout, second_factor, sessions, vietnamese
from .condition_page import condition_page
from .models import SiteSettings
from .role_admin import holds
from .roles import Role
from .signing_in import forgotten
from .signing_in.account import account
from .signing_in.carried import is_cut_off, log_in_and_go_on
from .signing_in.forms import LoginForm, NewPasswordForm
from .signing_in.second_step import second_step


class Suggestions(AutocompleteJsonView):
    """What a field offers while somebody types: as its admin says, or by a label of its own."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """Return one suggestion."""
        result = super().serialize_result(obj, to_field_name)
        if say := getattr(self.model_admin, "suggestion", None):
            return result | {"text": say(self.request, obj)}
        return result | {"text": getattr(obj, "label", result["text"])}


class NewsroomAdminSite(AdminSite):
    """Django's admin site under the newsroom's name, with the work in front of the tables."""

    enable_nav_sidebar = False
    login_form = LoginForm
    index_template = "admin/desk/index.html"
    login_template = "admin/login.html"
    site_url = None

    def get_urls(self) -> list:
        """Django's addresses, without the one that leads to any object by number."""
        # The apps' admin modules ask for this site while they load, so they are met later.
        from articles.admin.media import desk_photo, desk_photo_by_id
        from comments.admin import addresses

        own = [
            *addresses.urls(self),
            path("tai-khoan/", self.admin_view(account), {"site": self}, name="account"),
            *forgotten.urls(self),
            path("buoc-hai/", second_step, {"site": self}, name="second_step"),
            path("danh-muc/", self.admin_view(self.catalogue), name="catalogue"),
            path("tinh-trang/", self.admin_view(self.condition), name="condition"),
            path("anh/id/<int:pk>/", self.admin_view(desk_photo_by_id), name="photo_by_id"),
            path(
                "anh/<slug:token>-<int:width>.webp",
                self.admin_view(desk_photo),
                name="photo_size",
            ),
        ]
        plain = super().get_urls()
        return own + [entry for entry in plain if getattr(entry, "name", "") != "view_on_site"]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The newsroom's name and the way to the other desks."""
        context = super().each_context(request)
        name = SiteSettings.load().name
        context |= {"site_header": name, "site_title": name}
        context["password_by_mail"] = settings.PASSWORD_BY_MAIL
        if context["has_permission"]:
            context["desk_nav"] = self.navigation(request)
        return context

    def navigation(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The links in the head: only what the person's role opens."""
        from articles.models import Article, Photo, Tag
        from comments.admin.place import waiting_number
        from comments.models import Comment, WatchedWord

        # Who only moderates keeps lists too: the watched words.
        kept = Tag if self._registry[Tag].has_view_permission(request) else WatchedWord

        def waiting() -> str:
            return waiting_number(request)

        wanted = [
            (_("Desk"), "admin:index", Article, None),
            (_("Articles"), "admin:articles_article_changelist", Article, None),
            (_("Photos"), "admin:articles_photo_changelist", Photo, None),
            (_("Readers' comments"), "admin:comments_comment_changelist", Comment, waiting),
            (_("Catalogue"), "admin:catalogue", kept, None),
        ]
        return [
            self._link(request, label, reverse(name), count)
            for label, name, model, count in wanted
            if self._registry[model].has_view_permission(request)
        ]

    def _link(self, request: HttpRequest, label: str, url: str, count: Any) -> dict[str, Any]:
        index = reverse("admin:index")
        current = request.path == url or (url != index and request.path.startswith(url))
        return {"label": label, "url": url, "current": current, "count": count and count()}

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answer what a field offers."""
        return Suggestions.as_view(admin_site=self)(request)

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The person's desk: what waits for him. Who only moderates lands in his queue."""
        from articles.admin.desk import desk_of

        now = timezone.now()
        desk = desk_of(request.user, now)
        if desk is None:
            queue = Role.MODERATOR in request.user.roles
            name = "admin:comments_comment_changelist" if queue else "admin:catalogue"
            return HttpResponseRedirect(reverse(name))
        context = {
            "desk": desk,
            "title": desk.title,
            "today": vietnamese.long_date(now, vietnamese.TIME),
            **(extra_context or {}),
        }
        return super().index(request, context)

    def catalogue(self, request: HttpRequest) -> HttpResponse:
        """All tables the person may open: what Django's own first page shows."""
        context = {
            **self.each_context(request),
            "title": _("Catalogue"),
            "subtitle": None,
            "app_list": self.get_app_list(request),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/index.html", context)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the desk is open: to staff, and not before the second step. Out is always."""
        if not super().has_permission(request):
            return False
        return request.path == reverse("admin:logout") or not second_factor.is_owed(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Django's log-in; 429 for who has to wait, and on to the second step where it is owed."""
        if request.method == "GET" and second_factor.is_owed(request):
            wanted = request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index"))
            return redirect_to_login(wanted, reverse("admin:second_step"))
        response = super().login(request, extra_context)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            lockout.remember(request, response)
        if wait := lockout.wait_of(request):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response["Retry-After"] = str(int(wait.total_seconds()) + 1)
        return response

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Change one's password, which ends one's other log-ins."""
        request.current_app = self.name
        response = PasswordChangeView.as_view(
            form_class=partial(NewPasswordForm, request),
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            key = request.session.session_key
            administration.password_was_set(actor=request.user, account=request.user, but=key)
            lockout.remember(request, response)
        return response

    def condition(self, request: HttpRequest) -> HttpResponse:
        """How the server is."""
        return condition_page(request, self)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list:
        """Django's list; the administrator finds there how the server is."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            if app["app_label"] == "newsroom" and holds(request, {Role.ADMINISTRATOR}):
                url = reverse("admin:condition")
                app["models"].append(
                    {
                        "name": _("How the server is"),
                        "object_name": "Condition",
                        "admin_url": url,
                        "view_only": True,
                    }
                )
        return apps

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's guard; a form sent after the session ended is carried through the log-in."""
        guarded = super().admin_view(view, cacheable)

        def carried(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if is_cut_off(request):
                go_on = partial(guarded, request, *args, **kwargs)
                return log_in_and_go_on(self, request, go_on)
            if request.user.is_authenticated:
                sessions.keep(request)
            return guarded(request, *args, **kwargs)

        return update_wrapper(carried, guarded)

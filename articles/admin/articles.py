"""Articles in the admin: the list, and the way to the form and the pages around it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from newsroom import events
from newsroom.role_admin import RoleAdmin, SortedList
from newsroom.roles import ADMINISTRATORS, WRITERS

from ..models import Article, Byline
from ..permissions import Verb, can, readable
from ..search import desk as search
from . import article_history
from .article_filters import DayFilter, SectionFilter, StateFilter, WriterFilter
from .article_page import ArticlePage, keep_words
from .states import standing
from .withdraw_page import withdraw_page


class ArticleList(SortedList):
    """The list with bylines and newest events, fetched for the whole page at once."""

    def get_results(self, request: HttpRequest) -> None:
        """Fetch the page's rows and what stands beside them."""
        super().get_results(request)
        rows = self.queryset.fetched(list(self.result_list.values_list("pk", flat=True)))
        lasts = events.latest_of(rows)
        bylines: dict[int, list[str]] = {}
        names = Byline.objects.filter(revision__in=[row.newest_revision_id for row in rows])
        for revision, name in names.order_by("position").values_list("revision", "name"):
            bylines.setdefault(revision, []).append(name)
        for row in rows:
            row.last_event = lasts.get(row.pk)
            row.names = bylines.get(row.newest_revision_id, [])
        self.result_list = rows


@admin.register(Article)
class ArticleAdmin(RoleAdmin):
    """What each may see and do is said by `permissions`, never by this class."""

    viewers = WRITERS | ADMINISTRATORS
    adders = WRITERS
    list_display = ["headline", "state", "section_name", "last_step"]
    list_display_links = None
    list_filter = [StateFilter, SectionFilter, WriterFilter, DayFilter]
    list_per_page = 30
    search_fields = ["newest_revision__headline"]
    search_help_text = _("Headline, standfirst, text, pen name; accents are not needed.")
    sortable_by = ()
    ordering = ["-newest_revision__saved_at", "-newest_revision_id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Only what this person may read, with its state."""
        rows = readable(request.user).with_state(timezone.now())
        rows = rows.select_related("section", "newest_revision", "created_by")
        # Said so that the database may walk the texts by their hour: every article has one.
        return rows.filter(newest_revision__saved_at__isnull=False).order_by(*self.ordering)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list that fetches what stands beside the rows."""
        return ArticleList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str):
        """Find with or without accents."""
        return search.at_desk(queryset, search_term), False

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """By role, and of one article by its own scope."""
        may = super().has_view_permission(request)
        return may and (obj is None or readable(request.user).filter(pk=obj.pk).exists())

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Whoever may save; of no article in particular: whoever may write at all."""
        if obj is None:
            return self.has_add_permission(request)
        return self.has_view_permission(request, obj) and can(request.user, Verb.SAVE, obj)

    def get_urls(self) -> list:
        """Django's addresses and our pages beside the form."""
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:object_id>/withdraw/",
                view(self.withdraw_view),
                name="articles_article_withdraw",
            ),
            path(
                "<int:object_id>/version/<int:number>/",
                view(self.version_view),
                name="articles_article_version",
            ),
        ]
        return own + super().get_urls()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Answer with our own form: saving an article is a verb, not a save."""
        article = self.article_or_none(request, object_id) if object_id else None
        is_his = article is not None if object_id else self.has_add_permission(request)
        if not is_his and request.method == "POST":
            return keep_words(self, request)
        if not is_his and object_id:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not is_his:
            raise PermissionDenied
        page = ArticlePage(self, request, article)
        return page.post() if request.method == "POST" else page.get()

    def withdraw_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Ask why, then take the article off the site."""
        article = self.article_or_none(request, object_id)
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))
        return withdraw_page(self, request, article)

    def version_view(self, request: HttpRequest, object_id: int, number: int) -> HttpResponse:
        """Show one version, and publish it again where that may be done."""
        article = self.article_or_none(request, object_id)
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))
        return article_history.version_page(self, request, article, number)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show all versions and the whole log."""
        article = self.article_or_none(request, object_id)
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = article_history.versions(article)
        return super().history_view(request, object_id, {**context, **(extra_context or {})})

    def article_or_none(self, request: HttpRequest, object_id: Any) -> Article | None:
        """Return the article if this person may read it: a hidden one is like one never begun."""
        return self.get_object(request, str(object_id))

    @admin.display(description=_("Headline and byline"))
    def headline(self, article: Article) -> SafeString:
        """The headline opens the form."""
        return format_html(
            '<a class="desk-headline" href="{}/change/">{}</a><span class="desk-meta">{}</span>',
            article.pk,
            article.newest_revision.headline,
            " – ".join(article.names),
        )

    @admin.display(description=_("State"))
    def state(self, article: Article) -> SafeString:
        """The chip, and what is being worked on beside it."""
        found = standing(article)
        note = format_html('<span class="desk-note">{}</span>', found.note) if found.note else ""
        return format_html('<span class="chip chip--{}">{}</span>{}', found.code, found.label, note)

    @admin.display(description=_("Section"))
    def section_name(self, article: Article) -> str:
        """The section."""
        return str(article.section or "")

    @admin.display(description=_("Last step"))
    def last_step(self, article: Article) -> SafeString:
        """When, what and who."""
        event = article.last_event
        lines = [(events.clock(article.newest_revision.saved_at), "desk-when")]
        if event:
            did = f"{events.actor_name(event)} {events.did(event)}"
            lines = [(events.clock(event.at), "desk-when"), (did, "desk-meta")]
        return format_html_join("", '<span class="{1}">{0}</span>', lines)

"""One request to the article form: show it, save what was typed, do the verb that was pressed."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.refusals import Conflict, NotAllowed, NotReady

from .. import photos, workflow
from ..models import Article, Revision
from ..permissions import Rights, Verb
from . import article_context, article_verbs
from .article_form import (
    ArticleForm,
    BylineFormSet,
    initial_byline,
    initial_of,
    new_initial,
)
from .states import with_standing

SAVE_OVER, PREVIEW = "save_over", "preview"
# What says when, not what: no change of the text.
_NOT_TEXT = {"base", "publish_time", "publish_date"}


class ArticlePage:
    """The form of one article, or of one about to be begun, for one person."""

    def __init__(self, model_admin: Any, request: HttpRequest, article: Article | None):
        self.model_admin = model_admin
        self.request = request
        self.rights = Rights(request.user)
        self.now = timezone.now()
        self.article = with_standing(article, self.now) if article else None
        self.conflict: Conflict | None = None
        self.problems: dict[str, str] = {}
        self.refusal = ""

    # Showing

    def get(self) -> HttpResponse:
        """Show the form with what is stored."""
        self._make_forms()
        return self.render()

    def render(self, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
        """Show the form as it stands, with what was typed."""
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            **article_context.of(self),
        }
        template = "admin/articles/article/change_form.html"
        return TemplateResponse(self.request, template, context, status=status)

    def _make_forms(self, data: Any = None) -> None:
        if self.article:
            initial = initial_of(self.article, self.revision)
            rows = initial_byline(self.revision)
        else:
            initial, rows = new_initial(self.request)
        files = self.request.FILES if data is not None else None
        placed = not self.placed_already or self.rights.may(Verb.PLACE, self.article)
        self.form = ArticleForm(data, files, initial=initial, placed=placed)
        self.stored_byline = rows
        # What was typed counts whole: a row like the stored one is no empty row.
        self.byline = BylineFormSet(data, initial=rows if data is None else None, prefix="byline")

    @property
    def revision(self) -> Revision | None:
        """The text being worked on."""
        return self.article.newest_revision if self.article else None

    @property
    def placed_already(self) -> bool:
        """Whether readers have seen the article, so that only “Move” changes its place."""
        return self.article is not None and self.article.has_begun

    # Saving and doing

    def post(self) -> HttpResponse:
        """Save what was typed, then do what was pressed, on exactly that text."""
        if not self.rights.may(Verb.SAVE, self.article):
            raise PermissionDenied
        verb = self.request.POST.get("verb", Verb.SAVE)
        self._make_forms(self._with_upload())
        if not (self.form.is_valid() & self.byline.is_valid()):
            return self.render(HTTPStatus.UNPROCESSABLE_ENTITY)
        if verb == Verb.RETURN:
            return self._return()
        if verb == PREVIEW:
            return article_context.preview(self)
        return self._save_and_do(verb)

    def _with_upload(self) -> Any:
        """Store a chosen picture at once, so that no other mistake on the page loses it."""
        data = self.request.POST.copy()
        file = self.request.FILES.get("photo_file")
        if file:
            words = {name: data.get(f"photo_{name}", "") for name in ("alt", "caption", "credit")}
            try:
                photo = photos.add_photo(actor=self.request.user, file=file, **words)
            except photos.BadPhoto:
                file.seek(0)  # The form's own check says what is wrong with it.
            else:
                data["photo"] = str(photo.pk)
                self.request.FILES.pop("photo_file")
        return data

    def _save_and_do(self, verb: str) -> HttpResponse:
        try:
            revision = self.save(over=verb == SAVE_OVER)
        except Conflict as conflict:
            self.conflict = conflict
            self.article = with_standing(self.article, self.now)
            return self.render(HTTPStatus.CONFLICT)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        at = self.form.publish_at()
        try:
            article_verbs.run(
                verb,
                actor=self.request.user,
                revision=revision,
                at=at,
                placement=self.form.placement(),
            )
        except (NotReady, Conflict) as refused:
            return self._refuse(revision, refused)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        return self._done(verb, revision.article, at)

    def save(self, *, over: bool = False) -> Revision:
        """Store what was typed; `over` counts the version shown in a conflict as seen."""
        data = self.form.cleaned_data
        text = self.form.text(self.byline.byline(self.request.user))
        placement = self.form.placement()
        if self.article is None:
            return workflow.create_article(actor=self.request.user, text=text, placement=placement)
        seen = self.request.POST.get("seen", "")
        return workflow.save_revision(
            actor=self.request.user,
            article=self.article,
            text=text,
            base=int(seen) if over and seen.isdigit() else data["base"] or 0,
            placement=None if self.placed_already else placement,
        )

    def _return(self) -> HttpResponse:
        """Give the stored text back; what was typed here is not thrown away for it."""
        if self._is_changed():
            self.refusal = _("You have changed the text: save it first, or undo, then return it.")
            return self.render(HTTPStatus.CONFLICT)
        try:
            workflow.return_(
                actor=self.request.user,
                revision=self.revision,
                reason=self.request.POST.get("reason", ""),
            )
        except (NotReady, Conflict) as refused:
            return self._refuse(self.revision, refused)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        return self._done(Verb.RETURN, self.article, None)

    def _is_changed(self) -> bool:
        """Whether anything of the text differs from what is stored."""
        typed = [(row["name"], row["part"]) for row in self.byline.rows()]
        stored = [(row["name"], row["part"]) for row in self.stored_byline]
        return bool({*self.form.changed_data} - _NOT_TEXT) or typed != stored

    def _refuse(self, revision: Revision, refused: NotReady | Conflict) -> HttpResponse:
        """Show why the verb was not done. The text is saved, and stays in the form."""
        self.article = with_standing(revision.article, timezone.now())
        self.problems = getattr(refused, "problems", {})
        self.refusal = "" if self.problems else str(refused)
        return self.render(HTTPStatus.CONFLICT)

    def _done(self, verb: str, article: Article, at: Any) -> HttpResponse:
        article = Article.objects.select_related("section").get(pk=article.pk)
        messages.success(self.request, article_verbs.done(verb, article, timezone.now(), at))
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

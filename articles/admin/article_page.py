"""One request to the article form: show it, save what was typed, do the verb that was pressed."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import policies
from newsroom.fields import row_number
from newsroom.refusals import Conflict, NotAllowed, Refused

from .. import photos, workflow
from ..models import Article, Photo, Revision
from ..permissions import Rights, Verb
from . import article_context, article_verbs, places
from .article_form import (
    PLACEMENT,
    TEXT,
    ArticleForm,
    BylineFormSet,
    initial_byline,
    initial_of,
    new_initial,
)
from .states import with_standing

PREVIEW = "preview"
HOUR = ("publish_time", "publish_date")
WORDS = (*(name for name in TEXT if name != "photo"), "slug")
# Said in a conflict: what the other has done was read, mine shall stand.
SAVE_OVER, PLACE_OVER = "save_over", "place_over"
TEMPLATE = "admin/articles/article/change_form.html"


class ArticlePage:
    """The form of one article, or of one about to be begun, for one person.

    `base` and `place_base` say which version and which placement the person has before him.
    """

    def __init__(self, model_admin: Any, request: HttpRequest, article: Article | None):
        self.model_admin = model_admin
        self.request = request
        self.rights = Rights(request.user)
        self.now = timezone.now()
        self.conflict: Conflict | None = None
        self.over = SAVE_OVER
        self.problems: dict[str, str] = {}
        self.refusal = ""
        self._take(article)

    def _take(self, article: Article | None) -> None:
        """Go on with the article as it is stored now."""
        self.article = with_standing(article, self.now) if article else None
        self.revision: Revision | None = self.article.newest_revision if article else None
        self.place_mark = workflow.current_placement(self.article).mark if article else ""
        self.base = self.revision.number if self.revision else None
        self.place_base = self.place_mark

    # Showing

    def get(self) -> HttpResponse:
        """Show the form with what is stored."""
        self._make_forms()
        return self.render()

    @policies.with_editor
    def render(self, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
        """Show the form as it stands, with what was typed."""
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            **article_context.of(self),
        }
        return TemplateResponse(self.request, TEMPLATE, context, status=status)

    def _make_forms(self, data: Any = None) -> None:
        if self.article:
            initial = initial_of(self.article, self.revision)
            rows = initial_byline(self.revision)
        else:
            initial, rows = new_initial(self.request)
        initial |= {name: self.request.GET[name] for name in HOUR if name in self.request.GET}
        files = self.request.FILES if data is not None else None
        placed = not self.placed_already or self.may_place
        day = places.day_of(self.article)
        self.form = ArticleForm(data, files, initial=initial, placed=placed, known_day=day)
        if not self.placed_already:
            self.form.follow_headline()
        self.stored_byline = rows
        # What was typed counts whole: a row like the stored one is no empty row.
        self.byline = BylineFormSet(data, initial=rows if data is None else None, prefix="byline")

    @property
    def placed_already(self) -> bool:
        """Whether the article was scheduled or public, so that only “Move” changes its place."""
        return self.article is not None and self.article.first_public_at is not None

    @property
    def may_place(self) -> bool:
        """Whether this person moves articles."""
        return self.rights.may(Verb.PLACE, self.article)

    # Saving and doing

    def post(self) -> HttpResponse:
        """Save what was typed, then do what was pressed, on exactly that text."""
        if not self.rights.may(Verb.SAVE, self.article):
            return keep_words(self.model_admin, self.request)
        verb = self.request.POST.get("verb", Verb.SAVE)
        # Withdrawing has a page of its own, which asks why: here it would be said and not done.
        verb = Verb.SAVE if verb == Verb.WITHDRAW else verb
        self._read_bases(verb)
        verb = Verb.PLACE if verb == PLACE_OVER else verb
        self._make_forms(self._data(verb))
        if not (self.form.is_valid() & self.byline.is_valid()):
            return self.render(HTTPStatus.UNPROCESSABLE_ENTITY)
        if verb == Verb.RETURN:
            return self._return()
        if verb == PREVIEW:
            return self._preview()
        if verb != Verb.PLACE and self._moves():
            self.refusal = _("Readers would see section, tags or address change: press “Move”.")
            return self.render(HTTPStatus.CONFLICT)
        with transaction.atomic():  # both or, where the database fails, neither
            return self._save_and_do(verb)

    def _read_bases(self, verb: str) -> None:
        """Take over what the person says to have seen; in a conflict he may say: the other too."""
        if self.article is None:
            return
        over = verb in (SAVE_OVER, PLACE_OVER)
        version, place = ("seen", "place_seen") if over else ("base", "place_base")
        self.base = row_number(self.request.POST.get(version)) or 0
        self.place_base = self.request.POST.get(place, "")

    def _data(self, verb: str) -> Any:
        """Return what was typed. A chosen picture is stored at once: no mistake can lose it."""
        data = self.request.POST.copy()
        file = self.request.FILES.get("photo_file")
        if file and verb != PREVIEW:
            try:
                photo = photos.add_photo(actor=self.request.user, file=file, **_words(data))
            except photos.BadPhoto:
                pass  # The form's own check says what is wrong with it.
            else:
                data["photo"] = str(photo.pk)
                self.request.FILES.pop("photo_file")
        return data

    def _moves(self) -> bool:
        """Whether placement was changed on the form of an article that only “Move” moves."""
        movable = self.placed_already and self.may_place
        return movable and self.form.placement().mark != self.place_base

    def _save_and_do(self, verb: str) -> HttpResponse:
        """Save what was typed and do the verb; a verb that is refused leaves the text saved."""
        try:
            with transaction.atomic():
                revision = self.save()
        except Conflict as conflict:
            return self._show_conflict(conflict)
        except NotAllowed as refused:
            self.refusal = str(refused)
            return self.render(HTTPStatus.FORBIDDEN)
        at = self.form.publish_at()
        try:
            article_verbs.run(
                verb,
                actor=self.request.user,
                revision=revision,
                at=at,
                placement=self.form.placement(),
                place_base=self.place_base,
            )
        except Conflict as conflict:
            if verb != Verb.PLACE:
                return self._refuse(revision.article, conflict)
            self.base, self.over = revision.number, PLACE_OVER
            return self._show_conflict(conflict)
        except Refused as refused:
            return self._refuse(revision.article, refused)
        return self._done(verb, revision.article, at)

    def save(self) -> Revision:
        """Store what was typed; raises what the workflow raises."""
        actor, placement = self.request.user, self.form.placement()
        text = self.form.text(self.byline.byline(actor))
        if self.article is None:
            return workflow.create_article(actor=actor, text=text, placement=placement)
        return workflow.save_revision(
            actor=actor,
            article=self.article,
            text=text,
            base=self.base,
            placement=None if self.placed_already else placement,
            placement_base=self.place_base,
        )

    def _return(self) -> HttpResponse:
        """Give the stored text back, if it is the one on the screen; what was typed is kept."""
        try:
            workflow.check_base(self.article, self.base)
        except Conflict as conflict:
            return self._show_conflict(conflict)
        if self._is_changed():
            self.refusal = _("You have changed the text: save it first, or undo, then return it.")
            return self.render(HTTPStatus.CONFLICT)
        reason = self.request.POST.get("reason", "")
        try:
            workflow.return_(actor=self.request.user, revision=self.revision, reason=reason)
        except Refused as refused:
            return self._refuse(self.article, refused)
        return self._done(Verb.RETURN, self.article, None)

    def _preview(self) -> HttpResponse:
        """Answer with the page readers would see, made from what was typed; nothing is stored."""
        try:
            return article_context.preview(self)
        except Conflict as conflict:
            return self._show_conflict(conflict)
        except NotAllowed as refused:
            self.refusal = str(refused)
            return self.render(HTTPStatus.FORBIDDEN)

    def _is_changed(self) -> bool:
        """Whether anything of the text differs from what is stored."""
        typed = [(row["name"], row["part"]) for row in self.byline.rows()]
        stored = [(row["name"], row["part"]) for row in self.stored_byline]
        text = {*self.form.changed_data} - {*PLACEMENT, "publish_time", "publish_date"}
        return bool(text) or typed != stored

    def _show_conflict(self, conflict: Conflict) -> HttpResponse:
        """Show both texts; what the person has seen stays what he saw."""
        base, place_base = self.base, self.place_base
        self._take(self.article)
        self.base, self.place_base, self.conflict = base, place_base, conflict
        return self.render(HTTPStatus.CONFLICT)

    def _refuse(self, article: Article, refused: Refused) -> HttpResponse:
        """Show why the verb was not done. The text is saved, and stays in the form.

        A placement that was not chosen here stays one he has not seen.
        """
        chosen, place_base = self.form.placement().mark, self.place_base
        self._take(article)
        if chosen == place_base:
            self.place_base = place_base
        self.problems = getattr(refused, "problems", {})
        self.refusal = "" if self.problems else str(refused)
        forbidden = isinstance(refused, NotAllowed)
        return self.render(HTTPStatus.FORBIDDEN if forbidden else HTTPStatus.CONFLICT)

    def _done(self, verb: str, article: Article, at: Any) -> HttpResponse:
        article = Article.objects.select_related("section").get(pk=article.pk)
        messages.success(self.request, article_verbs.done(verb, article, timezone.now(), at))
        reason = self.request.POST.get("reason", "").strip()
        if reason and verb != Verb.RETURN:
            text = _(
                "The writer does not get your reason, because you did not press “Return”: %(it)s"
            )
            messages.warning(self.request, text % {"it": reason})
        if not self.placed_already or self.may_place:
            places.warn(self.request, article, self.form.cleaned_data["publish_date"])
        address = reverse("admin:articles_article_change", args=[article.pk])
        hour = {} if verb in (Verb.PUBLISH, Verb.SCHEDULE) else self._typed_hour()
        return HttpResponseRedirect(f"{address}?{urlencode(hour)}" if hour else address)

    def _typed_hour(self) -> dict[str, str]:
        """Return an hour that was typed and not used: no version keeps it."""
        return {name: self.form[name].value() for name in HOUR if name in self.form.changed_data}


def _words(data: Any) -> dict[str, str]:
    """Return the words typed for a picture, no longer than the library takes them."""
    limits = {name: Photo._meta.get_field(name).max_length for name in ("alt", "caption", "credit")}
    return {name: data.get(f"photo_{name}", "")[:limit] for name, limit in limits.items()}


def keep_words(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Answer somebody who may not save here, any more or at all, with every word he sent."""
    rows = range(BylineFormSet.absolute_max)
    names = [request.POST.get(f"byline-{row}-name", "") for row in rows]
    typed = [
        *((ArticleForm.base_fields[name].label, request.POST.get(name, "")) for name in WORDS),
        (_("Byline"), ", ".join(filter(None, names))),
        (_("Why, in words the writer can work with"), request.POST.get("reason", "")),
    ]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Not saved"),
        "subtitle": None,
        "typed": [(label, text) for label, text in typed if text.strip()],
    }
    template = "admin/articles/article/kept.html"
    return TemplateResponse(request, template, context, status=HTTPStatus.FORBIDDEN)

"""The list of watched words in the admin, and the box to try a sentence on it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom import folded
from newsroom.fields import LinesFormField
from newsroom.role_admin import RoleAdmin

from .. import spam, watching
from ..models import MAX_TEXT, WatchedWord


class WordForm(forms.ModelForm):
    """One entry, as the list keeps it."""

    class Meta:
        model = WatchedWord
        fields = ["phrase", "points", "is_allowed", "is_active", "note"]

    def clean_phrase(self) -> str:
        """Return the phrase in small letters; refuse one that could never be found."""
        phrase = watching.phrase_of(self.cleaned_data["phrase"])
        if not spam.has_words(phrase):
            raise forms.ValidationError(watching.NO_WORD)
        return phrase


class TryForm(forms.Form):
    """A sentence to be weighed; nothing of it is kept."""

    text = LinesFormField(
        label=_("Try a sentence"),
        max_length=MAX_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Shows what the rules notice in a text. Nothing is stored."),
    )


@admin.register(WatchedWord)
class WatchedWordAdmin(RoleAdmin):
    """Words are added, changed and switched off; none needs to be deleted."""

    viewers = adders = changers = watching.KEEPERS
    form = WordForm
    list_display = ["phrase", "weighs", "note"]
    list_filter = ["is_active", "is_allowed"]
    list_per_page = 100
    ordering = ["is_allowed", "-pk"]
    search_fields = ["phrase"]
    sortable_by = ["weighs"]

    def get_urls(self) -> list:
        """The page that tries comes first: Django's own catches everything."""
        view = self.admin_site.admin_view(self.try_view)
        return [path("thu/", view, name="comments_watchedword_try"), *super().get_urls()]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str):
        """Find with or without accents."""
        return folded.found(queryset, search_term, *self.search_fields), False

    @admin.display(description=_("points"), ordering="points")
    def weighs(self, word: WatchedWord) -> str:
        """What the word does to a score, in a word where it is no number."""
        if not word.is_active:
            return _now("not in use")
        return _now("harmless") if word.is_allowed else f"+{word.points}"

    def save_model(self, request: HttpRequest, obj: WatchedWord, form: Any, change: bool) -> None:
        """Save, log, and let every weighing use it."""
        watching.save_word(actor=request.user, word=obj)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list under the box to try it."""
        return super().changelist_view(request, {"try_form": TryForm(), **(extra_context or {})})

    def try_view(self, request: HttpRequest) -> HttpResponse:
        """Weigh what was typed and show what was noticed, where it stands."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TryForm(request.POST or None)
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Try the watched words"),
            "subtitle": None,
            "opts": self.opts,
            "try_form": form,
            **(_weighed(form.cleaned_data["text"]) if form.is_valid() else {}),
        }
        return TemplateResponse(request, "admin/comments/watchedword/try.html", context)


def _weighed(text: str) -> dict[str, Any]:
    verdict = spam.weigh_text(text)
    return {
        "verdict": verdict,
        "pieces": spam.pieces(text, verdict.rows),
        "notes": [spam.describe(hit) for hit in verdict.hits],
    }

"""Photos in the admin: upload, words, and the window from which the editor picks."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from .. import photos
from ..models import Photo
from .lists import KeptAdmin, search_folded
from .photo_field import PhotoFileField

PICKED_AT_ONCE = 24


class PhotoForm(forms.ModelForm):
    """The words of a photo."""

    class Meta:
        model = Photo
        fields = ["alt", "caption", "credit"]


class UploadForm(PhotoForm):
    """A file and its words. The file is checked before anything is stored."""

    file = PhotoFileField(label=_("File"))
    field_order = ["file", "alt", "caption", "credit"]

    def store(self, actor: Any) -> Photo:
        """Make the photo and its sizes."""
        return photos.add_photo(actor=actor, **self.cleaned_data)


@admin.register(Photo)
class PhotoAdmin(KeptAdmin):
    """Everybody who writes may add; the words are the uploader's and the secretary's to change.

    New words show in texts saved afterwards: those that were published keep theirs.
    """

    form = PhotoForm
    list_display = ["thumbnail", "words", "credit", "uploaded_by", "uploaded_at"]
    list_display_links = ["thumbnail", "words"]
    list_select_related = ["uploaded_by"]
    list_per_page = 24
    ordering = ["-pk"]
    search_fields = ["search_words"]

    def get_form(self, request: HttpRequest, obj: Photo | None = None, **kwargs: Any):
        """A new photo comes with its file."""
        kwargs["form"] = PhotoForm if obj else UploadForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Photo | None = None) -> list[str]:
        """The picture first."""
        return ["large", *PhotoForm.Meta.fields] if obj else UploadForm.field_order

    def get_readonly_fields(self, request: HttpRequest, obj: Photo | None = None) -> list[str]:
        """The picture is looked at."""
        return ["large"] if obj else []

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Photo:
        """A new photo is stored by the one function that makes its sizes."""
        return super().save_form(request, form, change) if change else form.store(request.user)

    def save_model(self, request: HttpRequest, obj: Photo, form: Any, change: bool) -> None:
        """Save changed words."""
        if change:
            photos.save_words(actor=request.user, photo=obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing stands beside a photo."""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str):
        """Find with or without accents."""
        return search_folded(queryset, search_term), False

    def get_urls(self) -> list:
        """Django's addresses and the picker's."""
        pick = self.admin_site.admin_view(self.pick_view)
        return [path("pick/", pick, name="articles_photo_pick"), *super().get_urls()]

    def pick_view(self, request: HttpRequest) -> HttpResponse:
        """A window that hands the photo clicked, or just uploaded, to the page that opened it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        picked = form.store(request.user) if request.method == "POST" and form.is_valid() else None
        typed = request.GET.get("q", "")
        rows = search_folded(Photo.objects.order_by("-pk"), typed)[:PICKED_AT_ONCE]
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Insert photo"),
            "is_popup": True,
            "form": form,
            "editor": request.GET.get("editor", ""),
            "query": typed,
            "photos": [described(photo) for photo in rows],
            "picked": described(picked) if picked else None,
        }
        return TemplateResponse(request, "admin/articles/photo/pick.html", context)

    @admin.display(description="")
    def thumbnail(self, photo: Photo) -> SafeString:
        """The smallest size."""
        return format_html('<img class="desk-thumb" src="{}" alt="">', address(photo, 264))

    @admin.display(description=_("Caption and description"))
    def words(self, photo: Photo) -> SafeString:
        """Both, as they would be printed."""
        return format_html(
            '<b>{}</b><span class="desk-meta">{}</span>', photo.caption or photo.alt, photo.alt
        )

    @admin.display(description=_("Photo"))
    def large(self, photo: Photo) -> SafeString:
        """A size to look at."""
        return format_html('<img class="desk-photo" src="{}" alt="">', address(photo, 800))


def address(photo: Photo, width: int) -> str:
    """Return where the desk sees a size at least `width` pixels wide."""
    made, _height = photo.size(width)
    return reverse("admin:photo_size", args=[photo.token, made])


def described(photo: Photo) -> dict[str, Any]:
    """Return what the page that picks needs to know of a photo."""
    return {
        "id": photo.pk,
        "alt": photo.alt,
        "caption": photo.caption,
        "credit": photo.credit,
        "thumb": address(photo, 264),
    }

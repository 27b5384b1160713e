"""The article form: one page of typing becomes a text and a placement."""

import datetime as dt
from dataclasses import fields
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom import vietnamese
from newsroom.fields import LineFormField, row_number
from newsroom.models import User
from newsroom.rich_text import RichTextFormField

from .. import catalogue, topics, workflow
from ..models import Article, Author, Byline, Photo, Revision, Section, Tag
from . import places
from .photo_field import PhotoFileField

MAX_NAMES = 20
SPARE_ROWS = 2
SUGGESTIONS = 3
OFFERED_NAMES = 200

Area = forms.Textarea
TEXT = tuple(field.name for field in fields(workflow.Text) if field.name != "byline")
PLACEMENT = ("section", "tags", "slug", "comments_open")


class SectionField(forms.ModelChoiceField):
    """Sections in the order of the menu, sub-sections set in."""

    def __init__(self, **kwargs: Any):
        rows = Section.objects.select_related("parent")
        super().__init__(rows, empty_label=_("– choose –"), required=False, **kwargs)

    def label_from_instance(self, section: Section) -> str:
        """“Chính trị › Hội đồng nhân dân”."""
        return f"{section.parent.name} › {section.name}" if section.parent else section.name


class TagsWidget(AutocompleteSelectMultiple):
    """The picker of tags; what is no number of a row is not asked for.

    It asks for the places of `day`, of the day typed in the form where that is None.
    """

    day: dt.date | None = None

    def get_url(self) -> str:
        """Return where suggestions come from."""
        address = super().get_url()
        return f"{address}?{places.DAY}={self.day.isoformat()}" if self.day else address

    def optgroups(self, name: str, value: list, attr: Any = None) -> list:
        """Return the tags chosen."""
        return super().optgroups(name, [pk for pk in value if row_number(pk)], attr)


class TagsField(forms.ModelMultipleChoiceField):
    """Tags of every kind, found by typing."""

    def __init__(self, **kwargs: Any):
        widget = TagsWidget(Article._meta.get_field("tags"), admin.site)
        rows = Tag.objects.select_related("province").order_by("sort_key")
        super().__init__(rows, widget=widget, required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """Leave out what is no number of a row, and follow a topic that was merged meanwhile."""
        numbers = [number for pk in value or () if (number := row_number(pk))]
        return super().clean(topics.followed(numbers))

    def view_from(self, day: dt.date | None) -> None:
        """Offer and describe places as of the day the article is known to have, or of today."""
        self.widget.day = day
        self.places = places.Places(day or places.today())

    def label_from_instance(self, tag: Tag) -> str:
        """A place says its type, its last day and, after that, what it belongs to."""
        return self.places.label(tag)


class ArticleForm(forms.Form):
    """All of an article but its byline."""

    headline = LineFormField(label=_("Headline"), max_length=300, widget=Area({"rows": 2}))
    standfirst = LineFormField(
        label=_("Standfirst"), max_length=5000, required=False, widget=Area({"rows": 3})
    )
    body = RichTextFormField(label=_("Body"), required=False)
    source_line = LineFormField(label=_("Source line"), max_length=200, required=False)
    photo = forms.ModelChoiceField(Photo.objects, required=False, widget=forms.HiddenInput)
    photo_file = PhotoFileField(label=_("Choose a file"), required=False)
    photo_alt = LineFormField(
        label=_("Description, for readers who cannot see it"), max_length=300, required=False
    )
    photo_caption = LineFormField(label=_("Caption"), max_length=500, required=False)
    photo_credit = LineFormField(label=_("Credit"), max_length=120, required=False)
    section = SectionField(label=_("Section"))
    tags = TagsField(label=_("Tags"))
    slug = LineFormField(
        label=_("Address"),
        max_length=100,
        required=False,
        help_text=_("Empty: made from the headline when the article is first published."),
    )
    comments_open = forms.BooleanField(label=_("Readers may comment"), required=False)
    publish_time = forms.TimeField(label=_("Hour"), required=False)
    publish_date = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput({"placeholder": _("day/month/year")}),
    )

    def __init__(
        self, *args: Any, placed: bool = True, known_day: dt.date | None = None, **kwargs: Any
    ):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["tags"].view_from(known_day)
        for field in self.fields.values():
            # A browser would cut what is pasted, and say nothing.
            field.widget.attrs.pop("maxlength", None)
        self.fields["section"].queryset = _in_menu_order(self.fields["section"].queryset)
        if not placed:
            for name in PLACEMENT:
                self.fields[name].disabled = True

    def follow_headline(self) -> None:
        """Have the script make the address from the headline until somebody types another."""
        attrs = {"data-slug-words": "{headline}", "data-slug-length": workflow.MAX_SLUG_CHARS}
        self.fields["slug"].widget.attrs |= attrs

    def publish_at(self) -> dt.datetime | None:
        """Return the moment chosen, in Vietnam's time; None unless day and hour are there."""
        day, hour = self.cleaned_data["publish_date"], self.cleaned_data["publish_time"]
        return dt.datetime.combine(day, hour, vietnamese.ZONE) if day and hour else None

    def placement(self) -> workflow.Placement:
        """Return section, tags and address as chosen."""
        data = self.cleaned_data
        tags = frozenset(tag.pk for tag in data["tags"])
        return workflow.Placement(data["section"], tags, data["slug"], data["comments_open"])

    def text(self, byline: tuple[workflow.Credit, ...]) -> workflow.Text:
        """Return what was typed as a text with this byline."""
        return workflow.Text(byline=byline, **{name: self.cleaned_data[name] for name in TEXT})


def _in_menu_order(sections: Any) -> Any:
    """Order sub-sections behind their section."""
    top = Coalesce("parent__position", "position"), Coalesce("parent_id", "pk")
    return sections.order_by(*top, F("parent_id").asc(nulls_first=True), "position", "pk")


class CreditForm(forms.Form):
    """One row of the byline. An unknown name is taken only when it is marked as new."""

    name = LineFormField(label=_("Pen name"), max_length=60, required=False)
    part = forms.ChoiceField(label=_("Part"), choices=Byline.Part, required=False)
    is_new = forms.BooleanField(label=_("new pen name"), required=False)
    unknown = False

    def clean(self) -> dict[str, Any]:
        """Find the author; raises with names that look alike."""
        data = super().clean()
        name = data.get("name")
        if name and not self.errors:
            data["author"] = Author.objects.filter(name=name).first()
            if data["author"] is None and not data["is_new"]:
                self.unknown = True
                self.add_error("name", _unknown(name))
        return data


class BaseBylineFormSet(forms.BaseFormSet):
    """The byline in its printed order."""

    def clean(self) -> None:
        """Refuse the same name twice."""
        names = [row.get("name") for row in self.rows()]
        if len(set(names)) < len(names):
            raise ValidationError(_now("A name stands twice in the byline."))

    def rows(self) -> list[dict[str, Any]]:
        """Return what the filled rows hold."""
        forms_filled = (form.cleaned_data for form in self.forms if hasattr(form, "cleaned_data"))
        return [data for data in forms_filled if data.get("name")]

    def byline(self, actor: User) -> tuple[workflow.Credit, ...]:
        """Return the byline; names marked as new become authors now."""
        return tuple(
            workflow.Credit(self._author(actor, row), row["part"] or Byline.Part.TEXT)
            for row in self.rows()
        )

    def _author(self, actor: User, row: dict[str, Any]) -> Author:
        if row.get("author"):
            return row["author"]
        return catalogue.author_named(actor=actor, name=row["name"])


BylineFormSet = forms.formset_factory(
    CreditForm, formset=BaseBylineFormSet, extra=SPARE_ROWS, max_num=MAX_NAMES, absolute_max=50
)


def initial_of(article: Article, revision: Revision) -> dict[str, Any]:
    """Return what the form shows of an article."""
    return {
        **{name: getattr(revision, name) for name in TEXT},
        "section": article.section_id,
        "tags": list(article.tags.values_list("pk", flat=True)),
        "slug": article.slug,
        "comments_open": article.comments_open,
        **_waiting_hour(article),
    }


def _waiting_hour(article: Article) -> dict[str, Any]:
    """Return the hour the article is scheduled for, to be changed."""
    waiting = article.publications.waiting(timezone.now()).first()
    if waiting is None:
        return {}
    local = waiting.starts_at.astimezone(vietnamese.ZONE)
    return {"publish_time": local.time(), "publish_date": local.date()}


def initial_byline(revision: Revision) -> list[dict[str, Any]]:
    """Return the rows of a revision's byline."""
    rows = revision.byline.order_by("position").select_related("author")
    return [{"name": row.author.name, "part": row.part} for row in rows]


def new_initial(request: HttpRequest) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what an empty form begins with: comments open, the writer's own pen name."""
    own = request.user.pen_names.order_by("pk").first()
    return {"comments_open": True}, [{"name": own.name, "part": "text"}] if own else []


def offered_names(actor: User) -> list[str]:
    """Return the pen names the form offers while typing: the staff's and those used lately."""
    staff = Author.objects.exclude(account=None).order_by("sort_key")[:OFFERED_NAMES]
    recent = Byline.objects.order_by("-pk").values_list("author__name", flat=True)[:OFFERED_NAMES]
    return sorted({*(author.name for author in staff), *recent}, key=vietnamese.sort_key)


def _unknown(name: str) -> str:
    alike = Author.objects.filter(search_words=vietnamese.search_text(name))
    alike = alike.order_by("sort_key")[:SUGGESTIONS]
    if not alike:
        return _now("There is no pen name “%(name)s”. Mark it as new if it is.") % {"name": name}
    return _now("There is no pen name “%(name)s”. Did you mean %(others)s?") % {
        "name": name,
        "others": ", ".join(author.name for author in alike),
    }

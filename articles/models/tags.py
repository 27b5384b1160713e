"""Tags: provinces as dated units, competition clusters with dated members."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from newsroom import vietnamese
from newsroom.fields import LineField, SearchField, SortKeyField

from ..addresses import CLUSTER, PROVINCE, TOPIC
from ..querysets import TagQuerySet


class Tag(models.Model):
    """Whatever articles are gathered under. Its slug is its address among its kind."""

    class Kind(models.TextChoices):
        """What it gathers articles by; each kind has addresses of its own."""

        PROVINCE = "province", _("place")
        CLUSTER = "cluster", _("emulation cluster")
        TOPIC = "topic", _("topic")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, editable=False)
    name = LineField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=120)
    sort_key = SortKeyField(sources=("name",))
    search_words = SearchField(sources=("name",))

    PATHS = {Kind.PROVINCE: PROVINCE, Kind.CLUSTER: CLUSTER, Kind.TOPIC: TOPIC}
    KIND = Kind.TOPIC  # of a new one
    NAMED_BY = "name"  # the field of a form that the name comes from

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="tag_address_is_unique"),
        ]
        indexes = [models.Index(fields=["kind", "sort_key"], name="tag_sorted")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Its list of articles."""
        return f"/{self.PATHS[self.kind]}/{self.slug}/"

    def clean(self):
        """Refuse an address, and the very name, that another of its kind has."""
        others = Tag.objects.filter(kind=self.KIND).exclude(pk=self.pk)
        if self.slug and others.filter(slug=self.slug).exists():
            raise ValidationError({"slug": _now("Another one has this address already.")})
        words = vietnamese.clean(self.name).lower()
        alike = others.filter(search_words=vietnamese.search_text(self.name))
        if words and any(other.name.lower() == words for other in alike):
            raise ValidationError({self.NAMED_BY: _now("This one is there already.")})

    @property
    def label(self) -> str:
        """The name as staff pick it: a place with its type and its last day.

        A topic found by another name says which.
        """
        province = getattr(self, "province", None)
        if province is None:
            found_as = getattr(self, "found_as", None)
            return f"{self.name} ({found_as})" if found_as else self.name
        unit = province.get_unit_type_display()
        if not province.valid_to:
            return f"{self.name} – {unit}"
        last_day = vietnamese.short_date(province.valid_to, vietnamese.DAY)
        return _now("%(name)s – %(unit)s, until %(day)s") % {
            "name": self.name,
            "unit": unit,
            "day": last_day,
        }


class Province(Tag):
    """A province or city as it was between two days; what it became is its successor.

    Codes and names were used again for other units, so neither is a key: `unit_id` is.
    """

    KIND = Tag.Kind.PROVINCE

    class UnitType(models.TextChoices):
        """What the unit is by law."""

        PROVINCE = "province", _("province")
        CITY = "city", _("centrally run city")

    # What people write in front of a name, and no name begins with.
    TITLES = ("tỉnh", "thành phố", "tp")

    unit_id = models.CharField(_("unit"), max_length=20, unique=True)
    code = models.CharField(_("code"), max_length=2)
    unit_slug = models.SlugField(max_length=60)
    unit_type = models.CharField(_("type"), max_length=10, choices=UnitType)
    region = LineField(_("region"), max_length=60, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("became"),
    )
    basis = LineField(_("legal basis"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_to=None)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="province_ends_after_it_begins",
            ),
        ]

    def valid_on(self, day) -> bool:
        """Whether the unit existed on `day`."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


class Cluster(Tag):
    """Bodies that compete with each other, year by year, under one owner."""

    KIND = Tag.Kind.CLUSTER
    NAMED_BY = "owner"

    class Form(models.TextChoices):
        """What its owner calls it: the word is printed in its name."""

        CLUSTER = "cụm", _("cluster (cụm)")
        BLOC = "khối", _("bloc (khối)")

    form = models.CharField(_("kind"), max_length=5, choices=Form, default=Form.CLUSTER)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    number_printed = LineField(
        _("printed as"), max_length=20, blank=True, help_text=_("1 or I, as the owner writes it.")
    )
    owner = LineField(_("owner"), max_length=120)
    sector = LineField(_("sector"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("emulation cluster")
        verbose_name_plural = _("emulation clusters")

    def clean(self):
        """Give it its name before others are asked for it."""
        self.name = self.full_name
        super().clean()

    @property
    def full_name(self) -> str:
        """The name as printed: “Cụm thi đua số 1 – Bộ Tài nguyên & Môi trường”."""
        number = f" số {self.number_printed}" if self.number_printed else ""
        return f"{self.form.capitalize()} thi đua{number} – {self.owner}"

    @property
    def office_names(self) -> tuple[str, str, str]:
        """What chair, deputy and host are called."""
        host = pgettext("cluster", "Host")
        if self.form == Cluster.Form.BLOC:
            return pgettext("bloc", "Chair"), pgettext("bloc", "Deputy chair"), host
        return pgettext("cluster", "Chair"), pgettext("cluster", "Deputy chair"), host


class ClusterMember(models.Model):
    """An organisation that belongs to a cluster for a time."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="members")
    name = LineField(_("organisation"), max_length=200)
    province = models.ForeignKey(
        Province,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("place"),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("A member is ended, not deleted.")
    )

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="member_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first one."),
            ),
        ]

    def __str__(self):
        return self.name

    def belongs_in(self, year: int) -> bool:
        """Whether it is a member on any day of the year."""
        return self.valid_from.year <= year and (not self.valid_to or year <= self.valid_to.year)


class ClusterTerm(models.Model):
    """Who leads a cluster in one year."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="terms")
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1945), MaxValueValidator(2100)]
    )
    chair = models.ForeignKey(
        ClusterMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chair"),
    )
    deputy = models.ForeignKey(
        ClusterMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("deputy"),
    )
    host = models.ForeignKey(
        ClusterMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("host"),
    )
    pledged_on = models.DateField(_("pledge signed"), null=True, blank=True)

    class Meta:
        verbose_name = _("year")
        verbose_name_plural = _("years")
        constraints = [
            models.UniqueConstraint(fields=["cluster", "year"], name="cluster_year_is_unique"),
        ]

    def __str__(self):
        return str(self.year)

"""What both apps write: staff accounts, site settings, stamps and the log."""

from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .fields import LineField, PersonSortKeyField
from .prepared import prepared
from .roles import Role


class User(AbstractUser):
    """A member of staff. Readers have no accounts."""

    first_name = None
    last_name = None
    full_name = LineField(_("full name"), max_length=100, blank=True)
    sort_key = PersonSortKeyField(sources=("full_name", "username"), default=b"")

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self):
        return self.full_name or self.username

    @cached_property
    def roles(self) -> frozenset[str]:
        """The codes of the roles held. A superuser, the first account, is an administrator."""
        if not self.is_active:
            return frozenset()
        names = {name for name in self.groups.values_list("name", flat=True) if name in Role}
        return frozenset(names | ({Role.ADMINISTRATOR} if self.is_superuser else set()))

    def get_full_name(self):
        """The name colleagues know; the log-in name where none was given."""
        return str(self)

    def get_short_name(self):
        """Same as the full name: Vietnamese names are not shortened by rule."""
        return str(self)


class SiteSettings(models.Model):
    """The one row that says who publishes this site and how it works."""

    name = LineField(_("site name"), max_length=80, default="Tòa soạn")
    initials = LineField(_("initials on the seal"), max_length=3, default="TS")
    tagline = LineField(_("line under the name"), max_length=120, blank=True)
    governing_body = LineField(_("governing body"), max_length=120, blank=True)
    dateline = LineField(
        _("dateline"),
        max_length=20,
        blank=True,
        default="(BTV)",
        help_text=_("Printed before the standfirst of every article; never typed into a text."),
    )
    licence = LineField(_("licence"), max_length=160, blank=True)
    head = LineField(_("person in charge"), max_length=120, blank=True)
    address = LineField(_("address"), max_length=200, blank=True)
    phone = LineField(_("phone"), max_length=40, blank=True)
    fax = LineField(_("fax"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    hotline = LineField(_("hotline"), max_length=40, blank=True)
    require_review = models.BooleanField(
        _("Require review before publishing"),
        default=False,
        help_text=_(
            "On: an editor approves and the secretary publishes. "
            "Off: reporters and editors may publish their own articles."
        ),
    )
    comments_open = models.BooleanField(_("Readers may comment"), default=True)
    mourning = models.BooleanField(
        _("Days of mourning"),
        default=False,
        help_text=_("The whole site turns grey, photos included."),
    )

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="site_settings_is_one_row"),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def load(cls) -> "SiteSettings":
        """The one row, or the defaults unsaved where nobody has saved it yet."""
        return next(iter(_settings()), None) or cls(pk=1)


@prepared
def _settings() -> models.QuerySet[SiteSettings]:
    return SiteSettings.objects.filter(pk=1)


class Stamp(models.Model):
    """The version of one thing that public pages show; see stamps.py.

    On SQLite `serial` rises with every commit that bumps, so that what is new is one look along
    its index; on PostgreSQL notices tell it, and it stays 0.
    """

    key = models.CharField(max_length=80, primary_key=True)
    version = models.PositiveBigIntegerField(default=1)
    serial = models.PositiveBigIntegerField(default=0, db_index=True)

    class Meta:
        verbose_name = _("stamp")
        verbose_name_plural = _("stamps")

    def __str__(self):
        return f"{self.key}@{self.version}"


class Event(models.Model):
    """One append-only row: who did what to which thing, when and why."""

    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("by"),
    )
    verb = models.CharField(pgettext_lazy("workflow", "verb"), max_length=30)
    object_type = models.CharField(_("kind"), max_length=30)
    object_id = models.PositiveBigIntegerField(_("number"))
    object_label = models.CharField(_("object"), max_length=300, blank=True)
    from_state = models.CharField(_("from"), max_length=40, blank=True)
    to_state = models.CharField(_("to"), max_length=40, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)
    # A keyed hash of the network a member of staff came from; of readers there is none.
    network = models.CharField(_("network"), max_length=32, blank=True, default="")

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log")
        indexes = [
            models.Index(fields=["object_type", "object_id", "-id"], name="event_of_object"),
            # The page of the log walks these, each in the order of time.
            models.Index(fields=["-at", "-id"], name="event_in_time"),
            models.Index(fields=["verb", "-at", "-id"], name="event_of_verb"),
            models.Index(fields=["actor", "-at", "-id"], name="event_of_actor"),
            models.Index(fields=["network", "-at", "-id"], name="event_of_network"),
        ]

    def __str__(self):
        return self.object_label

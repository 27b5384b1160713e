"""Topics: tags that are nothing but a subject, with their other names and old addresses."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom import vietnamese
from newsroom.fields import LineField, SearchField

from ..querysets import TagQuerySet
from .tags import Tag


class TopicManager(models.Manager.from_queryset(TagQuerySet)):
    """Only topics."""

    def get_queryset(self):
        """Every query begins here."""
        return super().get_queryset().filter(kind=Tag.Kind.TOPIC)

    def called(self, name: str) -> Tag | None:
        """Return the topic that has exactly this name, as its own or as another one."""
        words, wanted = vietnamese.search_text(name), vietnamese.clean(name).lower()
        for topic in self.filter(search_words=words):
            if topic.name.lower() == wanted:
                return topic
        for other in TopicName.objects.filter(search_words=words).select_related("topic"):
            if other.name.lower() == wanted:
                return other.topic
        return None

    def alike(self, name: str) -> TagQuerySet:
        """Return the topics with this name, their own or another one, whatever its accents."""
        words = vietnamese.search_text(name)
        if not vietnamese.has_text(words):
            return self.none()
        names = models.Q(search_words=words) | models.Q(other_names__search_words=words)
        return self.filter(names).distinct().order_by("sort_key")


class Topic(Tag):
    """A tag that is nothing but a subject."""

    KIND = Tag.Kind.TOPIC

    objects = TopicManager()

    class Meta:
        proxy = True
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def clean(self):
        """Refuse also another topic's other name, and an address that leads to one."""
        super().clean()
        known = Topic.objects.called(self.name)
        if known and known.pk != self.pk:
            message = _now("“%(name)s” is another name of the topic “%(topic)s”.")
            raise ValidationError({"name": message % {"name": self.name, "topic": known}})
        if old := OldTopicSlug.objects.filter(slug=self.slug).select_related("topic").first():
            message = _now("This address leads to the topic “%(topic)s”.")
            raise ValidationError({"slug": message % {"topic": old.topic}})


class TopicName(models.Model):
    """Another name of a topic, under which it is found as well."""

    topic = models.ForeignKey(Tag, models.CASCADE, related_name="other_names")
    name = LineField(_("name"), max_length=200, unique=True)
    search_words = SearchField(sources=("name",))

    class Meta:
        verbose_name = _("other name of a topic")
        verbose_name_plural = _("other names of topics")

    def __str__(self):
        return self.name


class OldTopicSlug(models.Model):
    """The address of a topic that was merged into another; readers are led on from it."""

    slug = models.SlugField(max_length=120, unique=True)
    topic = models.ForeignKey(Tag, models.CASCADE, related_name="old_slugs")

    class Meta:
        verbose_name = _("old address of a topic")
        verbose_name_plural = _("old addresses of topics")

    def __str__(self):
        return self.slug

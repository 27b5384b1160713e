"""The verbs on topics: saving one with its other names, and merging one into another.

Each asks for the right, changes, logs and bumps stamps in one transaction. Every function raises
NotAllowed for whoever may not.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from newsroom import events, stamps, vietnamese
from newsroom.models import Event, User
from newsroom.refusals import Conflict, NotAllowed, NotReady

from . import catalogue
from .models import Article, ArticleTag, OldTopicSlug, Tag, Topic, TopicName
from .permissions import may_change
from .search import indexing

MAX_NAME_CHARS = TopicName._meta.get_field("name").max_length


@transaction.atomic
def save_topic(
    *, actor: User | None, topic: Topic, other_names: Iterable[str] | None = None
) -> Topic:
    """Save a topic, and its other names if they are given: they replace those it had.

    Bumps its list. Raises NotReady for a name or an address that leads to another topic.
    """
    names = None if other_names is None else cleaned(other_names)
    _refuse_taken(topic, names)
    try:
        with transaction.atomic():
            _write(actor, topic, names)
            # What somebody else saved while we waited for the address.
            _refuse_taken(topic, names)
    except IntegrityError:
        _refuse_taken(topic, names)
        raise
    return topic


def _refuse_taken(topic: Topic, names: list[str] | None) -> None:
    try:
        topic.clean()
    except ValidationError as wrong:
        raise NotReady(
            {key: " ".join(texts) for key, texts in wrong.message_dict.items()}
        ) from None
    if problem := names_problem(topic, names or ()):
        raise NotReady({"other_names": problem})


def _write(actor: User | None, topic: Topic, names: list[str] | None) -> None:
    if names is None:
        catalogue.save_tag(actor=actor, tag=topic)
        return
    catalogue.save_tag(actor=actor, tag=topic, other_names=names)
    TopicName.objects.filter(topic=topic).exclude(name__in=names).delete()
    kept = set(TopicName.objects.filter(topic=topic).values_list("name", flat=True))
    for name in names:
        if name not in kept:
            TopicName.objects.create(topic=topic, name=name)


def cleaned(names: Iterable[str]) -> list[str]:
    """Return the names without what prints nothing, each once whatever its capitals."""
    lines = (vietnamese.clean(name) for name in names)
    return list({line.lower(): line for line in lines if vietnamese.has_text(line)}.values())


def names_problem(topic: Topic, names: Iterable[str]) -> str:
    """Return why the topic cannot have these other names; "" if it can."""
    for name in names:
        if len(name) > MAX_NAME_CHARS:
            return _("“%(name)s…” is too long.") % {"name": name[:40]}
        if name.lower() == vietnamese.clean(topic.name).lower():
            return _("“%(name)s” is the name of the topic itself.") % {"name": name}
        known = Topic.objects.called(name)
        if known and known.pk != topic.pk:
            message = _("“%(name)s” belongs to the topic “%(topic)s”.")
            return message % {"name": name, "topic": known}
    return ""


@transaction.atomic
def merge_topics(*, actor: User | None, topic: Topic, into: Topic) -> list[int]:
    """Let `topic` go up in `into` and return the numbers of the articles that were under it.

    Its articles stand under `into` from now on, its address and those that led to it lead there,
    its names become other names of `into`; the topic itself is gone. Bumps the lists of both,
    every article concerned, and the front page and the sitemap, which name topics. Raises
    NotReady for a topic and itself, Conflict when somebody merged one of the two meanwhile.
    """
    if topic.pk == into.pk:
        raise NotReady({"into": _("Choose another topic: this one is itself.")})
    _lock_articles(topic)
    topic, into = _both(topic, into)
    if not (may_change(actor, topic) and may_change(actor, into)):
        raise NotAllowed()
    moved = _move_articles(topic, into)
    indexing.index(moved)
    _lead_on(topic, into)
    _hand_over_names(topic, into)
    topic_key = stamps.tag(topic.pk)
    data = {"topic": topic.pk, "merged": topic.name, "slug": topic.slug, "articles": moved}
    topic.delete()
    own = {topic_key, stamps.tag(into.pk), *map(stamps.article, moved)}
    stamps.bump({stamps.FRONT, stamps.NAMES, *own})
    events.record(actor=actor, verb="merge", obj=into, data=data)
    return moved


def _lock_articles(topic: Topic) -> None:
    """Lock the articles before the topics, as the verbs on an article do."""
    tagged = ArticleTag.objects.filter(tag=topic.pk).values("article")
    list(Article.objects.select_for_update().filter(pk__in=tagged).order_by("pk").values("pk"))


def _both(topic: Topic, into: Topic) -> tuple[Topic, Topic]:
    """Return both as they are stored, locked; raises Conflict when one is gone."""
    wanted = [topic.pk, into.pk]
    rows = Topic.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows}
    for one in (topic, into):
        if one.pk not in found:
            raise gone(one.pk, one.name)
    return found[topic.pk], found[into.pk]


def gone(number: int, name: str = "") -> Conflict | None:
    """Return the conflict about a topic that is no more: who merged it, when, into which.

    None where nothing is known of a topic with this number; `name` is said if nobody merged it.
    """
    event = _merger(number)
    if event is None:
        text = _("The topic “%(topic)s” is there no more.") % {"topic": name}
        return Conflict(text) if name else None
    message = _("%(who)s merged the topic “%(topic)s” into “%(into)s” at %(time)s.") % {
        "who": events.actor_name(event),
        "topic": event.data["merged"],
        "into": event.object_label,
        "time": events.clock(event.at),
    }
    return Conflict(message, event)


def followed(numbers: Iterable[int]) -> list[int]:
    """Return these numbers of tags, for a topic that was merged that of the one it went up in.

    So that a form opened before still finds its topic; unknown numbers stay as they are.
    """
    numbers = set(numbers)
    there = set(Tag.objects.filter(pk__in=numbers).values_list("pk", flat=True))
    return [*there, *map(_heir, numbers - there)]


def held(numbers: Iterable[int]) -> list[int]:
    """Return what `followed` does, and let none of the topics be merged before we have ended.

    Whoever holds articles asks for this after them, as merging does.
    """
    numbers = set(numbers)
    rows = Topic.objects.select_for_update(no_key=True).filter(pk__in=numbers)
    list(rows.order_by("pk").values("pk"))
    found = followed(numbers)
    return found if set(found) == numbers else held(found)


def _heir(number: int) -> int:
    while event := _merger(number):
        number = event.object_id
    return number


def _merger(number: int) -> Event | None:
    """Return the event by which the topic of this number was merged."""
    merged = Event.objects.filter(verb="merge", data__topic=number).select_related("actor")
    return merged.order_by("-id").first()


def _move_articles(topic: Topic, into: Topic) -> list[int]:
    """Put everything under `topic` under `into`, each article once; return the articles."""
    taggings = ArticleTag.objects.filter(tag=topic)
    moved = sorted(taggings.values_list("article", flat=True))
    taggings.filter(article__in=ArticleTag.objects.filter(tag=into).values("article")).delete()
    taggings.update(tag=into)
    return moved


def _lead_on(topic: Topic, into: Topic) -> None:
    """Lead the topic's address, and those that led to it, to the other one."""
    OldTopicSlug.objects.filter(topic=topic).update(topic=into)
    OldTopicSlug.objects.create(slug=topic.slug, topic=into)


def _hand_over_names(topic: Topic, into: Topic) -> None:
    TopicName.objects.filter(topic=topic).update(topic=into)
    if topic.name.lower() != into.name.lower():
        TopicName.objects.get_or_create(name=topic.name, defaults={"topic": into})

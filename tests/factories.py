"""One maker a thing and a state; articles get into theirs by the newsroom's own verbs."""

import datetime as dt
import io
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from articles import catalogue, photos, workflow
from articles.models import Article, Author, Cluster, Photo, Province, Section, Topic
from articles.search import indexing
from newsroom.models import SiteSettings, User
from newsroom.roles import Role

PASSWORD = "mat-khau-cua-test"


class UserFactory(DjangoModelFactory):
    """A member of staff; `roles` are codes."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("nguoi{}".format)
    full_name = factory.Sequence("Người {}".format)
    is_staff = True

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        """Put the account into the groups and give it the password."""
        self.set_password(PASSWORD)
        self.save()
        self.groups.set(Group.objects.filter(name__in=extracted or ()))


class SectionFactory(DjangoModelFactory):
    """A section of the menu."""

    class Meta:
        model = Section

    name = factory.Sequence("Chuyên mục {}".format)
    slug = factory.Sequence("chuyen-muc-{}".format)


class AuthorFactory(DjangoModelFactory):
    """A pen name of a contributor without an account."""

    class Meta:
        model = Author

    name = factory.Sequence("Bút Danh {}".format)
    slug = factory.Sequence("tac-gia-{}".format)


class TopicFactory(DjangoModelFactory):
    """A topic."""

    class Meta:
        model = Topic

    kind = "topic"
    name = factory.Sequence("Chủ đề {}".format)
    slug = factory.Sequence("chu-de-{}".format)


def user(*roles: Role, **fields: Any) -> User:
    """An account with these roles."""
    return UserFactory(roles=roles, **fields)


def require_review(required: bool = True) -> None:
    """Switch the site setting."""
    SiteSettings.objects.update_or_create(pk=1, defaults={"require_review": required})


def cluster(**fields: Any) -> Cluster:
    """A competition cluster under its full name."""
    values = {"number": 1, "number_printed": "1", "owner": "Bộ Tài nguyên & Môi trường"} | fields
    return catalogue.save_cluster(actor=None, cluster=Cluster(**values))


def province(unit_id: str) -> Province:
    """One of the units the migration loaded."""
    return Province.objects.get(unit_id=unit_id)


def picture(size: tuple[int, int] = (900, 600), format: str = "JPEG", **options: Any) -> io.BytesIO:
    """The bytes of a picture file."""
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").resize(size).save(out, format, **options)
    out.seek(0)
    return out


def photo(**fields: Any) -> Photo:
    """A stored photo with its sizes."""
    values = {"alt": "Cánh đồng lúa chín", "caption": "Lúa chín sớm.", "credit": "Bá Phúc"}
    return photos.add_photo(actor=None, file=picture(), **values | fields)


def tomorrow() -> dt.datetime:
    """A moment that has not come."""
    return timezone.now() + dt.timedelta(days=1)


def text(**fields: Any) -> workflow.Text:
    """A text that is ready to be published; `byline` may hold authors."""
    byline = fields.pop("byline", None)
    credits = [AuthorFactory()] if byline is None else byline
    values = {
        "headline": "Cầu mới thông xe",
        "standfirst": "Xe qua cầu từ sáng nay.",
        "body": "<p>Chiếc xe đầu tiên qua cầu lúc sáu giờ.</p>",
        "byline": tuple(workflow.Credit(author) for author in credits),
    }
    return workflow.Text(**values | fields)


def placement(**fields: Any) -> workflow.Placement:
    """A section of its own and `tags` (instances)."""
    tags = frozenset(tag.pk for tag in fields.pop("tags", ()))
    values = {"section": fields.pop("section", None) or SectionFactory(), "tags": tags}
    return workflow.Placement(**values | fields)


def draft(*, by: User | None = None, section: Any = None, tags: Any = (), **fields: Any) -> Article:
    """An article nobody has seen yet, written by `by`."""
    made = workflow.create_article(
        actor=None, text=text(**fields), placement=placement(section=section, tags=tags)
    )
    Article.objects.filter(pk=made.article_id).update(created_by=by)
    return Article.objects.get(pk=made.article_id)


def in_review(**fields: Any) -> Article:
    """An article whose writer has handed it in."""
    return _after(workflow.submit, draft(**fields))


def returned(*, reason: str = "Thiếu nguồn tin.", **fields: Any) -> Article:
    """An article an editor gave back."""
    return _after(workflow.return_, in_review(**fields), reason=reason)


def approved(**fields: Any) -> Article:
    """An article an editor has signed."""
    return _after(workflow.approve, in_review(**fields))


def scheduled(*, at: dt.datetime | None = None, **fields: Any) -> Article:
    """An article that goes out tomorrow, or at `at`."""
    with indexing.gathered():
        return _after(workflow.publish, draft(**fields), at=at or tomorrow())


def published(*, at: dt.datetime | None = None, **fields: Any) -> Article:
    """An article readers see, since `at` if that is given."""
    backdate = workflow.Backdate(at) if at else None
    with indexing.gathered():
        return _after(workflow.publish, draft(**fields), backdate=backdate)


def withdrawn(*, reason: str = "Sai địa danh.", **fields: Any) -> Article:
    """An article readers saw once."""
    article = published(**fields)
    workflow.withdraw(actor=None, article=article, reason=reason)
    return Article.objects.get(pk=article.pk)


def edited(article: Article, *, by: User | None = None, **fields: Any) -> Article:
    """The article with a newer draft on top."""
    newest = article.newest_revision
    fields.setdefault("headline", f"{newest.headline} (sửa)")
    fields.setdefault("byline", [credit.author for credit in newest.byline.order_by("position")])
    workflow.save_revision(actor=by, article=article, text=text(**fields), base=newest.number)
    return Article.objects.get(pk=article.pk)


def _after(verb: Any, article: Article, **arguments: Any) -> Article:
    verb(actor=None, revision=article.newest_revision, **arguments)
    return Article.objects.get(pk=article.pk)

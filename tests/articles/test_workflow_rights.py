"""The verbs themselves ask for the right: a button that was never shown is no protection."""

import pytest

from articles import catalogue, photos, workflow
from articles.models import Article, Author, Cluster, Section, Topic
from newsroom.models import Event
from newsroom.refusals import NotAllowed
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def _revision(article):
    return article.newest_revision


VERBS = {
    "create": (
        factories.draft,
        lambda who, article: workflow.create_article(
            actor=who, text=factories.text(), placement=factories.placement()
        ),
    ),
    "save": (
        factories.draft,
        lambda who, article: workflow.save_revision(
            actor=who, article=article, text=factories.text(headline="Khác"), base=1
        ),
    ),
    "submit": (
        factories.draft,
        lambda who, article: workflow.submit(actor=who, revision=_revision(article)),
    ),
    "return": (
        factories.in_review,
        lambda who, article: workflow.return_(
            actor=who, revision=_revision(article), reason="Thiếu."
        ),
    ),
    "approve": (
        factories.in_review,
        lambda who, article: workflow.approve(actor=who, revision=_revision(article)),
    ),
    "publish": (
        factories.approved,
        lambda who, article: workflow.publish(actor=who, revision=_revision(article)),
    ),
    "schedule": (
        factories.approved,
        lambda who, article: workflow.publish(
            actor=who, revision=_revision(article), at=factories.tomorrow()
        ),
    ),
    "unschedule": (
        factories.scheduled,
        lambda who, article: workflow.unschedule(actor=who, article=article),
    ),
    "withdraw": (
        factories.published,
        lambda who, article: workflow.withdraw(actor=who, article=article, reason="Sai."),
    ),
    "place": (
        factories.published,
        lambda who, article: workflow.place(
            actor=who, article=article, placement=factories.placement()
        ),
    ),
}


def state(article):
    article = Article.objects.select_related("newest_revision").get(pk=article.pk)
    publications = list(article.publications.order_by("pk").values_list("starts_at", "ends_at"))
    newest = article.newest_revision
    return newest.number, newest.state, article.section_id, publications, Article.objects.count()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.ADMINISTRATOR])
def test_whoever_may_not_changes_nothing(verb, role):
    made, do = VERBS[verb]
    article = made()
    who = factories.user(role) if role else factories.user()
    before, events = state(article), Event.objects.count()
    with pytest.raises(NotAllowed):
        do(who, article)
    assert state(article) == before
    assert Event.objects.count() == events


@pytest.mark.parametrize("verb", VERBS)
def test_the_secretary_may(verb):
    made, do = VERBS[verb]
    article = made()
    before = Event.objects.count()
    do(factories.user(Role.SECRETARY), article)
    assert Event.objects.count() > before


THINGS = {
    "section": (
        lambda who: catalogue.save_section(actor=who, section=Section(name="Lạ")),
        {Role.ADMINISTRATOR},
    ),
    "cluster": (
        lambda who: catalogue.save_cluster(actor=who, cluster=Cluster(owner="Bộ", number=1)),
        {Role.ADMINISTRATOR},
    ),
    "topic": (
        lambda who: catalogue.save_tag(actor=who, tag=Topic(name="Lạ")),
        {Role.REPORTER, Role.EDITOR, Role.SECRETARY},
    ),
    "author": (
        lambda who: catalogue.save_author(actor=who, author=Author(name="Tên Lạ")),
        {Role.REPORTER, Role.EDITOR, Role.SECRETARY, Role.ADMINISTRATOR},
    ),
    "photo": (
        lambda who: photos.add_photo(actor=who, file=factories.picture(), alt="a", credit="b"),
        {Role.REPORTER, Role.EDITOR, Role.SECRETARY},
    ),
}


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("role", Role)
def test_who_adds_what_to_the_catalogue(thing, role):
    add, allowed = THINGS[thing]
    who = factories.user(role)
    if role in allowed:
        add(who)
    else:
        with pytest.raises(NotAllowed):
            add(who)
        assert not Event.objects.filter(actor=who).exists()


def test_the_words_of_a_photo_are_its_uploaders_and_the_secretarys():
    owner = factories.user(Role.REPORTER)
    photo = photos.add_photo(actor=owner, file=factories.picture(), alt="a", credit="b")
    photo.caption = "Mới"
    with pytest.raises(NotAllowed):
        photos.save_words(actor=factories.user(Role.REPORTER), photo=photo)
    photos.save_words(actor=owner, photo=photo)
    photos.save_words(actor=factories.user(Role.SECRETARY), photo=photo)


@pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR])
def test_a_pen_name_is_tied_to_an_account_by_the_administrator_alone(role):
    who = factories.user(role)
    with pytest.raises(NotAllowed):
        catalogue.save_author(actor=who, author=Author(name="Của tôi", account=who))
    author = factories.AuthorFactory()
    author.account = who
    with pytest.raises(NotAllowed):
        catalogue.save_author(actor=who, author=author)
    catalogue.save_author(actor=factories.user(Role.ADMINISTRATOR), author=author)


def test_an_editor_does_not_approve_what_once_bore_his_name():
    factories.require_review()
    editor = factories.user(Role.EDITOR)
    pen_name, other = factories.AuthorFactory(account=editor), factories.AuthorFactory()
    article = factories.in_review(byline=[pen_name, other])
    edited = factories.edited(article, byline=[other])
    with pytest.raises(NotAllowed):
        workflow.approve(actor=editor, revision=edited.newest_revision)

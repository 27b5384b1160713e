"""The verbs themselves ask for the right: a button that was never shown is no protection."""

import pytest
from django.db import transaction

from articles import catalogue, photos, workflow
from articles.models import Article, Author, Cluster, Section, Topic
from newsroom.models import Event
from newsroom.refusals import NotAllowed
from newsroom.roles import WRITERS, Role
from tests import factories

from .test_permissions import EXPECTED

pytestmark = pytest.mark.django_db

# Each verb from where it leads on: the state it starts in, what the person does.
VERBS = {
    "save": (
        factories.draft,
        lambda who, article: workflow.save_revision(
            actor=who, article=article, text=factories.text(headline="Khác"), base=1
        ),
    ),
    "submit": (
        factories.draft,
        lambda who, article: workflow.submit(actor=who, revision=article.newest_revision),
    ),
    "return": (
        factories.in_review,
        lambda who, article: workflow.return_(
            actor=who, revision=article.newest_revision, reason="Thiếu."
        ),
    ),
    "approve": (
        factories.in_review,
        lambda who, article: workflow.approve(actor=who, revision=article.newest_revision),
    ),
    "publish": (
        factories.approved,
        lambda who, article: workflow.publish(actor=who, revision=article.newest_revision),
    ),
    "schedule": (
        factories.approved,
        lambda who, article: workflow.publish(
            actor=who, revision=article.newest_revision, at=factories.tomorrow()
        ),
    ),
    "unschedule": (
        factories.scheduled,
        lambda who, article: workflow.unschedule(actor=who, article=article),
    ),
    "place": (
        factories.published,
        lambda who, article: workflow.place(
            actor=who, article=article, placement=factories.placement()
        ),
    ),
    "withdraw": (
        factories.published,
        lambda who, article: workflow.withdraw(actor=who, article=article, reason="Sai."),
    ),
}
SITUATIONS = sorted({(whose, review) for _role, whose, review in EXPECTED})


def state(article):
    article = Article.objects.select_related("newest_revision").get(pk=article.pk)
    revisions = list(article.revisions.order_by("pk").values_list("number", "state"))
    publications = list(article.publications.order_by("pk").values_list("starts_at", "ends_at"))
    return article.newest_revision.number, article.section_id, revisions, publications


def test_every_verb_on_an_article_is_tried():
    assert VERBS.keys() == set().union(*EXPECTED.values()) - {"read", "moderate"}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("whose", "review"), SITUATIONS)
def test_a_verb_asks_for_its_own_right(verb, whose, review):
    factories.require_review(review)
    colleague = factories.user(Role.EDITOR)
    article = VERBS[verb][0](by=colleague)
    did = set()
    for role in (None, *Role):
        person = factories.user(*filter(None, [role]))
        with transaction.atomic():
            article.section.editors.set([person if whose == "in section" else colleague])
            if whose == "own":
                Article.objects.filter(pk=article.pk).update(created_by=person)
            did |= {role} if does(verb, person, article.pk) else set()
            transaction.set_rollback(True)
    assert did == {role for role in Role if verb in EXPECTED[role, whose, review]}


def does(verb, person, pk):
    """Whether the verb goes through, with all that belongs to it; refused, it leaves no trace."""
    article = Article.objects.get(pk=pk)
    before, events = state(article), Event.objects.count()
    try:
        VERBS[verb][1](person, article)
    except NotAllowed:
        assert state(article) == before
        assert Event.objects.count() == events
        return False
    assert state(article) != before
    event = Event.objects.latest("id")
    assert (event.verb, event.actor, event.object_id) == (verb, person, pk)
    return True


@pytest.mark.parametrize("role", [None, *Role])
def test_only_who_writes_begins_an_article(role):
    who = factories.user(*filter(None, [role]))
    begin = {"actor": who, "text": factories.text(), "placement": factories.placement()}
    if role in WRITERS:
        workflow.create_article(**begin)
        assert Article.objects.get().created_by == who
        assert Event.objects.get(verb="save").actor == who
    else:
        with pytest.raises(NotAllowed):
            workflow.create_article(**begin)
        assert not Article.objects.exists()
        assert not Event.objects.exists()


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

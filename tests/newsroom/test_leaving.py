"""Somebody leaves: his work is handed over, his account switched off, in one step."""

import pytest

from articles.models import Article, Author, Section
from articles.permissions import can
from comments import moderation
from newsroom import administration, sessions
from newsroom.models import Event, User
from newsroom.refusals import Conflict, NotAllowed, NotReady
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief():
    return factories.user(Role.ADMINISTRATOR)


@pytest.fixture
def leaver():
    return factories.user(Role.REPORTER, Role.EDITOR, Role.MODERATOR, full_name="Lan Chi")


@pytest.fixture
def heir():
    return factories.user(Role.REPORTER, Role.EDITOR, Role.MODERATOR)


@pytest.fixture
def work(leaver):
    """Articles of his in every state, by state."""
    return {
        name: getattr(factories, name)(by=leaver)
        for name in ("draft", "in_review", "returned", "approved", "scheduled")
    }


def go(client, leaver, heir=None):
    data = {"heir": heir.pk} if heir else {}
    return client.post(f"/admin/newsroom/user/{leaver.pk}/cho-nghi/", data)


def test_all_that_is_unfinished_goes_to_the_heir_and_can_be_finished(
    client, chief, leaver, heir, work
):
    published = factories.published(by=leaver)
    reopened = factories.edited(factories.published(by=leaver), by=leaver)
    foreign = factories.draft(by=factories.user(Role.REPORTER))
    client.force_login(chief)
    page = client.get(f"/admin/newsroom/user/{leaver.pk}/cho-nghi/").content.decode()
    assert "6 bài chưa xong" in page
    assert go(client, leaver, heir).status_code == 302
    for article in (*work.values(), reopened):
        article = Article.objects.get(pk=article.pk)
        assert article.created_by == heir
        assert can(heir, "save", article)
        assert not can(User.objects.get(pk=leaver.pk), "save", article)
    assert Article.objects.get(pk=published.pk).created_by == leaver
    assert Article.objects.get(pk=foreign.pk).created_by != heir
    handed = Event.objects.filter(verb="hand_over")
    assert handed.count() == 6
    assert {event.actor for event in handed} == {chief}
    left = Event.objects.get(verb="leave")
    assert (left.object_id, left.data["heir"]) == (leaver.pk, heir.pk)


def test_his_account_is_off_and_his_pen_names_stay(client, chief, leaver, heir, work):
    pen = factories.AuthorFactory(account=leaver)
    client.force_login(chief)
    go(client, leaver, heir)
    assert not User.objects.get(pk=leaver.pk).is_active
    assert sessions.of(leaver).count() == 0
    assert Author.objects.get(pk=pen.pk).account == leaver
    assert not client.login(username=leaver.username, password=factories.PASSWORD)


def test_sections_and_comments_in_his_charge_follow(client, chief, leaver, heir):
    section, alone = factories.SectionFactory(), factories.SectionFactory()
    colleague = factories.user(Role.EDITOR)
    section.editors.set([leaver, colleague])
    section.moderators.set([leaver])
    alone.moderators.set([colleague])
    comment = moderation.submit(
        article=factories.published(section=section), name="Lúa", text="Biển báo bé quá."
    )
    moderation.hold(actor=leaver, comment=comment, note="chờ", assigned_to=leaver)
    client.force_login(chief)
    go(client, leaver, heir)
    section = Section.objects.get(pk=section.pk)
    assert set(section.editors.all()) == {heir, colleague}
    assert set(section.moderators.all()) == {heir}
    assert set(alone.moderators.all()) == {colleague}
    comment.refresh_from_db()
    assert (comment.assigned_to, comment.state) == (heir, "held")


def test_an_heir_without_the_role_takes_no_section(chief, leaver):
    section = factories.SectionFactory()
    section.editors.set([leaver])
    reporter = factories.user(Role.REPORTER)
    administration.let_go(actor=chief, account=leaver, heir=reporter)
    assert not section.editors.exists()


def test_articles_need_an_heir_who_writes_and_nothing_happens_without(client, chief, leaver, work):
    moderator = factories.user(Role.MODERATOR)
    client.force_login(chief)
    assert go(client, leaver).status_code == 200
    refused = go(client, leaver, moderator)
    assert refused.status_code == 409
    assert "còn bài chưa xong" in refused.content.decode()
    assert User.objects.get(pk=leaver.pk).is_active
    assert Article.objects.filter(created_by=leaver).count() == len(work)
    assert not Event.objects.filter(verb__in=["leave", "hand_over"]).exists()


def test_with_nothing_left_no_heir_is_needed(client, chief, leaver):
    client.force_login(chief)
    assert go(client, leaver).status_code == 302
    assert not User.objects.get(pk=leaver.pk).is_active


def test_who_is_gone_or_leaves_too_is_no_heir(chief, leaver, heir, work):
    User.objects.filter(pk=heir.pk).update(is_active=False)
    heir.refresh_from_db()
    for nobody in (heir, leaver):
        with pytest.raises(NotReady):
            administration.let_go(actor=chief, account=leaver, heir=nobody)


def test_nobody_lets_himself_go_nor_twice_nor_a_superuser(chief, leaver):
    superuser = factories.user(is_superuser=True)
    for person in (chief, superuser):
        with pytest.raises(NotAllowed):
            administration.let_go(actor=chief, account=person, heir=None)
    administration.let_go(actor=chief, account=leaver, heir=None)
    with pytest.raises(Conflict):
        administration.let_go(actor=chief, account=leaver, heir=None)

"""Who is in charge of a section works there alone, and is named on the page of his account.

What each verb asks of a section stands in tests/articles/test_workflow_rights.py, for comments in
tests/comments/test_admin_many.py.
"""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Article, Section
from articles.permissions import Rights
from comments import moderation
from newsroom.models import Event
from newsroom.refusals import NotAllowed
from newsroom.roles import Role
from tests import factories
from tests.comments.desk import sent
from tests.security.forms import forms_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return factories.user(Role.EDITOR)


@pytest.fixture
def sport(editor):
    section = factories.SectionFactory(name="Thể thao")
    section.editors.add(editor)
    return section


@pytest.fixture
def culture():
    section = factories.SectionFactory(name="Văn hóa")
    section.editors.add(factories.user(Role.EDITOR))
    return section


def move(actor, article, section):
    newest = article.newest_revision
    return workflow.save_revision(
        actor=actor,
        article=article,
        text=factories.text(headline="Khác"),
        base=newest.number,
        placement=workflow.Placement(section=section),
    )


class TestMoving:
    def test_anothers_article_is_not_handed_to_a_section_of_others(self, editor, sport, culture):
        article = factories.draft(section=sport, by=factories.user(Role.REPORTER))
        with pytest.raises(NotAllowed) as refused:
            move(editor, article, culture)
        assert "“Văn hóa”" in str(refused.value)
        stored = Article.objects.get(pk=article.pk)
        assert (stored.section, stored.newest_revision.number) == (sport, 1)

    def test_ones_own_goes_anywhere(self, editor, sport, culture):
        article = factories.draft(section=sport, by=editor)
        move(editor, article, culture)
        assert Article.objects.get(pk=article.pk).section == culture

    def test_the_secretary_moves_everything(self, sport, culture):
        article = factories.draft(section=sport)
        move(factories.user(Role.SECRETARY), article, culture)
        assert Article.objects.get(pk=article.pk).section == culture

    def test_within_ones_own_sections(self, editor, sport):
        other = factories.SectionFactory()
        article = factories.draft(section=sport)
        move(editor, article, other)
        assert Article.objects.get(pk=article.pk).section == other

    def test_the_form_says_so_and_keeps_what_was_typed(self, client, editor, sport, culture):
        article = factories.draft(section=sport)
        client.force_login(editor)
        address = reverse("admin:articles_article_change", args=[article.pk])
        (form,) = forms_of(client.get(address))
        body = next(body for body in form.bodies() if body["verb"] == ["save"])
        answer = client.post(address, body | {"section": culture.pk, "standfirst": "Câu vừa gõ."})
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "Văn hóa" in page
        assert "Câu vừa gõ." in page


class TestTheAccount:
    def form(self, client, person):
        address = reverse("admin:newsroom_user_change", args=[person.pk])
        (form,) = forms_of(client.get(address))
        return address, next(form.bodies())

    def test_the_administrator_names_a_person_in_sections(self, client, editor, sport, culture):
        client.force_login(factories.user(Role.ADMINISTRATOR))
        address, body = self.form(client, editor)
        assert body["editors"] == [str(sport.pk)]
        held = set(culture.editors.all())
        roles = {"roles": ["editor", "moderator"]}
        chosen = {"editors": [culture.pk], "moderators": [sport.pk]} | roles
        assert client.post(address, body | chosen).status_code == 302
        assert not sport.editors.exists()
        assert set(culture.editors.all()) == held | {editor}
        assert sport.moderators.get() == editor
        changed = Event.objects.filter(object_type="section", verb="change")
        assert {event.object_id for event in changed} == {sport.pk, culture.pk}

    @pytest.mark.parametrize("lost", [{"roles": ["reporter"]}, {"is_active": []}])
    def test_who_loses_the_role_is_named_nowhere(self, client, editor, sport, lost):
        sport.editors.set([editor])
        client.force_login(factories.user(Role.ADMINISTRATOR))
        address, body = self.form(client, editor)
        page = client.post(address, body | lost, follow=True).content.decode()
        assert "không ai phụ trách chuyên mục" in page
        assert not sport.editors.exists()
        other = factories.user(Role.EDITOR)
        assert sport.pk in Rights(other).sections

    def test_who_never_had_the_role_stays_named(self, client, sport):
        secretary = factories.user(Role.SECRETARY)
        sport.moderators.set([secretary])
        client.force_login(factories.user(Role.ADMINISTRATOR))
        address, body = self.form(client, secretary)
        assert client.post(address, body | {"email": "moi@bao.example.vn"}).status_code == 302
        assert sport.moderators.get() == secretary

    def test_nobody_names_himself(self, client, sport):
        administrator = factories.user(Role.ADMINISTRATOR, Role.EDITOR)
        client.force_login(administrator)
        address, body = self.form(client, administrator)
        client.post(address, body | {"editors": [sport.pk]})
        assert administrator not in sport.editors.all()

    def test_a_form_without_boxes_that_were_not_shown_takes_nothing_away(self, client, editor):
        """A new account has no sections yet; saving it names it nowhere."""
        client.force_login(factories.user(Role.ADMINISTRATOR))
        data = {"username": "moi", "full_name": "Người Mới", "email": "", "roles": ["editor"]}
        data |= {"password1": "mot-chuoi-dai-7", "password2": "mot-chuoi-dai-7"}
        assert client.post("/admin/newsroom/user/add/", data).status_code == 302
        assert not Section.objects.filter(editors__username="moi").exists()


class TestTheLogOfAComment:
    @pytest.fixture
    def colleague(self):
        return factories.user(Role.MODERATOR)

    @pytest.fixture
    def rejected(self, colleague):
        """A comment in his section, and why he did not want it."""
        article = factories.published()
        article.section.moderators.add(colleague)
        return moderation.reject(actor=colleague, comment=sent(article), reason="insult")

    @pytest.fixture
    def log_of(self, client, rejected):
        """Returns a function that opens the log of the comment as somebody."""

        def opened(person):
            client.force_login(person)
            return client.get(reverse("admin:comments_comment_history", args=[rejected.pk]))

        return opened

    def test_who_decides_elsewhere_does_not_read_it(self, log_of):
        page = log_of(factories.user(Role.MODERATOR))
        assert page.status_code == 403
        assert "xúc phạm" not in page.content.decode()

    @pytest.mark.parametrize("role", [Role.SECRETARY, Role.ADMINISTRATOR, None])
    def test_who_opens_the_comment_reads_it(self, log_of, colleague, role):
        page = log_of(factories.user(role) if role else colleague)
        assert page.status_code == 200
        assert "xúc phạm" in page.content.decode()

"""Sections, tags and pen names: what a save makes anew of the pages that show them, and who may."""

import pytest

from articles import catalogue, photos
from articles.models import Author, Topic
from newsroom import stamps
from newsroom.models import Event
from newsroom.refusals import NotAllowed
from newsroom.roles import Role
from tests import factories
from tests.articles.test_workflow import bumped

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return factories.user(Role.ADMINISTRATOR)


class TestStamps:
    """The pages a change is seen on, exactly."""

    def test_a_section_stands_in_the_menu_and_over_its_lists(self, administrator):
        old, new, section = (factories.SectionFactory() for _ in range(3))
        section.parent = old
        catalogue.save_section(actor=administrator, section=section)
        section.parent = new
        with bumped() as stamped:
            catalogue.save_section(actor=administrator, section=section)
        lists = {stamps.section(one.pk) for one in (section, old, new)}
        assert stamped.keys == {stamps.MENU, *lists}

    def test_a_deleted_section_leaves_the_menu(self, administrator):
        section = factories.SectionFactory(parent=factories.SectionFactory())
        lists = {stamps.section(section.pk), stamps.section(section.parent_id)}
        with bumped() as stamped:
            catalogue.delete_section(actor=administrator, section=section)
        assert stamped.keys == {stamps.MENU, *lists}

    def test_old_addresses_of_a_deleted_section_lead_to_the_one_above(self, client, administrator):
        parent = factories.SectionFactory()
        section = factories.SectionFactory(parent=parent, slug="cu")
        section.slug = "moi"
        catalogue.save_section(actor=administrator, section=section)
        catalogue.delete_section(actor=administrator, section=section)
        answer = client.get("/cu/")
        assert (answer.status_code, answer["Location"]) == (301, parent.get_absolute_url())
        assert client.get("/moi/")["Location"] == parent.get_absolute_url()

    def test_a_topic_is_named_where_it_is_named(self):
        topic = factories.TopicFactory()
        topic.name = "Tên mới"
        with bumped() as stamped:
            catalogue.save_tag(actor=factories.user(Role.SECRETARY), tag=topic)
        assert stamped.keys == {stamps.NAMES, stamps.tag(topic.pk)}

    def test_a_cluster_likewise(self, administrator):
        cluster = factories.cluster()
        cluster.sector = "Nông nghiệp"
        with bumped() as stamped:
            catalogue.save_cluster(actor=administrator, cluster=cluster)
        assert stamped.keys == {stamps.NAMES, stamps.tag(cluster.pk)}

    def test_a_pen_name_likewise(self, administrator):
        author = factories.AuthorFactory()
        author.slug = "dia-chi-moi"
        with bumped() as stamped:
            catalogue.save_author(actor=administrator, author=author)
        assert stamped.keys == {stamps.NAMES, stamps.author(author.pk)}

    def test_words_of_a_photo_change_no_page(self):
        photo = factories.photo()
        photo.caption = "Chú thích mới"
        with bumped() as stamped:
            photos.save_words(actor=factories.user(Role.SECRETARY), photo=photo)
        assert stamped.keys == set()


class TestRights:
    """Who may not changes nothing, and nothing is logged."""

    @pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.SECRETARY, Role.MODERATOR])
    def test_sections_are_the_administrators(self, role):
        actor, section = factories.user(role), factories.SectionFactory(name="Cũ")
        section.name = "Mới"
        self.refused(lambda: catalogue.save_section(actor=actor, section=section))
        self.refused(lambda: catalogue.delete_section(actor=actor, section=section))
        section.refresh_from_db()
        assert section.name == "Cũ"

    def test_a_moderator_adds_no_topic(self):
        actor = factories.user(Role.MODERATOR)
        self.refused(lambda: catalogue.save_tag(actor=actor, tag=Topic(name="Lạ", slug="la")))
        assert not Topic.objects.filter(slug="la").exists()

    def test_a_reporter_takes_nobodys_pen_name(self):
        actor, author = factories.user(Role.REPORTER), factories.AuthorFactory()
        author.account = actor
        self.refused(lambda: catalogue.save_author(actor=actor, author=author))
        assert Author.objects.get(pk=author.pk).account is None

    def refused(self, change):
        events = Event.objects.count()
        with pytest.raises(NotAllowed), bumped() as stamped:
            change()
        assert stamped.keys == set()
        assert Event.objects.count() == events

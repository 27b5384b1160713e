"""Topics: their other names, and merging one into another."""

import html

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import catalogue, topics
from articles.importing.directory import Directory
from articles.models import Article, OldTopicSlug, Tag, Topic, TopicName
from articles.search import finding, indexing
from articles.search.conditions import Facet
from articles.search.names import pages
from articles.search.typed import read
from newsroom import stamps, vietnamese
from newsroom.models import Event
from newsroom.refusals import Conflict, NotAllowed, NotReady
from newsroom.roles import Role
from tests import factories
from tests.articles.reader import listed, open_page, page
from tests.articles.test_admin_form import typed
from tests.articles.test_workflow import bumped

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return factories.user(Role.EDITOR, full_name="Trần Lan Chi")


@pytest.fixture
def assembly():
    topic = factories.TopicFactory(name="Quốc hội", slug="quoc-hoi")
    return topics.save_topic(actor=None, topic=topic, other_names=["QH", "Kỳ họp Quốc hội"])


def names(topic):
    return set(TopicName.objects.filter(topic=topic.pk).values_list("name", flat=True))


class TestOtherNames:
    def test_new_ones_replace_the_old(self, editor, assembly):
        with bumped() as stamped:
            topics.save_topic(actor=editor, topic=assembly, other_names=[" QH ", "qh", "", "Nghị"])
        assert names(assembly) == {"qh", "Nghị"}
        assert stamped.keys == {stamps.NAMES, stamps.tag(assembly.pk)}
        assert Event.objects.latest("id").data == {"other_names": ["qh", "Nghị"]}

    def test_a_save_without_a_word_about_them_leaves_them(self, editor, assembly):
        topics.save_topic(actor=editor, topic=assembly)
        assert names(assembly) == {"QH", "Kỳ họp Quốc hội"}

    @pytest.mark.parametrize("taken", ["Bầu cử", "bầu  cử", "Tổng tuyển cử", "Quốc hội"])
    def test_no_name_leads_to_two_topics(self, editor, assembly, taken):
        other = factories.TopicFactory(name="Bầu cử", slug="bau-cu")
        topics.save_topic(actor=None, topic=other, other_names=["Tổng tuyển cử"])
        with pytest.raises(NotReady):
            topics.save_topic(actor=editor, topic=assembly, other_names=[taken])
        assert names(assembly) == {"QH", "Kỳ họp Quốc hội"}

    def test_a_new_topic_cannot_be_called_so(self, editor, assembly):
        with pytest.raises(NotReady):
            topics.save_topic(actor=editor, topic=Topic(name="qh", slug="qh"))
        assert not Topic.objects.filter(slug="qh").exists()

    def test_a_reporter_may_not_change_them(self, assembly):
        with pytest.raises(NotAllowed):
            topics.save_topic(
                actor=factories.user(Role.REPORTER), topic=assembly, other_names=["X"]
            )
        assert names(assembly) == {"QH", "Kỳ họp Quốc hội"}

    def test_an_import_finds_the_topic_by_them(self, assembly):
        assert Directory().topic("kỳ họp quốc hội").pk == assembly.pk
        assert Topic.objects.count() == 1

    @pytest.mark.parametrize(
        ("typed", "whole", "found_as"),
        [
            ("quoc hoi", True, ""),
            ("QH", True, "QH"),
            ("ky hop", True, "Kỳ họp Quốc hội"),
            ("ky ho", False, "Kỳ họp Quốc hội"),
            ("ky ho", True, None),
            ("qh ky", False, None),
        ],
    )
    def test_named_says_by_which_name(self, assembly, typed, whole, found_as):
        rows = Tag.objects.named(vietnamese.search_terms(typed), whole=whole)
        found = [row.found_as for row in rows.filter(kind="topic")]
        assert found == ([] if found_as is None else [found_as])

    def test_without_a_word_all_are_named(self, assembly):
        assert Topic.objects.named([]).count() == 1


class TestOtherNamesInTheAdmin:
    def address(self, topic):
        return reverse("admin:articles_topic_change", args=[topic.pk])

    def test_they_are_typed_one_a_line(self, client, editor, assembly):
        client.force_login(editor)
        shown = client.get(self.address(assembly)).content.decode()
        assert "QH\nKỳ họp Quốc hội</textarea>" in shown
        data = {"name": "Quốc hội", "other_names": "QH\r\n\r\nNghị trường\r\n"}
        answer = client.post(self.address(assembly), data)
        assert answer.status_code == 302
        assert names(assembly) == {"QH", "Nghị trường"}

    def test_a_name_of_another_topic_is_refused_beside_the_field(self, client, editor, assembly):
        other = factories.TopicFactory(name="Bầu cử", slug="bau-cu")
        client.force_login(editor)
        data = {"name": "Bầu cử", "other_names": "qh"}
        answer = client.post(self.address(other), data)
        assert answer.status_code == 200
        assert "“qh” là tên của chủ đề “Quốc hội”." in answer.content.decode()
        assert names(other) == set()

    @pytest.mark.parametrize("name", ["Quoc hoi", "quốc  hội.", "Ky hop Quoc hoi"])
    def test_nearly_the_name_of_another_is_asked_about_once(self, client, assembly, name):
        client.force_login(factories.user(Role.REPORTER))
        address = reverse("admin:articles_topic_add")
        assert 'type="checkbox" name="is_another"' not in client.get(address).content.decode()
        asked = client.post(address, {"name": name, "other_names": ""})
        said = asked.content.decode()
        assert f'“<a href="{self.address(assembly)}">Quốc hội</a>”' in said
        assert 'type="checkbox" name="is_another"' in said
        assert Topic.objects.count() == 1
        data = {"name": name, "other_names": "", "is_another": "on"}
        assert client.post(address, data).status_code == 302
        assert Topic.objects.count() == 2

    def test_asked_about_another_name_it_says_which(self, client, assembly):
        client.force_login(factories.user(Role.REPORTER))
        address = reverse("admin:articles_topic_add")
        said = html.unescape(client.post(address, {"name": "qh."}).content.decode())
        assert "Quốc hội</a>” (còn gọi là “QH”), tên chỉ khác dấu" in said
        said = client.post(address, {"name": "Quoc hoi"}).content.decode()
        assert "còn gọi là" not in said

    def test_the_very_name_of_another_is_no_question(self, client, assembly):
        client.force_login(factories.user(Role.REPORTER))
        data = {"name": "qh", "other_names": "", "is_another": "on"}
        said = client.post(reverse("admin:articles_topic_add"), data).content.decode()
        assert 'type="checkbox" name="is_another"' not in said
        assert Topic.objects.count() == 1

    def test_an_old_pair_is_not_asked_about_again(self, client, editor, assembly):
        other = factories.TopicFactory(name="Quốc hợi", slug="quoc-hoi-2")
        client.force_login(editor)
        data = {"name": "Quốc hợi", "other_names": "Hợi"}
        assert client.post(self.address(other), data).status_code == 302
        assert names(other) == {"Hợi"}

    def test_a_reporter_reads_them(self, client, assembly):
        client.force_login(factories.user(Role.REPORTER))
        shown = client.get(self.address(assembly)).content.decode()
        assert "QH, Kỳ họp Quốc hội" in shown
        assert reverse("admin:articles_topic_merge", args=[assembly.pk]) not in shown

    def test_the_article_form_and_the_list_find_by_them(self, client, editor, assembly):
        client.force_login(editor)
        query = {"app_label": "articles", "model_name": "article", "field_name": "tags"}
        answer = client.get(reverse("admin:autocomplete"), query | {"term": "qh"})
        assert [row["text"] for row in answer.json()["results"]] == ["Quốc hội (QH)"]
        answer = client.get(reverse("admin:autocomplete"), query | {"term": "quoc"})
        assert [row["text"] for row in answer.json()["results"]] == ["Quốc hội"]
        found = client.get("/admin/articles/topic/", {"q": "ky hop"}).context["cl"].result_list
        assert list(found) == [assembly]


class TestMerging:
    @pytest.fixture
    def election(self):
        topic = factories.TopicFactory(name="Bầu cử", slug="bau-cu")
        return topics.save_topic(actor=None, topic=topic, other_names=["Tổng tuyển cử"])

    def test_articles_move_and_none_is_doubled(self, editor, assembly, election):
        one = factories.published(tags=[election])
        both = factories.published(tags=[election, assembly])
        draft = factories.draft(tags=[election])
        other = factories.published(tags=[assembly])
        with bumped() as stamped:
            moved = topics.merge_topics(actor=editor, topic=election, into=assembly)
        assert moved == [one.pk, both.pk, draft.pk]
        for article in (one, both, draft, other):
            assert list(article.tags.values_list("pk", flat=True)) == [assembly.pk]
            tagging = article.taggings.get()
            assert tagging.first_public_at == Article.objects.get(pk=article.pk).first_public_at
        lists = {stamps.NAMES, stamps.tag(assembly.pk), stamps.tag(election.pk)}
        assert stamped.keys == lists | {stamps.FRONT} | {stamps.article(pk) for pk in moved}
        event = Event.objects.latest("id")
        assert (event.verb, event.actor, event.object_id) == ("merge", editor, assembly.pk)
        assert event.data["articles"] == moved
        assert set(listed(page(assembly.get_absolute_url()))) == {one.pk, both.pk, other.pk}

    def test_a_waiting_article_goes_out_under_the_other_topic(self, editor, assembly, election):
        waiting = factories.scheduled(tags=[election])
        topics.merge_topics(actor=editor, topic=election, into=assembly)
        tagging = waiting.taggings.get()
        assert (tagging.tag_id, tagging.first_public_at) == (
            assembly.pk,
            waiting.first_public_at,
        )

    def test_names_go_over(self, editor, assembly, election):
        topics.merge_topics(actor=editor, topic=election, into=assembly)
        assert names(assembly) == {"QH", "Kỳ họp Quốc hội", "Bầu cử", "Tổng tuyển cử"}
        assert not Topic.objects.filter(pk=election.pk).exists()

    def test_page_and_feed_lead_on_through_any_number_of_mergers(self, editor, assembly, election):
        factories.published(tags=[election])
        last = factories.TopicFactory(name="Chính trị", slug="chinh-tri")
        topics.merge_topics(actor=editor, topic=election, into=assembly)
        answer = open_page("/chu-de/bau-cu/")
        assert (answer.status_code, answer["Location"]) == (301, "/chu-de/quoc-hoi/")
        topics.merge_topics(actor=editor, topic=assembly, into=last)
        for slug in ("bau-cu", "quoc-hoi"):
            answer = open_page(f"/chu-de/{slug}/")
            assert (answer.status_code, answer["Location"]) == (301, "/chu-de/chinh-tri/")
            answer = open_page(f"/chu-de/{slug}/rss.xml")
            assert (answer.status_code, answer["Location"]) == (301, "/chu-de/chinh-tri/rss.xml")
        assert open_page("/cum-thi-dua/bau-cu/").status_code == 404
        assert open_page("/cum-thi-dua/bau-cu/rss.xml").status_code == 404

    def test_the_old_address_is_taken_for_ever(self, editor, assembly, election):
        topics.merge_topics(actor=editor, topic=election, into=assembly)
        with pytest.raises(NotReady):
            topics.save_topic(actor=editor, topic=Topic(name="Lạ", slug="bau-cu"))
        made = topics.save_topic(actor=editor, topic=Topic(name="Bau cu"))
        assert made.slug == "bau-cu-2"
        assert OldTopicSlug.objects.get().topic_id == assembly.pk
        assert catalogue.save_tag(actor=None, tag=Topic(name="Báu cũ")).slug == "bau-cu-3"

    def test_the_second_of_two_hears_of_the_first(self, editor, assembly, election):
        third = factories.TopicFactory(name="Chính trị", slug="chinh-tri")
        topics.merge_topics(actor=editor, topic=election, into=assembly)
        other = factories.user(Role.SECRETARY)
        message = "Trần Lan Chi đã gộp chủ đề “Bầu cử” vào “Quốc hội” lúc"
        with pytest.raises(Conflict, match=message), bumped() as stamped:
            topics.merge_topics(actor=other, topic=election, into=third)
        with pytest.raises(Conflict, match=message):
            topics.merge_topics(actor=other, topic=third, into=election)
        assert stamped.keys == set()
        assert Topic.objects.filter(pk=third.pk).exists()

    def test_not_into_itself(self, editor, assembly):
        with pytest.raises(NotReady):
            topics.merge_topics(actor=editor, topic=assembly, into=assembly)

    @pytest.mark.parametrize("role", [Role.REPORTER, Role.MODERATOR, Role.ADMINISTRATOR])
    def test_who_may_not_changes_nothing(self, assembly, election, role):
        article = factories.published(tags=[election])
        events = Event.objects.count()
        with pytest.raises(NotAllowed), bumped() as stamped:
            topics.merge_topics(actor=factories.user(role), topic=election, into=assembly)
        assert stamped.keys == set()
        assert Event.objects.count() == events
        assert article.taggings.get().tag_id == election.pk

    @pytest.mark.parametrize("had", [True, False])
    def test_a_form_opened_before_finds_the_topic(self, client, editor, assembly, election, had):
        last = factories.TopicFactory()
        factories.AuthorFactory(name="Trung Kiên")
        article = factories.draft(by=editor, tags=[election] if had else [])
        data = typed(article=article, tags=[election.pk])
        topics.merge_topics(actor=None, topic=election, into=assembly)
        topics.merge_topics(actor=None, topic=assembly, into=last)
        client.force_login(editor)
        address = reverse("admin:articles_article_change", args=[article.pk])
        answer = client.post(address, data)
        assert answer.status_code == 302
        assert list(article.tags.values_list("pk", flat=True)) == [last.pk]


class TestMergingInTheAdmin:
    @pytest.fixture
    def election(self):
        return factories.TopicFactory(name="Bầu cử", slug="bau-cu")

    def address(self, topic):
        return reverse("admin:articles_topic_merge", args=[topic.pk])

    def test_choose_look_confirm(self, client, editor, assembly, election):
        factories.published(tags=[election])
        factories.published(tags=[election, assembly])
        client.force_login(editor)
        change = reverse("admin:articles_topic_change", args=[election.pk])
        assert f'href="{self.address(election)}"' in client.get(change).content.decode()
        asked = client.get(self.address(election)).content.decode()
        assert f'<option value="{assembly.pk}">Quốc hội</option>' in asked
        assert f'<option value="{election.pk}">' not in asked
        assert "2 bài chuyển" not in asked
        preview = client.get(self.address(election), {"into": assembly.pk}).content.decode()
        assert "2 bài chuyển" in preview
        assert "/chu-de/bau-cu/ → /chu-de/quoc-hoi/" in preview
        answer = client.post(self.address(election), {"into": assembly.pk}, follow=True)
        said = answer.content.decode()
        assert "Đã gộp “Bầu cử” vào “Quốc hội”." in said
        assert "Bầu cử" in names(assembly)
        log = client.get(reverse("admin:articles_topic_history", args=[assembly.pk]))
        assert "đã gộp vào đây chủ đề “Bầu cử”" in " ".join(log.content.decode().split())

    def test_somebody_was_faster(self, client, editor, assembly, election):
        topics.merge_topics(actor=editor, topic=election, into=assembly)
        client.force_login(factories.user(Role.SECRETARY))
        for answer in (
            client.post(self.address(election), {"into": assembly.pk}, follow=True),
            client.get(reverse("admin:articles_topic_change", args=[election.pk]), follow=True),
        ):
            said = answer.content.decode()
            assert "Trần Lan Chi đã gộp chủ đề “Bầu cử” vào “Quốc hội” lúc" in said

    def test_who_may_not_look_does_not_hear_of_it(self, client, editor, assembly, election):
        topics.merge_topics(actor=editor, topic=election, into=assembly)
        client.force_login(factories.user(Role.MODERATOR))
        assert client.get(self.address(election)).status_code == 403

    @pytest.mark.parametrize("into", ["", "x", "\x00", "9" * 30, "9" * 5000, "-1", "١"])
    def test_a_forged_choice_merges_nothing(self, client, editor, election, into):
        client.force_login(editor)
        assert client.post(self.address(election), {"into": into}).status_code == 200
        assert client.get(self.address(election), {"into": into}).status_code == 200
        assert Topic.objects.filter(pk=election.pk).exists()

    def test_no_place_is_chosen_by_a_forged_form(self, client, editor, election):
        client.force_login(editor)
        place = Tag.objects.filter(kind=Tag.Kind.PROVINCE).first()
        assert client.post(self.address(election), {"into": place.pk}).status_code == 200
        assert client.post(self.address(place), {"into": election.pk}).status_code == 302
        assert Topic.objects.filter(pk=election.pk).exists()
        assert Tag.objects.filter(pk=place.pk).exists()

    def test_the_other_one_is_gone(self, client, editor, assembly, election):
        third = factories.TopicFactory()
        topics.merge_topics(actor=editor, topic=third, into=election)
        client.force_login(editor)
        answer = client.post(self.address(assembly), {"into": third.pk})
        assert "Chủ đề này không còn nữa." in answer.content.decode()
        assert Topic.objects.filter(pk=assembly.pk).exists()


def test_search_narrowed_to_the_target_finds_the_articles_that_moved():
    old, new = factories.TopicFactory(), factories.TopicFactory()
    moved = factories.published(tags=[old])
    topics.merge_topics(actor=None, topic=old, into=new)
    scope = finding.Scope((Facet(indexing.tag(new.pk)),))
    hits, _total = finding.ranked_and_counted(read("xe"), timezone.now(), scope)
    assert [hit.article_id for hit in hits] == [moved.pk]


def test_search_names_a_topic_by_another_of_its_names():
    topic = factories.TopicFactory(name="Quốc hội")
    topics.save_topic(actor=None, topic=topic, other_names=["Nghị trường"])
    factories.published(tags=[topic])
    assert [found.pk for found in pages(read("nghi truong"), timezone.now())] == [topic.pk]

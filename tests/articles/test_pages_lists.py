"""Lists of sections, topics and authors: what stands in them, in which order, in which pages."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import catalogue, workflow
from articles.models import Article
from tests import factories
from tests.articles.reader import day, links, listed, main, open_page, page, words

pytestmark = pytest.mark.django_db
NOON = day(2026, 11, 23, 12)


def publish(count, start=NOON, **fields):
    """Articles a minute apart; the newest comes first."""
    made = [
        factories.published(at=start - dt.timedelta(minutes=number), **fields)
        for number in range(count)
    ]
    return [article.pk for article in made]


def kinds():
    """One list of each kind, as its address and what puts an article into it."""
    section, topic = factories.SectionFactory(), factories.TopicFactory()
    unit, cluster = factories.province("31@pre"), factories.cluster()
    author = factories.AuthorFactory()
    return {
        section.get_absolute_url(): {"section": section},
        topic.get_absolute_url(): {"tags": [topic]},
        unit.get_absolute_url(): {"tags": [unit]},
        cluster.get_absolute_url(): {"tags": [cluster]},
        author.get_absolute_url(): {"byline": [author]},
    }


class TestSections:
    def test_a_section_lists_its_own_and_its_childrens_articles_newest_first(self):
        parent = factories.SectionFactory()
        child = factories.SectionFactory(parent=parent)
        old = publish(1, start=NOON - dt.timedelta(days=2), section=parent)
        new = publish(1, section=child)
        publish(1)
        assert listed(page(parent.get_absolute_url())) == new + old
        assert listed(page(child.get_absolute_url())) == new

    def test_a_parent_names_its_children_and_a_child_its_parent(self):
        parent = factories.SectionFactory(name="Kinh tế")
        child = factories.SectionFactory(parent=parent, name="Làng nghề")
        assert child.get_absolute_url() in links(page(parent.get_absolute_url()))
        assert "Trang nhất Kinh tế Làng nghề" in main(child.get_absolute_url())

    def test_a_section_without_articles_says_so(self):
        section = factories.SectionFactory()
        assert "Chưa có bài trong mục này." in main(section.get_absolute_url())

    @pytest.mark.parametrize("rest", ["", "rss.xml"])
    def test_an_old_address_leads_to_the_new_one(self, rest):
        section = factories.SectionFactory(slug="cu")
        section.slug = "moi"
        catalogue.save_section(actor=None, section=section)
        response = open_page(f"/cu/{rest}")
        assert (response.status_code, response["Location"]) == (301, f"/moi/{rest}")

    @pytest.mark.parametrize("path", ["/khong-co/", "/khong-co/rss.xml", "/dia-phuong/"])
    def test_an_address_nobody_ever_had_answers_404(self, path):
        assert open_page(path).status_code == 404


class TestOrder:
    def test_a_correction_does_not_move_an_article_up(self, clock):
        section = factories.SectionFactory()
        first = factories.published(at=NOON, section=section)
        second = factories.published(at=NOON + dt.timedelta(hours=1), section=section)
        newer = factories.edited(first)
        workflow.publish(actor=None, revision=newer.newest_revision)
        assert listed(page(section.get_absolute_url())) == [second.pk, first.pk]

    def test_an_article_placed_elsewhere_leaves_the_list(self):
        old, new = factories.SectionFactory(), factories.SectionFactory()
        article = factories.published(section=old)
        workflow.place(actor=None, article=article, placement=factories.placement(section=new))
        assert listed(page(old.get_absolute_url())) == []
        assert listed(page(new.get_absolute_url())) == [article.pk]


class TestPaging:
    def test_walking_down_and_up_again_meets_every_article_once(self):
        section = factories.SectionFactory()
        child = factories.SectionFactory(parent=section)
        author, topic = factories.AuthorFactory(), factories.TopicFactory()
        expected = []
        for number in range(45):
            # Fives share their moment, so that the number has to decide.
            moment = NOON - dt.timedelta(minutes=number // 5)
            place = child if number % 3 else section
            made = factories.published(at=moment, section=place, byline=[author], tags=[topic])
            if number % 4 == 0:
                newer = factories.edited(made, byline=[author, author])
                workflow.publish(actor=None, revision=newer.newest_revision)
            expected.append((moment, made.pk))
        expected = [pk for _moment, pk in sorted(expected, reverse=True)]
        cursors = []
        for path in (each.get_absolute_url() for each in (section, author, topic)):
            down = self.walk(path, "next")
            assert [pk for found in down.values() for pk in found] == expected
            assert [len(found) for found in down.values()] == [20, 20, 5]
            up = self.walk(list(down)[-1], "prev")
            assert list(up.values()) == list(down.values())[::-1]
            cursors.append([address.partition("?")[2] for address in [*down, *up]])
        assert cursors == [cursors[0]] * 3

    def walk(self, path, way):
        """Follow the button; return what each page lists by its address."""
        seen = {}
        while path and path not in seen:
            markup = page(path)
            seen[path] = listed(markup)
            button = f'rel="{way}" href="'
            path = markup.partition(button)[2].partition('"')[0].replace("&amp;", "&")
        return seen

    def test_the_first_page_has_one_address(self):
        section = factories.SectionFactory()
        publish(25, section=section)
        first = section.get_absolute_url()
        second = links(page(first), rf"{first}\?[^\"]*")[0]
        back = links(page(second), rf"{first}\?sau=[^\"]*")[0]
        assert listed(page(back)) == listed(page(first))
        assert "Tin mới hơn" not in main(back)

    @pytest.mark.parametrize(
        "query",
        [
            "?truoc=rubbish",
            "?truoc=",
            "?truoc=99999999999999999_1",
            "?truoc=-99999999999999999_1",
            "?sau=1_1_1",
            "?sau=١_1",
            "?page=2&utm_source=x&fbclid=%00",
        ],
    )
    def test_what_is_no_cursor_shows_the_first_page(self, query):
        section = factories.SectionFactory()
        article = factories.published(section=section)
        assert listed(page(section.get_absolute_url() + query)) == [article.pk]

    def test_a_cursor_survives_the_loss_of_its_article(self):
        section = factories.SectionFactory()
        pks = publish(25, section=section)
        second = links(page(section.get_absolute_url()), r"[^\"]*truoc=[^\"]*")[0]
        last = Article.objects.get(pk=pks[19])
        workflow.withdraw(actor=None, article=last, reason="Sai.")
        assert listed(page(second)) == pks[20:]

    def test_deep_pages_are_not_for_search_engines(self):
        section = factories.SectionFactory()
        publish(21, section=section)
        first = section.get_absolute_url()
        assert "noindex" not in page(first)
        assert f'<link rel="canonical" href="http://testserver{first}">' in page(first)
        second = page(links(page(first), r"[^\"]*truoc=[^\"]*")[0])
        assert 'content="noindex, follow"' in second
        assert "canonical" not in second


class TestCost:
    def test_every_list_costs_the_same_with_one_and_with_thirty_articles(self):
        lists = kinds()
        together = {name: value for fields in lists.values() for name, value in fields.items()}
        together["tags"] = [tag for fields in lists.values() for tag in fields.get("tags", ())]
        together |= {"photo": factories.photo(), "photo_alt": "Cảnh", "photo_credit": "BP"}
        publish(1, **together)
        before = {path: self.queries(path) for path in lists}
        publish(29, start=NOON - dt.timedelta(hours=1), **together)
        assert {path: self.queries(path) for path in lists} == before
        assert max(before.values()) <= 13

    def queries(self, path):
        with CaptureQueriesContext(connection) as captured:
            page(path)
        return len(captured)


class TestWhoHasAPage:
    def test_topics_clusters_and_authors_need_a_public_article(self):
        lists = {path: fields for path, fields in kinds().items() if "section" not in fields}
        provinces = [path for path in lists if path.startswith("/dia-phuong/")]
        for path, fields in lists.items():
            factories.scheduled(**fields)
            expected = 200 if path in provinces else 404
            assert open_page(path).status_code == expected
            assert open_page(f"{path}rss.xml").status_code == expected
        assert "Chưa có bài trong mục này." in main(provinces[0])

    def test_they_lose_it_with_the_last_article(self):
        topic, author = factories.TopicFactory(), factories.AuthorFactory()
        article = factories.published(tags=[topic], byline=[author])
        for path in (topic.get_absolute_url(), author.get_absolute_url()):
            assert listed(page(path)) == [article.pk]
        workflow.withdraw(actor=None, article=article, reason="Sai.")
        for path in (topic.get_absolute_url(), author.get_absolute_url()):
            assert open_page(path).status_code == 404


class TestAuthors:
    def test_the_byline_that_is_public_decides(self):
        old, new = factories.AuthorFactory(), factories.AuthorFactory()
        article = factories.published(byline=[old])
        newer = factories.edited(article, byline=[new])
        assert listed(page(old.get_absolute_url())) == [article.pk]
        assert open_page(new.get_absolute_url()).status_code == 404
        workflow.publish(actor=None, revision=newer.newest_revision)
        assert open_page(old.get_absolute_url()).status_code == 404
        assert listed(page(new.get_absolute_url())) == [article.pk]

    def test_a_name_that_stands_twice_is_listed_once(self):
        author = factories.AuthorFactory(bio="Viết về đê điều.")
        article = factories.published(byline=[author, author])
        markup = page(author.get_absolute_url())
        assert listed(markup) == [article.pk]
        assert "Viết về đê điều." in words(markup)


def test_dates_are_told_as_exactly_as_they_are_known():
    section = factories.SectionFactory()
    for number, precision in enumerate(("time", "day", "none")):
        made = factories.draft(section=section, headline=f"Bài {precision}")
        workflow.publish(
            actor=None,
            revision=made.newest_revision,
            backdate=workflow.Backdate(day(2020, 7, 10 + number, 16, 30), precision),
        )
    shown = main(section.get_absolute_url())
    assert "10/7/2020, 16:30" in shown
    assert "11/7/2020 " in shown
    assert "11/7/2020," not in shown
    assert "12/7/2020" not in shown

"""Feeds, the sitemap and what crawlers are told."""

import datetime as dt
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest

from articles import sitemaps, workflow
from articles.models import Revision
from articles.workflow import Backdate
from newsroom.models import SiteSettings
from tests import factories
from tests.articles.reader import day, open_page, page

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NOON = day(2026, 11, 23, 12)


def channel(path):
    response = open_page(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/rss+xml")
    return ElementTree.fromstring(response.content).find("channel")


def titles(path):
    return [item.findtext("title") for item in channel(path).iter("item")]


def mapped(path="/sitemap.xml"):
    """Return what the sitemap holds: address -> day of the last change or None."""
    root = ElementTree.fromstring(page(path))
    return {
        url.findtext(f"{MAP}loc").removeprefix(SITE): url.findtext(f"{MAP}lastmod")
        for url in root.iter(f"{MAP}url")
    }


class TestFeeds:
    def test_an_item_is_plain_text_with_its_permalink(self):
        SiteSettings.objects.create(pk=1, name="Kinh Bắc", tagline="Báo và đài")
        article = factories.published(
            at=day(2020, 7, 10, 16, 30), headline="Cầu & <b>đường</b>", standfirst="Sapo <i>"
        )
        found = channel("/rss.xml")
        assert found.findtext("title") == "Kinh Bắc"
        assert found.findtext("language") == "vi"
        assert found.findtext("link") == f"{SITE}/"
        assert found.find(f"{ATOM}link").get("href") == f"{SITE}/rss.xml"
        item = found.find("item")
        assert item.findtext("title") == "Cầu & <b>đường</b>"
        assert item.findtext("description") == "Sapo <i>"
        assert item.findtext("link") == f"{SITE}{article.get_absolute_url()}"
        assert parsedate_to_datetime(item.findtext("pubDate")) == day(2020, 7, 10, 16, 30)

    def test_a_moved_article_is_no_new_one_to_a_reader_of_feeds(self):
        article = factories.published()
        before = channel("/rss.xml").find("item")
        workflow.place(actor=None, article=article, placement=factories.placement())
        after = channel("/rss.xml").find("item")
        assert after.findtext("link") != before.findtext("link")
        assert after.findtext("guid") == before.findtext("guid")
        assert after.find("guid").get("isPermaLink") == "false"

    def test_no_two_articles_share_a_name_in_a_feed(self):
        for _number in range(3):
            factories.published()
        assert len({item.findtext("guid") for item in channel("/rss.xml").iter("item")}) == 3

    @pytest.mark.parametrize(
        ("precision", "told"), [("time", True), ("day", True), ("none", False)]
    )
    def test_a_date_only_where_one_may_show(self, precision, told):
        made = factories.draft()
        workflow.publish(
            actor=None,
            revision=made.newest_revision,
            backdate=Backdate(day(2020, 7, 10), precision),
        )
        assert (channel("/rss.xml").find("item").find("pubDate") is not None) is told

    def test_the_fifty_newest_in_order(self):
        for number in range(52):
            factories.published(at=NOON - dt.timedelta(hours=number), headline=f"Tin {number}")
        assert titles("/rss.xml") == [f"Tin {number}" for number in range(50)]

    def test_each_list_has_a_feed_of_its_own(self):
        parent = factories.SectionFactory()
        section = factories.SectionFactory(parent=parent)
        topic, cluster = factories.TopicFactory(), factories.cluster()
        unit, author = factories.province("30@pre"), factories.AuthorFactory()
        factories.published(
            headline="Của tất cả", section=section, tags=[topic, cluster, unit], byline=[author]
        )
        factories.published(headline="Khác")
        heir = factories.province("31@2025-07-01")
        for found in (parent, section, topic, cluster, unit, heir, author):
            path = found.get_absolute_url()
            assert titles(f"{path}rss.xml") == ["Của tất cả"], path
            assert channel(f"{path}rss.xml").findtext("link") == f"{SITE}{path}"
            assert f'href="{path}rss.xml"' in page(path)
        assert sorted(titles("/rss.xml")) == ["Của tất cả", "Khác"]

    def test_a_character_xml_cannot_hold_breaks_nothing(self):
        article = factories.published()
        # Past every door of ours: straight into the row.
        rows = Revision.objects.filter(article=article)
        rows.update(standfirst="x")
        from django.db import connection

        bad = "Hỏng \x01\x0b\ufffe\x1f chữ"
        with connection.cursor() as cursor:
            cursor.execute("UPDATE articles_revision SET headline = %s", [bad])
        assert titles("/rss.xml") == ["Hỏng chữ"]

    def test_an_empty_site_has_an_empty_feed(self):
        assert titles("/rss.xml") == []

    def test_it_costs_the_same_with_one_and_with_thirty_items(self, django_assert_num_queries):
        factories.published()
        with django_assert_num_queries(3):
            titles("/rss.xml")
        for _ in range(29):
            factories.published()
        with django_assert_num_queries(3):
            titles("/rss.xml")


class TestSitemap:
    def test_it_names_what_is_public_and_no_more(self):
        topic, silent = factories.TopicFactory(), factories.TopicFactory()
        author, unit = factories.AuthorFactory(), factories.province("30@pre")
        factories.scheduled(tags=[silent], byline=[factories.AuthorFactory()])
        article = factories.published(at=day(2020, 7, 10, 1), tags=[topic, unit], byline=[author])
        found = mapped()
        expected = [
            "/",
            article.section.get_absolute_url(),
            topic.get_absolute_url(),
            unit.get_absolute_url(),
            "/dia-phuong/hai-phong/",
            author.get_absolute_url(),
            article.get_absolute_url(),
        ]
        others = {path for path in found if path.startswith("/chuyen-muc-")}
        assert set(found) - others == set(expected) - others
        assert article.section.get_absolute_url() in others
        assert found[article.get_absolute_url()] == "2020-07-10"

    def test_sections_without_an_article_are_left_out(self):
        parent, empty = factories.SectionFactory(), factories.SectionFactory()
        child = factories.SectionFactory(parent=parent)
        sibling = factories.SectionFactory(parent=parent)
        factories.published(section=child)
        factories.scheduled(section=empty)
        factories.withdrawn(section=sibling)
        found = {path for path in mapped() if path.startswith("/chuyen-muc-") and path[-1] == "/"}
        assert found == {parent.get_absolute_url(), child.get_absolute_url()}
        assert open_page(empty.get_absolute_url()).status_code == 200

    def test_a_later_text_is_a_change_and_what_has_no_date_tells_none(self, clock):
        clock(NOON)
        article = factories.published(at=day(2020, 7, 10))
        workflow.publish(actor=None, revision=factories.edited(article).newest_revision)
        undated = factories.draft()
        workflow.publish(
            actor=None,
            revision=undated.newest_revision,
            backdate=Backdate(day(1990, 1, 1), "none"),
        )
        undated.refresh_from_db()
        assert mapped()[article.get_absolute_url()] == "2026-11-23"
        assert mapped()[undated.get_absolute_url()] is None

    def test_its_pages_hold_every_address_once_and_robots_names_them(self, monkeypatch):
        monkeypatch.setattr(sitemaps.PublicPages, "limit", 4)
        made = [factories.published() for _ in range(3)]
        named = [
            line.removeprefix(f"Sitemap: {SITE}")
            for line in page("/robots.txt").splitlines()
            if line.startswith("Sitemap: ")
        ]
        assert named == ["/sitemap.xml", "/sitemap.xml?p=2", "/sitemap.xml?p=3"]
        found = [address for path in named for address in mapped(path)]
        assert len(found) == len(set(found)) == 1 + 3 + 3 + 3
        assert [article.get_absolute_url() for article in made] == found[:3]

    def test_a_full_page_stays_as_it_is(self, monkeypatch):
        monkeypatch.setattr(sitemaps.PublicPages, "limit", 4)
        for _ in range(4):
            factories.published()
        before = page("/sitemap.xml")
        factories.published(tags=[factories.TopicFactory()])
        assert page("/sitemap.xml") == before

    @pytest.mark.parametrize("number", ["0", "2", "-1", "abc", "²"])
    def test_a_page_there_is_not_answers_404(self, number):
        assert open_page(f"/sitemap.xml?p={number}").status_code == 404

    def test_what_was_withdrawn_is_out_of_it(self):
        article = factories.withdrawn()
        assert article.get_absolute_url() not in mapped()

    def test_addresses_follow_site_url(self, settings):
        settings.SITE_URL = "https://bao.example.vn"
        assert "<loc>https://bao.example.vn/</loc>" in page("/sitemap.xml")
        assert "Sitemap: https://bao.example.vn/sitemap.xml" in page("/robots.txt")


class TestCrawlers:
    def test_robots(self):
        lines = page("/robots.txt").splitlines()
        assert lines[0] == "User-agent: *"
        assert {"Disallow: /binh-luan/", "Disallow: /admin/", "Disallow: /tim-kiem/"} <= set(lines)

    def test_the_seal_is_a_drawing_with_the_initials(self):
        SiteSettings.objects.create(pk=1, initials="<&")
        response = open_page("/favicon.svg")
        assert response["Content-Type"] == "image/svg+xml"
        text = ElementTree.fromstring(response.content).find("{http://www.w3.org/2000/svg}text")
        assert text.text == "<&"

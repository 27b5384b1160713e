"""The page of one article: its address, its words, its dates, what machines are told."""

import datetime as dt
import json
import re

import pytest
from django.utils import timezone

from articles import catalogue, workflow
from articles.models import Byline
from articles.workflow import Backdate, Credit
from newsroom.models import SiteSettings
from tests import factories
from tests.articles.reader import day, links, main, open_page, page, part, words
from tests.comments import makers

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


def publish(article, precision="time", at=None):
    """Publish the newest text, in the past if `at` says so."""
    backdate = Backdate(at, precision) if at else None
    workflow.publish(actor=None, revision=article.newest_revision, backdate=backdate)
    return article.__class__.objects.get(pk=article.pk)


def credited(*credits, **fields):
    """A public article with these (name, part) in its byline."""
    names = [Credit(factories.AuthorFactory(name=name), part) for name, part in credits]
    text = workflow.Text("Tít", body="<p>Chữ.</p>", byline=tuple(names), **fields)
    made = workflow.create_article(actor=None, text=text, placement=factories.placement())
    workflow.publish(actor=None, revision=made)
    return made.article.get_absolute_url()


def meta(markup, name):
    """Return the content of a meta element, None where there is none."""
    found = re.search(rf'<meta (?:property|name)="{name}" content="([^"]*)">', markup)
    return found and found[1]


def facts(markup):
    """Return what search engines are told."""
    return json.loads(part(markup, '<script type="application/ld+json">', "</script>"))


class TestAddress:
    def test_the_number_decides_and_the_rest_is_put_right(self):
        article = factories.published(headline="Cầu mới", section=factories.SectionFactory())
        right = article.get_absolute_url()
        for wrong in (
            f"/{article.section.slug}/cau-cu-{article.pk}.html",
            f"/khong-co/cau-moi-{article.pk}.html",
            f"/{article.section.slug}/cau-moi-0{article.pk}.html",
            f"/{article.section.slug}/cầu mới-{article.pk}.html",
        ):
            response = open_page(wrong)
            assert (response.status_code, response["Location"]) == (301, right), wrong
        assert open_page(f"{right}?utm_source=zalo").status_code == 200

    def test_after_a_move_the_old_address_leads_on(self):
        article = factories.published()
        old = article.get_absolute_url()
        moved = workflow.place(actor=None, article=article, placement=factories.placement())
        assert open_page(old)["Location"] == moved.get_absolute_url()

    def test_a_renamed_section_leads_on(self):
        article = factories.published()
        old = article.get_absolute_url()
        article.section.slug = "ten-moi"
        catalogue.save_section(actor=None, section=article.section)
        assert open_page(old)["Location"].startswith("/ten-moi/")

    @pytest.mark.parametrize("state", ["draft", "in_review", "approved", "scheduled"])
    def test_what_was_never_public_is_not_there(self, state):
        article = getattr(factories, state)()
        slug = article.slug or "bai"
        for path in (
            f"/{article.section.slug}/{slug}-{article.pk}.html",
            f"/x/y-{article.pk}.html",
        ):
            assert open_page(path).status_code == 404

    def test_what_was_withdrawn_is_gone_whatever_the_slug(self):
        article = factories.withdrawn(headline="Bí mật")
        for path in (article.get_absolute_url(), f"/x/y-{article.pk}.html"):
            shown = main(path, 410)
            assert "Bài này đã được gỡ" in shown
            assert "Bí mật" not in shown

    def test_what_comes_back_is_there_again(self):
        article = factories.withdrawn()
        workflow.publish(actor=None, revision=article.newest_revision)
        assert open_page(article.get_absolute_url()).status_code == 200

    @pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 19, "9" * 5000])
    def test_no_number_is_too_long(self, number):
        assert open_page(f"/x/y-{number}.html").status_code == 404


class TestWords:
    def test_the_modelled_page(self):
        """The page this newsroom grew from."""
        cluster = factories.cluster()
        units = "01 24 27 30 31 33 34 35 36 37".split()
        made = factories.draft(
            section=factories.SectionFactory(name="Thi đua"),
            headline="Cụm thi đua số 1 – Bộ Tài nguyên & Môi trường sơ kết 6 tháng đầu năm 2020",
            standfirst="Mười Sở ngồi lại giữa năm.",
            byline=[
                factories.AuthorFactory(name="Trung Kiên"),
                factories.AuthorFactory(name="Bá Phúc"),
            ],
            tags=[cluster, *(factories.province(f"{unit}@pre") for unit in units)],
        )
        path = publish(made, "day", day(2020, 7, 10)).get_absolute_url()
        shown = main(path)
        assert "Thứ sáu, 10/7/2020 Cụm thi đua số 1 – Bộ Tài nguyên & Môi trường" in shown
        assert "(BTV) – Mười Sở ngồi lại giữa năm." in shown
        assert "Trung Kiên – Bá Phúc" in shown
        assert "Cụm thi đua Cụm thi đua số 1 – Bộ Tài nguyên & Môi trường" in shown
        assert '<span class="nb">Bộ Tài nguyên &amp; Môi trường</span>' in page(path)
        assert links(page(path), '/tac-gia/[^"]*') == [
            author.author.get_absolute_url()
            for author in made.newest_revision.byline.order_by("position")
        ]

    def test_labels_for_parts_that_are_not_told_by_the_name(self):
        path = credited(
            ("Trung Kiên", "text"),
            ("Bá Phúc", "photo"),
            ("Văn Quay", "camera"),
            ("Thị Dựng", "cut"),
            ("Minh Tổng", "compiled"),
            ("TTXVN", "source"),
        )
        assert (
            "Trung Kiên – Bá Phúc – Quay phim: Văn Quay – Dựng: Thị Dựng – "
            "Tổng hợp: Minh Tổng – Theo TTXVN"
        ) in main(path)
        assert len(Byline.Part.values) == 6

    def test_the_name_as_printed_stays_when_the_author_is_renamed(self):
        path = credited(("Tên Cũ", "text"))
        author = Byline.objects.get().author
        author.name = "Tên Mới"
        catalogue.save_author(actor=None, author=author)
        assert "Tên Cũ" in main(path)
        assert "Tên Mới" not in main(path)

    def test_the_source_line(self):
        assert "Theo Bộ Tài nguyên" in main(
            credited(("A", "text"), source_line="Theo Bộ Tài nguyên")
        )

    def test_the_dateline_is_a_setting(self):
        article = factories.published()
        SiteSettings.objects.create(pk=1, dateline="(BNTV)")
        assert "(BNTV) – Xe qua cầu" in main(article.get_absolute_url())
        SiteSettings.objects.update(dateline="")
        assert "– Xe qua cầu" not in main(article.get_absolute_url())

    def test_markup_in_one_line_fields_is_only_text(self):
        author = factories.AuthorFactory(name="<i>A</i>")
        article = factories.published(
            headline="<b>Đậm</b>",
            standfirst="<script>x()</script>",
            byline=[author],
            source_line="<u>Nguồn</u>",
        )
        markup = page(article.get_absolute_url())
        for raw in ("<b>Đậm", "<script>x", "<i>A", "<u>Nguồn"):
            assert raw not in markup
        assert "<b>Đậm</b>" in words(markup)


class TestPhotos:
    def test_the_lead_photo_bears_the_words_of_this_text(self):
        photo = factories.photo(caption="Chú thích kho")
        article = factories.published(
            photo=photo, photo_alt="Mô tả bài", photo_caption="Chú thích bài", photo_credit="BTV"
        )
        markup = page(article.get_absolute_url())
        assert 'alt="Mô tả bài"' in markup
        assert "Chú thích bài Ảnh: BTV" in words(markup)
        assert "Chú thích kho" not in markup
        assert f'src="/anh/{photo.token}-564.webp"' in markup
        assert f"/anh/{photo.token}-800.webp 800w" in markup
        assert f"/anh/{photo.token}-1200.webp" not in markup
        assert 'width="800" height="533"' in markup
        assert meta(markup, "og:image") == f"{SITE}/anh/{photo.token}-800.webp"

    def test_a_photo_in_the_text_keeps_the_words_it_was_printed_with(self):
        photo = factories.photo(caption="Lúa chín sớm.", alt="Lúa")
        article = factories.published(body=f"<p>Trước [[photo:{photo.pk}]] sau</p>")
        type(photo).objects.update(caption="Chú thích sau này", alt="Khác", credit="Khác")
        prose = part(page(article.get_absolute_url()), '<div class="prose">', '<p class="byline')
        assert words(prose) == "Trước Lúa chín sớm. Ảnh: Bá Phúc sau"
        assert 'alt="Lúa"' in prose
        assert "[[" not in prose

    def test_a_token_without_its_photo_leaves_nothing(self):
        article = factories.published(body="<p>Chữ [[photo:987654]] chữ</p>")
        prose = part(page(article.get_absolute_url()), '<div class="prose">', "</div>")
        assert words(prose) == "Chữ chữ"


class TestDates:
    @pytest.mark.parametrize(
        ("precision", "shown"),
        [
            ("time", "Thứ sáu, 10/7/2020, 16:30 (GMT+7)"),
            ("day", "Thứ sáu, 10/7/2020"),
            ("none", ""),
        ],
    )
    def test_the_date_as_exactly_as_it_is_known(self, precision, shown):
        article = publish(factories.draft(), precision, day(2020, 7, 10, 16, 30))
        markup = page(article.get_absolute_url())
        line = part(markup, 'class="story__date">', "</p>") if shown else ""
        assert words(line) == shown
        if not shown:
            assert "story__date" not in markup
            assert "2020" not in markup
            assert "datePublished" not in facts(markup)

    def test_a_later_text_says_since_when(self, clock):
        clock(day(2026, 3, 1, 8))
        article = factories.published(at=day(2026, 3, 1, 7))
        clock(day(2026, 3, 2, 9, 15))
        workflow.publish(actor=None, revision=factories.edited(article).newest_revision)
        markup = page(article.get_absolute_url())
        assert "1/3/2026, 07:00 (GMT+7) · Cập nhật 2/3/2026, 09:15" in words(markup)
        assert meta(markup, "article:modified_time") == "2026-03-02T09:15:00+07:00"
        assert facts(markup)["dateModified"] == "2026-03-02T09:15:00+07:00"

    def test_the_first_text_does_not(self):
        assert "Cập nhật" not in main(factories.published().get_absolute_url())


class TestLiveStory:
    def test_an_unfinished_edit_stays_unseen_until_it_is_published(self):
        article = factories.published(headline="Tít cũ", body="<p>Cũ.</p>")
        newer = factories.edited(article, headline="Tít mới", body="<p>Mới.</p>")
        path = article.get_absolute_url()
        assert "Tít cũ" in main(path)
        assert "Mới." not in main(path)
        workflow.publish(actor=None, revision=newer.newest_revision)
        assert "Tít mới" in main(path)
        assert "Cũ." not in main(path)

    def test_a_scheduled_change_comes_to_the_second(self, clock):
        now = clock(day(2026, 3, 1, 8))
        article = factories.published(at=now - dt.timedelta(hours=1), headline="Tít cũ")
        newer = factories.edited(article, headline="Tít mới")
        change = now + dt.timedelta(hours=1)
        workflow.publish(actor=None, revision=newer.newest_revision, at=change)
        clock(change - dt.timedelta(seconds=1))
        assert "Tít cũ" in main(article.get_absolute_url())
        clock(change)
        assert "Tít mới" in main(article.get_absolute_url())


class TestMachines:
    def test_what_search_engines_and_networks_are_told(self):
        section = factories.SectionFactory(name="Kinh tế")
        author = factories.AuthorFactory(name="Trung Kiên")
        article = factories.published(
            at=day(2026, 3, 1, 7),
            section=section,
            byline=[author],
            headline="Tít",
            standfirst="Sapo.",
        )
        path = article.get_absolute_url()
        markup = page(path)
        assert f'<link rel="canonical" href="{SITE}{path}">' in markup
        assert meta(markup, "og:url") == f"{SITE}{path}"
        assert meta(markup, "og:type") == "article"
        assert meta(markup, "og:title") == "Tít"
        assert meta(markup, "description") == meta(markup, "og:description") == "Sapo."
        assert meta(markup, "article:published_time") == "2026-03-01T07:00:00+07:00"
        told = facts(markup)
        assert told["@type"] == "NewsArticle"
        assert told["headline"] == "Tít"
        assert told["articleSection"] == "Kinh tế"
        assert told["datePublished"] == "2026-03-01T07:00:00+07:00"
        assert told["mainEntityOfPage"] == f"{SITE}{path}"
        assert told["author"] == [
            {"@type": "Person", "name": "Trung Kiên", "url": f"{SITE}{author.get_absolute_url()}"}
        ]
        assert "image" not in told

    def test_nothing_in_a_text_can_end_the_script(self):
        headline = "</script><script>alert(1)</script> & <!-- \u2028"
        article = factories.published(headline=headline)
        markup = page(article.get_absolute_url())
        raw = part(markup, '<script type="application/ld+json">', "</script>")
        assert not re.search("[<>&]", raw)
        assert facts(markup)["headline"] == article.newest_revision.headline

    def test_the_host_a_visitor_asks_for_is_on_no_page(self, settings):
        settings.ALLOWED_HOSTS = ["*"]
        path = factories.published().get_absolute_url()
        for address in (path, "/", "/rss.xml", "/sitemap.xml", "/robots.txt"):
            assert b"ke-xau.example" not in open_page(address, host="ke-xau.example").content

    def test_sharing_is_plain_links_to_the_right_address(self):
        article = factories.published(headline="Cầu & đường")
        path = article.get_absolute_url()
        rail = links(part(page(path), '<nav class="rail', "</nav>"))
        encoded = f"http%3A%2F%2Ftestserver{path.replace('/', '%2F')}"
        assert rail[0] == "#y-kien"
        assert rail[1] == f"https://zalo.me/share?url={encoded}"
        assert rail[2] == f"https://www.facebook.com/sharer/sharer.php?u={encoded}"
        assert (
            rail[3] == f"mailto:?subject=C%E1%BA%A7u%20%26%20%C4%91%C6%B0%E1%BB%9Dng&body={encoded}"
        )


class TestBeside:
    def test_no_article_is_in_both_columns_and_none_links_to_itself(self):
        section = factories.SectionFactory()
        start = timezone.now()
        made = [
            factories.published(section=section, at=start - dt.timedelta(minutes=number))
            for number in range(12)
        ]
        for article in (made[0], made[-1]):
            aside = part(page(article.get_absolute_url()), "<aside>", "</aside>")
            found = re.findall(r"-(\d+)\.html", aside)
            assert len(found) == len(set(found)) == 6 + 3
            assert str(article.pk) not in found

    def test_the_same_section_means_the_same_section(self):
        article, other = factories.published(), factories.published()
        aside = part(page(article.get_absolute_url()), "<aside>", "</aside>")
        assert other.get_absolute_url() in aside
        assert "Cùng chuyên mục" not in aside


def test_at_most_fifteen_queries_with_fifty_comments_ten_tags_and_photos(
    django_assert_max_num_queries,
):
    photo = factories.photo()
    units = [factories.province(f"{code}@pre") for code in "01 24 27 30 31 33 34".split()]
    article = factories.published(
        photo=photo,
        photo_alt="Cảnh",
        photo_credit="BP",
        body=f"<p>[[photo:{photo.pk}]]</p>",
        tags=[*units, factories.cluster(), factories.TopicFactory(), factories.TopicFactory()],
        byline=[factories.AuthorFactory() for _ in range(3)],
    )
    makers.many_shown(article, 50)
    for _ in range(3):
        factories.published(section=article.section)
    with django_assert_max_num_queries(15):
        shown = words(page(article.get_absolute_url()))
    assert "50 ý kiến" in shown

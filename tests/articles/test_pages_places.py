"""Places: dated units, what they became, and under which of them an article is found."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Province
from articles.succession import Units
from articles.views.former_places import dated_name
from tests import factories
from tests.articles.reader import day, links, listed, main, open_page, page, part, words

pytestmark = pytest.mark.django_db
TODAY = day(2026, 11, 23, 12)


def units_of(*unit_ids):
    return [factories.province(unit_id) for unit_id in unit_ids]


def article_on(*parts, tags):
    return factories.published(at=day(*parts), tags=tags)


def tags_block(article):
    return part(
        page(article.get_absolute_url()), '<section class="tags" aria-label="Thẻ">', "</section>"
    )


class TestListing:
    def test_a_unit_lists_what_went_into_it_once(self, clock):
        clock(TODAY)
        hai_duong, hai_phong_before = units_of("30@pre", "31@pre")
        both = article_on(2020, 7, 10, tags=[hai_duong, hai_phong_before])
        old = article_on(2021, 7, 10, tags=[hai_duong])
        new = article_on(2026, 7, 10, tags=units_of("31@2025-07-01"))
        assert listed(page("/dia-phuong/hai-phong/")) == [new.pk, old.pk, both.pk]
        assert listed(page("/dia-phuong/hai-duong/")) == [old.pk, both.pk]
        assert listed(page("/dia-phuong/hai-phong-den-2025-06-30/")) == [both.pk]

    def test_through_two_changes(self, clock):
        clock(TODAY)
        article = article_on(2020, 7, 10, tags=units_of("70@pre"))
        between = Province.objects.get(unit_id="75@2025-07-01").get_absolute_url()
        assert listed(page(between)) == [article.pk]
        assert listed(page("/dia-phuong/dong-nai/")) == [article.pk]

    def test_its_pages_go_on_over_several_units(self, clock):
        clock(TODAY)
        pairs = [units_of("30@pre"), units_of("31@pre")]
        made = [article_on(2020, 1, 1 + number, tags=pairs[number % 2]) for number in range(25)]
        expected = [article.pk for article in made][::-1]
        first = page("/dia-phuong/hai-phong/")
        second = page(links(first, r"[^\"]*truoc=[^\"]*")[0])
        assert listed(first) + listed(second) == expected

    def test_every_unit_has_a_page_and_a_feed(self):
        for unit in Province.objects.all():
            assert open_page(unit.get_absolute_url()).status_code == 200
        assert open_page("/dia-phuong/ha-noi/rss.xml").status_code == 200
        assert open_page("/dia-phuong/ha-tay/").status_code == 404


def said(markup, article):
    """The former unit named under the article's headline in a list."""
    own = markup.partition(f"-{article.pk}.html")[2].partition("</article>")[0]
    line = own.partition('<p class="meta">')[2].partition("</p>")[0]
    return words(line.partition("</time>")[2])


class TestNotes:
    """The page of a unit says which former unit an article is about."""

    def test_of_each_article_the_former_unit_is_named(self, clock):
        clock(TODAY)
        hai_duong, hai_phong_before, hai_phong = units_of("30@pre", "31@pre", "31@2025-07-01")
        plain = article_on(2020, 7, 10, tags=[hai_duong])
        both = article_on(2020, 7, 9, tags=[hai_duong, hai_phong_before])
        own = article_on(2026, 7, 10, tags=[hai_duong, hai_phong])
        markup = page("/dia-phuong/hai-phong/")
        assert said(markup, own) == ""
        assert said(markup, plain) == "Hải Dương (nay thuộc Hải Phòng)"
        assert said(markup, both) == ("Hải Dương (nay thuộc Hải Phòng), Hải Phòng (đến 30/6/2025)")
        assert said(page("/dia-phuong/hai-duong/"), plain) == ""

    def test_several_with_one_heir_are_named_together(self, clock):
        clock(TODAY)
        article = article_on(2020, 7, 10, tags=units_of("35@pre", "36@pre", "37@pre"))
        assert said(page("/dia-phuong/ninh-binh/"), article) == (
            "Hà Nam và Nam Định (nay thuộc Ninh Bình), Ninh Bình (đến 30/6/2025)"
        )

    def test_through_two_changes_and_after_a_mere_new_name(self, clock):
        clock(TODAY)
        twice = article_on(2020, 7, 10, tags=units_of("70@pre"))
        renamed = article_on(2020, 7, 10, tags=units_of("46@pre"))
        assert "Bình Phước (nay thuộc Đồng Nai)" in said(page("/dia-phuong/dong-nai/"), twice)
        assert "Thừa Thiên Huế (nay là Huế)" in said(page("/dia-phuong/hue/"), renamed)

    def test_the_feed_says_so_too(self, clock):
        clock(TODAY)
        article_on(2020, 7, 10, tags=units_of("30@pre"))
        feed = page("/dia-phuong/hai-phong/rss.xml")
        assert "<category>Hải Dương (nay thuộc Hải Phòng)</category>" in feed
        assert "nay thuộc" not in page("/dia-phuong/hai-duong/rss.xml")

    def test_many_former_articles_cost_what_a_few_cost(self, clock):
        clock(TODAY)
        counts = []
        for _round in range(2):
            for number in range(6):
                article_on(2020, 7, 1 + number, tags=units_of("30@pre", "31@pre"))
            with CaptureQueriesContext(connection) as queries:
                page("/dia-phuong/hai-phong/")
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestAddresses:
    """Units that share a slug: the latest owns it, an earlier one lives under its last day."""

    BAC_NINH = {"27@pre": "bac-ninh-den-2025-06-30", "24@2025-07-01": "bac-ninh"}
    DONG_NAI = {
        "75@pre": "dong-nai-den-2025-06-30",
        "75@2025-07-01": "dong-nai-den-2026-04-29",
        "75@2026-04-30": "dong-nai",
    }
    HAI_DUONG = {"30@pre": "hai-duong", "31@2025-07-01": "hai-phong"}

    @pytest.mark.parametrize("family", [BAC_NINH, DONG_NAI, HAI_DUONG], ids=lambda all: [*all][0])
    def test_each_shows_its_own_unit_and_leads_to_the_others(self, clock, family):
        clock(TODAY)
        for number, unit_id in enumerate(family):
            article_on(2020, 1, 1 + number, tags=units_of(unit_id))
        for unit_id, slug in family.items():
            unit = factories.province(unit_id)
            markup = page(f"/dia-phuong/{slug}/")
            heading = words(part(markup, "<h1>", "</h1>"))
            assert heading == dated_name(unit, TODAY.date())
            assert f"/dia-phuong/{slug}/rss.xml" in markup
            if unit.valid_to:
                until = f"đến {unit.valid_to.day}/{unit.valid_to.month}/{unit.valid_to.year}"
                assert until in main(f"/dia-phuong/{slug}/")
        *former, today = family.values()
        of_today = page(f"/dia-phuong/{today}/")
        for slug in former:
            assert f"/dia-phuong/{slug}/" in links(of_today)
            assert f"/dia-phuong/{today}/" in links(page(f"/dia-phuong/{slug}/"))

    @pytest.mark.parametrize(
        ("dated", "plain"),
        [
            ("hai-duong-den-2025-06-30", "hai-duong"),
            ("bac-ninh-den-2031-12-31", "bac-ninh"),
            ("dong-nai-den-2025-07-01", "dong-nai"),
        ],
    )
    def test_a_dated_address_without_a_unit_leads_to_the_plain_one(self, dated, plain):
        for end in ("", "rss.xml"):
            answer = open_page(f"/dia-phuong/{dated}/{end}")
            assert answer.status_code == 301
            assert answer.headers["Location"] == f"/dia-phuong/{plain}/{end}"

    def test_where_no_unit_is_at_all_there_is_none_with_a_date(self):
        assert open_page("/dia-phuong/ha-tay-den-2008-07-31/").status_code == 404
        assert open_page("/dia-phuong/ha-tay-den-2008-07-31/rss.xml").status_code == 404


class TestFacts:
    @pytest.mark.parametrize(
        ("path", "facts", "leads_to"),
        [
            ("/dia-phuong/ha-noi/", None, []),
            (
                "/dia-phuong/hai-duong/",
                "đến 30/6/2025; nay thuộc Hải Phòng",
                ["/dia-phuong/hai-phong/"],
            ),
            (
                "/dia-phuong/bac-ninh-den-2025-06-30/",
                "đến 30/6/2025; nay thuộc Bắc Ninh",
                ["/dia-phuong/bac-ninh/"],
            ),
            (
                "/dia-phuong/bac-ninh/",
                "từ 1/7/2025; gồm các đơn vị cũ: Bắc Giang, Bắc Ninh; "
                "trang này có cả bài về các đơn vị cũ",
                ["/dia-phuong/bac-giang/", "/dia-phuong/bac-ninh-den-2025-06-30/"],
            ),
            (
                "/dia-phuong/thua-thien-hue/",
                "đến 31/12/2024; nay là Huế",
                ["/dia-phuong/hue/"],
            ),
            (
                "/dia-phuong/binh-phuoc/",
                "đến 30/6/2025; nay thuộc Đồng Nai",
                ["/dia-phuong/dong-nai/"],
            ),
            (
                "/dia-phuong/dong-nai/",
                "từ 30/4/2026; gồm các đơn vị cũ: Bình Phước, Đồng Nai (đến 30/6/2025), "
                "Đồng Nai (đến 29/4/2026); trang này có cả bài về các đơn vị cũ",
                [
                    "/dia-phuong/binh-phuoc/",
                    "/dia-phuong/dong-nai-den-2025-06-30/",
                    "/dia-phuong/dong-nai-den-2026-04-29/",
                ],
            ),
        ],
    )
    def test_what_a_place_was_and_is(self, clock, path, facts, leads_to):
        clock(TODAY)
        markup = page(path)
        if facts is None:
            assert 'class="facts"' not in markup
            return
        line = part(markup, '<p class="facts">', "</p>")
        assert words(line) == facts
        assert links(line) == leads_to

    def test_the_title_tells_units_of_one_name_apart(self, clock):
        clock(TODAY)
        former = page("/dia-phuong/bac-ninh-den-2025-06-30/")
        assert "<title>Bắc Ninh (đến 30/6/2025) – " in former
        assert "<title>Bắc Ninh – " in page("/dia-phuong/bac-ninh/")

    def test_a_unit_is_not_former_before_its_last_day_is_over(self, clock):
        clock(day(2025, 6, 30, 23, 59))
        assert "nay thuộc" not in main("/dia-phuong/hai-duong/")
        clock(day(2025, 7, 1))
        assert "nay thuộc" in main("/dia-phuong/hai-duong/")


class TestTagsUnderAnArticle:
    def test_former_names_are_marked_and_explained_in_one_note(self, clock):
        clock(TODAY)
        ids = "01 24 27 30 31 33 34 35 36 37".split()
        article = article_on(2020, 7, 10, tags=units_of(*(f"{code}@pre" for code in ids)))
        assert words(tags_block(article)) == (
            "Địa phương Bắc Giang (cũ) Bắc Ninh Hà Nam (cũ) Hà Nội Hải Dương (cũ) Hải Phòng "
            "Hưng Yên Nam Định (cũ) Ninh Bình Thái Bình (cũ) "
            "Tên địa phương theo ngày đăng bài. Từ 1/7/2025: Bắc Giang nay thuộc Bắc Ninh; "
            "Hà Nam và Nam Định nay thuộc Ninh Bình; Hải Dương nay thuộc Hải Phòng; "
            "Thái Bình nay thuộc Hưng Yên."
        )

    def test_a_unit_whose_name_lives_on_leads_to_its_own_dated_page(self, clock):
        clock(TODAY)
        article = article_on(2020, 7, 10, tags=units_of("27@pre"))
        block = tags_block(article)
        assert "(cũ)" not in block
        assert "nay thuộc" not in block
        assert links(block) == ["/dia-phuong/bac-ninh-den-2025-06-30/"]

    def test_changes_of_different_days_are_told_apart(self, clock):
        clock(TODAY)
        article = article_on(2020, 7, 10, tags=units_of("46@pre", "30@pre"))
        assert (
            "Từ 1/1/2025: Thừa Thiên Huế nay là Huế. Từ 1/7/2025: Hải Dương nay thuộc Hải Phòng."
        ) in words(tags_block(article))

    def test_while_a_unit_exists_nothing_is_said(self, clock):
        clock(day(2020, 7, 11))
        article = article_on(2020, 7, 10, tags=units_of("30@pre"))
        assert "(cũ)" not in tags_block(article)

    def test_without_tags_there_is_no_block(self):
        assert 'class="tags"' not in page(factories.published().get_absolute_url())


class TestUnits:
    @pytest.mark.parametrize(
        ("unit_id", "renamed"),
        [
            ("46@pre", True),  # Thừa Thiên Huế became Huế
            ("30@pre", False),  # Hải Dương went into Hải Phòng with another
            ("75@2025-07-01", True),  # Đồng Nai became a city, alone
            ("75@pre", False),  # … after Bình Phước had joined it
            ("01@pre", False),
        ],
    )
    def test_a_unit_is_renamed_when_nobody_joined_it(self, unit_id, renamed):
        units = Units(Province.objects.all())
        unit = units.by_id[factories.province(unit_id).pk]
        assert units.is_renamed(unit, dt.date(2026, 11, 23)) is renamed

    @pytest.mark.parametrize("named", ["30@pre", "31@pre", "31@2025-07-01"])
    def test_who_names_one_means_its_whole_family(self, named):
        units = Units(Province.objects.all())
        family = units.family(units.by_id[factories.province(named).pk])
        assert {unit.unit_id for unit in family} == {"30@pre", "31@pre", "31@2025-07-01"}

    @pytest.mark.parametrize("named", ["70@pre", "75@pre", "75@2025-07-01", "75@2026-04-30"])
    def test_a_family_reaches_through_all_changes(self, named):
        units = Units(Province.objects.all())
        family = units.family(units.by_id[factories.province(named).pk])
        assert {unit.unit_id for unit in family} == {
            "70@pre",
            "75@pre",
            "75@2025-07-01",
            "75@2026-04-30",
        }

    def test_a_unit_that_never_changed_is_its_own_family(self):
        units = Units(Province.objects.all())
        assert units.family(factories.province("01@pre")) == [factories.province("01@pre")]

    def test_every_unit_has_an_heir_today_and_it_is_alive(self):
        units = Units(Province.objects.all())
        today = dt.date(2026, 11, 23)
        heirs = {units.heir(unit, today) for unit in units.all}
        assert len(heirs) == 34
        assert all(heir.valid_on(today) for heir in heirs)

    def test_the_heirs_gather_every_unit_once(self):
        units = Units(Province.objects.all())
        heirs = {units.heir(unit, dt.date(2026, 11, 23)) for unit in units.all}
        gathered = [unit.pk for heir in heirs for unit in units.gathered(heir)]
        assert sorted(gathered) == sorted(unit.pk for unit in units.all)

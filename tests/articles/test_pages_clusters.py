"""The page of an emulation cluster: its panel and its years."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import ClusterMember, ClusterTerm
from articles.workflow import Backdate
from tests import factories
from tests.articles.reader import day, links, listed, main, open_page, page, part, words

pytestmark = pytest.mark.django_db
TODAY = day(2026, 11, 23, 12)


@pytest.fixture
def cluster(clock):
    clock(TODAY)
    return factories.cluster()


def member(cluster, name, unit_id="", since=2015, until=None):
    return ClusterMember.objects.create(
        cluster=cluster,
        name=name,
        province=factories.province(unit_id) if unit_id else None,
        valid_from=dt.date(since, 1, 1),
        valid_to=dt.date(until, 12, 31) if until else None,
    )


def article_of(cluster, *parts, precision="time", places=()):
    made = factories.draft(tags=[cluster, *map(factories.province, places)])
    workflow.publish(
        actor=None, revision=made.newest_revision, backdate=Backdate(day(*parts), precision)
    )
    return made.pk


def panel(path):
    return part(page(path), '<div class="panel">', '<ul class="years">')


def years(path):
    """Return the boxes as (name, address, whether it is the chosen one)."""
    boxes = part(page(path), '<ul class="years">', "</ul>").split("<li>")[1:]
    return [(words(box), links(box)[0], "aria-current" in box) for box in boxes]


def test_the_panel_of_a_year(cluster):
    path = cluster.get_absolute_url()
    chair = member(cluster, "Sở TN&MT Hải Phòng", "31@pre")
    deputy = member(cluster, "Sở TN&MT Nam Định", "36@pre")
    member(cluster, "Sở TN&MT Hải Dương", "30@pre")
    member(cluster, "Sở TN&MT Bắc Ninh", "27@pre")
    member(cluster, "Hội Địa chính")
    ClusterTerm.objects.create(
        cluster=cluster,
        year=2022,
        chair=chair,
        deputy=deputy,
        host=chair,
        pledged_on=dt.date(2022, 3, 17),
    )
    article_of(cluster, 2022, 3, 17)
    assert words(panel(path)) == (
        "Loại Cụm thi đua, số 1 Chủ quản Bộ Tài nguyên & Môi trường "
        "Năm 2022 Cụm trưởng: Sở TN&MT Hải Phòng Cụm phó: Sở TN&MT Nam Định "
        "Đăng cai: Sở TN&MT Hải Phòng Ký giao ước 17/3/2022 5 thành viên năm 2022 "
        "Hội Địa chính Sở TN&MT Bắc Ninh Sở TN&MT Hải Dương nay: Hải Phòng "
        "Sở TN&MT Hải Phòng cụm trưởng Sở TN&MT Nam Định cụm phó · nay: Ninh Bình"
    )
    assert links(panel(path)) == [
        factories.province(f"{code}@pre").get_absolute_url() for code in (27, 30, 31, 36)
    ]


def test_members_are_those_of_the_year(cluster):
    path = cluster.get_absolute_url()
    member(cluster, "Từ đầu", until=2020)
    member(cluster, "Về sau", since=2021)
    article_of(cluster, 2020, 5, 1)
    article_of(cluster, 2021, 5, 1)
    assert "Về sau" in panel(path)
    assert "Từ đầu" not in panel(path)
    assert "Từ đầu" in panel(f"{path}?nam=2020")
    assert "Về sau" not in panel(f"{path}?nam=2020")


def test_a_bloc_has_other_words_and_a_roman_number_its_figure(clock):
    clock(TODAY)
    bloc = factories.cluster(
        form="khối", number=2, number_printed="II", owner="Tỉnh", sector="Y tế"
    )
    head = member(bloc, "Hội Chữ thập đỏ")
    ClusterTerm.objects.create(cluster=bloc, year=2024, chair=head)
    article_of(bloc, 2024, 5, 1)
    shown = words(panel(bloc.get_absolute_url()))
    assert shown.startswith(
        "Loại Khối thi đua, số II (số 2) Chủ quản Tỉnh Lĩnh vực Y tế "
        "Năm 2024 Khối trưởng: Hội Chữ thập đỏ"
    )


def test_years_are_those_with_a_term_or_an_article(cluster):
    path = cluster.get_absolute_url()
    ClusterTerm.objects.create(cluster=cluster, year=2023)
    article_of(cluster, 2020, 7, 10)
    article_of(cluster, 2015, 7, 10)
    factories.scheduled(tags=[cluster], at=day(2027, 1, 5))
    assert years(path) == [
        ("2023", path, True),
        ("2020", f"{path}?nam=2020", False),
        ("2015", f"{path}?nam=2015", False),
    ]


def test_the_list_is_that_of_the_year(cluster):
    path = cluster.get_absolute_url()
    last_second = article_of(cluster, 2020, 12, 31, 23, 59)
    first_second = article_of(cluster, 2021, 1, 1, 0, 0)
    assert listed(page(path)) == [first_second]
    assert listed(page(f"{path}?nam=2020")) == [last_second]
    assert "Năm 2020: 1 bài" in main(f"{path}?nam=2020")
    assert years(f"{path}?nam=2020")[1] == ("2020", f"{path}?nam=2020", True)


def test_the_year_stays_on_the_next_page(cluster):
    path = cluster.get_absolute_url()
    article_of(cluster, 2021, 1, 1)
    made = [article_of(cluster, 2020, 1, 1 + number) for number in range(22)]
    older = links(page(f"{path}?nam=2020"), r"[^\"]*truoc=[^\"]*")[0]
    assert listed(page(older)) == made[:2][::-1]


@pytest.mark.parametrize("asked", ["1999", "abc", "", "²", "99999999999999999999"])
def test_a_year_there_is_nothing_from_shows_the_newest(cluster, asked):
    article = article_of(cluster, 2020, 7, 10)
    assert listed(page(f"{cluster.get_absolute_url()}?nam={asked}")) == [article]


def test_articles_without_a_date_stand_behind_all_years(cluster):
    path = cluster.get_absolute_url()
    undated = article_of(cluster, 1990, 1, 1, precision="none")
    assert years(path) == [("Không ghi ngày", path, True)]
    dated = article_of(cluster, 2020, 7, 10)
    assert listed(page(path)) == [dated]
    assert years(path)[1] == ("Không ghi ngày", f"{path}?nam=khac", False)
    assert listed(page(f"{path}?nam=khac")) == [undated]
    assert "1990" not in page(f"{path}?nam=khac")


def test_a_year_out_of_this_world_breaks_nothing(cluster):
    ClusterTerm.objects.create(cluster=cluster, year=32767)
    ClusterTerm.objects.create(cluster=cluster, year=0)
    article_of(cluster, 2020, 7, 10)
    assert [name for name, _path, _chosen in years(cluster.get_absolute_url())] == ["2020"]


def test_other_clusters_stand_beside_it_when_they_have_a_page(cluster):
    article_of(cluster, 2020, 7, 10)
    other = factories.cluster(number=2, number_printed="2")
    silent = factories.cluster(number=3, number_printed="3")
    article_of(other, 2020, 7, 10)
    markup = page(cluster.get_absolute_url())
    assert other.get_absolute_url() in links(markup)
    assert silent.get_absolute_url() not in links(markup)


class TestPlaces:
    """The table of articles per member and year, and the news of the members' places."""

    def table(self, path):
        """Return the table as rows of words: head, members, total."""
        rows = part(page(path), '<div class="counts"', "</table>").split("<tr>")[1:]
        return [words(row.replace("</t", " | </t")).rstrip("| ") for row in rows]

    def test_a_cell_counts_each_article_once(self, cluster):
        member(cluster, "Sở Hải Dương", "30@pre")
        member(cluster, "Sở Hải Phòng", "31@pre")
        member(cluster, "Sở Nam Định", "36@pre")
        member(cluster, "Hội Địa chính")
        article_of(cluster, 2022, 3, 1, places=["30@pre", "31@pre"])
        article_of(cluster, 2022, 4, 1, places=["30@pre"])
        article_of(cluster, 2022, 5, 1)
        article_of(cluster, 2020, 5, 1, places=["36@pre"])
        article_of(cluster, 2020, 5, 1, places=["36@pre"], precision="none")
        factories.published(at=day(2022, 5, 1), tags=[factories.province("30@pre")])
        factories.scheduled(tags=[cluster, factories.province("30@pre")], at=day(2027, 1, 5))
        assert self.table(cluster.get_absolute_url()) == [
            "Thành viên | 2022 | 2020",
            "Hội Địa chính | –",
            "Sở Hải Dương | 2 | 0",
            "Sở Hải Phòng | 1 | 0",
            "Sở Nam Định | 0 | 1",
            "Tất cả bài | 3 | 1",
        ]

    def test_a_place_counts_with_what_it_became_and_what_went_into_it(self, cluster):
        member(cluster, "Cũ", "30@pre", until=2025)
        member(cluster, "Mới", "31@2025-07-01", since=2025)
        article_of(cluster, 2025, 3, 1, places=["30@pre"])
        article_of(cluster, 2025, 9, 1, places=["31@2025-07-01"])
        article_of(cluster, 2025, 9, 1, places=["30@pre", "31@2025-07-01"])
        assert self.table(cluster.get_absolute_url())[1:] == [
            "Cũ | 3",
            "Mới | 3",
            "Tất cả bài | 3",
        ]

    def test_it_has_six_years_and_the_chosen_one(self, cluster):
        member(cluster, "Sở Nam Định", "36@pre", since=2000)
        for year in range(2012, 2021):
            article_of(cluster, year, 5, 1, places=["36@pre"])
        path = cluster.get_absolute_url()
        newest = " | ".join(str(year) for year in range(2020, 2014, -1))
        assert self.table(path)[0] == f"Thành viên | {newest}"
        assert self.table(f"{path}?nam=2016")[0] == f"Thành viên | {newest}"
        older = " | ".join(str(year) for year in range(2018, 2012, -1))
        assert self.table(f"{path}?nam=2013")[0] == f"Thành viên | {older}"

    def test_the_last_second_of_a_year_is_of_that_year(self, cluster):
        member(cluster, "Sở Nam Định", "36@pre")
        article_of(cluster, 2020, 12, 31, 23, 59, places=["36@pre"])
        article_of(cluster, 2021, 1, 1, 0, 0, places=["36@pre"])
        assert self.table(cluster.get_absolute_url())[1] == "Sở Nam Định | 1 | 1"

    def test_without_a_place_there_is_no_table(self, cluster):
        member(cluster, "Hội Địa chính")
        article_of(cluster, 2020, 5, 1)
        assert '<div class="counts"' not in page(cluster.get_absolute_url())

    def test_news_of_the_places_in_that_year(self, cluster):
        member(cluster, "Sở Hải Dương", "30@pre")
        article_of(cluster, 2025, 5, 1, places=["30@pre"])
        article_of(cluster, 2024, 5, 1)
        old, new, other = (factories.province(pk) for pk in ("30@pre", "31@2025-07-01", "36@pre"))
        first = factories.published(at=day(2025, 2, 1), tags=[old], headline="Đầu năm")
        second = factories.published(at=day(2025, 8, 1), tags=[new], headline="Cuối năm")
        factories.published(at=day(2025, 8, 1), tags=[other], headline="Nơi khác")
        factories.published(at=day(2024, 8, 1), tags=[old], headline="Năm trước")
        factories.scheduled(at=day(2027, 8, 1), tags=[old], headline="Chưa đăng")
        markup = page(cluster.get_absolute_url())
        block = part(markup, 'id="place-news"', "</section>")
        assert words(block).endswith(
            "Tin từ các địa phương thành viên Cuối năm Hải Phòng · 1/8/2025 "
            "Đầu năm Hải Dương · 1/2/2025"
        )
        assert links(block) == [
            second.get_absolute_url(),
            new.get_absolute_url(),
            first.get_absolute_url(),
            old.get_absolute_url(),
        ]
        assert "Năm trước" in page(f"{cluster.get_absolute_url()}?nam=2024")

    def test_the_feed_is_there_to_be_seen(self, cluster):
        article_of(cluster, 2020, 5, 1)
        feed = f"{cluster.get_absolute_url()}rss.xml"
        assert feed in links(page(cluster.get_absolute_url()))
        assert open_page(feed).status_code == 200

    def test_many_cost_what_few_cost(self, cluster):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                page(cluster.get_absolute_url())
            return len(queries)

        def more(number):
            member(cluster, f"Sở {number}", "30@pre")
            ClusterTerm.objects.create(cluster=cluster, year=2015 + number)
            article_of(cluster, 2015 + number, 5, 1, places=["30@pre", "31@pre"])
            article_of(cluster, 2024, 5, 1, places=["30@pre"])
            factories.published(at=day(2024, 2, 1), tags=[factories.province("30@pre")])

        more(9)
        few = cost()
        for number in range(8):
            more(number)
        assert cost() == few

"""Filters of the search page: what each leaves, how it is shown, how it is dropped."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from articles.views import search_form
from tests import factories
from tests.articles.reader import day, links, listed, main, page, part, words

pytestmark = pytest.mark.django_db
NOON = day(2026, 11, 23, 12)


@pytest.fixture(autouse=True)
def _noon(request):
    if "live_server" not in request.fixturenames:
        request.getfixturevalue("clock")(NOON)


def article(**fields):
    return factories.published(at=fields.pop("at", day(2026, 1, 1)), **fields).pk


def found(query):
    return set(listed(page(f"/tim-kiem/?{query}")))


def options(markup, name):
    """Return what a select offers: addresses and names."""
    select = part(markup, f'name="{name}">', "</select>")
    return re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', select)


class TestWhatTheyLeave:
    def test_a_section_with_its_sub_sections(self):
        top = factories.SectionFactory(slug="kinh-te")
        sub = factories.SectionFactory(slug="dau-tu", parent=top)
        in_top, in_sub, _other = (article(section=section) for section in (top, sub, None))
        assert found("q=cau&chuyen-muc=kinh-te") == {in_top, in_sub}
        assert found("q=cau&chuyen-muc=dau-tu") == {in_sub}

    def test_a_place_with_its_heir_and_all_that_went_into_that(self):
        former = article(tags=[factories.province("30@pre")])
        heir = article(tags=[factories.province("31@2025-07-01")])
        before = article(tags=[factories.province("31@pre")])
        article(tags=[factories.province("27@pre")])
        for slug in ("hai-duong", "hai-phong", "hai-phong-den-2025-06-30"):
            assert found(f"q=cau&dia-phuong={slug}") == {former, heir, before}, slug

    def test_a_cluster(self):
        cluster = factories.cluster()
        inside = article(tags=[cluster])
        article(tags=[factories.cluster(number=2, number_printed="2")])
        assert found(f"q=cau&cum={cluster.slug}") == {inside}

    def test_an_author_by_the_accents_typed_then_by_any_then_in_part(self):
        first, second, third = (
            factories.AuthorFactory(name=name) for name in ("Hoà An", "Hoa Ân", "Hoa An Bình")
        )
        by_first, by_second, by_third = (article(byline=[one]) for one in (first, second, third))
        assert found("q=cau&tac-gia=ho%C3%A0+an") == {by_first}
        assert found("q=cau&tac-gia=HOA+AN") == {by_first, by_second}
        assert found("q=cau&tac-gia=binh") == {by_third}

    def test_days_are_typed_day_first_and_both_count(self):
        first, last = article(at=day(2020, 7, 10, 0, 0)), article(at=day(2020, 7, 12, 23, 59))
        article(at=day(2020, 7, 9, 23, 59))
        article(at=day(2020, 7, 13))
        for since, until in (("10/7/2020", "12/7/2020"), ("10-07-2020", "12.7.2020")):
            assert found(f"q=cau&tu-ngay={since}&den-ngay={until}") == {first, last}

    def test_all_together(self):
        section, author = factories.SectionFactory(slug="a"), factories.AuthorFactory(name="Bê")
        both = article(section=section, byline=[author])
        article(section=section)
        article(byline=[author])
        assert found("q=cau&chuyen-muc=a&tac-gia=be&tu-ngay=1/1/2026") == {both}

    def test_without_words_they_list_the_newest(self):
        section = factories.SectionFactory(slug="a")
        made = [article(section=section, at=day(2026, 1, number)) for number in (3, 2, 1)]
        article()
        markup = page("/tim-kiem/?q=&chuyen-muc=a")
        assert listed(markup) == made
        assert "Có 3 bài." in words(markup)
        assert "Liên quan nhất" not in words(markup)
        assert listed(page("/tim-kiem/?q=-cau&chuyen-muc=a")) == []
        assert listed(page("/tim-kiem/?q=-lua&chuyen-muc=a")) == made

    def test_without_words_they_page_without_end(self):
        section = factories.SectionFactory(slug="a")
        made = [article(section=section, at=day(2026, 1, 31 - number)) for number in range(15)]
        markup = page("/tim-kiem/?chuyen-muc=a")
        (older,) = links(markup, r"[^\"]*truoc=[^\"]*")
        assert listed(markup) + listed(page(older)) == made


class TestWhatIsNotUnderstood:
    @pytest.mark.parametrize(
        "query", ["chuyen-muc=x", "dia-phuong=%00", "cum=%27", "xep=x", "la=x", "cum=" + "x" * 9999]
    )
    def test_what_names_nothing_is_passed_over(self, query):
        article()
        shown = main(f"/tim-kiem/?q=cau&{query}")
        assert "Có 1 bài" in shown

    @pytest.mark.parametrize(
        "text", ["7/2020", "31/2/2020", "2020-13-01", "hôm qua", "1/1/9999", "1/1/0001", "١/١/٢٠٢٠"]
    )
    @pytest.mark.parametrize("name", ["tu-ngay", "den-ngay"])
    def test_a_wrong_date_is_said_and_the_rest_runs(self, name, text):
        article()
        markup = page(f"/tim-kiem/?q=cau&{name}={text}")
        assert f"“{text}” không phải là ngày. Hãy nhập ngày/tháng/năm" in words(markup)
        assert "Có 1 bài" in words(markup)
        assert f'value="{text}"' in markup
        assert '<details class="filters" open>' in markup

    def test_days_the_wrong_way_round_are_said(self):
        article()
        shown = main("/tim-kiem/?q=cau&tu-ngay=2/1/2020&den-ngay=1/1/2020")
        assert "“Từ ngày” sau “đến ngày”" in shown
        assert "Có 1 bài" in shown

    def test_an_author_nobody_reads_is_said_not_to_be_there(self):
        factories.scheduled(byline=[factories.AuthorFactory(name="Ẩn Danh")])
        article()
        shown = main("/tim-kiem/?q=cau&tac-gia=an+danh")
        assert "Không có tác giả nào tên “an danh”." in shown
        assert "Có 1 bài" in shown

    def test_a_problem_alone_is_no_filter(self):
        article()
        shown = main("/tim-kiem/?tu-ngay=x")
        assert "Nhập điều bạn cần tìm" in shown
        assert "“x” không phải là ngày" in shown


class TestTheForm:
    def test_it_is_shut_until_a_filter_is_used(self):
        article(section=factories.SectionFactory(slug="a"))
        assert '<details class="filters">' in page("/tim-kiem/?q=cau")
        assert '<details class="filters" open>' in page("/tim-kiem/?q=cau&chuyen-muc=a")

    def test_sections_stand_in_vietnamese_order_with_those_within_them(self):
        last = factories.SectionFactory(name="Xã hội", slug="b", position=2)
        factories.SectionFactory(name="An sinh", slug="c", position=1, parent=last)
        factories.SectionFactory(name="Đời sống", slug="d", position=3)
        factories.SectionFactory(name="Kinh tế", slug="a", position=4)
        markup = page("/tim-kiem/?chuyen-muc=c")
        assert options(markup, "chuyen-muc") == [
            ("", "Mọi chuyên mục"),
            ("d", "Đời sống"),
            ("a", "Kinh tế"),
            ("b", "Xã hội"),
            ("c", "– An sinh"),
        ]
        assert '<option value="c" selected>' in markup

    def test_places_of_today_stand_before_the_former_ones(self):
        places = options(page("/tim-kiem/"), "dia-phuong")
        names = [name for _slug, name in places]
        assert len(places) > 34
        assert ("bac-ninh", "Bắc Ninh") in places[:35]
        assert ("hai-duong", "Hải Dương (đến 30/6/2025)") in places[35:]
        assert names.index("An Giang") < names.index("Bắc Ninh") < names.index("Đắk Lắk")

    def test_clusters_and_frequent_authors_are_proposed(self, monkeypatch):
        monkeypatch.setattr(search_form, "PROPOSED", 2)
        often, seldom, never = (factories.AuthorFactory(name=name) for name in ("Ý", "Ái", "Bê"))
        cluster = factories.cluster()
        for byline in ([often], [often, seldom], [often, seldom], [never]):
            article(byline=byline, tags=[cluster])
        factories.cluster(number=9, number_printed="9")
        markup = page("/tim-kiem/")
        assert re.findall(r'<option value="([^"]*)"></option>', markup) == ["Ái", "Ý"]
        assert [slug for slug, _name in options(markup, "cum")] == ["", cluster.slug]

    def test_each_filter_in_use_can_be_dropped(self):
        section = factories.SectionFactory(name="Kinh tế", slug="a")
        article(section=section, byline=[factories.AuthorFactory(name="Trung Kiên")])
        address = "q=cau&chuyen-muc=a&dia-phuong=hai-duong&tac-gia=kien&den-ngay=10/7/2020&xep=moi"
        chips = part(page(f"/tim-kiem/?{address}"), 'class="chips"', "</ul>")
        shown = words(chips.partition(">")[2])
        for name in (
            "Chuyên mục: Kinh tế",
            "Địa phương: Hải Dương (đến 30/6/2025)",
            "Tác giả: Trung Kiên",
            "Đến 10/7/2020",
        ):
            assert f"Bỏ bộ lọc {name}" in shown
        assert links(chips)[0] == (
            "/tim-kiem/?q=cau&dia-phuong=hai-duong&tac-gia=kien&den-ngay=10%2F7%2F2020&xep=moi"
        )

    def test_nothing_found_with_filters_offers_to_drop_them(self):
        article()
        markup = page("/tim-kiem/?q=cau&dia-phuong=hai-duong")
        assert "Tìm không lọc" in words(markup)
        assert "/tim-kiem/?q=cau" in links(part(markup, 'class="nothing"', "</div>"))
        assert "Không có bài nào khớp các bộ lọc này" in main("/tim-kiem/?dia-phuong=hai-duong")


@pytest.mark.django_db(transaction=True)
class TestInABrowser:
    def test_words_without_accents_find_those_with(self, page, live_server):
        factories.published(headline="Nhà đất Cần Thơ vào mùa mới")
        page.goto(live_server.url)
        box = page.locator(".head input[type=search]")
        box.fill("nha dat can tho")
        box.press("Enter")
        first = page.locator(".items .item").first
        expect(first.locator("h2 mark")).to_have_text(["Nhà đất Cần\u00a0Thơ"])

    def test_filters_work_on_a_phone_without_a_script(self, new_context, live_server):
        section = factories.SectionFactory(name="Kinh tế")
        factories.published(headline="Cầu trong mục", section=section)
        factories.published(headline="Cầu ngoài mục")
        phone = new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
        page = phone.new_page()
        page.goto(f"{live_server.url}/tim-kiem/?q=cau")
        page.locator("summary").click()
        page.get_by_role("combobox", name="Chuyên mục").select_option("Kinh tế")
        page.get_by_role("button", name="Lọc kết quả").click()
        expect(page.locator(".items h2")).to_have_text(["Cầu trong mục"])
        page.get_by_role("link", name="Bỏ bộ lọc Chuyên mục: Kinh tế").click()
        expect(page.locator(".items h2")).to_have_count(2)

    def test_nobody_is_shut_out_and_nothing_scrolls_sideways(self, page, live_server):
        cluster = factories.cluster(owner="Bộ có tên rất dài " * 4)
        author = factories.AuthorFactory(name="Trung Kiên")
        factories.published(headline="Cầu", tags=[cluster], byline=[author])
        chosen = f"q=cau&cum={cluster.slug}&tac-gia=kien&tu-ngay=hôm+qua&den-ngay=1/1/2100"
        for query in (chosen, "q=khong+co&dia-phuong=hai-duong", "q="):
            page.goto(f"{live_server.url}/tim-kiem/?{query}")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found = Axe().run(page).response["violations"]
                assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
            for width in (320, 390, 1000):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width

"""The page of search: results, filters, orders, what is said when something is missing."""

import datetime as dt
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.search import finding, names, suggesting, tsearch, typed
from articles.views.search_pages import RESULTS
from tests import factories
from tests.articles.reader import day, links, listed, main, open_page, page, part, words

pytestmark = pytest.mark.django_db
NOON = day(2026, 11, 23, 12)


def article(**fields):
    return factories.published(**fields).pk


def some(number):
    """That many articles, the newest first."""
    return [article(at=NOON - dt.timedelta(days=passed)) for passed in range(number)]


class TestPagesThatMatch:
    def names(self, query):
        return [found.name for found in names.pages(typed.read(query), NOON)]

    def test_names_that_hold_all_words(self):
        section = factories.SectionFactory(name="Đất và người")
        topic = factories.TopicFactory(name="Quản lý đất đai")
        author = factories.AuthorFactory(name="Đất Việt")
        factories.published(at=NOON, section=section, tags=[topic], byline=[author])
        assert self.names("dat") == ["Đất và người", "Quản lý đất đai", "Đất Việt"]
        assert self.names("đất đai") == ["Quản lý đất đai"]
        assert self.names("đất -đai") == self.names("dat")
        assert self.names("...") == []

    def test_only_what_has_a_page(self):
        topic, author = factories.TopicFactory(name="Lúa"), factories.AuthorFactory(name="Lúa A")
        factories.scheduled(tags=[topic], byline=[author])
        assert self.names("lúa") == []

    def test_places_always_have_one_and_units_of_one_name_are_told_apart(self, clock):
        clock(NOON)
        aside = part(page("/tim-kiem/?q=bac+ninh"), "<aside>", "</aside>")
        assert words(part(aside, '<ul class="briefs">', "</ul>")) == (
            "Bắc Ninh Địa phương Bắc Ninh (đến 30/6/2025) Địa phương"
        )


class TestResults:
    def test_marks_snippet_and_count(self, clock):
        clock(NOON)
        section = factories.SectionFactory(name="Thi cử")
        found = factories.published(
            at=day(2020, 7, 10),
            section=section,
            headline="Cụm thi đua họp",
            standfirst="Mười Sở ngồi lại.",
            body="<p>Bàn về <em>đất</em> đai &amp; thi đua. Xong.</p>",
        )
        markup = page("/tim-kiem/?q=thi+dua+dat")
        assert listed(markup) == [found.pk]
        assert "Cụm <mark>thi đua</mark> họp" in markup
        assert ">Bàn về <mark>đất</mark> đai &amp; <mark>thi đua</mark>.<" in markup
        shown = main("/tim-kiem/?q=thi+dua+dat")
        assert "Có 1 bài cho “thi dua dat”." in shown
        assert "Tìm cả chữ có dấu: thi đua, đất." in shown
        assert "Thi cử · 10/7/2020" in shown
        assert 'value="thi dua dat"' in markup
        assert 'content="noindex"' in markup

    def test_the_standfirst_stands_where_only_the_headline_meets(self):
        article(headline="Lúa chín", standfirst="Bà con ra đồng.")
        assert "Bà con ra đồng." in main("/tim-kiem/?q=lua")

    def test_typed_with_accents_other_accents_are_not_pointed_out(self):
        article(headline="Thi đua, thì đưa")
        assert "Tìm cả chữ có dấu" not in main("/tim-kiem/?q=thi+%C4%91ua")

    def test_markup_in_a_text_is_only_text(self):
        factories.published(headline="<b>Cầu</b>", body="<p>cầu &lt;script&gt; cầu</p>")
        markup = page("/tim-kiem/?q=cau")
        assert "&lt;b&gt;<mark>Cầu</mark>&lt;/b&gt;" in markup
        assert "<script>" not in markup.replace("<script src", "")

    def test_nobody_is_remembered(self):
        article()
        assert not open_page("/tim-kiem/?q=cau&xep=moi&tu-ngay=1/1/2020").cookies

    def test_more_than_can_be_counted(self, monkeypatch):
        monkeypatch.setattr(finding, "MAX_COUNTED", 2)
        for _ in range(3):
            article()
        assert "Có hơn 2 bài cho “cau”." in main("/tim-kiem/?q=cau")

    def test_it_costs_the_same_with_one_and_with_thirty(self, monkeypatch):
        # On PostgreSQL one article is too few to be looked for month by month, else.
        monkeypatch.setattr(tsearch, "RARE", 10_000)

        def cost():
            with CaptureQueriesContext(connection) as queries:
                page("/tim-kiem/?q=cau+moi&dia-phuong=bac-ninh&den-ngay=1/1/2100")
                page("/tim-kiem/?q=c%E1%BA%A7u+moi")
                page("/tim-kiem/?q=cau+moi&xep=moi")
            return len(queries)

        place = factories.province("24@2025-07-01")
        article(tags=[place])
        before = cost()
        for _ in range(29):
            article(tags=[place])
        assert cost() == before

    def test_texts_are_read_of_what_is_shown_only(self):
        some(30)
        with CaptureQueriesContext(connection) as queries:
            page("/tim-kiem/?q=cau")
        (read,) = [query["sql"] for query in queries if '"body"' in query["sql"]]
        (numbers,) = re.findall(r"[\[{]([0-9,]+)[]}]", read)
        assert len(set(numbers.split(","))) == RESULTS


class TestOrdersAndPages:
    def test_relevance_by_number_and_newest_by_keyset(self, clock):
        clock(NOON)
        made = some(2 * RESULTS + 5)
        for order, pattern in (("", 'trang=[^"]*'), ("&xep=moi", 'truoc=[^"]*')):
            address, found = f"/tim-kiem/?q=thong+xe{order}", []
            for _ in range(3):
                markup = page(address)
                found += listed(markup)
                address = (links(part(markup, "<main", "</main>"), f'[^"]*{pattern}') or [""])[-1]
            assert found == made

    def test_the_best_come_first_unless_the_newest_are_wanted(self):
        best = article(at=day(2020, 1, 1), headline="Thi đua")
        newer = article(at=day(2021, 1, 1), headline="Đua ngựa và thi hát")
        assert listed(page("/tim-kiem/?q=thi+dua")) == [best, newer]
        assert listed(page("/tim-kiem/?q=thi+dua&xep=moi")) == [newer, best]

    def test_the_order_is_a_link_that_keeps_the_rest(self):
        article(at=NOON)
        markup = page("/tim-kiem/?q=cau&tu-ngay=1/1/2020&trang=1")
        address = "/tim-kiem/?q=cau&tu-ngay=1%2F1%2F2020"
        assert links(part(markup, 'class="sorts"', "</ul>")) == [address, f"{address}&xep=moi"]
        newest = page(f"{address}&xep=moi")
        assert words(part(newest, 'aria-current="true">', "</a>")) == "Mới nhất"
        assert '<input type="hidden" name="xep" value="moi">' in newest

    def test_a_page_there_is_not_is_the_last_or_the_first(self):
        some(RESULTS + 1)
        for number in ("2", "3", "9999"):
            assert "Trang 2/2" in main(f"/tim-kiem/?q=cau&trang={number}"), number
        for number in ("0", "-1", "x", "%00", "²", "9" * 5000):
            assert "Trang 1/2" in main(f"/tim-kiem/?q=cau&trang={number}"), number

    @pytest.mark.parametrize("place", ["x", "-1", "9" * 19, "9" * 40, "%00", ""])
    def test_a_place_there_is_not_is_the_top(self, place):
        made = some(1)
        assert listed(page(f"/tim-kiem/?q=cau&xep=moi&truoc={place}")) == made

    def test_behind_the_last_it_says_so(self):
        some(1)
        shown = main("/tim-kiem/?q=cau&xep=moi&truoc=1")
        assert "Không còn bài nào cũ hơn." in shown
        assert "Về bài mới nhất" in shown

    def test_at_the_end_of_the_ranked_it_offers_the_rest(self, monkeypatch):
        monkeypatch.setattr(finding, "MAX_RANKED", RESULTS + 1)
        some(RESULTS + 3)
        assert "liên quan nhất" not in main("/tim-kiem/?q=cau")
        markup = page("/tim-kiem/?q=cau&trang=2")
        assert f"Trên đây là {RESULTS + 1} bài liên quan nhất." in words(markup)
        assert "/tim-kiem/?q=cau&xep=moi" in links(part(markup, '<p class="empty">', "</p>"))


class TestWhatIsMissing:
    @pytest.mark.parametrize("query", ["", "?q=", "?q=++", "?q=%00", "?q=%E2%80%8B", "?xep=moi"])
    def test_no_query_asks_for_one(self, query):
        assert "Nhập điều bạn cần tìm" in main(f"/tim-kiem/{query}")

    @pytest.mark.parametrize(
        "query", ["...", "!?&%23", "%F0%9F%98%80", "-" * 10_000, '"', "%ED%A0%80"]
    )
    def test_a_query_without_a_word_says_what_is_missing(self, query):
        shown = main(f"/tim-kiem/?q={query}&chuyen-muc=khong-co")
        assert "ít nhất một chữ cái hoặc chữ số" in shown
        assert "quá dài" not in shown

    def test_a_query_that_only_excludes_says_what_is_missing(self):
        article()
        assert "hãy thêm ít nhất một từ cần tìm" in main("/tim-kiem/?q=-cau+-%22moi+xe%22")

    def test_a_query_that_is_too_long_says_how_much_was_read(self):
        found = article(body=f"<p>{' '.join(f'chu{number}' for number in range(40))}</p>")
        query = "+".join(f"chu{number}" for number in range(40))
        shown = main(f"/tim-kiem/?q={query}")
        assert "Câu tìm quá dài, chỉ tìm theo 32 chữ đầu." in shown
        assert listed(page(f"/tim-kiem/?q={query}")) == [found]

    @pytest.mark.parametrize(
        "query",
        [
            "NEAR(a b)",
            'a* OR "b',
            "col:x",
            "hf : cau",
            "'; --",
            "cau\x00moi",
            "^cau",
            "cau:* & !moi | <->",
            "{a b} : c",
            '"""""""a',
            '"a" -"b" -"',
            "-a " * 3_000,
            " ".join(f"x{number}" for number in range(500)),
            "a" * 100_000,
            "\\' \\\\",
            "%s %(x)s {{ x }} {% x %}",
            "_ __ @s1 =cau p d s1",
        ],
    )
    def test_what_means_something_to_an_engine_is_only_text(self, query):
        article()
        shown = main(f"/tim-kiem/?q={quote(query)}")
        said = ("Không có bài nào cho", "hãy thêm ít nhất", "Có 1 bài", "Chưa có chữ nào để tìm")
        assert any(sentence in shown for sentence in said), shown

    def test_a_megabyte_is_cut(self):
        article(headline="Cầu")
        response = open_page(f"/tim-kiem/?q={'cau+' * 250_000}")
        assert response.status_code == 200
        assert len(response.content) < 40_000
        assert "Có 1 bài" in words(response.content.decode())

    @pytest.mark.parametrize("query", ["%ED%A0%80cau", "cau%FF", "%EF%BF%BD+cau", "cau%ED%BF%BF"])
    def test_broken_bytes_are_passed_over(self, query):
        found = article()
        assert listed(page(f"/tim-kiem/?q={query}")) == [found]

    def test_what_was_typed_is_only_text(self):
        markup = page("/tim-kiem/?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27")
        assert "<script>alert" not in markup
        assert 'value="&lt;script&gt;' in markup

    def test_nothing_found_says_so_and_offers_topics(self):
        topic = factories.TopicFactory(name="Dân ca quan họ")
        factories.published(tags=[topic])
        shown = main("/tim-kiem/?q=l%C3%A0n+%C4%91i%E1%BB%87u+quan+h%E1%BB%8D")
        assert "Không có bài nào cho “làn điệu quan họ”" in shown
        assert "Có thể bạn cần chủ đề: Dân ca quan họ." in shown

    def test_a_better_query_keeps_the_filters(self, monkeypatch):
        monkeypatch.setattr(suggesting, "better", lambda typed, at, scope: "thi đua")
        markup = page("/tim-kiem/?q=thj+dua&den-ngay=10/7/2020")
        assert "Có phải bạn tìm thi đua?" in words(markup)
        assert links(part(markup, 'class="better"', "</p>")) == [
            "/tim-kiem/?q=thi+%C4%91ua&den-ngay=10%2F7%2F2020"
        ]

    def test_nothing_is_mended_where_something_is_found(self, monkeypatch):
        monkeypatch.setattr(suggesting, "better", lambda typed, at, scope: "thi đua")
        article()
        assert "Có phải bạn tìm" not in main("/tim-kiem/?q=cau")

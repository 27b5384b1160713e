"""Search: what is found, in which order, how it is shown, and what is no query."""

import datetime as dt

import pytest
from django.utils import timezone

from articles import search, workflow
from tests import factories
from tests.articles.reader import day, links, listed, main, open_page, page, part, words

pytestmark = pytest.mark.django_db
NOON = day(2026, 11, 23, 12)


def find(query):
    return [found.article_id for found in search.find(query, timezone.now())]


def article(**fields):
    return factories.published(**fields).pk


class TestFind:
    @pytest.mark.parametrize(
        "query",
        ["thi đua", "thi dua", "THI ĐUA", "đua thi", "thi   đua!", "thi đua thi", "thi\u0111ua"],
    )
    def test_accents_case_and_order_do_not_matter(self, query):
        found = article(headline="Phong trào thi đua yêu nước")
        assert find(query) == ([found] if query != "thi\u0111ua" else [])

    def test_both_tone_styles_and_decomposed_letters_meet(self):
        found = article(headline="Xã Hòa Bình")
        for query in ("hoà bình", "hòa bình", "hoa binh", "ho\u0300a bi\u0300nh"):
            assert find(query) == [found], query

    def test_whole_syllables_only(self):
        article(headline="Thị trường")
        assert find("thi truon") == []

    def test_every_word_must_be_there_somewhere(self):
        both = article(headline="Đất đai", body="<p>Thi đua.</p>")
        article(headline="Đất đai")
        assert find("đất thi") == [both]

    @pytest.mark.parametrize("query", ["", "   ", "...", "\x00", "“”", "_ %", "\u200b"])
    def test_without_a_word_nothing_is_found(self, query):
        article()
        assert find(query) == []

    @pytest.mark.parametrize("query", ["100%", "a_b", "' OR 1=1 --", "\\"])
    def test_what_means_something_to_a_database_is_only_text(self, query):
        article(headline="Lãi suất 100 điểm")
        assert find(query) in ([], find("100"))

    def test_numbers_of_documents(self):
        found = article(headline="Nghị quyết 18-NQ/TW")
        assert find("18-nq/tw") == [found]

    def test_authors_and_the_body_are_searched(self):
        author = factories.AuthorFactory(name="Trung Kiên")
        found = article(byline=[author], body="<p>Kè <strong>sông</strong> Cầu</p>")
        assert find("trung kien song cau") == [found]

    def test_newest_first(self):
        made = [article(at=NOON - dt.timedelta(days=number)) for number in range(3)]
        assert find("thông xe") == made

    def test_only_the_text_that_is_public(self):
        public = factories.published(headline="Tít cũ")
        factories.edited(public, headline="Tít mới")
        factories.scheduled(headline="Tít mới")
        factories.withdrawn(headline="Tít mới")
        assert find("tít mới") == []
        assert find("tít cũ") == [public.pk]


class TestPages:
    def names(self, query):
        return [found.name for found in search.pages(query, timezone.now())]

    def test_names_that_hold_all_words(self):
        section = factories.SectionFactory(name="Đất và người")
        topic = factories.TopicFactory(name="Quản lý đất đai")
        author = factories.AuthorFactory(name="Đất Việt")
        factories.published(section=section, tags=[topic], byline=[author])
        assert self.names("dat") == ["Đất và người", "Quản lý đất đai", "Đất Việt"]
        assert self.names("đất đai") == ["Quản lý đất đai"]
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


class TestThePage:
    def test_results_with_marks_snippet_and_count(self, clock):
        clock(NOON)
        section = factories.SectionFactory(name="Thi cử")
        found = factories.published(
            at=day(2020, 7, 10),
            section=section,
            headline="Cụm thi đua họp",
            standfirst="Mười Sở ngồi lại.",
            body="<p>Bàn về <em>đất</em> đai &amp; thi đua.</p>",
        )
        markup = page("/tim-kiem/?q=thi+dua+dat")
        assert listed(markup) == [found.pk]
        assert "Cụm <mark>thi đua</mark> họp" in markup
        assert "về <mark>đất</mark> đai &amp; <mark>thi đua</mark>." in markup
        shown = main("/tim-kiem/?q=thi+dua+dat")
        assert "Có 1 bài cho “thi dua dat”." in shown
        assert "Tìm cả chữ có dấu: thi đua, đất." in shown
        assert "Thi cử · 10/7/2020" in shown
        assert 'value="thi dua dat"' in markup
        assert 'content="noindex"' in markup

    def test_pages_keep_the_query(self):
        made = [article(at=NOON - dt.timedelta(days=number)) for number in range(25)]
        first = page("/tim-kiem/?q=th%C3%B4ng+xe")
        assert "Có 25 bài" in words(first)
        older = links(first, r"/tim-kiem/[^\"]*truoc=[^\"]*")[0]
        assert listed(first) + listed(page(older)) == made

    def test_nothing_found_says_so_and_offers_topics(self):
        topic = factories.TopicFactory(name="Dân ca quan họ")
        factories.published(tags=[topic])
        shown = main("/tim-kiem/?q=l%C3%A0n+%C4%91i%E1%BB%87u+quan+h%E1%BB%8D")
        assert "Không có bài nào cho “làn điệu quan họ”" in shown
        assert "Có thể bạn cần chủ đề: Dân ca quan họ." in shown

    @pytest.mark.parametrize("query", ["", "?q=", "?q=++", "?q=%00", "?q=%E2%80%8B"])
    def test_no_query_asks_for_one(self, query):
        assert "Nhập điều bạn cần tìm" in main(f"/tim-kiem/{query}")

    @pytest.mark.parametrize("query", ["...", "!?&%23", "%F0%9F%98%80"])
    def test_a_query_without_a_word_says_what_is_missing(self, query):
        assert "ít nhất một chữ cái hoặc chữ số" in main(f"/tim-kiem/?q={query}")

    def test_a_megabyte_is_cut(self):
        article(headline="Cầu")
        response = open_page(f"/tim-kiem/?q={'cau+' * 250_000}")
        assert response.status_code == 200
        assert len(response.content) < 20_000
        assert "Có 1 bài" in words(response.content.decode())

    def test_what_was_typed_is_only_text(self):
        markup = page("/tim-kiem/?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27")
        assert "<script>alert" not in markup
        assert 'value="&lt;script&gt;' in markup

    def test_markup_in_a_text_is_only_text(self):
        factories.published(headline="<b>Cầu</b>", body="<p>cầu &lt;script&gt; cầu</p>")
        markup = page("/tim-kiem/?q=cau")
        assert "&lt;b&gt;<mark>Cầu</mark>&lt;/b&gt;" in markup
        assert "<script>" not in markup.replace("<script src", "")

    def test_typed_with_accents_other_accents_are_not_pointed_out(self):
        article(headline="Thi đua, thì đưa")
        assert "Tìm cả chữ có dấu" not in main("/tim-kiem/?q=thi+%C4%91ua")

    def test_it_costs_the_same_with_one_and_with_thirty(self, django_assert_num_queries):
        article()
        with django_assert_num_queries(9):
            page("/tim-kiem/?q=cau")
        for _ in range(29):
            article()
        with django_assert_num_queries(9):
            page("/tim-kiem/?q=cau")

    def test_more_than_can_be_counted(self, monkeypatch):
        monkeypatch.setattr("articles.views.search.MAX_COUNT", 2)
        for _ in range(3):
            article()
        assert "Có hơn 2 bài cho “cau”." in main("/tim-kiem/?q=cau")


def test_a_moved_article_is_still_found():
    made = factories.published(headline="Cầu")
    workflow.place(actor=None, article=made, placement=factories.placement())
    assert find("cầu") == [made.pk]

"""What is found, in which order, on the engine of the database at hand."""

import datetime as dt
import threading
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.models import SearchEntry
from articles.permissions import readable
from articles.search import doubles, engine, finding, indexing, suggesting, tsearch, typed
from articles.search.conditions import Any, Facet, Phrase, Without
from articles.search.desk import at_desk
from articles.search.entries import entry, place_of
from articles.search.finding import Scope
from newsroom.roles import Role
from tests import factories
from tests.articles.reader import day

pytestmark = pytest.mark.django_db
NOON = day(2026, 11, 23, 12)


def find(query, at=None, **scope):
    """The articles found, the most relevant first."""
    read, at = typed.read(query), at or timezone.now()
    hits, _total = finding.ranked_and_counted(read, at, Scope(**scope))
    return [hit.article_id for hit in hits]


def count(query, **scope):
    return finding.count(typed.read(query), timezone.now(), Scope(**scope))


def newest(query, limit=20, before=None, **scope):
    return finding.newest(typed.read(query), timezone.now(), limit, Scope(**scope), before)


def article(**fields):
    return factories.published(**fields).pk


class TestWords:
    @pytest.mark.parametrize(
        "query", ["thi đua", "thi dua", "THI ĐUA", "đua thi", "thi   đua!", "thi đua thi"]
    )
    def test_accents_case_and_order_do_not_matter(self, query):
        found = article(headline="Phong trào thi đua yêu nước")
        assert find(query) == [found]
        assert count(query) == 1

    def test_both_tone_styles_and_decomposed_letters_meet(self):
        found = article(headline="Xã Hòa Bình, phố Thủy")
        for query in ("hoà bình", "hòa bình", "hoa binh", "ho\u0300a bi\u0300nh", "thuỷ", '"thuỷ"'):
            assert find(query) == [found], query

    def test_whole_syllables_only(self):
        article(headline="Thị trường")
        assert find("thi truon") == []

    def test_every_word_must_be_there_somewhere(self):
        both = article(headline="Đất đai", body="<p>Thi đua.</p>")
        article(headline="Đất đai")
        assert find("đất thi") == [both]

    def test_standfirst_body_and_names_are_searched(self):
        author = factories.AuthorFactory(name="Trung Kiên")
        found = article(
            standfirst="Mười Sở họp.", byline=[author], body="<p>Kè <strong>sông</strong> Cầu</p>"
        )
        assert find("trung kiên sông cầu mười sở") == [found]

    @pytest.mark.parametrize("query", ["100%", "a_b", "' OR 1=1 --", "\\", "a:b & !c | (d"])
    def test_what_means_something_to_a_database_is_only_text(self, query):
        article(headline="Lãi suất 100 điểm")
        read = typed.read(query)
        assert read.lacks or find(query) in ([], find("100"))

    def test_numbers_of_documents_abbreviations_and_initials(self):
        found = article(
            headline="Nghị quyết 18-NQ/TW", body="<p>Sở TN&amp;MT, TP.HCM, ông Nguyễn V.A.</p>"
        )
        article(headline="18 xã", body="<p>NQ của TW; TN và MT; TP là HCM; V cho A</p>")
        for query in ("18-nq/tw", "18 NQ/TW", "TN&MT", "tp.hcm", "Nguyễn V.A."):
            assert find(query) == [found], query

    def test_letters_of_other_alphabets(self):
        found = article(headline="Gặp gỡ 北京 và Москва, Genève")
        for query in ("北京", "москва", "geneve", "Genève"):
            assert find(query) == [found], query


class TestRelevance:
    def test_words_together_then_near_then_all(self):
        apart = article(body=f"<p>Kỳ thi {'rồi ' * 9} đường đua</p>", at=NOON)
        near = article(body="<p>Kỳ thi và cuộc đua</p>", at=NOON - dt.timedelta(days=1))
        phrase = article(body="<p>Thi đua</p>", at=NOON - dt.timedelta(days=2))
        assert find("thi đua") == [phrase, near, apart]
        assert find("thi dua") == [phrase, near, apart]

    def test_near_means_six_words_between_whichever_comes_first(self):
        far = article(body=f"<p>đua {'rồi ' * 7} thi</p>", at=NOON)
        near = article(body=f"<p>đua {'rồi ' * 6} thi</p>", at=NOON - dt.timedelta(days=1))
        assert find("thi đua") == [near, far]

    def test_accents_typed_before_others(self):
        others = article(headline="Bộ nói về bố", at=NOON)
        exact = article(headline="Đàn bò", at=NOON - dt.timedelta(days=1))
        in_text = article(headline="Đồng cỏ", body="<p>bò</p>", at=NOON - dt.timedelta(days=2))
        assert find("bò") == [exact, in_text, others]
        assert find("bo") == [others, exact, in_text]

    def test_a_phrase_with_the_accents_typed_before_the_same_without(self):
        folded = article(headline="Thì đưa", at=NOON)
        exact = article(body="<p>thi đua</p>", at=NOON - dt.timedelta(days=1))
        assert find("thi đua") == [exact, folded]

    def test_the_headline_before_the_text_and_newest_first(self):
        text = article(body="<p>cầu Hồ</p>", at=NOON)
        old = article(headline="Cầu Hồ", at=NOON - dt.timedelta(days=2))
        new = article(headline="Cầu Hồ", at=NOON - dt.timedelta(days=1))
        assert find("cầu hồ") == [new, old, text]

    def test_no_phrase_runs_from_the_headline_into_the_text(self):
        article(headline="Ngày thi", standfirst="Đua thuyền")
        assert find('"thi đua"') == []

    def test_all_words_in_a_headline_before_all_in_a_text(self):
        text = article(body="<p>mưa ở gió và lũ</p>", at=NOON)
        words = f"Lũ {'qua ' * 7} mưa {'qua ' * 7} gió"
        head = article(headline=words, at=NOON - dt.timedelta(days=1))
        assert find("gió mưa lũ") == [head, text]

    def test_more_than_can_be_ranked(self, monkeypatch):
        monkeypatch.setattr(finding, "MAX_RANKED", 2)
        made = [article(at=NOON - dt.timedelta(days=number)) for number in range(4)]
        assert find("thông xe") == made[:2]
        assert count("thông xe") == 4


@pytest.fixture
def tidying():
    """Have PostgreSQL move what is pending into its index all the time, as it does on its own."""
    if connection.vendor != "postgresql":
        yield
        return
    over = threading.Event()

    def tidy():
        with connection.cursor() as cursor:  # of this thread
            while not over.is_set():
                cursor.execute("SELECT gin_clean_pending_list(%s)", [tsearch.INDEX])
        connection.close()

    thread = threading.Thread(target=tidy)
    thread.start()
    yield
    over.set()
    thread.join()


class TestFewAndMany:
    """Where few texts hold all words these are asked alone; where many do, the latest of all."""

    QUERIES = ("cầu hồ", "cau ho moi", "hồ cầu", '"cầu hồ" mới', "cầu -hồ", "hồ", "18-nq cầu hồ")
    TEXTS = ("cầu Hồ mới", "Hồ và cầu", "mới có 18 NQ, cầu hồ", "câu hỏi mới", "cầu 18-NQ rồi hồ")

    def test_the_order_is_the_same(self, monkeypatch):
        for number, text in enumerate(self.TEXTS):
            at = NOON - dt.timedelta(days=number)
            article(headline=text, at=at)
            article(body=f"<p>{text}</p>", at=at - dt.timedelta(days=9))
        few = {query: (find(query), count(query)) for query in self.QUERIES}
        for query, (found, number) in few.items():
            monkeypatch.setattr(finding, "MAX_HELD", number)  # so many may be more
            assert (find(query), count(query)) == (found, number), query
        assert all(len(found) == number for found, number in few.values())
        assert len(few["cầu hồ"][0]) == 8

    def test_they_are_counted_on_the_way(self, monkeypatch):
        for number in range(5):
            article(headline="Cầu mới", at=NOON - dt.timedelta(days=number))
        withdrawn = factories.published(headline="Cầu mới", at=NOON)
        workflow.withdraw(actor=None, article=withdrawn, reason="Sai.")
        for held in (1, 2, 6, 7):
            monkeypatch.setattr(finding, "MAX_HELD", held)
            hits, total = finding.ranked_and_counted(typed.read("cầu mới"), timezone.now())
            assert (len(hits), total) == (5, 5), held


class TestQuotesAndMinus:
    def test_quotes_mean_one_behind_the_other_with_these_accents(self):
        exact = article(headline="Thi đua")
        folded = article(headline="Thì đưa")
        article(headline="Đua thi")
        assert find('"thi đua"') == [exact]
        assert find('"thi dua"') == [folded, exact]

    def test_three_words_and_more(self):
        found = article(body="<p>một hai ba bốn năm</p>")
        article(body="<p>một hai bốn hai ba bốn năm ba</p>")
        assert find('"một hai ba bốn"') == [found]
        assert find('"mot hai ba"') == [found]

    def test_minus_excludes_words_and_phrases(self):
        plain = article(headline="Họp báo")
        article(headline="Họp báo thi đua")
        assert find("họp -thi") == [plain]
        assert find('họp -"thi đua"') == [plain]
        assert count('họp -"thi đua"') == 1
        assert len(find('họp -"đua thi"')) == 2

    def test_minus_excludes_while_the_server_tidies_its_index(self, tidying):
        syllables = [f"{first}{rest}" for first in "bcdghklmnpst" for rest in range(200)]
        unwanted = Without(Phrase(("aabb",)), (Phrase(("yyzz",)),))
        for start in range(10):
            text = " ".join(["aabb", *syllables[start::4], "yyzz"])
            engine.current().put(
                entry(place_of(NOON, 10 * start + number), "Tin", [text], [], [])
                for number in range(10)
            )
            assert engine.current().match(unwanted, *finding.WHOLE, 5) == []


class TestScope:
    def test_sections_tags_authors_and_days(self):
        section, topic = factories.SectionFactory(), factories.TopicFactory()
        author = factories.AuthorFactory()
        found = article(section=section, tags=[topic], byline=[author], at=NOON)
        other = article(at=NOON - dt.timedelta(days=1))
        for facet in (
            indexing.section(section.pk),
            indexing.tag(topic.pk),
            indexing.author(author.pk),
        ):
            assert find("xe", conditions=(Facet(facet),)) == [found]
            assert count("xe", conditions=(Facet(facet),)) == 1
        either = Any((Facet("s999999"), Facet(indexing.tag(topic.pk))))
        assert find("xe", conditions=(either,)) == [found]
        assert find("xe", since=NOON) == [found]
        assert find("xe", before=NOON) == [other]
        assert find("xe", since=NOON, before=NOON) == []

    def test_what_has_no_date_is_in_no_range(self):
        dateless = workflow.Backdate(NOON, "none")
        draft = factories.draft()
        workflow.publish(actor=None, revision=draft.newest_revision, backdate=dateless)
        assert find("xe") == [draft.pk]
        assert find("xe", before=timezone.now()) == []


class TestOnlyWhatIsPublic:
    def test_only_the_text_readers_see(self):
        public = factories.published(headline="Tít cũ")
        factories.edited(public, headline="Tít mới")
        factories.scheduled(headline="Tít mới")
        factories.withdrawn(headline="Tít mới")
        factories.approved(headline="Tít mới")
        for query in ("tít mới", '"tít mới"', "tit moi"):
            assert find(query) == []
            assert count(query) == 0
            assert newest(query) == []
        assert find("tít cũ") == [public.pk]

    def test_drafts_that_hold_the_words_take_no_place_from_what_is_shown(self, monkeypatch, clock):
        clock(NOON - dt.timedelta(days=5))
        for _number in range(5):
            factories.draft(headline="Cầu mới")
        newest = article(headline="Cầu mới", at=NOON)
        oldest = article(headline="Cầu nào cũng mới", at=NOON - dt.timedelta(days=9))
        clock(NOON)
        for few in range(1, 9):
            monkeypatch.setattr(finding, "FEW", few)
            hits, total = finding.ranked_and_counted(typed.read("cầu mới"), NOON)
            assert ([hit.article_id for hit in hits], total) == ([newest, oldest], 2), few

    def test_words_of_drafts_alone_cost_no_more_than_words_of_none(self):
        """Else who measures the time of a search learns what is being written."""
        factories.draft(headline="Thanh tra bến bãi")
        asked = []
        for query in ("thanh tra", "thanh tre"):
            with CaptureQueriesContext(connection) as queries:
                assert find(query) == []
            asked.append(len(queries))
        assert asked[0] == asked[1]

    def test_a_schedule_is_found_from_its_second_on(self):
        at = timezone.now() + dt.timedelta(hours=1)
        made = factories.scheduled(headline="Hẹn giờ", at=at)
        assert find("hẹn giờ", at - dt.timedelta(seconds=1)) == []
        assert find("hẹn giờ", at) == [made.pk]

    def test_each_version_while_it_is_shown(self):
        made = factories.published(headline="Bản một", at=NOON)
        edited = factories.edited(made, headline="Bản hai")
        workflow.publish(actor=None, revision=edited.newest_revision)
        assert find('"bản một"') == []
        assert find('"bản hai"') == [made.pk]
        assert find('"bản một"', NOON) == [made.pk]

    def test_moving_an_article_moves_its_entry(self):
        made = factories.published()
        section, topic = factories.SectionFactory(), factories.TopicFactory()
        placement = factories.placement(section=section, tags=[topic])
        workflow.place(actor=None, article=made, placement=placement)
        for facet in (indexing.section(section.pk), indexing.tag(topic.pk)):
            assert find("xe", conditions=(Facet(facet),)) == [made.pk]
        assert find("xe", conditions=(Facet(indexing.section(made.section_id)),)) == []

    def test_a_cancelled_schedule_leaves_no_entry_as_if_public(self):
        made = factories.scheduled()
        workflow.unschedule(actor=None, article=made)
        assert find("xe", conditions=(Facet(indexing.SHOWN),)) == []


class TestNewestFirst:
    def test_it_pages_without_end_and_without_gaps(self):
        made = [article(at=NOON - dt.timedelta(days=number)) for number in range(7)]
        seen, before = [], None
        while page := newest("xe", 3, before):
            seen += [hit.article_id for hit in page]
            before = page[-1].place
        assert seen == made

    def test_it_goes_on_beyond_what_is_not_public(self, monkeypatch):
        monkeypatch.setattr(finding, "ROUND", 2)
        made = [article(at=NOON - dt.timedelta(days=9)), article(at=NOON - dt.timedelta(days=10))]
        for number in range(5):
            withdrawn = factories.published(at=NOON - dt.timedelta(days=number))
            workflow.withdraw(actor=None, article=withdrawn, reason="Sai.")
        assert [hit.article_id for hit in newest("xe", 2)] == made
        assert count("xe") == 2

    def test_the_latest_of_many_are_found_month_by_month(self, monkeypatch):
        """PostgreSQL looks for what is frequent in the newest months first."""
        monkeypatch.setattr(engine.tsearch, "MONTHS", (1, 2))
        months = [article(at=NOON - dt.timedelta(days=40 * number)) for number in range(9)]
        ancient = article(at=day(1950, 1, 1))
        made = [*months, ancient]
        assert [hit.article_id for hit in newest("xe", 4)] == made[:4]
        assert [hit.article_id for hit in newest("xe", 99)] == made
        cursor = newest("xe", 4)[-1].place
        assert [hit.article_id for hit in newest("xe", 99, cursor)] == made[4:]
        assert find("xe", since=NOON - dt.timedelta(days=90)) == made[:3]


class TestIndex:
    def test_it_holds_the_newest_text_and_every_one_with_a_publication(self):
        made = factories.published()
        edited = factories.edited(made)
        edited = factories.edited(edited, headline="Ba")
        indexed = SearchEntry.objects.filter(revision__article=made)
        assert {entry.revision.number for entry in indexed} == {1, 3}

    def test_rebuilding_finds_the_same(self):
        made = [article(headline=f"Cầu {number}") for number in range(3)]
        before = list(SearchEntry.objects.order_by("pk").values())
        engine.current().clear()
        assert find("cầu") == []
        assert indexing.rebuild() == 3
        assert find("cầu") == made[::-1]
        assert list(SearchEntry.objects.order_by("pk").values()) == before

    def test_gathered_changes_are_indexed_at_the_end(self):
        with indexing.gathered():
            made = article(headline="Gom lại")
            assert find("gom lại") == []
        assert find("gom lại") == [made]

    def test_words_behind_the_limit_are_not_indexed(self, monkeypatch):
        monkeypatch.setattr("articles.search.entries.MAX_WORDS", 4 + 12 + 2)
        author = factories.AuthorFactory(name="Bá Phúc")
        made = article(
            byline=[author], standfirst="Một hai", body=f"<p>{'chữ ' * 9} mười mườimột mườihai</p>"
        )
        assert find("mười") == [made]
        assert find("mườihai") == []

    def test_names_under_a_long_text_are_found(self, monkeypatch):
        monkeypatch.setattr("articles.search.entries.MAX_WORDS", 12)
        author = factories.AuthorFactory(name="Trung Kiên")
        made = article(body=f"<p>{'chữ ' * 90}</p>", byline=[author])
        assert find("trung kiên") == [made]

    def test_a_long_list_of_numbers_is_saved_and_found(self):
        numbers = [f"{number:012d}" for number in range(16_000)]
        made = article(body=f"<p>{' '.join(numbers)}</p>")
        assert find(numbers[5000]) == [made]

    def test_letters_that_fold_to_many_are_no_error(self):
        made = article(body=f"<p>{chr(0xFDF2) * 40} {chr(0xFDF2) * 40}</p>")
        assert find(f"{chr(0xFDF2) * 40} {chr(0xFDF2) * 40}") == [made]

    @pytest.mark.parametrize("year", [1, 1800, 9999])
    def test_moments_far_away_have_their_place(self, year):
        made = article(at=day(year, 2, 1))
        assert find("xe", day(9999, 12, 1))[0] == made

    def test_a_text_of_one_word_a_thousand_times(self):
        made = article(body=f"<p>{'thi đua ' * 5000}</p>", headline="Thi đua")
        assert find('"đua thi đua thi"') == [made]
        assert find('"thi thi"') == []


@pytest.mark.skipif("connection.vendor != 'sqlite'")
class TestIndexWrittenBefore:
    """SQLite's index did not tell words of headlines from others."""

    def rewritten(self, statement):
        """What stands in the index once the migration has put this statement to it."""
        migration = import_module("articles.migrations.0009_words_of_headlines")
        migration.rewrite(getattr(migration, statement))(
            apps, SimpleNamespace(connection=connection)
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT rowid, hf, he, tf, te, fa FROM articles_search ORDER BY rowid")
            return cursor.fetchall()

    def test_it_is_written_anew_once(self, monkeypatch):
        headline = [article(headline=f"Cầu Hồ {number}") for number in range(3)]
        text = article(headline="Mưa lũ", body="<p>cầu Hồ</p>", at=NOON + dt.timedelta(days=1))
        asked = Phrase(("cau", "ho"), headline=True)
        before = self.rewritten("PUT_SIGN")
        assert {row[1] for row in before} == {"_mua _lu", *(f"_cau _ho _{n}" for n in range(3))}
        assert {row[1] for row in self.rewritten("TAKE_SIGN")} == {
            *("mua lu", "cau ho 0", "cau ho 1", "cau ho 2")
        }
        assert engine.current().match(asked, *finding.WHOLE, 9) == []
        assert self.rewritten("PUT_SIGN") == before
        assert find("cầu hồ") == [*headline[::-1], text]


class TestDesk:
    def found(self, query):
        from articles.models import Article

        return set(at_desk(Article.objects.all(), query).values_list("pk", flat=True))

    def test_every_state_is_found_by_its_newest_text(self):
        states = [
            factories.draft(headline="Đê sông Cầu"),
            factories.scheduled(headline="Đê sông Cầu"),
            factories.published(headline="Đê sông Cầu"),
            factories.withdrawn(headline="Đê sông Cầu"),
        ]
        edited = factories.edited(factories.published(headline="Đê sông Cầu"), headline="Khác")
        assert self.found("de song cau") == {made.pk for made in states}
        assert self.found('"sông cầu" -khác') == {made.pk for made in states}
        assert self.found("khác") == {edited.pk}
        assert len(self.found("...")) == 5

    def test_what_others_wrote_hides_nothing_of_ones_own(self, monkeypatch):
        monkeypatch.setattr("articles.search.desk.BATCH", 2)
        reporter = factories.user(Role.REPORTER)
        mine = factories.draft(by=reporter, headline="Đê sông Cầu")
        for _ in range(5):
            factories.draft(headline="Đê sông Cầu")
        assert set(at_desk(readable(reporter), "đê")) == {mine}


class TestSuggestions:
    def better(self, query):
        return suggesting.better(typed.read(query), timezone.now())

    @pytest.mark.parametrize(
        ("query", "mended"),
        [
            ("bac nihn", "Bắc Ninh"),
            ("bắc nin", "Bắc Ninh"),
            ("bacninh", "Bắc Ninh"),
            ("thi ddua", "thi đua"),
            ("thi d9ua", "thi đua"),
            ("thidua", "thi đua"),
            ("hop bao covidd", "họp báo Covid"),
        ],
    )
    def test_a_slip_is_mended_and_shown_as_printed(self, query, mended):
        article(headline="Bắc Ninh: phong trào thi đua", body="<p>họp báo Covid</p>")
        assert self.better(query) == mended

    @pytest.mark.parametrize("query", ['"bac nihn"', "nihn -a", "xyzzy", "!", "b " * 9])
    def test_there_is_no_help_for_the_rest(self, query):
        article(headline="Bắc Ninh")
        assert self.better(query) == ""

    def test_what_is_not_public_is_not_suggested(self):
        factories.draft(headline="Bắc Ninh")
        assert self.better("bac nihn") == ""


class TestDoubles:
    def alike(self, headline):
        from articles.models import Article

        return [found.pk for found in doubles.alike(headline, Article.objects.all())]

    def test_nearly_the_same_headline(self):
        made = factories.draft(headline="Bắc Ninh: Khánh thành cầu mới qua sông Cầu").pk
        factories.draft(headline="Bắc Ninh: Khánh thành trường mới")
        assert self.alike("Bắc Ninh khánh thành cầu mới qua sông Cầu") == [made]
        assert self.alike("BẮC NINH: khánh thành cây cầu mới qua sông cầu") == [made]
        assert self.alike("Khánh thành nhà máy mới ở Bắc Ninh") == []

    def test_short_headlines_are_never_alike(self):
        factories.draft(headline="Tin vắn")
        assert self.alike("Tin vắn") == []

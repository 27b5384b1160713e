"""A prepared query asks what the ORM would ask, and nothing else."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import QuerySet

from articles.models import Article, ArticleTag, Province, Publication, Section
from newsroom import freshness
from newsroom import prepared as preparing
from newsroom.among import Many
from newsroom.prepared import Part, prepared
from tests import factories
from tests.articles.reader import day, page
from tests.comments import makers

pytestmark = pytest.mark.django_db

NOON = day(2026, 3, 2, 12)


def spelt(found, seen=()):
    """A row as it can be compared, with all that came along with it."""
    if not hasattr(found, "_state") or found in seen:
        return found
    fields = {name: value for name, value in vars(found).items() if name != "_state"}
    related = found._state.fields_cache.items()
    return type(found), fields, {name: spelt(one, (*seen, found)) for name, one in related}


def same(make, *values, **fixed):
    rows = prepared(make)(*values, **fixed)
    check_same(rows, make(*values, **fixed))
    return rows


def check_same(rows, queryset):
    """The same rows, in the same order where the query has one."""
    lists = [[spelt(row) for row in found] for found in (rows, queryset)]
    one, other = lists if queryset.ordered else (sorted(found, key=repr) for found in lists)
    assert one == other


def publications(at: dt.datetime, article_ids: list[int]) -> QuerySet:
    found = Publication.objects.public(at).filter(article__in=article_ids)
    related = found.select_related("article__section", "revision__photo")
    return related.only(
        "starts_at", "article__slug", "article__section__name", "revision__photo__token"
    )


def dated(at: dt.datetime | None, number: int, *, limit: int) -> QuerySet:
    rows = Article.objects.filter(first_public_at=at) if at is None else Article.objects.public(at)
    return rows.filter(pk__gte=number).order_by("pk").values_list("first_public_at", "pk")[:limit]


def slugs(slug: str, day: dt.date) -> QuerySet:
    return Province.objects.filter(slug=slug, valid_to=day).values_list("slug", flat=True)


class TestItAsksTheSame:
    def test_with_rows_as_models(self):
        made = [factories.published(at=NOON, photo=factories.photo(), photo_alt="a")]
        made += [factories.published(at=NOON) for _ in range(2)]
        numbers = [article.pk for article in made]
        for asked in (numbers, numbers[:1], numbers[1:], [], [*numbers, 999_999]):
            found = same(publications, NOON, asked)
            assert len(found) == len(set(asked) & set(numbers))
        assert same(publications, NOON - dt.timedelta(seconds=1), numbers) == []

    def test_with_rows_as_tuples_and_limits(self):
        articles = [factories.published(at=NOON) for _ in range(3)]
        draft = factories.draft()
        assert same(dated, NOON, articles[1].pk, limit=5) == [
            (NOON, articles[1].pk),
            (NOON, articles[2].pk),
        ]
        assert len(same(dated, NOON, 0, limit=2)) == 2
        assert same(dated, None, 0, limit=5) == [(None, draft.pk)]

    def test_with_texts_and_days(self):
        former = Province.objects.exclude(valid_to=None)[:3]
        for one in former:
            assert same(slugs, one.slug, one.valid_to) == [one.slug]
        assert same(slugs, "%s", dt.date(2025, 1, 1)) == []

    def test_with_parts_of_texts(self):
        for name in ("Tin 50% giảm", "a_b\\c", "Văn hóa"):
            factories.SectionFactory(name=name)

        def named(part: str) -> QuerySet:
            return Section.objects.filter(name__contains=part).values_list("name", flat=True)

        for part in ("50%", "a_b", "a%c", "\\c", "hóa", ""):
            found = prepared(named)(Part(part))
            assert sorted(found) == sorted(named(part))

    def test_each_value_takes_its_place(self):
        section = factories.SectionFactory(position=4)

        @prepared
        def placed(pk: int, position: int) -> QuerySet:
            return Section.objects.filter(pk=pk, position=position)

        assert placed(section.pk, 4) == [section]
        assert placed(4, section.pk) == []


class TestItIsWrittenOnce:
    def test_for_values_of_one_kind(self, django_assert_num_queries):
        written = []

        @prepared
        def sections(pk: int) -> QuerySet:
            written.append(pk)
            return Section.objects.filter(pk=pk)

        made = [factories.SectionFactory() for _ in range(5)]
        with django_assert_num_queries(5):
            assert [sections(one.pk)[0].name for one in made] == [one.name for one in made]
        assert len(written) == len(preparing.SAMPLES)

    def test_for_lists_of_like_length(self):
        written = []

        @prepared
        def sections(pks: list[int]) -> QuerySet:
            written.append(len(pks))
            return Section.objects.filter(pk__in=pks)

        made = [factories.SectionFactory().pk for _ in range(9)]
        assert [len(sections(made[:number])) for number in range(10)] == list(range(10))
        assert set(written) == {0, 1, 2, 4, 8, 16}

    @pytest.mark.skipif("connection.vendor != 'postgresql'")
    def test_by_the_server_too_whatever_the_size_of_numbers(self):
        @prepared
        def sections(pks: list[int]) -> QuerySet:
            return Section.objects.filter(pk__in=pks, name="để đếm")

        for number in (1, 40_000, 3_000_000_000, 5, 70_000, 9_000_000_000):
            assert sections([number, 7]) == []
        kept = "SELECT parameter_types FROM pg_prepared_statements WHERE statement LIKE %s"
        with connection.cursor() as cursor:
            cursor.execute(
                kept, ['%FROM "articles_section" WHERE ("articles_section"."name" = $1%']
            )
            types = [sorted(types) for (types,) in cursor.fetchall()]
        assert types == [["bigint", "bigint", "text"]]

    def test_for_any_number_of_numbers(self):
        written = []

        def sections(pks: Many) -> QuerySet:
            written.append(len(pks))
            return Section.objects.filter(pk__among=pks).order_by("pk")

        made = [factories.SectionFactory().pk for _ in range(9)]
        rows = [prepared(sections)(Many(made[:number])) for number in range(10)]
        assert [[one.pk for one in found] for found in rows] == [made[:n] for n in range(10)]
        assert len(written) == len(preparing.SAMPLES)


class TestItRefuses:
    def test_a_value_that_is_changed_before_it_is_asked(self):
        @prepared
        def named(words: str) -> QuerySet:
            return Section.objects.filter(name__contains=words)

        with pytest.raises(ValueError, match="changes a value"):
            named("văn")

    def test_a_value_that_decides_what_is_asked(self):
        @prepared
        def first(limit: int) -> QuerySet:
            return Section.objects.all()[:limit]

        with pytest.raises(ValueError, match="something else"):
            first(3)

    def test_a_query_that_finds_nothing_whatever_is_asked(self):
        with pytest.raises(ValueError, match="finds nothing"):
            prepared(lambda _pk: Section.objects.none())(3)

    @pytest.mark.parametrize("value", [True, 1.5, object(), [1.5]])
    def test_values_of_other_kinds(self, value):
        with pytest.raises(TypeError):
            prepared(lambda _value: Section.objects.all())(value)

    def test_rows_of_other_kinds(self):
        with pytest.raises(TypeError):
            prepared(lambda: Section.objects.values("pk"))()


def test_every_page_is_answered_as_the_orm_would(monkeypatch):
    """Whatever pages prepare, they get the rows that the query of the ORM gives."""
    asked, ask = set(), preparing.ask

    def compared(make, values, fixed):
        rows = ask(make, values, fixed)
        check_same(rows, make(*values, **fixed))
        asked.add(make.__name__)
        return rows

    monkeypatch.setattr(preparing, "ask", compared)
    section = factories.SectionFactory(parent=factories.SectionFactory())
    tags = [factories.cluster(), factories.TopicFactory(), factories.province("30@pre")]
    for _ in range(3):
        article = factories.published(section=section, tags=tags)
    shown = makers.shown(article)
    makers.shown(article, answered=shown)
    tagged = ArticleTag.objects.filter(article=article).select_related("tag")
    for path in (
        *("/", section.get_absolute_url(), article.get_absolute_url(), "/tim-kiem/?q=cau+moi"),
        *(each.tag.get_absolute_url() for each in tagged),
        article.newest_revision.byline.get().author.get_absolute_url(),
        *(f"/binh-luan/{article.pk}/y-kien/{order}" for order in ("", "?xep=moi", "?xep=cu")),
        f"/binh-luan/y-kien/{shown.pk}/",
    ):
        page(path)
    assert {"_keys", "_newest", "_cards", "_stories", "_walked", "_first_replies"} <= asked


class TestStamps:
    def test_what_a_query_shows_is_said_each_time(self):
        @prepared
        def sections(pk: int):
            freshness.shows("menu")
            return Section.objects.filter(pk=pk)

        for pk in (1, 2):
            with freshness.making() as made:
                sections(pk)
            assert set(made.versions) == {"menu"}

    def test_a_stamp_of_a_value_is_refused(self):
        @prepared
        def sections(pk: int):
            freshness.shows(f"section:{pk}")
            return Section.objects.filter(pk=pk)

        with pytest.raises(ValueError, match="shows other things"):
            sections(1)

"""The front page: what stands where, and nothing twice above the fold."""

import datetime as dt

import pytest

from articles.views.front import arranged
from newsroom.models import SiteSettings
from tests import factories
from tests.articles.reader import day, links, listed, page, part, words

pytestmark = pytest.mark.django_db
NOON = day(2026, 11, 23, 12)
ARTICLE = r"[^\"]*-\d+\.html"


def publish(count, *, section=None, photo=None, start=NOON, **fields):
    """Articles an hour apart, the newest first."""
    return [
        factories.published(
            at=start - dt.timedelta(hours=number),
            section=section,
            photo=photo,
            photo_alt="Cảnh" if photo else "",
            photo_credit="Bá Phúc" if photo else "",
            headline=f"Tin thứ {number}",
            **fields,
        )
        for number in range(count)
    ]


def above_the_fold(markup):
    return part(markup, '<div class="front">', '<div class="sections">')


def test_an_empty_site_says_so():
    assert "Chưa có bài trong mục này." in words(page("/"))


def test_nothing_stands_twice_above_the_fold(clock):
    clock(NOON)
    topic = factories.TopicFactory()
    publish(20, tags=[topic])
    found = links(above_the_fold(page("/")), ARTICLE)
    titles = above_the_fold(page("/")).count("Tin thứ")
    assert titles == len(found) == 1 + 2 + 4 + 7


def test_the_lead_is_the_newest_with_a_photo(clock):
    clock(NOON)
    publish(3)
    with_photo = publish(1, photo=factories.photo(), start=NOON - dt.timedelta(hours=5))[0]
    first = links(above_the_fold(page("/")), ARTICLE)[0]
    assert first == with_photo.get_absolute_url()


def test_without_any_photo_the_newest_leads(clock):
    clock(NOON)
    newest = publish(3)[0]
    assert links(above_the_fold(page("/")), ARTICLE)[0] == newest.get_absolute_url()


def test_the_four_beside_come_from_different_top_sections(clock):
    clock(NOON)
    politics, sport = factories.SectionFactory(), factories.SectionFactory()
    youth = factories.SectionFactory(parent=sport)
    publish(6, section=politics)
    in_sport = publish(1, section=youth, start=NOON - dt.timedelta(hours=8))[0]
    beside = part(page("/"), '<ul class="front__more">', '<section class="block"')
    assert links(beside, ARTICLE)[0] == in_sport.get_absolute_url()
    assert len(links(beside, ARTICLE)) == 4


def test_arranging_keeps_every_article_once():
    class Fake:
        def __init__(self, number):
            self.article_id = number
            self.section_id = number % 3
            self.photo_token = f"anh-{number}" if number in (4, 6) else None

    newest = [Fake(number) for number in range(12)]
    fold = arranged(newest, {0: 0, 1: 1, 2: 2})
    places = [fold.lead, *fold.beside, *fold.latest]
    assert fold.lead.article_id == 4
    assert len(set(places)) == len(places) == 12
    assert fold.latest == sorted(fold.latest, key=lambda one: one.article_id)


def test_every_top_section_with_articles_has_a_block_with_those_of_its_children(clock):
    clock(NOON)
    culture, empty = factories.SectionFactory(name="Văn hóa"), factories.SectionFactory()
    heritage = factories.SectionFactory(name="Di sản", parent=culture)
    publish(7, section=heritage)
    sections = part(page("/"), '<div class="sections">', "</main>")
    assert culture.get_absolute_url() in links(sections)
    assert heritage.get_absolute_url() in links(sections)
    assert empty.get_absolute_url() not in links(sections)
    assert links(sections, ARTICLE)


def test_today_shows_the_hour_and_older_days_the_date(clock):
    clock(day(2026, 11, 23, 17))
    factories.published(at=day(2026, 11, 23, 16, 40))
    factories.published(at=day(2026, 11, 22, 16, 30))
    factories.published(at=day(2025, 7, 10, 8))
    shown = words(above_the_fold(page("/")))
    assert "23/11/2026, 16:40" in shown  # the lead says all of it
    assert "· 22/11" in shown
    assert "· 10/7/2025" in shown


def test_what_has_no_date_shows_none(clock):
    clock(NOON)
    factories.published()
    undated = factories.draft(headline="Bài lưu trữ")
    factories.workflow.publish(
        actor=None,
        revision=undated.newest_revision,
        backdate=factories.workflow.Backdate(day(1990, 1, 1), "none"),
    )
    markup = above_the_fold(page("/"))
    assert "Bài lưu trữ" in markup
    assert "1990" not in markup


def test_it_costs_the_same_with_one_and_with_thirty_articles(clock, django_assert_num_queries):
    clock(NOON)
    sections = [factories.SectionFactory() for _ in range(3)]
    topic, photo = factories.TopicFactory(), factories.photo()
    publish(1, section=sections[0], photo=photo, tags=[topic])
    with django_assert_num_queries(10):
        page("/")
    for section in sections:
        publish(10, section=section, photo=photo, tags=[topic])
    with django_assert_num_queries(10):
        page("/")


def test_mourning_turns_every_page_grey():
    SiteSettings.objects.create(pk=1, mourning=True)
    assert '<html lang="vi" class="mourning">' in page("/")
    assert "#1a1a1a" in page("/favicon.svg")


def test_the_menu_marks_where_the_reader_is():
    section = factories.SectionFactory(name="Kinh tế")
    child = factories.SectionFactory(parent=section)
    article = factories.published(section=child)
    here = f'<a href="{section.get_absolute_url()}" aria-current='
    assert f'{here}"page"' in page(section.get_absolute_url())
    assert f'{here}"true"' in page(child.get_absolute_url())
    assert f'{here}"true"' in page(article.get_absolute_url())
    assert here not in page("/")
    assert listed(page(section.get_absolute_url())) == [article.pk]

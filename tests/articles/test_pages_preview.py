"""The page of a text before it is public, as the desk shows it."""

import pytest

from articles import workflow
from articles.views.preview import preview_page
from tests import factories
from tests.articles.reader import day, open_page, part, words

pytestmark = pytest.mark.django_db
NOON = day(2026, 3, 1, 12)


def previewed(article):
    return preview_page(article.newest_revision, NOON).content.decode()


def test_it_is_the_page_readers_will_see(clock):
    clock(NOON)
    article = factories.draft(headline="Tít nháp", tags=[factories.province("30@pre")])
    before = previewed(article)
    workflow.publish(actor=None, revision=article.newest_revision)
    article.refresh_from_db()
    after = open_page(article.get_absolute_url()).content.decode()
    for markup in (before, after):
        assert "Tít nháp" in words(markup)
        assert "Chủ nhật, 1/3/2026, 12:00 (GMT+7)" in words(markup)
    body = [part(markup, '<div class="story__text">', "<nav") for markup in (before, after)]
    assert body[0] == body[1]


def test_photos_come_from_the_desk_and_search_engines_are_kept_away():
    lead, within = factories.photo(), factories.photo()
    article = factories.draft(
        photo=lead, photo_alt="Cảnh", photo_credit="BP", body=f"<p>[[photo:{within.pk}]]</p>"
    )
    markup = previewed(article)
    for photo in (lead, within):
        assert f'src="/admin/anh/{photo.token}-564.webp"' in markup
        assert f'"/anh/{photo.token}' not in markup
    assert 'content="noindex"' in markup
    assert "canonical" not in markup


def test_a_live_story_is_previewed_with_its_edit_and_nothing_is_stored():
    article = factories.published(at=day(2026, 2, 1), headline="Tít cũ")
    edited = factories.edited(article, headline="Tít mới")
    markup = previewed(edited)
    assert "Tít mới" in words(markup)
    assert "Cập nhật 1/3/2026, 12:00" in words(markup)
    assert "Tít mới" not in open_page(article.get_absolute_url()).content.decode()
    article.refresh_from_db()
    assert article.first_public_at == day(2026, 2, 1)


def test_without_a_section_too():
    made = workflow.create_article(
        actor=None, text=factories.text(headline="Chưa xếp mục"), placement=workflow.Placement()
    )
    assert "Chưa xếp mục" in words(preview_page(made, NOON).content.decode())

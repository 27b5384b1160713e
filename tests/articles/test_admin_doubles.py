"""“Bài trùng?”: the article form says when a headline was written before."""

import pytest
from django.urls import reverse

from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
HEADLINE = "Bắc Ninh: Khánh thành cầu mới qua sông Cầu"
ALIKE = "Bắc Ninh khánh thành cây cầu mới qua sông Cầu"


def form(client, person, article):
    """The form as this person sees it."""
    client.force_login(person)
    address = reverse("admin:articles_article_change", args=[article.pk])
    return client.get(address).content.decode()


def test_a_near_identical_headline_is_named_with_its_state_and_a_link(client):
    reporter = factories.user(Role.REPORTER)
    public = factories.published(headline=HEADLINE)
    page = form(client, reporter, factories.draft(by=reporter, headline=ALIKE))
    assert "Bài trùng?" in page
    assert f'href="{public.get_absolute_url()}" target="_blank" rel="noopener">{HEADLINE}' in page
    assert "– Đã đăng" in page


def test_a_draft_is_named_to_whoever_may_read_it(client):
    reporter, secretary = factories.user(Role.REPORTER), factories.user(Role.SECRETARY)
    other = factories.draft(headline=HEADLINE)
    mine = factories.draft(by=reporter, headline=ALIKE)
    assert "Bài trùng?" not in form(client, reporter, mine)
    assert reverse("admin:articles_article_change", args=[other.pk]) in form(
        client, secretary, mine
    )


def test_an_edit_of_what_is_public_is_not_shown_to_a_stranger(client):
    reporter = factories.user(Role.REPORTER)
    public = factories.published(headline="Chuyện khác hẳn hôm nay")
    factories.edited(public, headline=HEADLINE)
    assert "Bài trùng?" not in form(client, reporter, factories.draft(by=reporter, headline=ALIKE))


def test_what_is_public_and_what_is_different_are_left_in_peace(client):
    reporter = factories.user(Role.REPORTER)
    factories.published(headline=HEADLINE)
    for mine in (
        factories.published(by=reporter, headline=ALIKE),
        factories.draft(by=reporter, headline="Bắc Ninh: Khánh thành trường mới"),
    ):
        assert "Bài trùng?" not in form(client, reporter, mine)

"""The queue: who waits, in which order."""

import datetime as dt

import pytest
from django.utils import timezone

from comments import moderation
from comments.models import Comment
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db
State = Comment.State


def test_only_the_pending_stand_in_the_queue_oldest_first():
    now = timezone.now()
    article = factories.published()
    newer = makers.pending(article, at=now - dt.timedelta(hours=1))
    older = makers.pending(article, at=now - dt.timedelta(hours=2))
    twin = makers.pending(article, at=now - dt.timedelta(hours=2))
    for state in set(State.values) - {"pending"}:
        makers.in_state(state, article)
    assert list(Comment.objects.in_queue(suspect=False)) == [older, twin, newer]


def test_a_reopened_comment_stands_where_it_stood():
    actor = makers.moderator()
    now = timezone.now()
    old = makers.pending(at=now - dt.timedelta(hours=2))
    new = makers.pending()
    moderation.reject(actor=actor, comment=old, **makers.BECAUSE)
    moderation.reopen(actor=actor, comment=old)
    assert list(Comment.objects.in_queue(suspect=False)) == [old, new]


def test_a_row_of_the_desk_costs_no_further_query(django_assert_num_queries):
    makers.in_state("approved")
    comment = Comment.objects.with_articles(timezone.now()).get()
    with django_assert_num_queries(0):
        assert comment.article_headline == "Cầu mới thông xe"
        assert comment.article_standfirst == "Xe qua cầu từ sáng nay."
        assert comment.article.section.name
        assert str(comment.decided_by) == "Lan Chi"

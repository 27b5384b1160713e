"""The way back: exactly what was there before, for one and for many."""

import pytest

from comments import moderation
from comments.models import Comment, Decision, Discussion, Report
from newsroom.roles import Role
from tests import factories
from tests.comments import makers
from tests.comments.desk import (
    QUEUE,
    UNDO,
    State,
    decide,
    done,
    many,
    reported,
    sent,
    state_of,
    text_of,
    undo,
    url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(headline="Cầu Kênh Mới thông xe")


def columns(comment):
    """All a decision may change."""
    names = "state is_shown decided_at decided_by reason reason_note reader_note assigned_to text"
    names = [*names.split(), "original_text", "redacted_at", "search_words", "queued_at"]
    return Comment.objects.values(*names).get(pk=comment.pk)


def press(client, comment, verb="", query="", **data):
    """Decide a comment as it stands now; return the page that follows."""
    comment.refresh_from_db()
    answer = decide(client, comment, verb, query, **data)
    return client.get(answer.headers["Location"])


WAYS = [
    ("pending", "approve", {}),
    ("pending", "", {"reason": "other", "note": "Nội bộ.", "reader_note": "Mời gọi lại."}),
    ("pending", "mark_spam", {}),
    ("pending", "hold", {"note": "Hỏi lại."}),
    ("held", "approve", {}),
    ("held", "reopen", {}),
    ("approved", "", {"reason": "insult", "note": "Nội bộ."}),
    ("approved", "reopen", {}),
    ("rejected", "reopen", {}),
    ("removed", "reopen", {}),
]


@pytest.mark.parametrize(("state", "verb", "data"), WAYS)
def test_everything_is_as_it_was(client, article, moderator, state, verb, data):
    comment = makers.in_state(state, article)
    if state == "held":
        Comment.objects.filter(pk=comment.pk).update(assigned_to=factories.user(Role.SECRETARY))
    query = "" if state == "pending" else f"?state={state}"
    before = columns(comment)
    page = press(client, comment, verb, query, **data)
    assert columns(comment) != before
    undo(client, page, query)
    assert columns(comment) == before


def test_approved_again_by_who_had_approved_and_counted_once(client, article, moderator):
    chief = factories.user(Role.SECRETARY)
    comment = moderation.approve(actor=chief, comment=sent(article))
    page = press(client, comment, query="?state=approved", reason="insult")
    undo(client, page, "?state=approved")
    comment.refresh_from_db()
    assert (comment.state, comment.decided_by) == (State.APPROVED, chief)
    assert Discussion.objects.get(pk=article.pk).approved == 1
    assert "Biển báo" in text_of(client.get(article.get_absolute_url()))


def test_one_press_undoes_all_that_one_press_did(client, article, moderator):
    rows = [sent(article, name=f"Người {number}") for number in range(4)]
    other = moderation.approve(actor=moderator, comment=sent(article, name="Khác"))
    page = many(client, rows, "approve")
    assert "Hoàn tác cả loạt" in text_of(page)
    answer = undo(client, page)
    assert {state_of(row) for row in rows} == {State.PENDING}
    assert state_of(other) == State.APPROVED
    assert "4 ý kiến đã trở lại như trước." in text_of(answer)


def test_what_changed_since_stays_and_is_told(client, article, moderator):
    rows = [sent(article, name=f"Người {number}") for number in range(2)]
    page = many(client, rows, "approve")
    chief = factories.user(Role.SECRETARY, full_name="Thư Ký")
    changed = Comment.objects.get(pk=rows[0].pk)
    moderation.remove(actor=chief, comment=changed, reason="insult")
    answer = undo(client, page)
    assert [state_of(row) for row in rows] == [State.REMOVED, State.PENDING]
    assert "Thư Ký" in text_of(answer)


def test_pressed_twice_it_happens_once(client, article, moderator):
    comment = sent(article)
    page = press(client, comment, "approve")
    undo(client, page)
    decided = press(client, comment, "approve")
    assert done(decided)
    undo(client, page)
    assert state_of(comment) == State.APPROVED


def test_nobody_undoes_what_another_did(client, article, moderator):
    comment = sent(article)
    batch = press(client, comment, "approve").context["undo"].batch
    client.force_login(factories.user(Role.MODERATOR))
    client.post(UNDO, {"batch": batch})
    assert state_of(comment) == State.APPROVED
    assert client.get(QUEUE, {"undo": batch}).context["undo"] is None


@pytest.mark.attack(30)
def test_looking_at_the_address_undoes_nothing(client, article, moderator):
    assert client.get(UNDO).status_code == 405


def test_the_bar_goes_when_it_was_used(client, article, moderator):
    comment = sent(article)
    page = press(client, comment, "approve")
    query = {"undo": page.context["undo"].batch}
    assert done(client.get(QUEUE, query))
    undo(client, page)
    assert not done(client.get(QUEUE, query))


def test_purging_empties_what_was_kept_for_undoing(client, article, moderator):
    comment = sent(article, text="Gọi 0900 000 000 nhé")
    moderation.redact(actor=moderator, comment=comment, text="Gọi […] nhé", approve=False)
    moderation.withdraw(comment=comment)
    moderation.purge(comment=comment)
    assert {str(row.before) for row in Decision.objects.all()} == {"{}"}


def test_a_removal_taken_back_is_reported_as_before(client, moderator, article):
    comment = makers.in_state("approved", article)
    reported(comment, note="Nói sai tên tôi.")
    before = Comment.objects.get(pk=comment.pk).reported_at
    answer = press(client, comment, reason="insult", query="?state=reported")
    assert not Report.objects.filter(closed_at=None).exists()
    undo(client, answer, "?state=reported")
    comment = Comment.objects.get(pk=comment.pk)
    assert (comment.state, comment.reported_at) == ("approved", before)
    assert Report.objects.get().closed_by is None
    assert "Nói sai tên tôi." in text_of(client.get(url(comment)))

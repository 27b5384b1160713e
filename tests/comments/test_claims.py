"""Who has a comment open: by opening it, told to the others, released by itself."""

import datetime as dt

import pytest
from django.utils import timezone

from comments import moderation
from comments.models import Comment
from comments.moderation import claims
from newsroom import events
from newsroom.roles import Role
from tests import factories
from tests.comments import makers
from tests.comments.desk import QUEUE, State, decide, form, page_of, sent, state_of, text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(headline="Cầu Kênh Mới thông xe")


JSON = "application/json"
LATER = dt.timedelta(minutes=4)


@pytest.fixture
def colleague():
    return factories.user(Role.MODERATOR, full_name="Lê Nhanh")


def claim_of(comment):
    return Comment.objects.values_list("claimed_by", "claimed_until").get(pk=comment.pk)


def expire(comment):
    Comment.objects.filter(pk=comment.pk).update(claimed_until=timezone.now())


def test_opening_keeps_it_for_three_minutes_and_says_so(client, article, moderator):
    comment, before = sent(article), timezone.now()
    page = client.get(url(comment))
    person, until = claim_of(comment)
    assert person == moderator.pk
    assert dt.timedelta(minutes=2) < until - before < LATER
    assert f"Bạn đang giữ ý kiến này đến {events.clock(until)}" in text_of(page)
    assert Comment.objects.get(pk=comment.pk).version == comment.version


def test_leafing_keeps_only_what_is_open(client, article, moderator, colleague):
    one, two, theirs = sent(article), sent(article), sent(article)
    moderation.claim(actor=colleague, comment=theirs)
    client.get(url(one))
    client.get(url(two))
    assert claim_of(one) == (None, None)
    assert claim_of(two)[0] == moderator.pk
    assert claim_of(theirs)[0] == colleague.pk
    client.get(url(moderation.approve(actor=moderator, comment=sent(article))))
    assert claim_of(two)[0] == moderator.pk, "what is decided is only looked at"


def test_somebody_elses_is_shown_without_buttons_and_the_next_is_a_key_away(
    client, article, moderator, colleague
):
    first, second = sent(article, minutes=9), sent(article, name="Hai", minutes=3)
    moderation.claim(actor=colleague, comment=first)
    page = client.get(url(first))
    assert "Lê Nhanh đang giữ ý kiến này đến" in text_of(page)
    assert "Biển báo" in text_of(page)
    assert 'value="approve"' not in page_of(page)
    assert page.context["next_url"] == url(second)
    assert 'data-key="j"' in page_of(page)
    assert claim_of(first)[0] == colleague.pk


def test_next_and_previous_pass_over_what_others_have_open(client, article, moderator, colleague):
    rows = [sent(article, name=str(n), minutes=50 - n) for n in range(5)]
    for taken in (rows[1], rows[3]):
        moderation.claim(actor=colleague, comment=taken)
    page = client.get(url(rows[2]))
    assert page.context["previous_url"] == url(rows[0])
    assert page.context["next_url"] == url(rows[4])
    answer = decide(client, rows[2], "approve")
    assert answer.headers["Location"].startswith(url(rows[4]))
    assert claim_of(rows[4])[0] == moderator.pk, "taken in the same step"


def test_deciding_what_another_has_open_is_a_conflict_with_name_and_time(
    client, article, moderator, colleague
):
    first, second = sent(article, minutes=9), sent(article, name="Hai", minutes=3)
    client.get(url(first))
    expire(first)
    moderation.claim(actor=colleague, comment=first)
    answer = client.post(url(first), form(first, "approve"), follow=True)
    assert answer.request["PATH_INFO"] == url(second)
    assert "Lê Nhanh đang giữ ý kiến này đến" in text_of(answer)
    assert "Đây là ý kiến tiếp." in text_of(answer)
    assert state_of(first) == State.PENDING


def test_what_was_taken_by_a_clock_that_ran_ahead_is_anybodys(
    client, article, moderator, colleague, clock
):
    now, comment = timezone.now(), sent(article)
    clock(now + dt.timedelta(days=1))
    moderation.claim(actor=colleague, comment=comment)
    clock(now)
    assert "đang giữ" not in text_of(client.get(QUEUE))
    assert 'value="approve"' in page_of(client.get(url(comment)))
    assert decide(client, comment, "approve").status_code == 302
    assert state_of(comment) == State.APPROVED


def test_after_its_time_it_is_anybodys(client, article, moderator, colleague):
    comment = sent(article)
    moderation.claim(actor=colleague, comment=comment)
    expire(comment)
    assert 'value="approve"' in page_of(client.get(url(comment)))
    assert claim_of(comment)[0] == moderator.pk


def test_time_that_ended_and_nobody_came_still_decides(client, article, moderator):
    comment = sent(article)
    client.get(url(comment))
    expire(comment)
    decide(client, comment, "approve")
    assert state_of(comment) == State.APPROVED


def test_giving_back_leads_to_the_list_and_frees_it(client, article, moderator, colleague):
    comment = sent(article)
    client.get(url(comment))
    answer = client.post(url(comment), form(comment, "release"), follow=True)
    assert answer.request["PATH_INFO"] == QUEUE
    assert claim_of(comment) == (None, None)


def test_what_a_colleague_has_open_cannot_be_given_back(client, article, moderator, colleague):
    comment = sent(article)
    moderation.claim(actor=colleague, comment=comment)
    decide(client, comment, "release")
    assert claim_of(comment)[0] == colleague.pk


def test_a_small_request_keeps_it_longer_without_leaving(client, article, moderator):
    comment = sent(article)
    client.get(url(comment))
    soon = timezone.now() + dt.timedelta(seconds=20)
    Comment.objects.filter(pk=comment.pk).update(claimed_until=soon)
    answer = client.post(url(comment), form(comment, "claim"), headers={"accept": JSON})
    until = claim_of(comment)[1]
    assert until > soon + dt.timedelta(minutes=2)
    assert answer.json() == {"until": events.clock(until), "seconds": 180.0}


def test_the_small_request_says_when_a_colleague_has_it(client, article, moderator, colleague):
    comment = sent(article)
    moderation.claim(actor=colleague, comment=comment)
    answer = client.post(url(comment), form(comment, "claim"), headers={"accept": JSON})
    assert answer.status_code == 409
    assert "Lê Nhanh" in answer.json()["message"]


def test_keeping_it_longer_without_a_script(client, article, moderator, colleague):
    comment = sent(article)
    answer = client.post(url(comment), form(comment, "claim"), follow=True)
    assert answer.request["PATH_INFO"] == url(comment)
    assert claim_of(comment)[0] == moderator.pk
    moderation.release(actor=moderator, comment=comment)
    moderation.claim(actor=colleague, comment=comment)
    assert "Lê Nhanh" in text_of(client.post(url(comment), form(comment, "claim"), follow=True))


def test_a_text_the_reader_changes_meanwhile_is_shown_anew(client, article, moderator):
    comment = sent(article)
    shown = Comment.objects.get(pk=comment.pk)
    client.get(url(comment))
    moderation.edit(comment=comment, text="Biển báo đã thay, cảm ơn tòa soạn.")
    answer = client.post(url(comment), form(shown, "approve"), follow=True)
    assert answer.request["PATH_INFO"] == url(comment)
    assert "Đây là bản mới." in text_of(answer)
    assert "Biển báo đã thay" in text_of(answer)
    assert state_of(comment) == State.PENDING
    decide(client, Comment.objects.get(pk=comment.pk), "approve")
    assert state_of(comment) == State.APPROVED


def test_rows_in_the_list_say_who_has_them_open(client, article, moderator, colleague):
    moderation.claim(actor=colleague, comment=sent(article))
    assert "Lê Nhanh đang giữ" in text_of(client.get(QUEUE))


@pytest.mark.parametrize("state", ["approved", "rejected", "spam"])
def test_what_is_decided_is_open_to_everybody_at_once(client, article, moderator, state):
    comment = makers.in_state(state, article)
    page = client.get(f"{url(comment)}?state={state}")
    assert "Bạn đang giữ" not in text_of(page)
    assert 'value="reopen"' in page_of(page)
    assert claim_of(comment) == (None, None)


def test_what_a_colleague_has_decided_meanwhile_has_no_keys(client, article, moderator, colleague):
    first, second = sent(article, minutes=9), sent(article, name="Hai", minutes=3)
    moderation.hold(actor=colleague, comment=first)
    page = page_of(client.get(url(first)))
    assert "Lê Nhanh đã giữ lại" in page
    assert 'value="approve"' in page
    for key in "ashre":
        assert f'data-key="{key}"' not in page
    assert f'href="{url(second)}" data-key="j"' in page
    assert claim_of(first) == (None, None)
    assert 'data-key="a"' in page_of(client.get(url(first) + "?state=held"))


def decided_before_the_claim(monkeypatch, colleague):
    """Let a colleague decide each comment between the moment it is read and that of its claim."""
    plain = claims.may_change

    def may_change(actor, comment):
        monkeypatch.setattr(claims, "may_change", plain)
        moderation.approve(actor=colleague, comment=Comment.objects.get(pk=comment.pk))
        plain(actor, comment)

    monkeypatch.setattr(claims, "may_change", may_change)


def test_what_is_decided_while_it_opens_is_shown_as_decided(
    client, article, moderator, colleague, monkeypatch
):
    comment = sent(article)
    decided_before_the_claim(monkeypatch, colleague)
    page = client.get(url(comment))
    assert 'value="approve"' not in page_of(page)
    assert "Lê Nhanh" in text_of(page)
    assert claim_of(comment) == (None, None)


def test_what_is_decided_meanwhile_is_not_the_next_one(
    client, article, moderator, colleague, monkeypatch
):
    first, second, third = (sent(article, name=str(n), minutes=9 - n) for n in range(3))
    decided_before_the_claim(monkeypatch, colleague)
    answer = decide(client, first, "mark_spam")
    assert state_of(second) == State.APPROVED
    assert answer.headers["Location"].startswith(url(third))


def test_what_is_given_back_while_it_opens_is_kept(
    client, article, moderator, colleague, monkeypatch
):
    comment = sent(article)
    plain = claims.conflict

    def conflict(refused, actor):
        moderation.release(actor=colleague, comment=refused)
        return plain(refused, actor)

    monkeypatch.setattr(claims, "conflict", conflict)
    plain_may = claims.may_change

    def taken_meanwhile(actor, asked):
        monkeypatch.setattr(claims, "may_change", plain_may)
        moderation.claim(actor=colleague, comment=Comment.objects.get(pk=asked.pk))

    monkeypatch.setattr(claims, "may_change", taken_meanwhile)
    assert "Bạn đang giữ ý kiến này" in text_of(client.get(url(comment)))
    assert claim_of(comment)[0] == moderator.pk

"""What time does: purge_comments, on every kind of row, once and again."""

from datetime import timedelta

import pytest
from captcha.models import CaptchaStore
from django.core.management import call_command
from django.utils import timezone

from comments import captcha
from comments.models import (
    BlockedSender,
    Budget,
    CaptchaTally,
    Comment,
    Like,
    Notice,
    Report,
    Sketch,
)
from newsroom.models import Event, LogIn
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db

KEPT = {"rejected": 90, "removed": 90, "spam": 30, "withdrawn": 7, "unconfirmed": 2}
NEVER = ("pending", "held", "approved")
HASHES = {"address_hash": "1" * 32, "prefix_hash": "2" * 32}


def ago(days):
    return timezone.now() - timedelta(days=days)


def aged(comment, days):
    """Let the comment be so old, and decided so long ago."""
    moments = {"submitted_at": ago(days), "queued_at": ago(days)}
    if comment.decided_at:
        moments["decided_at"] = ago(days)
    Comment.objects.filter(pk=comment.pk).update(**moments)
    return comment


def purge(*options):
    call_command("purge_comments", *options)


def test_each_state_has_its_time_and_what_waits_or_shows_has_none():
    article = factories.published()
    old = [aged(makers.in_state(state, article), days + 0.1) for state, days in KEPT.items()]
    young = [aged(makers.in_state(state, article), days - 0.1) for state, days in KEPT.items()]
    never = [aged(makers.in_state(state, article), 5_000) for state in NEVER]
    purge()
    purged = set(Comment.objects.filter(state="purged", text="", name="", email=""))
    assert purged == set(old)
    assert not set(young) & purged
    assert set(Comment.objects.filter(pk__in=[row.pk for row in never])) - purged == set(never)
    assert Event.objects.filter(verb="purge").count() == len(KEPT)


def test_run_again_it_finds_nothing(capsys):
    aged(makers.in_state("spam"), 31)
    purge()
    events = Event.objects.count()
    purge()
    assert Event.objects.count() == events
    first, second = capsys.readouterr().out.split("Đã dọn xong những gì hết hạn.")[:2]
    assert "1" in first
    assert second.strip() == ""


def test_a_dry_run_says_what_would_happen_and_writes_nothing(capsys):
    comment = aged(makers.in_state("spam"), 31)
    purge("--dry-run")
    assert "1  " in capsys.readouterr().out
    assert Comment.objects.get(pk=comment.pk).state == "spam"
    assert not Event.objects.filter(verb="purge").exists()


def test_the_days_are_settings(settings):
    settings.KEEP_COMMENTS_DAYS = settings.KEEP_COMMENTS_DAYS | {"spam": 3}
    comment = aged(makers.in_state("spam"), 4)
    purge()
    assert Comment.objects.get(pk=comment.pk).state == "purged"


def test_legal_hold_stops_all_of_it():
    comment = aged(makers.in_state("rejected"), 5_000)
    Comment.objects.filter(pk=comment.pk).update(legal_hold=True, **HASHES)
    said = {"comment": comment, "created_at": ago(400), "due_at": ago(400)}
    letter = Notice.objects.create(kind="decided", sent_at=ago(400), **said)
    report = {"comment": comment, "reason": "insult", "at": ago(400)} | HASHES
    Report.objects.create(ticket="BC-1", **report)
    like = Like.objects.create(comment=comment, device_hash="3" * 32, at=ago(400))
    before = Comment.objects.values().get(pk=comment.pk)
    purge()
    assert Comment.objects.values().get(pk=comment.pk) == before
    assert Notice.objects.get() == letter
    assert Report.objects.get().address_hash == HASHES["address_hash"]
    assert Like.objects.get().device_hash == f"-{like.pk}", "who liked it is nobody's matter"


def test_who_sent_it_is_forgotten_after_its_time():
    article = factories.published()
    old, young = (aged(makers.in_state("approved", article), days) for days in (91, 89))
    Comment.objects.update(**HASHES)
    for comment, days in ((old, 91), (young, 89)):
        said = {"comment": comment, "reason": "insult", "at": ago(days)}
        Report.objects.create(ticket=f"T{days}", **said, **HASHES)
    likes = [Like.objects.create(comment=old, device_hash=f"{n}" * 32, at=ago(91)) for n in (3, 4)]
    blocked = {"kind": "prefix", "value_hash": "2" * 32}
    BlockedSender.objects.create(until=ago(91), **blocked)
    purge()
    kept = Comment.objects.exclude(address_hash="", prefix_hash="")
    assert list(kept) == [young]
    assert list(Report.objects.exclude(address_hash="").values_list("ticket", flat=True)) == ["T89"]
    devices = Like.objects.values_list("device_hash", flat=True)
    assert sorted(devices) == sorted(f"-{like.pk}" for like in likes)
    assert not BlockedSender.objects.exists()


def test_addresses_go_after_a_year_and_the_comment_stays():
    article = factories.published()
    old, young = (aged(makers.in_state("approved", article), days) for days in (366, 364))
    Comment.objects.update(email_confirmed_at=ago(300), wants_notices=True)
    purge()
    old, young = (Comment.objects.get(pk=row.pk) for row in (old, young))
    assert (old.email, old.wants_notices, old.state) == ("", False, "approved")
    assert old.text == makers.TEXT
    assert young.email


def test_the_machinery_is_swept():
    comment, now = makers.in_state("approved"), timezone.now()
    for days in (1, 1_000):
        Budget.objects.create(key=f"k{days}", window=ago(days))
        CaptchaTally.objects.create(hour=ago(days), what="issued", part=0)
        Sketch.objects.create(comment=comment, band=1, at=ago(days))
        moments = {"created_at": ago(days), "due_at": ago(days)}
        Notice.objects.create(comment=comment, kind="decided", sent_at=now, **moments)
        key = f"{days}" * 8
        LogIn.objects.create(session_key=key, session_data="", expire_date=ago(days - 2))
    captcha.issue()
    expired = CaptchaStore.objects.create(hashkey="a" * 40, expiration=ago(1), response="1")
    purge()
    for model in (Budget, Sketch, Notice):
        assert model.objects.count() == 1, model
    assert CaptchaTally.objects.filter(hour__gt=ago(2)).exists()
    assert not CaptchaTally.objects.filter(hour__lt=ago(2)).exists()
    assert not CaptchaStore.objects.filter(pk=expired.pk).exists()
    assert CaptchaStore.objects.count() == 1
    assert list(LogIn.objects.values_list("session_key", flat=True)) == ["1" * 8]


def test_many_are_emptied_in_batches(monkeypatch):
    monkeypatch.setattr("comments.retention.BATCH", 2)
    article = factories.published()
    for _ in range(5):
        aged(makers.in_state("withdrawn", article), 8)
    purge()
    assert Comment.objects.filter(state="purged").count() == 5

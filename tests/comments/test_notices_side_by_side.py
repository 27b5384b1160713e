"""Letters on a database that really commits: many workers, and the thread of the server."""

import time

import pytest
from django.core import mail
from django.db import transaction

from comments import notices
from comments.models import Notice
from newsroom import copies
from tests import factories
from tests.comments import makers
from tests.comments.test_side_by_side import at_once, roles  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("roles")]

LETTERS = 12


def write(number=LETTERS):
    article = factories.published()
    for one in range(number):
        makers.in_state("unconfirmed", article, email=f"{one}@example.com")


def arrived(number, seconds=10):
    """Wait until so many letters are out; return to whom they went."""
    end = time.monotonic() + seconds
    while len(mail.outbox) < number and time.monotonic() < end:
        time.sleep(0.05)
    return sorted(to for letter in mail.outbox for to in letter.to)


def test_many_workers_send_each_letter_once():
    write()
    at_once(lambda _number: notices.deliver(), count=6)
    assert arrived(LETTERS) == sorted(f"{one}@example.com" for one in range(LETTERS))
    assert not Notice.objects.filter(sent_at=None).exists()


def test_the_server_sends_by_itself_once_it_is_committed(settings):
    settings.SEND_LETTERS_AT_ONCE = True
    with transaction.atomic():
        write(2)
        time.sleep(0.3)
        assert mail.outbox == []
    assert arrived(2) == ["0@example.com", "1@example.com"]


def test_what_is_stored_is_not_told_as_failed_where_no_letter_can_go(settings, monkeypatch):
    settings.SEND_LETTERS_AT_ONCE = True
    told = []

    def no_disk():
        raise OSError("stale file handle")

    monkeypatch.setattr(copies, "copied_at", no_disk)
    with transaction.atomic():
        write(1)
        transaction.on_commit(lambda: told.append("done"))
    assert Notice.objects.filter(sent_at=None).count() == 1
    assert told == ["done"]


def test_what_is_rolled_back_is_never_sent(settings):
    settings.SEND_LETTERS_AT_ONCE = True
    with transaction.atomic():
        write(1)
        transaction.set_rollback(True)
    time.sleep(0.3)
    assert mail.outbox == []
    assert not Notice.objects.exists()

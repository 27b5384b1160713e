"""What became of captchas, counted so that the numbers page can tell."""

import datetime as dt

import pytest
from captcha.models import CaptchaStore
from django.db.models import Sum
from django.utils import timezone

from comments import captcha, tallies
from comments.models import CaptchaTally
from tests import factories
from tests.comments.reader import address, fill

pytestmark = pytest.mark.django_db


def counted():
    """How many of each kind there are, whatever the hour."""
    rows = CaptchaTally.objects.values_list("what").annotate(Sum("number"))
    return dict(rows.order_by("what"))


def test_what_became_of_each_code_is_counted_once(client):
    article = factories.published()
    client.post(address(article), fill(client, article))
    client.post(address(article), fill(client, article, right=False))
    sent = fill(client, article, text="Hết hạn.")
    CaptchaStore.objects.update(expiration=timezone.now())
    client.post(address(article), sent)
    client.post(address(article), fill(client, article) | {"action": "mail"})
    # Four forms opened; the wrong and the late answer each brought another code.
    assert counted() == {"issued": 6, "solved": 1, "wrong": 1, "expired": 1, "mailed": 1}


def test_a_form_sent_twice_and_an_empty_answer_count_for_nothing(client):
    article = factories.published()
    sent = fill(client, article)
    for _ in range(2):
        client.post(address(article), sent)
    client.post(address(article), fill(client, article, answer=""))
    assert counted() == {"issued": 3, "solved": 1}


def test_whoever_listens_counts_once_a_code(client):
    where = f"/binh-luan/ma/{captcha.issue()}.wav"
    for part in ("bytes=0-1", "bytes=0-", None):
        client.get(where, headers={"Range": part} if part else {})
    assert counted()["audio"] == 1


def test_they_stand_in_their_hour_and_old_ones_go():
    old = timezone.now() - tallies.KEPT - dt.timedelta(days=1)
    CaptchaTally.objects.create(hour=old, what="issued", part=0, number=7)
    for _ in range(5):
        tallies.count("issued")
    rows = CaptchaTally.objects.all()
    assert {(row.hour.minute, row.what) for row in rows} == {(0, "issued")}
    assert sum(row.number for row in rows) == 5

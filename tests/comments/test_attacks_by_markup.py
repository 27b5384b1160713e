"""What readers write stays text wherever it comes out: pages, desk, letters, the reader's file."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from comments import moderation, tickets
from comments.models import Comment
from tests import factories
from tests.comments import letters, makers
from tests.comments.desk import QUEUE, decide, page_of, url
from tests.comments.reader import address, fill, values_in

pytestmark = [pytest.mark.django_db, pytest.mark.attack(15)]

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7|add:7 }}{% now 'Y' %}"
HOSTILE = {
    "name": "=1+1<img src=x onerror=alert(1)>{{ 7|add:7 }}",
    "text": f"{MARKUP} javascript:alert(1) data:text/html,x https://evil.vn \"'><svg/onload=b>",
    "email": '"<img/src=x/onerror=alert(1)>{{7|add:7}}"@evil.vn',
}


class Live(HTMLParser):
    """What of a page would act: foreign tags, attributes that are scripts, links out."""

    def __init__(self, response):
        super().__init__()
        self.found = []
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        led = values.get("href") or values.get("src") or values.get("action") or ""
        if any(name.startswith("on") for name in values) or tag == "svg" and "onload" in values:
            self.found.append((tag, values))
        if led == "x" or re.match(r"javascript:|data:text|https://evil", led):
            self.found.append((tag, values))

    def handle_data(self, data):
        if self.cdata_elem == "script" and "alert(1)" in data:
            self.found.append(("script", data))


@pytest.fixture
def article():
    return factories.published(headline="Cầu mới thông xe")


def approve(comment):
    return moderation.approve(actor=makers.moderator(), comment=comment)


class TestMarkup:
    @pytest.fixture
    def comment(self, client, article):
        client.post(address(article), fill(client, article, **HOSTILE))
        return approve(Comment.objects.get())

    def is_plain(self, response, *words):
        """Nothing acts, and the words stand there as they were typed."""
        assert response.status_code == 200
        assert Live(response).found == []
        shown = page_of(response)
        for word in words or ("{{ 7|add:7 }}",):
            assert word in shown

    def test_on_what_readers_open(self, client, comment):
        own = tickets.url_of(comment)
        for path in (
            comment.article.get_absolute_url(),
            f"{address(comment.article)}y-kien/",
            f"/binh-luan/y-kien/{comment.pk}/",
            f"/binh-luan/y-kien/{comment.pk}/bao-cao/",
            own,
            f"{address(comment.article)}?tra-loi={comment.pk}",
        ):
            self.is_plain(client.get(path))
        assert "add:7" not in client.get("/rss.xml").content.decode()

    def test_in_the_form_that_comes_back(self, client, article):
        sent = fill(client, article, right=False, **HOSTILE)
        response = client.post(address(article), sent)
        assert response.status_code == 422
        assert Live(response).found == []
        assert values_in(response) == HOSTILE | {"answer": ""}

    def test_at_the_desk(self, client, comment, moderator):
        for state in ("", "approved", "mine"):
            assert Live(client.get(QUEUE, {"state": state})).found == []
        self.is_plain(client.get(QUEUE, {"state": "approved"}), HOSTILE["name"], MARKUP)
        self.is_plain(client.get(url(comment)), HOSTILE["name"], MARKUP)
        self.is_plain(client.get(url(comment, "redact")), MARKUP)
        self.is_plain(client.get(url(comment, "history")), "đã")
        self.is_plain(decide(client, comment, "see_address"), HOSTILE["email"])
        block = reverse("admin:comments_blockedsender_block", args=[comment.pk])
        self.is_plain(client.get(block), "chặn")

    def test_in_letters(self, comment):
        asker = approve(letters.subscriber(article=comment.article))
        letters.delivered()
        approve(
            makers.pending(comment.article, answered=Comment.objects.get(pk=asker.pk), **HOSTILE)
        )
        (letter,) = letters.delivered()
        assert letter.content_subtype == "plain"
        assert MARKUP in letter.body
        assert "add:7" not in letter.subject

    def test_in_the_readers_own_file(self, client, comment):
        response = client.get(f"{tickets.url_of(comment)}tai-ve/")
        assert response["Content-Type"].startswith("application/json")
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        (told,) = response.json()["ý kiến bạn đọc"]
        assert {HOSTILE["name"], HOSTILE["email"]} <= {str(value) for value in told.values()}

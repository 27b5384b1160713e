"""R33: after a full run of readers and staff the log holds no person; target: 0 finds."""

import datetime as dt
import io
import json
import logging
import logging.config
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from articles.models import Article
from comments.models import Comment
from newsroom import settings as product
from newsroom.logs import hits, networks
from newsroom.models import User
from newsroom.roles import Role
from tests import factories
from tests.comments import reader

pytestmark = pytest.mark.django_db

# Who was here and what they typed; no part of it may stand in the log.
ADDRESS = "203.0.113.77"
BROWSER = "Trinhduyet-BiMat/7.1"
NAME, EMAIL = "Nguyễn Thị Bí Mật", "bimat@doc-gia.example"
TEXT = "Chuyện riêng nhà tôi ở số 4 Lý Thường Kiệt."
QUERY = "tu-khoa-rieng"
HEADLINE = "Tin chưa đăng về ông Kín"
PASSWORD, WRONG = factories.PASSWORD, "mat-khau-go-nham"
REASON = "Người viết đơn xin giấu tên."
TYPED = (ADDRESS, "203.0.113", BROWSER, NAME, EMAIL, TEXT, QUERY, HEADLINE, WRONG, REASON)


@pytest.fixture
def log(settings, tmp_path):
    """The log of the product's own settings, in memory."""
    settings.VAR_DIR = tmp_path
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logging.config.dictConfig(product.LOGGING)
    stream = io.StringIO()
    root.handlers[0].setStream(stream)
    yield stream
    root.handlers, root.level = before, level
    for name in product.LOGGING["loggers"]:
        logging.getLogger(name).setLevel(logging.NOTSET)


def lines(log):
    return [json.loads(line) for line in log.getvalue().splitlines()]


def visitor():
    return Client(
        REMOTE_ADDR=ADDRESS,
        HTTP_USER_AGENT=BROWSER,
        HTTP_REFERER=f"http://testserver/tim-kiem/?q={QUERY}",
        HTTP_X_FORWARDED_FOR="198.51.100.4",
        raise_request_exception=False,
    )


def as_reader(article) -> list[str]:
    """A reader's way, with all that he may do wrong; returns the secrets he was given."""
    client = visitor()
    client.cookies["theo-doi"] = "banh-quy-la"
    for path in ("/", f"/tim-kiem/?q={QUERY}", article.get_absolute_url(), f"/{QUERY}/"):
        client.get(path)
    client.get(f"/{QUERY}\nINFO a forged line/")
    client.get("/", HTTP_HOST=f"{QUERY}.example")
    fields = {"name": NAME, "email": EMAIL, "text": TEXT}
    sent = reader.fill(client, article, right=False, **fields)
    client.post(reader.address(article), sent)
    sent = reader.fill(client, article, **fields)
    ticket = client.post(reader.address(article), sent)["Location"]
    assert client.get(ticket).status_code == 200
    return ["banh-quy-la", "198.51.100.4", sent["token"], ticket.strip("/").split("/")[-1]]


def as_staff(article) -> list[str]:
    """Staff who mistype a password, write and moderate; returns the secrets they were given."""
    person = factories.user(Role.SECRETARY, full_name="Kín Danh")
    client = visitor()
    where = {"username": person.username}
    client.post("/admin/login/", where | {"password": WRONG})
    client.post("/admin/login/", where | {"password": PASSWORD})
    client.force_login(person)
    form = {"headline": HEADLINE, "standfirst": TEXT, "body": f"<p>{TEXT}</p>", "_save": "1"}
    client.post(reverse("admin:articles_article_add"), form)
    client.get(f"/admin/articles/article/?q={QUERY}")
    comment = Comment.objects.latest("pk")
    client.get(reverse("admin:comments_comment_change", args=[comment.pk]))
    decided = {"verb": "reject", "reason": "insult", "note": REASON}
    client.post(reverse("admin:comments_comment_change", args=[comment.pk]), decided)
    return [client.cookies["sessionid"].value, person.username, "Kín Danh"]


def broken(monkeypatch, article):
    """Errors that quote what was typed, on the way of a form."""

    def quoting(**fields):
        raise ValueError(f"cannot take {fields}")

    def doubled(*, email, **fields):
        try:
            with transaction.atomic():
                for _ in range(2):
                    User.objects.create(username=email)
        except IntegrityError as error:
            raise RuntimeError(f"{email} is there") from error

    for submit in (quoting, doubled):
        client = visitor()
        sent = reader.fill(client, article, name=NAME, email=EMAIL, text=TEXT)
        with monkeypatch.context() as patch:
            patch.setattr("comments.moderation.submit", submit)
            assert client.post(reader.address(article), sent).status_code == 500


def test_nobody_stands_in_the_log(log, monkeypatch):
    article = factories.published()
    secrets = as_reader(article) + as_staff(article)
    broken(monkeypatch, article)
    said = log.getvalue()
    assert [word for word in (*TYPED, *secrets) if word in said] == []
    told = lines(log)
    assert len(told) > 15, "a line each, whatever stands in a path"
    errors = [line for line in told if "errors" in line]
    kinds = [error["kind"] for line in errors for error in line["errors"]]
    assert "ValueError" in kinds
    assert "IntegrityError" in kinds
    assert any("comments/" in place for line in errors for place in line["errors"][0]["at"])
    assert all(line["id"] for line in errors)


def test_a_request_is_one_line_that_says_what_is_needed(log):
    article = factories.published()
    visitor().get(article.get_absolute_url() + f"?q={QUERY}")
    editor = Client(REMOTE_ADDR=ADDRESS)
    editor.force_login(factories.user(Role.EDITOR, Role.MODERATOR))
    editor.get("/admin/")
    page, desk = lines(log)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", page.pop("time"))
    assert page.pop("ms") > 0
    assert page.pop("bytes") > 1_000
    assert len(page.pop("id")) == 16
    assert page.pop("net") == desk["net"] != ""
    assert page == {
        "level": "INFO",
        "logger": "newsroom.requests",
        "route": "article",
        "method": "GET",
        "status": 200,
        "cache": "none",
        "role": "",
    }
    assert (desk["route"], desk["role"]) == ("admin:index", "editor+moderator")


def test_health_is_asked_too_often_to_be_told(log):
    visitor().get("/healthz")
    assert lines(log) == []


def test_a_network_has_another_name_every_day(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    today = networks.hidden("203.0.113.0/24")
    networks._key.cache_clear()  # as another worker
    assert networks.hidden("203.0.113.0/24") == today
    assert networks.hidden("203.0.114.0/24") != today
    (kept,) = (tmp_path / "log-keys").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600

    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)

    class Tomorrow(dt.datetime):
        @classmethod
        def now(cls, zone=None):
            return tomorrow

    monkeypatch.setattr(networks.dt, "datetime", Tomorrow)
    assert networks.hidden("203.0.113.0/24") != today
    assert len(list((tmp_path / "log-keys").iterdir())) == 1, "yesterday's key is gone"


def test_hits_are_told_together(log):
    count = hits.Ticks()
    for _ in range(4):
        count.tick()
    assert hits.tell(count, 0) == 4
    assert hits.tell(count, 4) == 0
    count.tick()
    assert hits.tell(count, 4) == 1
    told = [(line["cache"], line["requests"]) for line in lines(log)]
    assert told == [("hit", 4), ("hit", 1)]


def test_switched_off_there_is_no_line(log):
    logging.getLogger("newsroom.requests").setLevel(logging.WARNING)
    factories.published()
    visitor().get("/")
    assert lines(log) == []
    assert Article.objects.count() == 1

"""R33: after a full run of readers and staff the log holds no person; target: 0 finds."""

import datetime as dt
import io
import json
import logging
import logging.config
import re
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Photo
from comments.models import Comment, Notice
from newsroom import settings as product
from newsroom.logs import hits, networks
from newsroom.models import LogIn, User
from newsroom.roles import Role
from tests import factories, postgres
from tests.comments import desk, makers, reader
from tests.page_cache import servers
from tests.page_cache.servers import until
from tests.security import at_work

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


class RealServer:
    """A reader and a member of staff at a running server, whose every secret is noted."""

    def __init__(self, node, mails):
        self.node, self.mails = node, mails
        self.secrets = set(TYPED) | {COOKIE, STAFF_EMAIL, "Kín Danh"}
        self.asked = 0
        self.person = factories.user(Role.SECRETARY, full_name="Kín Danh", email=STAFF_EMAIL)
        # The server looks passwords up as in life, the tests in a quicker way.
        self.person.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1_000)
        self.person.save()
        self.secrets |= {self.person.username, self.person.password}

    def get(self, path, **headers):
        self.asked += 1
        return self.node.get(path, **SENT_ALONG | headers)

    def post(self, path, fields, session=""):
        self.asked += 1
        cookies = "; ".join(
            [f"csrftoken={TOKEN}", COOKIE, *([f"sessionid={session}"] * bool(session))]
        )
        return self.node.post(path, fields, session, **SENT_ALONG | {"Cookie": cookies})

    def reads(self, article):
        for path in ("/", f"/tim-kiem/?q={QUERY}", article.get_absolute_url(), f"/{QUERY}/"):
            self.get(path)
        self.get(f"/{QUERY}%0aINFO%20a%20forged%20line/")
        assert self.get("/", Host=f"{QUERY}.example").status == 400

    def comments(self, article, right=True):
        """Send the form; return the answer."""
        page = self.get(f"/binh-luan/{article.pk}/").body.decode()
        fields = {"name": NAME, "email": EMAIL, "text": TEXT, "wants_notices": "on"}
        sent = makers.sent_by(page, right=right, **fields)
        self.secrets |= {sent["token"], sent["captcha_key"]}
        return self.post(f"/binh-luan/{article.pk}/", sent)

    def comments_and_looks(self, article):
        assert self.comments(article, right=False).status == 422
        answer = self.comments(article)
        assert answer.status == 303
        ticket = answer.headers["location"]
        assert TEXT in self.get(ticket).body.decode()
        self.secrets.add(ticket.strip("/").split("/")[-1])
        letter = self.letter("/thu/")
        for token in re.findall(r"/thu/[\w-]+/([\w-]+)/", letter):
            self.secrets.add(token)
        for path in re.findall(r"http://testserver(/\S+/thu/\S+)", letter):
            self.get(path)

    def edits(self, ticket):
        version = Comment.objects.latest("pk").version
        return self.post(ticket, {"action": "edit", "version": version, "text": f"{TEXT} Thật."})

    def logs_in(self):
        """Mistype the password, log in, write, look for something and reject the comment."""
        name = {"username": self.person.username}
        assert self.post("/admin/login/", name | {"password": WRONG}).status == 200
        assert self.post("/admin/login/", name | {"password": PASSWORD}).status == 302
        self.person.refresh_from_db()
        session = at_work.session_of(self.person)
        self.secrets |= {session, *LogIn.objects.values_list("session_key", flat=True)}
        form = {"headline": HEADLINE, "standfirst": TEXT, "body": f"<p>{TEXT}</p>", "verb": "save"}
        byline = {"byline-TOTAL_FORMS": "0", "byline-INITIAL_FORMS": "0"}
        assert self.post("/admin/articles/article/add/", form | byline, session).status == 302
        cookie = {"Cookie": f"sessionid={session}"}
        assert self.get(f"/admin/articles/article/?q={QUERY}", **cookie).status == 200
        comment = Comment.objects.latest("pk")
        assert self.get(desk.url(comment), **cookie).status == 200
        decided = desk.form(comment, "reject", reason="insult", note=REASON)
        assert self.post(desk.url(comment), decided, session).status == 302
        assert desk.state_of(comment) == "rejected"

    def forgets_the_password(self):
        """Ask for a new one by letter, and follow its link."""
        assert self.post("/admin/quen-mat-khau/", {"email": STAFF_EMAIL}).status == 302
        (path,) = re.findall(r"http://testserver(/admin/mat-khau-moi/\S+)", self.letter("mat-khau"))
        self.secrets.add(path.strip("/").split("/")[-1])
        assert self.get(path).status == 302

    def letter(self, holding):
        """Return the letter that holds these words, once it has been written."""

        def found():
            texts = [message_from_bytes(file.read_bytes()) for file in self.mails.iterdir()]
            bodies = [one.get_payload(decode=True).decode() for one in texts]
            return next((body for body in bodies if holding in body), None)

        until(lambda: self.mails.exists() and found())
        return found()


COOKIE, TOKEN = "theo-doi=banh-quy-la", "t" * 32
STAFF_EMAIL = "thu-ky-kin@toa-soan.example"
SENT_ALONG = {
    "X-Forwarded-For": ADDRESS,
    "User-Agent": BROWSER,
    "Referer": f"http://testserver/tim-kiem/?q={QUERY}",
    "Cookie": COOKIE,
}
FAILS = {
    "sqlite": (
        f"CREATE TRIGGER refuse BEFORE UPDATE ON comments_comment "
        f"BEGIN SELECT RAISE(ABORT, '{EMAIL} is bad'); END",
        "DROP TRIGGER refuse",
    ),
    "postgresql": (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% % is bad', NEW.email, NEW.text; END $$; "
        "CREATE TRIGGER refuse BEFORE UPDATE ON comments_comment "
        "FOR EACH ROW EXECUTE FUNCTION refuse()",
        "DROP TRIGGER refuse ON comments_comment; DROP FUNCTION refuse()",
    ),
}


@contextmanager
def failing():
    """The database refuses what a reader edits, and quotes it: nobody has foreseen that."""
    begin, end = FAILS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(end)


def commands(folder, **told):
    """Run what timers run; return all that they print."""
    told |= {} if connection.vendor == "sqlite" else {"PG_BIN": str(postgres.find_binaries())}
    environment = servers.environment(servers.free_port(), servers.database_url()) | told
    said = b""
    backup = ("backup", str(folder / f"copy-{len(list(folder.iterdir()))}"))
    for command in (("send_notices",), ("purge_comments", "--verbosity", "2"), backup):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=servers.ROOT,
            env=environment,
            capture_output=True,
        )
        assert done.returncode == 0, command
        assert done.stdout
        said += done.stdout + done.stderr
    return said.decode()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_nobody_stands_in_what_a_real_server_and_its_timers_say(tmp_path, record_property):
    """All of its output, where letters leave and where the mail server is away; 0 finds."""
    article, mails = (
        factories.published(photo=factories.photo(), photo_alt="A", photo_credit="B"),
        tmp_path / "mails",
    )
    logs, copies = tmp_path / "logs", tmp_path / "copies"
    for folder in (mails, logs, copies):
        folder.mkdir()
    well = {"EMAIL_URL": f"filemail:///{mails}", "TRUSTED_PROXIES": "127.0.0.1"}
    away = well | {"EMAIL_URL": f"smtp://127.0.0.1:{servers.free_port()}"}
    secrets, asked, printed = set(), 0, ""
    for number, told in enumerate((well, away)):
        (logs / str(number)).mkdir()
        with servers.nodes(logs / str(number), workers=1, **told) as [node]:
            there = RealServer(node, mails)
            there.reads(article)
            if told is well:
                there.comments_and_looks(article)
                there.logs_in()
                there.forgets_the_password()
            else:
                there.post("/admin/quen-mat-khau/", {"email": STAFF_EMAIL})
            ticket = there.comments(article).headers["location"]
            with failing():
                assert there.edits(ticket).status == 500
            if told is away:  # the postman has a thread of his own
                log = logs / str(number) / "node-1.log"
                servers.until(lambda log=log: "comments.notices" in log.read_text())
        long_ago = timezone.now() - dt.timedelta(days=1_000)
        Notice.objects.update(due_at=timezone.now(), sent_at=None)
        Photo.objects.update(original="originals/nobody-has-it.jpg")
        printed += commands(copies, **told)
        Comment.objects.filter(state="rejected").update(decided_at=long_ago)
        printed += commands(copies, **told)
        secrets, asked = secrets | there.secrets, asked + there.asked
    said = "".join(log.read_text() for log in logs.rglob("*.log"))
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    statuses = Counter(
        line["status"] for line in lines if line.get("logger") == "newsroom.requests"
    )
    assert {200, 302, 303, 400, 404, 422, 500} <= statuses.keys()
    assert statuses[500] == 2
    assert [line for line in lines if line["logger"].startswith("comments.notices")]
    assert Comment.objects.filter(state="purged").exists()
    found = Counter(word for word in secrets for text in (said, printed) if word in text)
    assert found == {}
    record_property(
        "measured",
        f"{len(said.splitlines())} lines of two servers for {asked} requests, "
        f"{len(printed.splitlines())} of 12 commands: 0 of {len(secrets)} secrets",
    )

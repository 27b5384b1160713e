"""People who read, comment, write, publish and decide at once, each in a thread of his own.

Whatever is private bears one mark: drafts, e-mails, names of staff and the comments that are going
to be rejected. So a public page with that mark shows somebody what he must not see.
"""

import contextlib
import http.client
import itertools
import os
import random
import re
import threading
import time
import traceback
from collections.abc import Callable, Iterator

from captcha.models import CaptchaStore
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.utils import timezone

from articles.models import Article
from comments import moderation
from comments.models import Comment
from newsroom.models import User
from newsroom.roles import Role
from tests import factories
from tests.articles.reader import words
from tests.articles.test_admin_form import ADD, typed
from tests.comments import makers
from tests.comments.desk import QUEUE, form, url
from tests.page_cache.servers import Answer, Node
from tests.page_cache.visitors import READ
from tests.security.ledger import Fate, Ledger, Odd

PRIVATE = "kinx77"
EARLY = "Tin hẹn giờ chưa đến"
BYLINE = "Trung Kiên"
GONE = "00000"  # what was in a picture that is no more
SELDOM = 0.1
NEWS = {200, 404, 410}  # it may be withdrawn, or a clock run behind
TRIES, BETWEEN_TRIES = 40, 1.0
BUSY = 2 * os.cpu_count()  # others have the machine: a worker takes as long as they let it
SECONDS_TO_SETTLE = 120
NOTHING_LOST, RELOAD = "không mất chữ nào", "Xin tải lại trang"
_ENDS = (b"</html>\n", b"</html>", b"</rss>", b"</rss>\n")
_NUMBER = re.compile(r"\bthứ (\d+)")


def is_busy() -> bool:
    """Whether others have the machine; what ran before gets time, if nothing runs beside."""
    end = time.monotonic() + SECONDS_TO_SETTLE * ("PYTEST_XDIST_WORKER" not in os.environ)
    while os.getloadavg()[0] > BUSY and time.monotonic() < end:
        time.sleep(1)
    return os.getloadavg()[0] > BUSY


class Site:
    """What is asked: `node` is the server that runs at the moment.

    `home` leads a thread to the database the server has. `publishing` is set while somebody waits
    for the answer to "Đăng"; `news` are the addresses of what went out.
    """

    def __init__(self, node: Node | None = None, home: Callable = contextlib.nullcontext):
        self.node, self.home = node, home
        self.news: list[str] = []
        self.closed, self.publishing = threading.Event(), threading.Event()


class Person(threading.Thread):
    """Does his `work` again and again until the site is closed."""

    pause = 0.2
    role: Role | None = None

    def __init__(self, site: Site, ledger: Ledger, number: int = 1):
        super().__init__(daemon=True)
        self.site, self.ledger, self.number = site, ledger, number
        self.chance = random.Random(f"{type(self).__name__} {number}")
        self.called = type(self).__name__.lower()
        self.session = ""
        if self.role:
            self.user = self._account()
            self.session = session_of(self.user)

    def _account(self) -> User:
        return factories.user(self.role, full_name=f"{PRIVATE} {self.called} {self.number}")

    def run(self) -> None:
        with self.site.home():
            while not self.site.closed.is_set():
                self._work_once()
                self.site.closed.wait(self.pause)
            connection.close()

    def _work_once(self) -> None:
        try:
            self.work()
        except (OperationalError, InterfaceError):
            connection.close()  # what this very process looked up: its database is away
        except Exception:
            self.ledger.wrong.append(f"{self.called}: {traceback.format_exc()}")

    def work(self) -> None:
        """Do one thing."""
        raise NotImplementedError

    def asks(self, path: str, **headers: str) -> Answer | None:
        """Open a page; None where nothing came, or the words that the data are away."""
        cookie = {"Cookie": f"sessionid={self.session}"} if self.session else {}
        answer, begun = self._noted(path, lambda: self.site.node.get(path, **cookie, **headers))
        if answer and answer.status == 503:
            if RELOAD not in words(answer.body.decode()):
                self.ledger.wrong.append(f"{self.called}: 503 of {path} without a sentence")
            self.ledger.saw(self.called, Odd.AWAY, path, begun)
            return None
        return answer

    def sends(self, path: str, fields: dict[str, object], written: str) -> Answer | None:
        """Send a form, None where nothing came; every answer but a 30x must show what he wrote."""
        post = self.site.node.post
        answer, begun = self._noted(path, lambda: post(path, fields, self.session))
        if not answer or answer.status in (302, 303):
            return answer
        said = answer.body.decode()
        if written not in said or (answer.status == 503 and NOTHING_LOST not in words(said)):
            lost = f"{self.called}: {answer.status} of {path} has lost “{written}”"
            self.ledger.wrong.append(f"{lost}: {words(said)[:300]}")
        what = Odd.AWAY if answer.status == 503 else Odd.REFUSED
        self.ledger.saw(self.called, what, f"{path} ({answer.status})", begun)
        return answer

    def _noted(self, path: str, ask: Callable[[], Answer]) -> tuple[Answer | None, float]:
        begun, answer = time.monotonic(), None
        with contextlib.suppress(OSError, http.client.HTTPException):
            answer = ask()
        self.ledger.answers[self.called, answer.status if answer else 0] += 1
        if answer is None:
            self.ledger.saw(self.called, Odd.NOTHING, path, begun)
        elif answer.status >= 500 and answer.status != 503:
            self.ledger.wrong.append(f"{self.called}: {answer.status} of {path}")
        return answer, begun

    def ends(self, kind: str, name: object, answer: Answer | None) -> bool:
        """Note what he was told of what he sent; whether it is stored."""
        is_stored = bool(answer) and self.is_done(answer)
        if is_stored or (answer and answer.status in (302, 503)):
            self.ledger.ends(kind, name, Fate.STORED if is_stored else Fate.REFUSED)
        return is_stored

    def is_done(self, answer: Answer) -> bool:
        """Whether the answer says that what he sent is stored."""
        return answer.status == 302 and "/login/" not in answer.headers["location"]


def session_of(user: User) -> str:
    """Log somebody in; return the key of the session."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


class Reader(Person):
    """Opens pages; half of them with the cookie of somebody at the desk, which changes nothing.

    `paths` says of each which statuses it may have. Now and then he asks for what has just gone
    out, and for what never was.
    """

    pause = 0.05

    def __init__(self, site: Site, ledger: Ledger, number: int, paths: dict[str, set[int]]):
        super().__init__(site, ledger, number)
        self.paths = paths
        self.session = session_of(factories.user(Role.SECRETARY)) if number % 2 else ""
        self.known: dict[str, str] = {}

    def work(self) -> None:
        path, allowed = self._chosen()
        headers = {"Accept-Encoding": self.chance.choice(list(READ))}
        if path in self.known and self.chance.random() < 0.3:
            headers["If-None-Match"] = self.known[path]
        begun = time.monotonic()
        answer = self.asks(path, **headers)
        if answer:
            self.known[path] = answer.headers.get("etag", "")
            self.ledger.wrong += [f"{path}: {said}" for said in self._wrong(answer, allowed)]
            self._looks_for_what_is_early(path, answer, begun)

    def _chosen(self) -> tuple[str, set[int]]:
        kind = self.chance.random()
        if kind < SELDOM:
            return f"/khong-co-{self.chance.randrange(100_000)}/", {404}
        if kind < 2 * SELDOM and self.site.news:
            return self.chance.choice(self.site.news), NEWS
        return self.chance.choice(list(self.paths.items()))

    def _looks_for_what_is_early(self, path: str, answer: Answer, begun: float) -> None:
        if EARLY in _body(answer).decode():
            self.ledger.saw(self.called, Odd.EARLY, path, begun)

    def _wrong(self, answer: Answer, allowed: set[int]) -> Iterator[str]:
        if answer.status not in allowed | {304}:
            yield f"answered {answer.status}"
        if "set-cookie" in answer.headers:
            yield "sets a cookie"
        body = _body(answer)
        if answer.status == 200 and not body.endswith(_ENDS):
            yield f"is not whole: … {body[-100:]!r}"
        if PRIVATE.encode() in body or (self.session and self.session.encode() in body):
            yield "shows what is private"


def _body(answer: Answer) -> bytes:
    return READ[answer.headers.get("content-encoding", "")](answer.body)


class Commenter(Person):
    """Sends comments, one after the other, and the same form again until he knows it is stored."""

    pause = 0.3
    numbers = itertools.count(1)

    def __init__(self, site: Site, ledger: Ledger, number: int, articles: list[Article]):
        super().__init__(site, ledger, number)
        self.forms = [f"/binh-luan/{article.pk}/" for article in articles]

    def work(self) -> None:
        path, number = self.chance.choice(self.forms), next(self.numbers)
        page = self.asks(path)
        if not page or page.status != 200:
            return
        mark = PRIVATE if number % 2 else "đúng"
        text = f"Tôi có ý kiến {mark} thứ {number}."
        typed = {"name": "Bạn đọc", "email": f"{PRIVATE}.{number}@example.com", "text": text}
        self.ledger.sends("comment", text)
        self._keeps_sending(path, self._filled(page.body.decode(), typed), text)

    def _filled(self, html: str, typed: dict[str, str]) -> dict[str, str]:
        """Fill in what he was shown; a clock that runs ahead may have ended its digits already."""
        try:
            return makers.sent_by(html, **typed)
        except CaptchaStore.DoesNotExist:
            return makers.sent_by(html, **typed, answer=GONE)

    def _keeps_sending(self, path: str, fields: dict[str, str], text: str) -> None:
        for _try in range(TRIES):
            answer = self.sends(path, fields, text)
            if answer and answer.status == 303:
                self.ledger.ends("comment", text, Fate.STORED)
                return self._looks_what_became_of_it(answer.headers["location"], text)
            if answer and answer.status != 503:
                return self.ledger.ends("comment", text, Fate.REFUSED)
            time.sleep(BETWEEN_TRIES)
        return None

    def _looks_what_became_of_it(self, path: str, text: str) -> None:
        page = self.asks(path)
        if not page:
            return
        said = page.body.decode()
        if page.status != 200 or text not in said:
            self.ledger.wrong.append(f"the receipt of “{text}” is {page.status} without it")
        elif set(_NUMBER.findall(said)) - set(_NUMBER.findall(text)):
            self.ledger.wrong.append(f"the receipt of “{text}” shows others")


class Reporter(Person):
    """Saves one article after the other, each under a headline of its own."""

    pause, role = 0.0, Role.REPORTER
    numbers = itertools.count(1)

    def work(self) -> None:
        headline = f"Bài {PRIVATE} số {next(self.numbers)}"
        self.ledger.sends("article", headline)
        answer = self.sends(ADD, typed(headline=headline), headline)
        if self.ends("article", headline, answer):
            self.saved(answer.headers["location"])
        elif answer is None:
            self.site.closed.wait(0.05)

    def saved(self, path: str) -> None:
        """Go on from a stored article: nothing more is to be done."""


class Editor(Reporter):
    """Also opens what he saved, and saves another version of it."""

    pause, role = 1.0, Role.EDITOR

    def saved(self, path: str) -> None:
        page = self.asks(path)
        if not page or page.status != 200:
            return
        if self.user.full_name not in page.body.decode():
            self.ledger.wrong.append(f"{path} is not shown as {self.user.full_name} sees it")
        headline = f"Bản sửa {PRIVATE} số {next(self.numbers)}"
        self.ledger.sends("version", headline)
        fields = typed(article=_article_at(path), headline=headline)
        self.ends("version", headline, self.sends(path, fields, headline))


class Secretary(Person):
    """Publishes one article after the other, and withdraws each third."""

    pause, role = 1.0, Role.SECRETARY
    numbers = itertools.count(1)

    def work(self) -> None:
        number = next(self.numbers)
        headline = f"Tin đã đăng số {number}"
        fields = typed("publish", headline=headline, section=self.site.section.pk)
        self.ledger.sends("publication", headline)
        self.site.publishing.set()
        answer = self.sends(ADD, fields, headline)
        self.site.publishing.clear()
        if self.ends("publication", headline, answer):
            self._goes_on(headline, answer.headers["location"], is_wrong=number % 3 == 0)

    def _goes_on(self, headline: str, path: str, is_wrong: bool) -> None:
        self.site.news.append(_article_at(path).get_absolute_url())
        if is_wrong:
            self._withdraws(headline, path.replace("/change/", "/withdraw/"))

    def _withdraws(self, headline: str, path: str) -> None:
        reason = f"Sai tên người, bài {headline}."
        self.ledger.sends("withdrawal", headline)
        self.ends("withdrawal", headline, self.sends(path, {"reason": reason}, reason))


class Moderator(Person):
    """Decides on what waits: approves, or rejects what bears the mark."""

    pause, role = 0.3, Role.MODERATOR

    def work(self) -> None:
        comment = self._next()
        if comment is None:
            return
        note = f"Lời nhắn {PRIVATE}." if PRIVATE in comment.text else ""
        verb = "reject" if note else "approve"
        more = {"reason": "insult", "reader_note": note} if note else {}
        mine = comment.pk, self.user.pk
        self.ledger.sends("decision", mine)
        answer = self.sends(url(comment), form(comment, verb, **more), note)
        if self.ends("decision", mine, answer):
            self._looks_at_the_next(answer.headers["location"])

    def is_done(self, answer: Answer) -> bool:
        """Whether he decided: what a colleague was faster at cannot be undone by him."""
        return super().is_done(answer) and "undo=" in answer.headers["location"]

    def _next(self) -> Comment | None:
        free = moderation.unclaimed_for(self.user, timezone.now())
        waiting = Comment.objects.filter(free, state="pending").order_by("pk")
        return next(iter(waiting[:1]), None)

    def _looks_at_the_next(self, path: str) -> None:
        page = self.asks(path if self.chance.random() < 0.5 else QUEUE)
        if page and page.status == 200 and self.user.full_name not in page.body.decode():
            self.ledger.wrong.append(f"{path} is not shown as {self.user.full_name} sees it")


def _article_at(path: str) -> Article:
    return Article.objects.select_related("newest_revision", "section").get(pk=path.split("/")[-3])


@contextlib.contextmanager
def at_work(site: Site, people: list[Person]) -> Iterator[None]:
    """Have them work inside; afterwards all have ended what they were at."""
    for person in people:
        person.start()
    try:
        yield
    finally:
        site.closed.set()
        for person in people:
            person.join()

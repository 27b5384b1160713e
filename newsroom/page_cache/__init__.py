"""Finished pages in front of Django, exact to the commit.

A page is kept with the versions of all it was made of (stamps) and goes as soon as this process
hears that one of them was bumped. Whoever asks for a page gets those bytes: nobody is looked at,
no cookie and no header but those of conditional requests and encodings. Everything that is no
public page goes to Django unseen.
"""

import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.db import connection
from django.http import HttpResponse

from newsroom.freshness import WANTED, Freshness
from newsroom.gate.answers import REFUSED, Reason

from .asking import MAX_ACCEPTED, Key, encoding_of, key_of, parameters_of
from .hearing import Away, Hearing, NoWayToAsk, State
from .lanes import Lanes
from .listening import Listening
from .pages import LIFETIMES, Form, Page, names, unstorable
from .polling import Polling
from .shelf import Shelf, Words

Environ = dict[str, Any]
Application = Callable[[Environ, Callable], Iterable[bytes]]

SECONDS_TO_WAIT = 2
SECONDS_AWAY = 0.5  # how long it counts that Django did not reach the database
_NOT_MODIFIED = "304 Not Modified"
_SAFE = ("GET", "HEAD")


def in_front_of(application: Application, count: Callable[[], object]) -> Application:
    """Return the application with finished pages in front, as it is where PAGE_CACHE_MB is 0.

    `count` is called for each answer that is a kept page.
    """
    limit = settings.PAGE_CACHE_MB * 1024 * 1024
    # The method itself: a server that calls the object looks for it at each request.
    return PageCache(application, limit, count).__call__ if limit else application


class PageCache:
    """A WSGI application around another: answers with a kept page where there is one."""

    def __init__(
        self,
        application: Application,
        limit_bytes: int,
        count: Callable[[], object] = lambda: None,
    ):
        self.application = application
        self._count = count
        self.shelf = Shelf(limit_bytes)
        self.hearing = _hearing(self.shelf)
        self._parts: dict[Any, Any] = {}
        self._turns: dict[Key, threading.Event] = {}
        self._lanes = Lanes()
        self._away_until = float("-inf")
        self._scheme = (settings.SECURE_PROXY_SSL_HEADER or ("wsgi.url_scheme",))[0]

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        """Answer a request; see the module.

        First the shortest way to a hit: a plain GET in words that have led to a page before. It
        leads nowhere that the long way does not lead, and like it asks first whether all is heard:
        what has changed must not be found any more. Nine of ten requests go it, and while one
        does, no other thread does anything; so it is written in one piece.
        """
        if (
            environ["REQUEST_METHOD"] == "GET"
            and not environ.get("QUERY_STRING")
            and time.monotonic() < self.hearing.current_until
            and (found := self.shelf.at_hand.get(self._words(environ)))
            and found[0].begins <= time.time() < found[0].ends
        ):
            page, form = found
            page.is_used = True
            etags = environ.get("HTTP_IF_NONE_MATCH")
            if etags is None:
                self._count()
                start_response(page.status_line, form.headers)
                return [form.body]
            if page.is_ok and etags == form.etag:
                self._count()
                start_response(_NOT_MODIFIED, form.headers_unchanged)
                return [b""]
        return self._long_way(environ, start_response)

    def _long_way(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        key = key_of(environ) if environ["REQUEST_METHOD"] in _SAFE else None
        if key is None:
            return self.application(environ, start_response)
        if kept := self._kept(key):
            return self._hit(key, *kept, environ, start_response)
        if parameters_of(get_path_info(environ)) is None:
            return self.application(environ, start_response)
        return self._made(key, environ, start_response)

    def _words(self, environ: Environ) -> Words:
        """Return in what words a page was asked for, with what makes a request one of HTTPS."""
        return (
            environ["PATH_INFO"],
            environ.get("HTTP_HOST"),
            environ.get("HTTP_ACCEPT_ENCODING"),
            environ.get(self._scheme),
        )

    def _remember(self, key: Key, page: Page, form: Form, environ: Environ) -> None:
        """Let the next one who asks in the same words be answered at once."""
        if key.query or environ.get("QUERY_STRING"):
            return
        if len(environ.get("HTTP_ACCEPT_ENCODING", "")) <= MAX_ACCEPTED:
            self.shelf.remember(key, self._words(environ), page, form)

    def _kept(self, key: Key, *, with_old_counters: bool = False) -> tuple[Page, bool] | None:
        """Return the page and whether it is as of now; it is not where the database is away.

        None also where nobody can say: then it must be made.
        """
        state = self.hearing.state()  # first: what has changed must not be found any more
        page = self.shelf.pages.get(key)
        if page is None:
            return None
        if state is State.DEAF:
            state = self._asked(key, page)
            if state is State.DEAF:
                return None
        now = time.time()
        if page.is_dropped:
            return None
        if not page.is_true(now):
            self.shelf.drop(key)
            return None
        if state is State.AWAY:
            return page, False
        if now >= page.renew_at and not with_old_counters:
            return None
        page.is_used = True
        return page, True

    def _asked(self, key: Key, page: Page) -> State:
        """Ask the database itself whether the page is as of now; drop it where it is not.

        Where no connection can be made for that, those of Django may work: DEAF, until it has been
        seen that they do not.
        """
        try:
            found = self.hearing.versions(page.versions)
        except NoWayToAsk:
            return State.AWAY if time.monotonic() < self._away_until else State.DEAF
        except Away:
            return State.AWAY
        if any(found.get(stamp, 0) != version for stamp, version in page.versions.items()):
            self.shelf.drop(key)
        return State.CURRENT

    def _made(self, key: Key, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        """Have the page made, by one thread at a time; who finds one at it waits for its page."""
        turn = threading.Event()
        other = self._turns.setdefault(key, turn)
        if other is not turn:
            other.wait(SECONDS_TO_WAIT)
            if kept := self._kept(key):
                return self._hit(key, *kept, environ, start_response)
            return self._render(key, environ, start_response, is_patient=False)
        try:
            return self._render(key, environ, start_response)
        finally:
            del self._turns[key]
            turn.set()

    def _render(
        self, key: Key, environ: Environ, start_response: Callable, *, is_patient: bool = True
    ) -> Iterable[bytes]:
        """Have Django make the page, keep it if it may be kept, and answer with it."""
        lane = self._lanes.enter(is_swift=is_patient and not key.query)
        if lane is None:
            if kept := self._kept(key, with_old_counters=True):
                return self._hit(key, *kept, environ, start_response)
            return self.application({**environ, REFUSED: Reason.CROWDED}, start_response)
        asked = {**environ, "REQUEST_METHOD": "GET", "QUERY_STRING": key.query, WANTED: self._parts}
        told: list[tuple] = []
        making, begun = self.shelf.begin(), time.time()
        try:
            # Whoever had to wait for a lane may find that another has made it meanwhile.
            if kept := self._kept(key):
                return self._hit(key, *kept, environ, start_response)
            response = self.application(asked, lambda *said: told.append(said))
            page = _finished(response, *told[-1][:2], begun)
            if page and response.freshness.may_be_kept:
                self.shelf.put(key, page, making)
        finally:
            self.shelf.end(making)
            lane.release()
        if page is None:
            if last := self._last_good(key, response):
                response.close()
                return self._answer(key, last, False, environ, start_response)
            return _passed_on(response, told[-1], environ, start_response)
        return self._answer(key, page, True, environ, start_response)

    def _hit(
        self, key: Key, page: Page, is_current: bool, environ: Environ, start_response: Callable
    ) -> Iterable[bytes]:
        self._count()
        return self._answer(key, page, is_current, environ, start_response)

    def _last_good(self, key: Key, response: HttpResponse) -> Page | None:
        """Return the page of before where the database failed while it was made anew."""
        if getattr(response, "status_code", 0) != HTTPStatus.SERVICE_UNAVAILABLE:
            return None
        self._away_until = time.monotonic() + SECONDS_AWAY
        page = self.shelf.pages.get(key)
        return page if page and page.is_true(time.time()) else None

    def _answer(
        self,
        key: Key,
        page: Page,
        is_current: bool,
        environ: Environ,
        start_response: Callable,
    ) -> Iterable[bytes]:
        """Answer with the page in the best encoding; 304 to who has it already."""
        encoding = encoding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
        form = page.forms.get(encoding)
        if form is None:
            form = page.encoded(encoding)
            self.shelf.grew(key, page)
        etags = environ.get("HTTP_IF_NONE_MATCH")
        if etags and page.is_ok and names(etags, form.etag):
            status, headers, body = _NOT_MODIFIED, form.headers_unchanged, b""
        else:
            status, headers, body = page.status_line, form.headers, form.body
        if is_current:
            self._remember(key, page, form, environ)
        start_response(status, headers if is_current else unstorable(headers))
        return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _hearing(shelf: Shelf) -> Hearing:
    if connection.vendor == "postgresql":
        return Listening(shelf)
    return Polling(shelf, str(connection.settings_dict["NAME"]))


def _finished(response: HttpResponse, status_line: str, headers: list, begun: float) -> Page | None:
    """Return the response as a page, None where it is not one to be handed to everybody.

    The response is closed then: what Django does at the end of a request is done.
    """
    made: Freshness | None = getattr(response, "freshness", None)
    if made is None or not _is_for_all(response):
        return None
    ends = (
        moment.timestamp() if moment else float("inf") for moment in (made.until, made.renew_at)
    )
    page = Page(status_line, headers, response.content, made.versions, *ends, begun)
    response.close()
    return page


def _is_for_all(response: HttpResponse) -> bool:
    if response.status_code not in LIFETIMES or response.streaming or response.cookies:
        return False
    rules = response.get("Cache-Control", "")
    return "private" not in rules and "no-store" not in rules


def _passed_on(
    response: Iterable[bytes], told: tuple, environ: Environ, start_response: Callable
) -> Iterable[bytes]:
    """Answer as Django did; it was asked for the body also where only the head is wanted."""
    start_response(*told)
    if environ["REQUEST_METHOD"] != "HEAD":
        return response
    if close := getattr(response, "close", None):
        close()
    return [b""]

"""A page cache in this process, around the application it really stands in front of."""

import io
import threading
import time
from contextlib import contextmanager
from urllib.parse import quote

from django.core.wsgi import get_wsgi_application

from newsroom.charsets import only_ours
from newsroom.logs.hits import Ticks
from newsroom.page_cache import PageCache
from newsroom.page_cache.hearing import State

MEGABYTE = 1024 * 1024


class Answer:
    """What a client got."""

    def __init__(self, status, headers, body):
        self.status = int(status[:3])
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    @property
    def text(self):
        return self.body.decode()


class Site:
    """The application behind a cache; `rendered` are the addresses it was really asked for."""

    def __init__(self, limit=8 * MEGABYTE):
        self.django = only_ours(get_wsgi_application())
        self.rendered = []
        self.hits = Ticks()
        self.cache = PageCache(self._render, limit, self.hits.tick)

    def _render(self, environ, start_response):
        self.rendered.append(environ["PATH_INFO"])
        return self.django(environ, start_response)

    def get(self, path, *, method="GET", query="", host="testserver", **headers):
        return ask(self.cache, path, method=method, query=query, host=host, **headers)

    def fresh(self, path, **asked):
        """What Django itself answers now."""
        return ask(self.django, path, **asked)

    def close(self):
        self.cache.hearing.close()


@contextmanager
def site(**options):
    made = Site(**options)
    try:
        until(lambda: made.cache.hearing.state() is State.CURRENT)
        yield made
    finally:
        made.close()


def ask(application, path, *, method="GET", query="", host="testserver", body=b"", **headers):
    told = []
    path, _mark, behind = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": quote(query or behind, safe="=&%+;"),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    response = application(environ, lambda *said: told.append(said))
    try:
        return Answer(told[-1][0], told[-1][1], b"".join(response))
    finally:
        if close := getattr(response, "close", None):
            close()


def until(condition):
    """Wait for what another thread is about to hear."""
    for _try in range(100):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def elsewhere(work):
    """Do it in a thread of its own, as another process would: with a connection of its own."""
    from django.db import connection

    failed = []

    def run():
        try:
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]

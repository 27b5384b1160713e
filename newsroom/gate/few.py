"""Work done by few threads, however many wait for it."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]


def few_at_work(application: Application, threads: int) -> Application:
    """Wrap a WSGI application: it runs in so many threads of its own, others wait for their turn.

    Each of these keeps a connection to the database; those that wait need none.
    """
    pool = ThreadPoolExecutor(threads, thread_name_prefix="work")

    def served(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        return pool.submit(application, environ, start_response).result()

    return served

"""The least a WSGI server can do: answer what BENCH_ANSWER holds, whatever is asked."""

import os

from tests.bench.answers import Answer

ANSWER = Answer.read(os.environ["BENCH_ANSWER"])
BODY = [ANSWER.body]


def application(environ, start_response):
    """Answer every request alike."""
    start_response(ANSWER.status, ANSWER.headers)
    return BODY

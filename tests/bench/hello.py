"""The least a WSGI server can do: answer the bytes of BENCH_PAGE."""

import os
from pathlib import Path

PAGE = Path(os.environ["BENCH_PAGE"]).read_bytes()
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(PAGE)))]


def application(environ, start_response):
    """Answer every request alike."""
    start_response("200 OK", HEADERS)
    return [PAGE]

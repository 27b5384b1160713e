"""Ways for any text into the site, as a program would send it: NULs and lone surrogates too."""

import time
from urllib.parse import quote_plus

from django.test import Client

MAX_QUERY = 64_000  # bytes; the server refuses longer addresses
FORM = "application/x-www-form-urlencoded"


def encoded(data: dict) -> str:
    """Return the fields as a form sends them; what is no Unicode goes out as its bytes."""
    pairs = [
        (name, one)
        for name, value in data.items()
        for one in (value if isinstance(value, list | tuple) else [value])
    ]
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def shortened(text: str) -> str:
    """Return as much of `text` as fits into an address."""
    while len(_quoted(text)) > MAX_QUERY:
        text = text[: len(text) * MAX_QUERY // len(_quoted(text))]
    return text


def _quoted(value) -> str:
    return quote_plus(str(value).encode("utf-8", "surrogatepass"))


def post(client: Client, path: str, data: dict):
    """Send a form; return the answer and the seconds of the processor it took."""
    body = encoded(data)
    return _timed(lambda: client.post(path, body, content_type=FORM))


def get(client: Client, path: str, **query: str):
    """Ask for a page; return the answer and the seconds of the processor it took."""
    asked = encoded(query)
    return _timed(lambda: client.get(path, QUERY_STRING=asked))


def _timed(ask):
    before = time.process_time()
    answer = ask()
    return answer, time.process_time() - before

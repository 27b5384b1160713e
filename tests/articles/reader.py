"""What a reader does: open an address and look at what is there."""

import datetime as dt
import html
import re

from django.test import Client

from newsroom.vietnamese import ZONE

_INLINE = re.compile(r"</?(?:a|b|em|mark|span|strong)\b[^>]*>")
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


def day(*parts: int) -> dt.datetime:
    """A moment in Vietnam: year, month, day and perhaps hour and minute."""
    return dt.datetime(*parts, tzinfo=ZONE)


def open_page(path: str, **headers: str):
    """Ask for an address as somebody who has never been here."""
    return Client(raise_request_exception=False).get(path, headers=headers)


def page(path: str, status: int = 200) -> str:
    """Return the markup at an address that must answer with `status`."""
    response = open_page(path)
    assert response.status_code == status, (path, response.status_code)
    return response.content.decode()


def words(markup: str) -> str:
    """Return what stands on the page, spaces of every kind as one."""
    return " ".join(html.unescape(_TAG.sub(" ", _INLINE.sub("", markup))).split())


def main(path: str, status: int = 200) -> str:
    """Return the words of the page's own part, without head, foot and the column beside it."""
    inside = page(path, status).partition("<main")[2].partition("</main>")[0]
    return words(re.sub(r"<aside>.*?</aside>", " ", inside, flags=re.DOTALL))


def links(markup: str, pattern: str = r"[^\"]*") -> list[str]:
    """Return the addresses of links that match `pattern`, in order, each once."""
    found = re.findall(rf'<a\b[^>]*\bhref="({pattern})"', markup)
    return list(dict.fromkeys(html.unescape(address) for address in found))


def listed(markup: str) -> list[int]:
    """Return the numbers of the articles in the list of a page, in order."""
    own = markup.partition("<main")[2].partition("<aside>")[0]
    return [int(address.rpartition("-")[2][:-5]) for address in links(own, r"[^\"]*-\d+\.html")]


def part(markup: str, start: str, end: str) -> str:
    """Return what stands between two marks."""
    assert start in markup, start
    return markup.partition(start)[2].partition(end)[0]

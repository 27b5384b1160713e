"""Opening what must open: one page of each kind, asked for inside this process."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from . import administration

_PICTURE = re.compile(r'"(/anh/[^"\s]+\.webp)')
# What the server has collected is no part of what is tried.
_PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


class Opened(NamedTuple):
    """What came of one page."""

    label: str
    path: str
    status: int
    size_bytes: int

    @property
    def is_well(self) -> bool:
        """Whether the page was there and held something."""
        return self.status == HTTPStatus.OK and self.size_bytes > 0


def open_pages(*, sign_in: bool) -> Iterator[Opened]:
    """Open the front page, the newest article, a picture of theirs and the log-in.

    With `sign_in` the desk of an administrator too, which writes a session: only in a copy. Where
    there is no article, picture or administrator that page is left out. Errors come as a 500.
    """
    client = Client(HTTP_HOST=_host(), raise_request_exception=False)
    storages = {**settings.STORAGES, "staticfiles": _PLAIN}
    with override_settings(STORAGES=storages):
        front, said = _opened(client, _("Front page"), reverse("front"))
        yield front
        for address in _newest_article():
            article, more = _opened(client, _("Article"), address)
            said += more
            yield article
        for address in _PICTURE.findall(said)[:1]:
            yield _opened(client, _("Picture"), address)[0]
        yield _opened(client, _("Log-in"), reverse("admin:login"))[0]
        for person in administration.administrators().order_by("pk")[: int(sign_in)]:
            client.force_login(person)
            yield _opened(client, _("Desk"), reverse("admin:index"))[0]


def _host() -> str:
    """Return a name the site may be asked by."""
    name = urlsplit(settings.SITE_URL).hostname or ""
    if validate_host(name, settings.ALLOWED_HOSTS):
        return name
    return settings.ALLOWED_HOSTS[0].lstrip(".")


def _opened(client: Client, label: str, path: str) -> tuple[Opened, str]:
    answer = client.get(path, secure=settings.HTTPS, follow=True)
    body = b"".join(answer) if answer.streaming else answer.content
    return Opened(label, path, answer.status_code, len(body)), body.decode(errors="replace")


def _newest_article() -> list[str]:
    from articles import listing

    at = timezone.now()
    return [found.url for found in listing.newest(at, (listing.of_site(at), 1))]

"""Bodies in other encodings than ours, as no browser sends them: refused, never an error."""

import html
import io

import pytest
from django.core.signals import request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from comments.models import Comment
from newsroom.charsets import only_ours
from tests import factories
from tests.comments.reader import address

pytestmark = pytest.mark.django_db

application = only_ours(get_wsgi_application())
BODY = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\\ud800 +2AA-\r\n--b--\r\n'


def asked(method, path, kind, body=b""):
    """The status and the page the server gives a request no browser would make."""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "q=c%E1%BA%A7u",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    said = []
    page = application(environ, lambda status, _headers: said.append(status))
    return said[0][:3], b"".join(page).decode()


@pytest.fixture
def article():
    return factories.published(headline="Cầu mới thông xe")


@pytest.fixture(autouse=True)
def _connection_of_this_test():
    """A request that begins would close it, and the transaction of the test with it."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


@pytest.mark.attack(17)
@pytest.mark.parametrize("charset", "utf-7 utf-16 hex rot13 idna punycode unicode_escape".split())
def test_a_body_in_a_foreign_encoding_is_refused_with_a_way_back(article, charset):
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    status, page = asked("POST", address(article), kind, BODY)
    assert status == "400"
    assert 'href="/"' in page
    assert not Comment.objects.exists()
    assert asked("GET", article.get_absolute_url(), kind)[0] == "200"


def test_a_parameter_in_an_encoding_that_does_not_exist_is_refused_too(article):
    kind = "multipart/form-data; boundary=b; charset*=bogus''%41"
    status, page = asked("POST", address(article), kind, BODY)
    assert status == "400"
    assert 'href="/"' in page
    assert asked("GET", article.get_absolute_url(), kind)[0] == "200"


@pytest.mark.attack(17)
@pytest.mark.parametrize("charset", ["", "; charset=UTF-8", "; charset=utf8"])
def test_a_body_in_ours_is_read(article, charset):
    kind = f"multipart/form-data; boundary=b{charset}"
    status, page = asked("POST", address(article), kind, BODY)
    assert status == "403", "the form comes back: its cookie is missing"
    assert "\\ud800 +2AA-" in html.unescape(page)

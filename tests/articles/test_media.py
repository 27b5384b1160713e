"""Photos: who may see which, in which sizes, and what is said about them."""

import datetime as dt
import io

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image

from articles import workflow
from newsroom.roles import Role
from tests import factories
from tests.articles.reader import day, links, open_page, page

pytestmark = pytest.mark.django_db


def address(photo, width=564):
    return f"/anh/{photo.token}-{width}.webp"


def status(photo, width=564):
    return open_page(address(photo, width)).status_code


def lead(photo):
    return {"photo": photo, "photo_alt": "Cảnh", "photo_credit": "Bá Phúc"}


def within(photo):
    return {"body": f"<p>Chữ.</p><p>[[photo:{photo.pk}]]</p>"}


@pytest.fixture(params=[lead, within], ids=["on top", "within"])
def place(request):
    """How a photo stands in a text."""
    return request.param


class TestWhoSeesIt:
    def test_public_while_a_text_with_it_is(self, place):
        photo = factories.photo()
        assert status(photo) == 404
        article = factories.published(**place(photo))
        assert status(photo) == 200
        workflow.withdraw(actor=None, article=article, reason="Sai.")
        assert status(photo) == 404

    @pytest.mark.parametrize("state", ["draft", "in_review", "returned", "approved", "scheduled"])
    def test_not_before(self, place, state):
        photo = factories.photo()
        getattr(factories, state)(**place(photo))
        assert status(photo) == 404

    def test_not_in_an_unfinished_edit(self, place):
        photo = factories.photo()
        article = factories.edited(factories.published(), **place(photo))
        assert status(photo) == 404
        workflow.publish(actor=None, revision=article.newest_revision)
        assert status(photo) == 200

    def test_not_after_a_text_without_it_took_over(self, place):
        photo = factories.photo()
        article = factories.published(**place(photo))
        workflow.publish(actor=None, revision=factories.edited(article).newest_revision)
        assert status(photo) == 404

    def test_to_the_second(self, place, clock):
        now = clock(day(2026, 3, 1, 8))
        photo = factories.photo()
        start = now + dt.timedelta(hours=1)
        factories.scheduled(at=start, **place(photo))
        clock(start - dt.timedelta(seconds=1))
        assert status(photo) == 404
        clock(start)
        assert status(photo) == 200

    def test_staff_see_no_more_than_readers(self):
        photo = factories.photo()
        factories.draft(**lead(photo))
        client = Client()
        client.force_login(factories.user(Role.SECRETARY, is_superuser=True))
        assert client.get(address(photo)).status_code == 404

    def test_not_by_a_token_alone(self):
        article = factories.published(body="<p>Chữ.</p>")
        photo = factories.photo()
        assert article.newest_revision.body_photos.count() == 0
        assert status(photo) == 404


class TestSizes:
    def test_only_those_that_exist(self):
        photo = factories.photo()
        factories.published(**lead(photo))
        assert [
            width for width in (264, 564, 800, 1200, 900, 0, 1) if status(photo, width) == 200
        ] == [
            264,
            564,
            800,
        ]

    def test_each_is_the_picture_in_that_width(self):
        photo = factories.photo()
        factories.published(**lead(photo))
        for width in photo.widths:
            response = open_page(address(photo, width))
            data = b"".join(response.streaming_content)
            assert int(response["Content-Length"]) == len(data)
            assert Image.open(io.BytesIO(data)).size == photo.size(width)
            assert Image.open(io.BytesIO(data)).format == "WEBP"

    @pytest.mark.parametrize("role", [None, *Role])
    def test_the_original_has_no_address(self, role):
        photo = factories.photo()
        factories.published(**lead(photo))
        name = photo.original.name
        client = Client()
        if role:
            client.force_login(factories.user(role))
        paths = [f"/anh/{name}", f"/{name}", f"/media/{name}", f"/anh/../{name}"]
        paths += [address(photo, width) for width in (900, 1200, photo.width + 1)]
        assert [client.get(path).status_code for path in paths] == [404] * len(paths)

    @pytest.mark.parametrize(
        "path",
        [
            "/anh/x-264.webp",
            "/anh/-264.webp",
            "/anh/a-264.jpg",
            "/anh/a.webp",
            "/anh/",
            "/anh/a-9999999999999999999999.webp",
        ],
    )
    def test_what_is_no_photo_answers_404(self, path):
        assert open_page(path).status_code == 404

    def test_a_file_that_was_lost_answers_404(self):
        photo = factories.photo()
        factories.published(**lead(photo))
        default_storage.delete(photo.path(564))
        assert status(photo) == 404


class TestHeaders:
    def test_what_is_said_about_it(self):
        photo = factories.photo()
        factories.published(**lead(photo))
        response = open_page(address(photo))
        assert response["Content-Type"] == "image/webp"
        assert response["Cache-Control"] == "public, max-age=300"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["ETag"] == f'"{photo.token}-564"'
        assert "Vary" not in response
        assert not response.cookies

    def test_a_browser_that_has_it_is_told_so(self):
        photo = factories.photo()
        article = factories.published(**lead(photo))
        etag = open_page(address(photo))["ETag"]
        again = open_page(address(photo), if_none_match=etag)
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"] == "public, max-age=300"
        assert again["ETag"] == etag
        workflow.withdraw(actor=None, article=article, reason="Sai.")
        assert open_page(address(photo), if_none_match=etag).status_code == 404

    def test_head(self):
        photo = factories.photo()
        factories.published(**lead(photo))
        response = Client().head(address(photo))
        assert response.status_code == 200
        assert int(response["Content-Length"]) > 100


def test_every_photo_a_page_shows_is_there():
    first, second = factories.photo(), factories.photo()
    article = factories.published(**lead(first) | within(second))
    markup = page(article.get_absolute_url())
    shown = {
        address.split()[0]
        for source in markup.split('srcset="')[1:]
        for address in source.partition('"')[0].split(", ")
    }
    assert len(shown) == 6
    for path in shown:
        assert open_page(path).status_code == 200
    assert links(markup, '/anh/[^"]*') == []
    assert timezone.now() > article.first_public_at

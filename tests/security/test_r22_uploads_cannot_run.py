"""R22 and R23: what was uploaded runs nowhere, and nothing of the original is ever handed out."""

import io

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from articles import photos
from articles.models import Photo
from newsroom.roles import Role
from tests import factories
from tests.security import pictures

pytestmark = pytest.mark.django_db

HELD = ("place.webp", "comment.jpg", "XMP.jpg", "JPEG and html")


@pytest.fixture
def shown():
    """Photos of nasty files that stand in a text readers see."""
    made = [one for one in pictures.corpus() if one.name in HELD]
    words = {"alt": "Cầu", "credit": "Bá Phúc"}
    stored = [photos.add_photo(actor=None, file=io.BytesIO(one.data), **words) for one in made]
    tokens = "".join(f"<p>[[photo:{photo.pk}]]</p>" for photo in stored)
    factories.published(body=tokens)
    return stored


def addresses(photo, desk):
    return [f"{desk}/anh/{photo.token}-{width}.webp" for width in photo.widths]


def test_readers_and_staff_get_a_picture_and_nothing_else(shown):
    staff = Client()
    staff.force_login(factories.user(Role.REPORTER))
    for client, desk in ((Client(), ""), (staff, "/admin")):
        for address in [one for photo in shown for one in addresses(photo, desk)]:
            response = client.get(address)
            data = b"".join(response.streaming_content)
            assert response["Content-Type"] == "image/webp"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in response["Content-Security-Policy"]
            assert "default-src 'none'" in response["Content-Security-Policy"]
            assert data.startswith(b"RIFF")
            assert pictures.SECRET not in data
            assert pictures.SCRIPT[:7] not in data


def test_the_original_keeps_its_notes_and_has_no_address(shown):
    kept = [default_storage.open(photo.original.name).read() for photo in Photo.objects.all()]
    assert sum(pictures.SECRET in data for data in kept) == 3
    for client in (Client(), Client()):
        for photo in shown:
            name = photo.original.name
            for path in (f"/{name}", f"/media/{name}", f"/static/{name}", f"/anh/{name}"):
                assert client.get(path).status_code == 404
        client.force_login(factories.user(Role.SECRETARY, is_superuser=True))

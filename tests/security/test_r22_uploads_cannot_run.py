"""R22 and R23: what was uploaded runs nowhere, and nothing of the original is ever handed out."""

import io

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from articles import photos
from articles.models import Photo
from newsroom.roles import Role
from tests import factories
from tests.articles.test_leaks import crawl
from tests.security import pictures

pytestmark = pytest.mark.django_db

HELD = "held in way 6.jpg|place.webp|place.png|place.avif|XMP.jpg|comment.jpg|JPEG and html"
SECRET, GPS = pictures.SECRET.decode(), 0x8825


@pytest.fixture
def shown():
    """Photos of nasty files that stand in a text readers see."""
    made = [one for one in pictures.corpus() if one.name in HELD.split("|")]
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


def test_the_original_keeps_its_notes_and_has_no_address(shown, record_property):
    """Whoever asks, in whatever spelling: of what lies in the store nothing is handed out."""
    kept = [default_storage.open(photo.original.name).read() for photo in Photo.objects.all()]
    assert sum(pictures.SECRET in data for data in kept) == 6
    asked = 0
    for who, client in everybody():
        for path in [path for photo in shown for path in spellings(photo)]:
            answer = client.get(path)
            assert answer.status_code == 404, (who, path)
            asked += 1
        for path in [path for photo in shown for path in spellings(photo, "/admin")]:
            answer = client.get(path)
            assert answer.status_code in ((302,) if who == "nobody" else (403, 404)), (who, path)
            asked += 1
    told = f"{asked} requests for {len(kept)} originals by {len(Role) + 2} kinds of people: 0 found"
    record_property("measured", told)


def everybody():
    """Yield who asks, with a browser he is logged in with: nobody, each role, who may do all."""
    yield "nobody", Client()
    people = {role: factories.user(role) for role in Role}
    for who, person in (people | {"all": factories.user(*Role, is_superuser=True)}).items():
        client = Client()
        client.force_login(person)
        assert "/login/" not in client.get("/admin/").headers.get("Location", "")
        yield who, client


def spellings(photo, desk=""):
    """Return how somebody who knows the store, or the photo's token, may ask for the original."""
    name, token, widest = photo.original.name, photo.token, photo.width
    folder, _slash, file = name.rpartition("/")
    _stem, _dot, ending = file.rpartition(".")
    paths = [
        *(f"/{top}{name}" for top in ("", "media/", "static/", "anh/", "anh/../", "photos/")),
        *(f"/{top}{file}" for top in ("", "media/", "static/", "anh/", "anh/id/")),
        *(f"/anh/{token}{end}" for end in (f".{ending}", "", "/", ".webp", "-original.webp")),
        *(f"/anh/{token}-{wide}.{ending}" for wide in (widest, 0)),
        *(f"/anh/{token}-{wide}.webp" for wide in (widest + 1, 0, 99_999)),
        f"/anh/{token}-{photo.widths[0]}.webp/../../{name}",
        f"/anh/%2e%2e/{name}",
        f"/anh/..%2f{name.replace('/', '%2f')}",
        f"/static/../{name}",
        f"/static/..%2f..%2f{name}",
        f"/media/{name}".upper(),
        f"/media/{folder}/",
        f"/media/{name}/",
        f"/media//{name}",
        f"/media/{name}%00.webp",
        f"/media/{name};.css",
        f"/media/{name}?download=1",
    ]
    return [f"{desk}{path}" for path in paths]


def test_no_public_byte_tells_where_a_picture_was_taken(shown, record_property):
    """Everything a reader can reach from the front page, its pictures with all that is in them."""
    answers = crawl(["/", "/rss.xml", "/sitemap.xml", "/tim-kiem/?q=cau"])
    sizes = {path for photo in shown for path in addresses(photo, "")}
    assert sizes <= answers.keys()
    assert [path for path, (_status, text) in answers.items() if SECRET in text] == []
    for path in sizes:
        with Image.open(io.BytesIO(b"".join(Client().get(path).streaming_content))) as image:
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info), path
            assert not image.getexif().get_ifd(GPS), path
    told = f"{len(answers)} public answers, {len(sizes)} of them pictures of {len(shown)} files"
    record_property("measured", f"{told} with a place or a note: 0 places, 0 notes")

"""R21: what is no picture is refused in words, what is one is made anew, and neither costs much."""

import io
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from articles.models import Photo
from articles.pictures import making
from newsroom.roles import Role
from tests import factories
from tests.security import pictures
from tests.security.pictures import EITHER, REFUSED, SCRIPT, SECRET, TAKEN

SECONDS, MEGABYTES = 10, 500
ROOT = Path(__file__).resolve().parents[2]
ADD = "/admin/articles/article/add/"
TYPED = {
    "headline": "Cầu mới thông xe",
    "body": "<p>Sáng nay.</p>",
    "verb": "save",
    "byline-TOTAL_FORMS": "0",
    "byline-INITIAL_FORMS": "0",
}
# One of each kind, for every day.
FEW = """
CMYK.jpg|I;16.png|palette with a hole.png|RGBA.avif|two views of a telephone.jpg
held in way 6.jpg|place.webp|comment.jpg|notes in a circle.jpg|JPEG and html|20,000 frames.gif
drawing called.jpg|half a PNG|50,001 times 50,000.png|64 MB of profile.png
""".replace("\n", "|").split("|")


def made_of(nasty):
    """What the site makes of a file; None where it refuses it in words."""
    before = time.monotonic()
    try:
        made = making.make(io.BytesIO(nasty.data))
    except making.BadPhoto as bad:
        assert len(str(bad)) > 10
        made = None
    assert time.monotonic() - before <= SECONDS
    return made


def assert_dealt_with(nasty):
    made = made_of(nasty)
    if made is None:
        assert nasty.fate != TAKEN, nasty.name
        return
    assert nasty.fate != REFUSED, nasty.name
    assert made.original == nasty.data
    for width, data in made.sizes.items():
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            assert (image.format, image.mode, image.width) == ("WEBP", "RGB", width)
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info), nasty.name
        assert data[12:16] == b"VP8 ", "nothing beside the pixels"
        assert SECRET not in data
        assert SCRIPT[1:8] not in data


def test_there_are_enough_of_them():
    names = [nasty.name for nasty in pictures.corpus()]
    assert len(set(names)) == len(names) >= 60
    assert set(FEW) - {""} <= set(names)


def test_one_of_each_kind():
    for nasty in pictures.corpus():
        if nasty.name in FEW:
            assert_dealt_with(nasty)


@pytest.mark.long
def test_all_of_them():
    for nasty in pictures.corpus():
        assert_dealt_with(nasty)


# Started by a small process: one that grew large would be counted as the memory of its child.
_WEIGH = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


def weighed(nasty):
    """The most memory in MB, and the seconds of the processor, that opening a file takes."""
    with tempfile.TemporaryFile() as file:
        file.write(nasty.data)
        file.seek(0)
        launch = [sys.executable, "-S", "-c", _WEIGH, *making.PROGRAM]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(launch, stdin=file, capture_output=True, env={}, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return int(done.stderr.split()[-1]) / 1024, spent


@pytest.mark.long
@pytest.mark.alone
def test_the_heaviest_stay_within_memory_and_time(record_property):
    """Memory beyond what the process takes that opens nothing."""
    idle, _seconds = weighed(pictures.Nasty("nothing", b"", REFUSED))
    most, slowest = (0.0, ""), (0.0, "")
    for nasty in [*pictures.corpus(), *pictures.heavy()]:
        megabytes, seconds = weighed(nasty)
        most = max(most, (megabytes - idle, nasty.name))
        slowest = max(slowest, (seconds, nasty.name))
    for nasty in pictures.heavy():
        assert_dealt_with(nasty)
    record_property(
        "measured",
        f"opening a file takes at most {most[0]:.0f} MB more ({most[1]}), "
        f"{slowest[0]:.1f} s of the processor ({slowest[1]})",
    )
    assert most[0] <= MEGABYTES
    assert slowest[0] <= SECONDS


def red_corner(data):
    """Which corner of a picture is red."""
    with Image.open(io.BytesIO(data)) as image:
        for name, x, y in (
            ("upper left", 5, 5),
            ("upper right", image.width - 5, 5),
            ("lower right", image.width - 5, image.height - 5),
        ):
            if image.convert("RGB").getpixel((x, y))[1] < 80:
                return name
    return None


@pytest.mark.parametrize(
    ("orientation", "corner", "size"),
    [
        (1, "upper left", (600, 300)),
        (3, "lower right", (600, 300)),
        (6, "upper right", (300, 600)),
    ],
)
def test_it_stands_upright(orientation, corner, size):
    image = Image.new("RGB", (600, 300), "white")
    image.paste("red", (0, 0, 150, 100))
    out = io.BytesIO()
    image.save(out, "JPEG", exif=pictures.exif(orientation), quality=95)
    made = making.make(io.BytesIO(out.getvalue()))
    assert (made.width, made.height) == size
    assert red_corner(made.sizes[264]) == corner


def middle(made):
    with Image.open(io.BytesIO(made.sizes[264])) as image:
        return image.convert("RGB").getpixel((99, 99))


@pytest.mark.parametrize(
    ("mode", "format", "ink", "shown"),
    [
        ("RGBA", "PNG", (0, 0, 0, 0), (255, 255, 255)),
        ("CMYK", "JPEG", (0, 0, 0, 255), (0, 0, 0)),
        ("I;16", "PNG", 32_768, (128, 128, 128)),
    ],
)
def test_it_shows_what_was_meant(mode, format, ink, shown):
    out = io.BytesIO()
    Image.new(mode, (300, 300), ink).save(out, format)
    found = middle(making.make(io.BytesIO(out.getvalue())))
    assert all(abs(a - b) < 12 for a, b in zip(found, shown, strict=True))


def test_the_child_starts_without_django():
    command = [*making.PROGRAM[:-2], "-X", "importtime", *making.PROGRAM[-2:]]
    done = subprocess.run(command, input=b"", capture_output=True, cwd=ROOT, check=True)
    assert b"PIL" in done.stderr
    assert b"django" not in done.stderr


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.django_db
def test_all_of_them_through_the_desk(record_property):
    """As a reporter sends them: taken, or the form comes back in words; nothing else, in time."""
    client = Client(raise_request_exception=False)
    client.force_login(factories.user(Role.REPORTER))
    slowest, most, fates = (0.0, ""), (0.0, ""), Counter()
    for nasty in [*pictures.corpus(), *pictures.heavy()]:
        fate, seconds, megabytes = uploaded(client, nasty)
        assert nasty.fate in (EITHER, fate), nasty.name
        slowest, most = max(slowest, (seconds, nasty.name)), max(most, (megabytes, nasty.name))
        fates[fate] += 1
    assert Photo.objects.count() == fates[TAKEN]
    assert slowest[0] <= SECONDS
    assert most[0] <= MEGABYTES
    record_property(
        "measured",
        f"{fates.total()} files sent to the desk: {fates[TAKEN]} taken, {fates[REFUSED]} refused, "
        f"0 x 5xx; slowest {slowest[0]:.1f} s ({slowest[1]}); "
        f"the server's own memory at most {most[0]:.0f} MB more ({most[1]})",
    )


def uploaded(client, nasty):
    """Send a file to the desk; return its fate, the seconds, and the MB more the server took."""
    file = SimpleUploadedFile(nasty.name, nasty.data)
    sent = TYPED | {"photo_alt": "Cầu", "photo_credit": "Bá Phúc", "photo_file": file}
    before = own_peak(anew=True)
    begun = time.monotonic()
    answer = client.post(ADD, sent)
    seconds = time.monotonic() - begun
    assert answer.status_code in (302, 422), (nasty.name, answer.status_code)
    if answer.status_code == 422:
        page = answer.content.decode()
        assert "Cầu mới thông xe" in page, nasty.name
        assert "Sáng nay." in page, nasty.name
    fate = TAKEN if answer.status_code == 302 else REFUSED
    return fate, seconds, own_peak() - before


def own_peak(*, anew=False):
    """The most memory this process has had in MB, on asking since now."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    (line,) = [one for one in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in one]
    return int(line.split()[1]) / 1024


@pytest.mark.django_db
def test_a_refused_picture_costs_no_word_and_no_name_counts(client):
    client.force_login(factories.user(Role.REPORTER))
    bad = next(one for one in pictures.corpus() if one.name == "64 MB of profile.png")
    answer = client.post(ADD, TYPED | {"photo_file": SimpleUploadedFile("a.png", bad.data)})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Cầu mới thông xe" in page
    assert "Sáng nay." in page
    assert not Photo.objects.exists()
    file = SimpleUploadedFile("trang.html", factories.picture().read(), "text/html")
    words = {"photo_alt": "Cầu", "photo_credit": "Bá Phúc"}
    assert client.post(ADD, TYPED | words | {"photo_file": file}).status_code == 302
    assert Photo.objects.get().original.name.endswith(".jpg")

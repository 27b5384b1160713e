"""What an archive is spread over, made by the newsroom's own verbs: few rows, each as in life."""

import datetime as dt
import io
import random

from django.utils import timezone
from PIL import Image

from articles import catalogue, photos
from articles.models import Cluster, Photo, Province, Section, Topic
from comments.models import ConsentText
from newsroom.administration import save_account
from newsroom.models import User
from newsroom.roles import Role
from newsroom.vietnamese import ZONE

from . import texts
from .rows import Archive

# How far two articles lie apart: what a provincial newsroom prints, or an archive of twenty years.
APART = dt.timedelta(minutes=47)
LONGEST = dt.timedelta(days=20 * 365)
PHOTOS = 12
TOPICS = 40
EDITORS = 5
SECRETARY, MODERATOR = "thuky", "kiemduyet"


def archive(total: int, chance: random.Random) -> Archive:
    """Make accounts, sections, tags, pen names and photos; say what `total` articles need."""
    today = timezone.now().astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    editors = [_account(f"bientap{number}", Role.EDITOR) for number in range(EDITORS)]
    return Archive(
        newest=today - dt.timedelta(days=1),
        apart=min(APART, LONGEST / total),
        sections=[_section(*each) for each in enumerate(texts.SECTIONS, 1)],
        provinces=[place.pk for place in Province.objects.filter(valid_to=None).order_by("pk")],
        clusters=[_cluster()],
        topics=[_topic(number) for number in range(1, TOPICS + 1)],
        authors=[_author(name) for name in texts.NAMES],
        photos=[_photo(number, chance) for number in range(1, PHOTOS + 1)],
        writers=[*editors, _account(SECRETARY, Role.SECRETARY)],
        moderator=_account(MODERATOR, Role.MODERATOR),
        consent=ConsentText.objects.latest("valid_from").pk,
    )


def _account(name: str, role: Role) -> int:
    return save_account(actor=None, account=User(username=name), roles=[role]).pk


def _section(position: int, name: str) -> int:
    return catalogue.save_section(actor=None, section=Section(name=name, position=position)).pk


def _cluster() -> int:
    cluster = Cluster(number=1, number_printed="1", owner="Bộ Tài nguyên & Môi trường")
    return catalogue.save_cluster(actor=None, cluster=cluster).pk


def _topic(number: int) -> int:
    return catalogue.save_tag(actor=None, tag=Topic(name=f"Chủ đề {number}")).pk


def _author(name: str) -> tuple[int, str]:
    return catalogue.author_named(actor=None, name=name).pk, name


def _photo(number: int, chance: random.Random) -> Photo:
    words = {"alt": texts.sentence(chance, 5, 9), "caption": texts.sentence(chance, 8, 16)}
    file = io.BytesIO()
    picture = Image.radial_gradient("L").rotate(number * 30).convert("RGB")
    picture.resize((900, 600)).save(file, "JPEG")
    file.seek(0)
    return photos.add_photo(actor=None, file=file, credit=f"Ảnh {number}", **words)

"""Loading the demo into an empty database: the newsroom first, then its articles, oldest first."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model

from newsroom import vietnamese
from newsroom.models import SiteSettings

from ..importing.directory import Directory
from ..models import Article, Author, Cluster, Photo, Section, Topic
from . import ground, stories
from .album import Album
from .plan import published_at


def is_loaded(plan: dict[str, Any]) -> bool:
    """Whether the demo was loaded before, whatever has become of it since."""
    names = [stories.source_id(row["key"]) for row in plan["articles"]]
    return Article.objects.filter(source_id__in=names).exists()


def is_empty() -> bool:
    """Whether nobody has put anything into the newsroom yet."""
    kinds = (get_user_model(), Article, Author, Cluster, Photo, Section, SiteSettings, Topic)
    return not any(kind.objects.exists() for kind in kinds)


def load(plan: dict[str, Any], album: Album, password: str, now: dt.datetime) -> dict[str, Article]:
    """Make all of the plan but its comments; return the articles by their key.

    Must run inside a transaction, so that readers see the whole newsroom or none.
    """
    ground.save_site(plan["site"])
    accounts = ground.make_accounts(plan["accounts"], password)
    ground.make_sections(plan["sections"])
    directory = Directory()
    ground.name_topics(plan["topics"], directory)
    today = now.astimezone(vietnamese.ZONE).date()
    desk = stories.Desk(
        now=now,
        accounts=accounts,
        authors=ground.make_authors(plan["authors"], accounts),
        clusters=ground.make_clusters(plan["clusters"], directory, today),
        directory=directory,
        album=album,
    )
    rows = sorted(plan["articles"], key=lambda row: published_at(row, now)[0])
    return {row["key"]: stories.tell(row, desk) for row in rows}

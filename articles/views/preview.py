"""The page readers would see of a text that is not public: for the desk, which asks the rights."""

import datetime as dt

from django.http import HttpResponse

from ..models import Publication, Revision
from .frame import Frame
from .story import story_page

DESK_PHOTOS = "/admin/anh/"


def preview_page(revision: Revision, at: dt.datetime) -> HttpResponse:
    """Return the page of `revision` as if it went out at `at`; stores nothing.

    It has no address of its own: the desk answers with it where it sees fit.
    """
    article = revision.article
    article.first_public_at = article.first_public_at or at
    publication = Publication(article=article, revision=revision, starts_at=at)
    path = article.get_absolute_url() if article.section and article.slug else "/"
    return story_page(publication, Frame.load(at), path, robots="noindex", folder=DESK_PHOTOS)

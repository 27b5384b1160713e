"""The page of one article."""

import datetime as dt
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _

from newsroom import freshness, stamps

from .. import listing
from ..models import Publication
from . import errors
from .cards import LATEST, PHOTOS, Line, latest, latest_in, shortened
from .frame import Frame, Link, absolute, answer, public_page
from .story_tags import owners, tag_groups
from .story_text import told
from .structured_data import news_article

SAME_SECTION = 3
DESCRIPTION_CHARS = 200


@public_page
def article(
    request: HttpRequest, at: dt.datetime, section: str, slug: str, pk: int
) -> HttpResponse:
    """Show the article number `pk`; with another section or slug lead to its address.

    404 for what readers never saw, 410 for what was withdrawn.
    """
    publication = listing.story(pk, at)
    if publication is None:
        if listing.was_public(pk, at):
            return errors.gone(at)
        raise Http404
    path = publication.article.get_absolute_url()
    if request.path != path:
        return HttpResponsePermanentRedirect(path)
    # Said before anything is asked under them: the versions of all are read at once.
    freshness.shows(stamps.comments(pk), stamps.section(publication.article.section_id))
    return story_page(publication, Frame.load(at), path)


def story_page(
    publication: Publication, frame: Frame, path: str, *, robots: str = "", folder: str = PHOTOS
) -> HttpResponse:
    """Return the page of a publication at `path`, its photos in `folder`.

    Asks nobody's right and not whether the publication is public: whoever calls it has.
    """
    section, revision = publication.article.section, publication.revision
    tags = listing.tags(publication)
    story = told(publication, owners(tags), folder)
    page = frame.page(
        path=path,
        within=section,
        robots=robots,
        title=revision.headline,
        description=shortened(revision.standfirst, DESCRIPTION_CHARS),
        kind="article",
        image=absolute(story.photo.largest) if story.photo else "",
    )
    newest, same_section = _beside(publication, frame, path)
    return answer(
        "articles/article.html",
        page,
        story=story,
        crumbs=frame.way_to(section) if section else [],
        tags=tag_groups(tags, frame.day),
        share=_share_links(absolute(path), revision.headline),
        json_ld=news_article(page, story, section.name if section else ""),
        latest=newest,
        same_section=same_section,
    )


def _beside(publication: Publication, frame: Frame, own: str) -> tuple[list[Line], list[Line]]:
    """Return “Tin mới” and what else is new in the section, none in both or at its `own` path."""
    at, day, section = frame.at, frame.day, publication.article.section_id
    newest = [line for line in latest(at, day, LATEST + 1) if line.url != own][:LATEST]
    shown = {own, *(line.url for line in newest)}
    others = latest_in(section, at, day, LATEST + SAME_SECTION + 1)
    return newest, [line for line in others if line.url not in shown][:SAME_SECTION]


def _share_links(url: str, headline: str) -> list[Link]:
    """Return plain links: nothing is loaded from elsewhere until a reader follows one."""
    mail = urlencode({"subject": headline, "body": url}, quote_via=quote)
    return [
        Link(f"https://zalo.me/share?{urlencode({'url': url})}", _("Send by Zalo")),
        Link(f"https://www.facebook.com/sharer/sharer.php?{urlencode({'u': url})}", "Facebook"),
        Link(f"mailto:?{mail}", _("E-mail")),
    ]

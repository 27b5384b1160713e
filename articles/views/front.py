"""The front page.

Above the fold stand one article in large, four beside it and the latest news by time, none of
them twice. The large one is the newest of the NEWEST that has a photo, or just the newest. The
four are the newest of as many different top sections as there are; the first of them shows its
photo. Then come the top sections that have articles, each with those that do not stand above,
or with its newest where all of them do.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from newsroom import parts, stamps

from .. import listing
from ..listing import Listed
from ..models import Section, Tag
from .cards import Card, Line, card, line
from .frame import Frame, Link, answer, public_page

NEWEST = 14
BESIDE = 4
LATEST = 7
RELATED = 2
ABOVE = 1 + BESIDE + RELATED
IN_BLOCK = 5

Many = list[Listed]


@dataclass(frozen=True)
class Fold:
    """What stands above the fold, newest first but for the lead."""

    lead: Listed | None
    beside: Many
    latest: Many


@dataclass(frozen=True)
class Block:
    """A top section with its newest articles."""

    url: str
    name: str
    children: list[Link]
    lead: Card
    rest: list[Line]


@public_page
def front(request: HttpRequest, at: dt.datetime) -> HttpResponse:
    """Show the front page; seven queries however much there is."""
    frame = Frame.load(at)
    newest = listing.newest(at, (listing.of_site(at), NEWEST))
    fold = arranged(newest, {one.pk: one.parent_id or one.pk for one in frame.sections})
    related = _related(fold, at)
    above = [fold.lead, *fold.beside, *related] if fold.lead else []
    page = frame.page(path="/", description=frame.site.tagline, feed="")
    return answer(
        "articles/home.html",
        page,
        lead=_lead_card(fold.lead, frame.day),
        related=_lines(related, frame.day),
        more=_one_photo([card(one, frame.day) for one in fold.beside]),
        latest=_lines(fold.latest, frame.day),
        blocks=_blocks(frame, {one.article_id for one in above}),
    )


def arranged(newest: Many, top_of: dict[int, int]) -> Fold:
    """Divide the newest among the places above the fold; `top_of` leads to top sections."""
    if not newest:
        return Fold(None, [], [])
    lead = next((one for one in newest if one.photo_token), newest[0])
    rest = [one for one in newest if one is not lead]
    beside = _varied(rest, top_of, top_of.get(lead.section_id))
    latest = [one for one in rest if one not in beside][:LATEST]
    return Fold(lead, sorted(beside, key=_has_no_photo), latest)


def _varied(rest: Many, top_of: dict[int, int], taken: int | None) -> Many:
    """Return BESIDE articles of different top sections, filled up with the newest."""
    seen, chosen = {taken}, []
    for one in rest:
        top = top_of.get(one.section_id)
        if top not in seen:
            seen.add(top)
            chosen.append(one)
    fill = [one for one in rest if one not in chosen]
    return [*chosen, *fill][:BESIDE]


def _has_no_photo(listed: Listed) -> bool:
    return listed.photo_token is None


def _related(fold: Fold, at: dt.datetime) -> Many:
    """Return the newest others under the topics and clusters of the lead; two queries."""
    if fold.lead is None:
        return []
    above = {one.article_id for one in (fold.lead, *fold.beside, *fold.latest)}
    tags = [tag.pk for tag in listing.tags(fold.lead) if tag.kind != Tag.Kind.PROVINCE]
    found = listing.newest(at, (listing.of_tags(tags, at), len(above) + RELATED))
    return [one for one in found if one.article_id not in above][:RELATED]


def _one_photo(cards: list[Card]) -> list[Card]:
    """Return the cards with a photo on the first alone: four would outgrow the lead."""
    return [*cards[:1], *(one._replace(photo=None) for one in cards[1:])]


def _lead_card(lead: Listed | None, day: dt.date) -> Card | None:
    if lead is None:
        return None
    return card(lead, day, " – ".join(name.name for name in listing.byline(lead)))


def _blocks(frame: Frame, above: set[int]) -> list[Block]:
    """Return the top sections that have articles; two queries or none."""
    sections = [section.pk for section in frame.sections]
    # So many that some are left, whichever stand above already.
    found = _newest_of_each(sections, frame.at, IN_BLOCK + ABOVE)
    blocks = (_block(frame, section, found, above) for section in frame.tops())
    return [block for block in blocks if block]


def _newest_of_each(section_ids: list[int], at: dt.datetime, limit: int) -> dict[int, Many]:
    """Return the newest of each of these sections, newest first; two queries or none."""

    def make(missing: list[int]) -> dict[int, Many]:
        found: dict[int, Many] = {pk: [] for pk in missing}
        for one in listing.newest(at, (listing.of_sections(missing, at), limit)):
            found[one.section_id].append(one)
        return found

    def shown(section_id: int) -> tuple[str, ...]:
        return stamps.section(section_id), stamps.MENU

    name = ("newest of", limit)
    return parts.shared_each(name, section_ids, at, make, shown=shown, ends=listing.next_change)


def _block(frame: Frame, section: Section, found: dict[int, Many], above: set[int]) -> Block | None:
    own = listing.in_order(one for pk in frame.family(section) for one in found[pk])
    fresh = [one for one in own if one.article_id not in above] or own
    if not fresh:
        return None
    shown = fresh[:IN_BLOCK]
    lead = next((one for one in shown if one.photo_token), shown[0])
    return Block(
        url=section.get_absolute_url(),
        name=section.name,
        children=[Link(one.get_absolute_url(), one.name) for one in frame.children(section)],
        lead=card(lead, frame.day),
        rest=_lines((one for one in shown if one is not lead), frame.day),
    )


def _lines(listed: Iterable[Listed], day: dt.date) -> list[Line]:
    return [line(one, day) for one in listed]

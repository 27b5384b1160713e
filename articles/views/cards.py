"""An article in a list and a photo anywhere, as templates show them."""

import datetime as dt
import textwrap
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from newsroom import parts, vietnamese
from newsroom.vietnamese import DAY, NONE, TIME

from .. import listing, typography
from ..listing import Listed, ListedPhoto
from ..models import Photo
from ..paging import Walk
from .frame import Link

SUMMARY_CHARS = 240
PHOTOS = "/anh/"
LATEST = 6


class Picture(NamedTuple):
    """A photo with its sizes and the words printed under it in one text."""

    src: str
    srcset: str
    width: int
    height: int
    largest: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


class Card(NamedTuple):
    """One article in a list. `when`, `day`, `hour` and `iso` are empty where no date may show.

    `note` is what the list itself says about the article: the former place it is about.
    """

    url: str
    headline: str
    summary: str
    photo: Picture | None
    section: Link
    when: str
    day: str
    hour: str
    iso: str
    byline: str = ""
    note: str = ""


class BriefCard(NamedTuple):
    """One article among those that a search found; `day` and `iso` as in a card."""

    url: str
    headline: str
    summary: str
    photo: Picture | None
    section: str
    day: str
    iso: str


class Line(NamedTuple):
    """One article in a list of headlines; `day`, `hour` and `iso` as in a card."""

    url: str
    headline: str
    day: str
    hour: str
    iso: str


def card(listed: Listed, today: dt.date, byline: str = "", note: str = "") -> Card:
    """Return the card of an article; `today` decides between an hour and a date."""
    moment, precision = listed.first_public_at, listed.date_precision
    return Card(
        url=listed.url,
        headline=typography.tied(listed.headline),
        summary=typography.tied(shortened(listed.standfirst)),
        photo=picture(listed.photo) if listed.photo_token else None,
        section=Link(f"/{listed.section_slug}/", listed.section_name),
        when=vietnamese.short_date(moment, precision),
        day=vietnamese.short_date(moment, NONE if precision == NONE else DAY),
        hour=brief_date(moment, precision, today),
        iso=iso(moment, precision),
        byline=byline,
        note=typography.tied(note),
    )


def brief_card(listed: Listed, text: str) -> BriefCard:
    """Return the card of an article that was found, with the beginning of `text`."""
    moment, precision = listed.first_public_at, listed.date_precision
    return BriefCard(
        url=listed.url,
        headline=typography.tied(listed.headline),
        summary=typography.tied(shortened(text)) if text else "",
        photo=picture(listed.photo) if listed.photo_token else None,
        section=listed.section_name,
        day=vietnamese.short_date(moment, NONE if precision == NONE else DAY),
        iso=iso(moment, precision),
    )


def line(listed: Listed, today: dt.date) -> Line:
    """Return the headline of an article; `today` decides between an hour and a date."""
    moment, precision = listed.first_public_at, listed.date_precision
    return Line(
        url=listed.url,
        headline=typography.tied(listed.headline),
        day=vietnamese.short_date(moment, NONE if precision == NONE else DAY),
        hour=brief_date(moment, precision, today),
        iso=iso(moment, precision),
    )


def picture(
    photo: Photo | ListedPhoto,
    alt: str = "",
    caption: str = "",
    credit: str = "",
    folder: str = PHOTOS,
) -> Picture:
    """Return a photo, its sizes in `folder`, with the words of the text it stands in."""
    address = f"{folder}{photo.token}-{{}}.webp".format
    width, height = photo.size(photo.widths[-1])
    return Picture(
        src=address(photo.size(564)[0]),
        srcset=", ".join(f"{address(wide)} {wide}w" for wide in photo.widths),
        width=width,
        height=height,
        largest=address(width),
        alt=alt,
        caption=typography.tied(caption),
        credit=credit,
    )


def latest(at: dt.datetime, today: dt.date, limit: int = LATEST) -> list[Line]:
    """Return what stands under “Tin mới” beside every page; two queries or none."""
    return _newest("site", partial(listing.of_site, at), at, today, limit)


def latest_in(section_id: int | None, at: dt.datetime, today: dt.date, limit: int) -> list[Line]:
    """Return the newest of a section without its sub-sections; two queries or none."""
    walk = partial(listing.of_sections, [section_id], at)
    return _newest(section_id, walk, at, today, limit)


def _newest(
    of: str | int | None, walk: Callable[[], Walk], at: dt.datetime, today: dt.date, limit: int
) -> list[Line]:
    def lines() -> list[Line]:
        return [line(one, today) for one in listing.newest(at, (walk(), limit))]

    return parts.shared(("newest", of, today, limit), at, lines, ends=listing.next_change)


def brief_date(moment: dt.datetime, precision: str, today: dt.date) -> str:
    """Return "16:40" of today, "22/11" of this year, "10/7/2020" else, "" where none may show."""
    if precision == NONE:
        return ""
    local = moment.astimezone(vietnamese.ZONE)
    if local.date() == today and precision == TIME:
        return f"{local:%H:%M}"
    if local.year == today.year:
        return f"{local.day}/{local.month}"
    return vietnamese.short_date(moment, DAY)


def iso(moment: dt.datetime, precision: str) -> str:
    """Return the moment for machines, as exactly as readers are told it."""
    local = moment.astimezone(vietnamese.ZONE)
    if precision == TIME:
        return local.isoformat(timespec="seconds")
    return local.date().isoformat() if precision == DAY else ""


def shortened(text: str, limit: int = SUMMARY_CHARS) -> str:
    """Return the text cut at a word, "…" behind it where something is missing."""
    words = " ".join(text.split())
    if len(words) <= limit:
        return words
    # What lies far behind the cut need not be looked through.
    return textwrap.shorten(words[: 2 * limit], limit, placeholder=" …")

"""What readers see of a tag year by year, as the page of a cluster tells it."""

import datetime as dt

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear

from newsroom import freshness, stamps
from newsroom.vietnamese import NONE, ZONE

from . import listing, ranges
from .models import Tag


def years(tag: Tag, at: dt.datetime) -> list[int]:
    """The years from which the tag has dated articles that readers see, newest first."""
    freshness.shows(stamps.tag(tag.pk))
    dated = ranges.tagged(at).filter(tag=tag).exclude(article__date_precision=NONE)
    return [moment.year for moment in dated.datetimes("first_public_at", "year", order="DESC")]


def counts_by_year(
    tag: Tag, families: list[list[int]], first: int, last: int, at: dt.datetime
) -> dict[int, list[int]]:
    """Count, for each year from `first` to `last`, the tag's dated articles readers see.

    Of a year it says first how many there are, then for each family of tags how many of them
    bear one of it, each once. One query.
    """
    freshness.shows(stamps.tag(tag.pk))
    since, before = listing.year_bounds(first)[0], listing.year_bounds(last)[1]
    dated = ranges.tagged(at).filter(tag=tag).exclude(article__date_precision=NONE)
    dated = dated.filter(first_public_at__gte=since, first_public_at__lt=before)
    columns = {
        f"family_{number}": Count(
            "article", distinct=True, filter=Q(article__taggings__tag__in=family)
        )
        for number, family in enumerate(families)
        if family
    }
    rows = dated.values(year=ExtractYear("first_public_at", tzinfo=ZONE)).annotate(
        total=Count("article", distinct=True), **columns
    )
    return {
        row["year"]: [row["total"], *(row.get(f"family_{n}", 0) for n in range(len(families)))]
        for row in rows.order_by("year")
    }

"""The words of the domain as queries. What a reader may see is defined here and nowhere else."""

import datetime as dt
from collections.abc import Sequence
from typing import Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When


class PublicationQuerySet(models.QuerySet):
    """Queries about intervals."""

    def public(self, at: dt.datetime) -> Self:
        """Those readers see at the moment `at`: the one definition of public."""
        return self.filter(starts_at__lte=at).filter(Q(ends_at=None) | Q(ends_at__gt=at))

    def in_force(self) -> Self:
        """Those that were not cancelled before they began."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=F("starts_at")))

    def waiting(self, at: dt.datetime) -> Self:
        """Schedules that have not begun at the moment `at`."""
        return self.in_force().filter(starts_at__gt=at)

    def begun(self, at: dt.datetime) -> Self:
        """Those readers saw at some moment up to `at`."""
        return self.in_force().filter(starts_at__lte=at)


class ArticleQuerySet(models.QuerySet):
    """Queries about articles."""

    def _publications(self) -> PublicationQuerySet:
        publication = self.model._meta.get_field("publications").related_model
        return publication.objects.filter(article=OuterRef("pk"))

    def public(self, at: dt.datetime) -> Self:
        """Those with a publication that readers see at the moment `at`."""
        return self.filter(Exists(self._publications().public(at)))

    def with_state(self, at: dt.datetime) -> Self:
        """Say of each whether it is public, waits for its hour, was public, and has open work.

        Open work is a newest revision that neither is nor was nor will be public.
        """
        return self.annotate(
            is_public=Exists(self._publications().public(at)),
            is_waiting=Exists(self._publications().waiting(at)),
            has_begun=Exists(self._publications().begun(at)),
            has_open_work=~Exists(self._uses()),
        )

    def waiting(self, at: dt.datetime) -> Self:
        """Those with a schedule that has not begun at the moment `at`."""
        publication = self.model._meta.get_field("publications").related_model
        # These are few, and asked for by their hour: so not of each article.
        return self.filter(pk__in=publication.objects.waiting(at).values("article"))

    def _uses(self) -> PublicationQuerySet:
        return self._publications().in_force().filter(revision=OuterRef("newest_revision"))

    def fetched(self, pks: Sequence[int]) -> list:
        """Return the rows with these numbers, in this order.

        Whose numbers are asked for first has what `with_state` says asked of no other rows.
        """
        rows = {row.pk: row for row in self.order_by().filter(pk__in=pks)}
        return [rows[pk] for pk in pks if pk in rows]


class TagQuerySet(models.QuerySet):
    """Queries about tags."""

    def named(self, terms: Sequence[str], *, whole: bool = False) -> Self:
        """Those whose name, or one other name of a topic, has a word beginning with each term.

        With `whole` the words must be the terms. `terms` are those of `vietnamese.search_terms`,
        none keeps all. `found_as` holds the other name, "" where the tag's own name fits.
        """
        if not terms:
            return self
        end = " " if whole else ""
        fits = Q(*(Q(search_words__contains=f" {term}{end}") for term in terms))
        names = self.model._meta.get_field("other_names").related_model.objects
        others = names.filter(fits, topic=OuterRef("pk")).order_by("pk")
        found_as = Case(
            When(fits, then=Value("")),
            default=Subquery(others.values("name")[:1]),
            output_field=models.CharField(),
        )
        return self.filter(fits | Exists(others)).annotate(found_as=found_as)

"""The words of the domain as queries. What a reader may see is defined here and nowhere else."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q


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
        used = self._publications().in_force().filter(revision=OuterRef("newest_revision"))
        return self.annotate(
            is_public=Exists(self._publications().public(at)),
            is_waiting=Exists(self._publications().waiting(at)),
            has_begun=Exists(self._publications().begun(at)),
            has_open_work=~Exists(used),
        )

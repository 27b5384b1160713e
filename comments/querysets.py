"""The words of moderation as queries. What readers may see of comments is defined here."""

from typing import Self

from django.db import models


class CommentQuerySet(models.QuerySet):
    """Queries about comments."""

    def public(self) -> Self:
        """Those readers see under an article they may see: the approved ones."""
        return self.filter(state=self.model.State.APPROVED)

    def queue(self) -> Self:
        """Those waiting for a decision, oldest first, so that none starves."""
        return self.filter(state=self.model.State.PENDING).oldest_first()

    def oldest_first(self) -> Self:
        """In the order in which readers sent them."""
        return self.order_by("submitted_at", "pk")

    def with_articles(self) -> Self:
        """With what a moderator's row shows of the article and of who decided."""
        return self.select_related("article__newest_revision", "article__section", "decided_by")

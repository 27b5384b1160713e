"""The words of moderation as queries. What readers may see of comments is defined here."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from articles.models import Publication
from newsroom import vietnamese

# What a moderator's row shows of the text a comment stands under.
TEXTS = ("headline", "standfirst")
MOST = 1_000  # counted; beyond it nobody needs the number


def in_words(number: int) -> str:
    """Return a number as a desk shows it, honest where it was not counted to the end."""
    if number > MOST:
        return _("over %(most)s") % {"most": vietnamese.grouped(MOST)}
    return vietnamese.grouped(number)


class CommentQuerySet(models.QuerySet):
    """Queries about comments."""

    def public(self) -> Self:
        """Those readers see under an article they may see: the approved ones."""
        return self.filter(state=self.model.State.APPROVED)

    def threads_of(self, article_id: int) -> Self:
        """What stands in the list under an article: the comments that answer none.

        With those that are gone while somebody's reply to them stands: they show as a gap.
        """
        return self.filter(article=article_id, is_shown=True, thread=None)

    def replies_to(self, thread_id: int) -> Self:
        """The public replies of one thread."""
        return self.public().filter(thread=thread_id)

    def in_queue(self, *, suspect: bool) -> Self:
        """One of the two queues of those waiting, along its index."""
        waiting = self.filter(state=self.model.State.PENDING, suspect=suspect)
        return waiting.longest_waiting_first()

    def number(self) -> int:
        """How many there are, MOST + 1 standing for all numbers beyond: never counts a table.

        The order stays: it leads along the queue's index, where a thousand of any rows may lie at
        the end of the table.
        """
        return self[: MOST + 1].count()

    def oldest_first(self) -> Self:
        """In the order in which readers sent them."""
        return self.order_by("submitted_at", "pk")

    def longest_waiting_first(self) -> Self:
        """In the order in which they entered the queue."""
        return self.order_by("queued_at", "pk")

    def with_articles(self, at: dt.datetime) -> Self:
        """With what a moderator's row shows of the article and of who decided.

        `article_headline` and `article_standfirst` are those readers see at the moment `at`, or
        saw last: who only moderates may not read drafts.
        """
        # Publications never overlap: where one is public, it is the last that has begun.
        seen = Publication.objects.begun(at).filter(article=OuterRef("article"))
        seen = seen.order_by("-starts_at")
        texts = {
            f"article_{name}": Subquery(seen.values(f"revision__{name}")[:1]) for name in TEXTS
        }
        return self.select_related("article__section", "decided_by").annotate(**texts)

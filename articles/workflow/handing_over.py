"""Giving an article to somebody else to finish, when its writer leaves."""

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom import events
from newsroom.models import User
from newsroom.refusals import NotAllowed, NotReady
from newsroom.roles import ADMINISTRATORS, WRITERS

from ..models import Article


@transaction.atomic
def hand_over(*, actor: User | None, article: Article, heir: User | None) -> None:
    """Let the article be the heir's. Readers see no difference, so no stamp moves.

    Raises NotAllowed for whoever is no administrator, NotReady without an heir who writes.
    """
    if actor is not None and not actor.roles & ADMINISTRATORS:
        raise NotAllowed()
    if not (heir and heir.roles & WRITERS):
        raise NotReady({"heir": _("Choose somebody who writes: there are articles to finish.")})
    data = {"from": article.created_by_id, "to": heir.pk}
    Article.objects.filter(pk=article.pk).update(created_by=heir)
    events.record(actor=actor, verb="hand_over", obj=article, data=data)

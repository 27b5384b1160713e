"""What a member of staff who leaves hands over: articles not finished, sections in his charge.

Pen names stay as they are: what he wrote was written by him.
"""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.models import User
from newsroom.roles import Role

from . import catalogue, workflow
from .models import Article, Section

# Who may be in charge of a section, by the column that names him.
_IN_CHARGE = {"editors": Role.EDITOR, "moderators": Role.MODERATOR}


def waiting(person: User) -> dict[str, int]:
    """Return how many of what is left behind, by words for the screen."""
    return {
        _("unfinished or scheduled articles"): _articles(person).count(),
        _("sections in charge of"): _sections(person).count(),
    }


def hand_over(*, actor: User | None, person: User, heir: User | None) -> None:
    """Give all of it to `heir`; each article and each section logs it. The caller locks.

    A section goes to who has the role for it; else it loses a name, and where none is left it is
    every editor's. Raises NotReady where articles are left and the heir writes none, NotAllowed.
    """
    for article in list(_articles(person)):
        workflow.hand_over(actor=actor, article=article, heir=heir)
    for section in _sections(person):
        catalogue.save_section(
            actor=actor, section=section, **_in_charge_without(person, heir, section)
        )


def _articles(person: User) -> QuerySet[Article]:
    """Those he began whose newest text nobody has seen: drafts, in review, returned, scheduled."""
    rows = Article.objects.with_state(timezone.now()).select_related("newest_revision")
    return rows.filter(Q(has_open_work=True) | Q(is_waiting=True), created_by=person)


def _sections(person: User) -> QuerySet[Section]:
    return Section.objects.filter(Q(editors=person) | Q(moderators=person)).distinct()


def _in_charge_without(person: User, heir: User | None, section: Section) -> dict[str, list[User]]:
    """Return who is in charge from now on, by column, where that changes."""
    changed = {}
    for name, role in _IN_CHARGE.items():
        people = list(getattr(section, name).all())
        if person in people:
            others = [each for each in people if each != person]
            follows = heir and role in heir.roles and heir not in others
            changed[name] = [*others, heir] if follows else others
    return changed

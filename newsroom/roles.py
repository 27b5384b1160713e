"""What a member of staff may be. A role is a group whose name is the role's code."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The five roles; `articles.permissions` says what each may do."""

    REPORTER = "reporter", _("Reporter")
    EDITOR = "editor", _("Editor")
    SECRETARY = "secretary", _("Secretary of the newsroom")
    MODERATOR = "moderator", _("Comment moderator")
    ADMINISTRATOR = "administrator", _("Administrator")


NOBODY: frozenset[str] = frozenset()
EVERYBODY: frozenset[str] = frozenset(Role)
WRITERS: frozenset[str] = frozenset({Role.REPORTER, Role.EDITOR, Role.SECRETARY})
ADMINISTRATORS: frozenset[str] = frozenset({Role.ADMINISTRATOR})

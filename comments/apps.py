"""The comments app: what readers write and moderators decide."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """Readers' comments and their moderation."""

    name = "comments"
    verbose_name = _("Comments")
    handover = "comments.handover"

    def ready(self) -> None:
        """Register the system checks."""
        from . import checks  # noqa: F401

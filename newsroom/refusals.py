"""Why a verb was not carried out. Nothing has changed when one of these is raised.

The text of each is for the person who asked, in the words of the screen.
"""

from django.utils.translation import gettext as _

from .models import Event


class Refused(Exception):
    """A verb that was not carried out."""


class NotAllowed(Refused):
    """The actor has no right to it."""

    def __init__(self, message: str = ""):
        super().__init__(message or _("You have no right to do this."))


class NotReady(Refused):
    """Something is missing; `problems` maps the fields of a form to what is wrong with them."""

    def __init__(self, problems: dict[str, str]):
        self.problems = problems
        super().__init__(" ".join(problems.values()))


class Conflict(Refused):
    """Somebody was faster. `event` says who and when, where that is known."""

    def __init__(self, message: str, event: Event | None = None):
        self.event = event
        super().__init__(message)

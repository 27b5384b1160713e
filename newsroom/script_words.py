"""Words that Django's own scripts show at the desk and its Vietnamese catalogue lacks."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.i18n import JavaScriptCatalog

# Of the two boxes somebody moves names between.
WORDS = (
    _('Choose %s by selecting them and then select the "Choose" arrow button.'),
    _('Remove %s by selecting them and then select the "Remove" arrow button.'),
    _("Choose all %s"),
    _("Remove all %s"),
    _("Choose selected %s"),
    _("Remove selected %s"),
    _("Type into this box to filter down the list of selected %s."),
    _("(click to clear)"),
)


class DeskCatalogue(JavaScriptCatalog):
    """Django's words for its scripts, and ours where it has none."""

    packages = ["django.contrib.admin"]

    def get_catalog(self) -> dict[str, Any]:
        """Return every word by its English."""
        hidden = ngettext("%s selected option not visible", "%s selected options not visible", 2)
        with translation.override(None):
            english = [str(word) for word in WORDS]
        ours = dict(zip(english, map(str, WORDS), strict=True))
        return super().get_catalog() | ours | {"%s selected option not visible": [hidden]}

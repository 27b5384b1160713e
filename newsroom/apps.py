"""The ground as an installed app, and Django's own apps where the newsroom sets them up."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from . import database_rules, rules

# What the editor brings and never asks for: tools that talk to other hosts, test pages served as
# HTML, a second skin, seventy languages. Patterns are matched against the whole path.
_EDITOR = "ckeditor/ckeditor"
_UNUSED_PLUGINS = """
    about adobeair ajax autoembed bbcode codesnippet codesnippetgeshi colordialog copyformatting
    devtools div divarea docprops embed embedbase embedsemantic exportpdf flash forms iframe
    iframedialog image language liststyle mathjax pagebreak placeholder preview scayt sharedspace
    showblocks smiley sourcedialog stylesheetparser templates uicolor uploadimage wsc
""".split()
_UNUSED_EDITOR_FILES = [
    "ckeditor/galleriffic/*",
    "ckeditor/file-icons/*",
    f"{_EDITOR}/*.md",
    f"{_EDITOR}/*.json",
    f"{_EDITOR}/build-config.js",
    f"{_EDITOR}/adapters/*",
    f"{_EDITOR}/vendor/*",
    f"{_EDITOR}/skins/moono/*",
    f"{_EDITOR}/lang/[!ev]*",
    f"{_EDITOR}/lang/e[!n]*",
    f"{_EDITOR}/lang/en-*",
    *(f"{_EDITOR}/plugins/{name}/*" for name in _UNUSED_PLUGINS),
    f"{_EDITOR}/plugins/*/lang/[!ev]*",
    f"{_EDITOR}/plugins/*/lang/e[!n]*",
    f"{_EDITOR}/plugins/*/lang/en-*",
]


class NewsroomConfig(AppConfig):
    """Staff accounts, site settings, stamps and the log."""

    name = "newsroom"
    verbose_name = _("Newsroom")

    database_rules = rules.RULES

    def ready(self) -> None:
        """Register checks and the log of log-ins; have lost triggers made again after a migrate."""
        from . import checks, sign_ins  # noqa: F401

        post_migrate.connect(database_rules.restore, sender=self)


class DeskConfig(AdminConfig):
    """Django's admin with the newsroom's own site as the default one."""

    default_site = "newsroom.admin_site.NewsroomAdminSite"


class TrimmedStaticFilesConfig(StaticFilesConfig):
    """Static files without the parts of the editor that are never used."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, *_UNUSED_EDITOR_FILES]

"""The articles app: what is written, signed and published."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from . import rules


class ArticlesConfig(AppConfig):
    """Articles, revisions, publications, photos, sections, tags and authors."""

    name = "articles"
    verbose_name = _("Articles")
    database_rules = rules.RULES
    handover = "articles.handover"

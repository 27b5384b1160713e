"""First parts of addresses that belong to the site itself; no section may take one.

A test compares this list with the address table.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PROVINCE, CLUSTER, TOPIC, AUTHOR = "dia-phuong", "cum-thi-dua", "chu-de", "tac-gia"
RESERVED = frozenset(
    {PROVINCE, CLUSTER, TOPIC, AUTHOR}
    | set(
        # in use
        "admin anh binh-luan favicon.svg healthz robots.txt rss.xml sitemap.xml static tim-kiem "
        # promised for later
        "api cai-chinh lich-phat-song media news-sitemap.xml su-kien truc-tiep video".split()
    )
)


def refuse_reserved(slug: str) -> None:
    """Raise ValidationError when the site itself lives at `/<slug>/`."""
    if slug in RESERVED:
        raise ValidationError(
            _("The address /%(slug)s/ belongs to the site itself.") % {"slug": slug}
        )


def article_address(section: str, slug: str, pk: int) -> str:
    """Return the address of an article's page; the words in it may change, the number stays."""
    return f"/{section}/{slug}-{pk}.html"

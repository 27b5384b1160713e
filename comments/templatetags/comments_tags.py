"""What an article page shows of its comments: the first page of its threads, at a flat cost.

Both tags together cost two queries where there are no comments, and four where there are, however
many, one more where somebody has answered: the number is kept (`Discussion`), the lists are walks
along an index that end after a page.
"""

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from articles.models import Article
from comments import closing, listing, shown
from newsroom import freshness, stamps
from newsroom.models import SiteSettings
from newsroom.skeletons import fill

register = template.Library()


@register.simple_tag
def article_comment_count(article: Article) -> int:
    """Return how many comments readers see under the article."""
    return _count(article)


@register.simple_tag(takes_context=True)
def article_comments(context: Context, article: Article) -> SafeString:
    """Show the first threads, and the way to the form or why there is none."""
    page = context.get("page")
    site = page.site if page else SiteSettings.load()
    count, at = _count(article), timezone.now()
    freshness.shows(stamps.SITE)
    if count:
        freshness.counts(at)
    found = listing.threads(article.pk, listing.DEFAULT) if count else listing.Page()
    _before, after = shown.neighbours(found, shown.list_url(article.pk))
    closed = closing.reason(article, site, at)
    return fill(
        "comments/_comments.html",
        write_url=shown.write_url(article.pk),
        count=count,
        threads=shown.threads(found.rows, closed),
        orders=shown.order_links(article.pk, listing.DEFAULT) if count > 1 else [],
        after=after,
        closed=closed,
    )


def _count(article: Article) -> int:
    """Return the number, asked of the database once for each instance of an article."""
    if not hasattr(article, "_comment_count"):
        article._comment_count = listing.count(article.pk)
    return article._comment_count

"""What stands under a pen name, asked plainly: what its list, a walk along an index, is held to."""

from articles import listing
from articles.models import Author, Byline, Publication


def plainly(author, at):
    """The articles readers see under the name at that moment, newest first."""
    texts = set(Byline.objects.filter(author=author).values_list("revision", flat=True))
    found = [
        (one.article.first_public_at, one.article_id)
        for one in Publication.objects.select_related("article")
        if one.revision_id in texts
        and one.starts_at <= at
        and (one.ends_at is None or at < one.ends_at)
    ]
    return [pk for _moment, pk in sorted(found, reverse=True)]


def listed(author, at):
    """The whole list, as pages take it piece by piece."""
    return [key.number for key in listing.of_author(author, at).keys(10_000)]


def check(at):
    """Each pen name lists what a look at every publication finds, and has a page if it does."""
    wanted = {author: plainly(author, at) for author in Author.objects.all()}
    assert {author: listed(author, at) for author in wanted} == wanted
    assert {*listing.public_authors(at)} == {author for author in wanted if wanted[author]}


def check_dates():
    """No name stands in the index but those under texts that are, were or will be public."""
    shown = Publication.objects.in_force().values_list("revision", "revision__byline__author")
    dated = Byline.objects.exclude(first_public_at=None).select_related("article")
    found = [(name.revision_id, name.author_id) for name in dated]
    assert sorted(found) == sorted({*shown} - {(pk, None) for pk, _author in shown})
    assert all(name.first_public_at == name.article.first_public_at for name in dated)

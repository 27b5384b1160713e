"""Nobody fills the page cache with made-up parameters, and no error stays in it (R8, R9)."""

import random

import pytest

from tests import factories
from tests.page_cache import kept

pytestmark = pytest.mark.django_db(transaction=True)


def made_up(chance: random.Random) -> str:
    """A query of parameters as nobody links them."""
    names = ("utm_source", "fbclid", "truoc", "page", "q", "preview", "_", "xep", "a[]", "%00")
    pairs = (f"{chance.choice(names)}={chance.randrange(10**9):x}" for _ in range(3))
    return "&".join(pairs)


def test_two_hundred_made_up_queries_are_no_new_pages():
    path, chance = factories.published().get_absolute_url(), random.Random(8)
    with kept.site() as site:
        pages = {one: site.get(one).body for one in ("/", path)}
        before = len(site.cache.shelf.pages)
        for _number in range(100):
            for one, body in pages.items():
                answer = site.get(one, query=made_up(chance))
                assert answer.status == 404 or answer.body == body
        assert len(site.cache.shelf.pages) <= before + 3


def test_an_error_is_gone_with_its_cause(monkeypatch):
    path = factories.published().get_absolute_url()
    with kept.site() as site:
        with monkeypatch.context() as broken:
            broken.setattr("articles.views.frame.Frame.load", lambda *_: 1 / 0)
            assert site.get(path).status == 500
            assert not site.cache.shelf.pages
        assert site.get(path).status == 200

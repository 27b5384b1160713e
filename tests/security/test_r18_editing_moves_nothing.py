"""Working on what readers do not see changes no byte, ETag or date of any page they do."""

import re
import time

import pytest

from articles import workflow
from tests import factories
from tests.comments import makers
from tests.page_cache import kept
from tests.page_cache.kept import elsewhere
from tests.page_cache.test_every_change import Town

pytestmark = pytest.mark.django_db(transaction=True)

HEARD_SECONDS = 0.3  # by then each worker has heard of a change


def test_no_page_moves():
    with kept.site() as site:
        town = Town()
        live = town.articles[0]
        paths = [*dict.fromkeys(town.addresses()), "/sitemap.xml", "/rss.xml"]
        before = {path: seen(site, path) for path in paths}
        assert len({status for status, _headers, _body in before.values()} & {200, 404}) == 2
        elsewhere(lambda: work(town, live))
        time.sleep(HEARD_SECONDS)
        assert [path for path in paths if seen(site, path) != before[path]] == []
        assert [path for path in paths if fresh(site, path) != dateless(before[path][2])] == []


def work(town, live):
    """Write, edit, submit, return, approve, move and read what is not public, and comment."""
    section, tags = town.section, [town.topic, town.cluster, *town.places]
    draft = factories.draft(section=section, tags=tags, byline=[town.author])
    draft = factories.edited(draft, headline="Tít chưa ai thấy")
    workflow.submit(actor=None, revision=draft.newest_revision)
    workflow.return_(actor=None, revision=draft.newest_revision, reason="Thiếu.")
    draft = factories.edited(draft, headline="Tít khác")
    workflow.approve(actor=None, revision=draft.newest_revision)
    workflow.save_revision(
        actor=None,
        article=draft,
        text=factories.text(headline="Chuyển mục"),
        base=draft.newest_revision.number,
        placement=workflow.Placement(section=town.within),
    )
    edit = factories.edited(live, headline="Bản sửa chưa đăng")
    workflow.submit(actor=None, revision=edit.newest_revision)
    factories.photo(caption="Ảnh chưa dùng")
    makers.pending(live)


def seen(site, path):
    answer = site.get(path)
    return answer.status, answer.headers, answer.body


def fresh(site, path):
    """The body Django would make now, whatever is kept."""
    return dateless(site.fresh(path).body)


def dateless(body):
    """A feed without any article says when it was made."""
    return re.sub(rb"<lastBuildDate>[^<]*", b"", body)

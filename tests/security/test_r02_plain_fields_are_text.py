"""R2: markup in names, captions, tags, reasons, file names and searches is shown, never run."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles import photos
from comments import moderation
from newsroom.roles import Role
from tests import factories
from tests.comments import makers
from tests.comments.desk import reported
from tests.security import doors, payloads, running

pytestmark = pytest.mark.django_db(transaction=True)

LINES, NAMES, TEXTS = payloads.packed(300), payloads.packed(60), payloads.packed(1_900)
FEW, MANY = 5, len(LINES) // 15  # an article takes fifteen lines


@pytest.fixture
def page(browser):
    """A browser's page that hears what runs."""
    page = running.listening_page(browser)
    yield page
    page.context.close()


def furnish(number):
    """So many articles, each with others of the payloads wherever something is typed."""
    made = []
    for each in range(number):
        line, name = LINES[each::number], NAMES[each::number]
        file = SimpleUploadedFile(f"{name[0]}.jpg".replace("/", "_"), factories.picture().read())
        words = {"alt": line[0], "caption": line[1], "credit": name[0]}
        photo = photos.add_photo(actor=None, file=file, **words)
        article = factories.published(
            headline=line[2],
            standfirst=" ".join(line[3:9]),
            source_line=line[9][:200],
            body=f"<p>Chữ.</p><p>[[photo:{photo.pk}]]</p>",
            photo=photo,
            photo_alt=line[10],
            photo_caption=line[11],
            photo_credit=name[1],
            byline=[factories.AuthorFactory(name=name[2])],
            section=factories.SectionFactory(name=name[3]),
            tags=[factories.TopicFactory(name=line[12][:200])],
        )
        comment = moderation.submit(
            article=article, name=name[4], email="a@example.com", text=TEXTS[each]
        )
        moderation.hold(actor=makers.moderator(full_name=name[5]), comment=comment, note=line[13])
        reported(
            moderation.approve(actor=makers.moderator(), comment=_again(comment)), line[14], each
        )
        makers.pending(article, name=name[6], text=TEXTS[-1 - each])
        made.append(article)
    return made


def _again(comment):
    return type(comment).objects.get(pk=comment.pk)


def addresses_of_readers(article):
    tag, revision = article.tags.get(), article.newest_revision
    own = article.get_absolute_url()
    lists = (article.section, tag, revision.byline.get().author)
    return [own, f"/binh-luan/{article.pk}/", *(one.get_absolute_url() for one in lists)]


def addresses_of_the_desk(articles):
    article = articles[0]
    comment = article.comments.latest("pk")
    return [
        *(f"/admin/articles/{one}/" for one in ("article", "photo", "author", "section", "topic")),
        f"/admin/articles/article/{article.pk}/change/",
        f"/admin/articles/article/{article.pk}/history/",
        "/admin/articles/photo/pick/",
        "/admin/newsroom/event/",
        *(f"/admin/comments/comment/?state={one}" for one in ("", "held", "approved", "reported")),
        f"/admin/comments/comment/{comment.pk}/change/",
        f"/admin/comments/comment/{comment.pk}/history/",
    ]


def run_nowhere(page, live_server, number):
    articles = furnish(number)
    paths = ["/", *(path for article in articles for path in addresses_of_readers(article))]
    paths += [
        f"/tim-kiem/?{doors.encoded({'q': name, 'tac-gia': name})}" for name in NAMES[:number]
    ]
    for path in paths:
        page.goto(live_server.url + path)
        assert running.what_runs(page, "main *") == ([], []), path
    assert "top.ran(" in page.content()
    client = Client()
    person = factories.user(Role.SECRETARY, Role.MODERATOR, is_superuser=True, full_name=NAMES[9])
    client.force_login(person)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([cookie | {"url": live_server.url}])
    for path in addresses_of_the_desk(articles):
        assert page.goto(live_server.url + path).status == 200, path
        assert "top.ran(" in page.content(), path
        # Scripts of the desk answer to events of their own; a handler that was typed is armed.
        assert running.what_runs(page, "#content img, #content svg, #content b") == ([], []), path


def test_nothing_runs_in_a_browser(page, live_server):
    run_nowhere(page, live_server, FEW)


@pytest.mark.long
def test_nothing_runs_in_a_browser_whatever_is_typed(page, live_server):
    run_nowhere(page, live_server, MANY)


@pytest.mark.django_db
def test_feeds_and_facts_hold_words_alone():
    """A feed is XML whose items have no child of ours, facts are JSON that ends no script."""
    number = 0
    for line in LINES[:: len(LINES) // 12]:
        article = factories.published(headline=line, standfirst=line)
        number += 1
        page = Client().get(article.get_absolute_url()).content.decode()
        (facts,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        assert json.loads(facts)["headline"] == article.newest_revision.headline
        assert "<" not in facts
    items = list(ElementTree.fromstring(Client().get("/rss.xml").content).iter("item"))
    assert len(items) == number
    assert {len(field) for item in items for field in item} == {0}
    assert any("<script>top.ran(" in item.findtext("title") for item in items)

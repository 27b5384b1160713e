"""No English on any screen, Django's own words included."""

import re
from html.parser import HTMLParser
from pathlib import Path

import django
import polib
import pytest
from django.conf import settings
from django.urls import reverse

from newsroom.roles import Role
from tests import factories
from tests.test_admin_rights import ROWS, address, objects  # noqa: F401

pytestmark = pytest.mark.django_db

WORD = re.compile(r"[A-Za-z]{3,}")
# Names, file kinds and what people say in English here too.
ALLOWED = set("email fax facebook zalo ctrl rss jpeg png webp avif gif gmt btv web long".split())
SHOWN_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "value"}


def _words(texts):
    return {word.lower() for text in texts for word in WORD.findall(text)}


@pytest.fixture(scope="module")
def english():
    """Words of English texts that no Vietnamese text has."""
    root = Path(django.__file__).parent
    folders = [
        root / "conf",
        root / "contrib/admin",
        root / "contrib/auth",
        root / "contrib/sitemaps",
    ]
    files = [folder / "locale/vi/LC_MESSAGES/django.po" for folder in folders]
    files += [Path(path) / "vi/LC_MESSAGES/django.po" for path in settings.LOCALE_PATHS]
    entries = [entry for path in files if path.exists() for entry in polib.pofile(str(path))]
    sources = (text for entry in entries for text in (entry.msgid, entry.msgid_plural))
    targets = (text for entry in entries for text in (entry.msgstr, *entry.msgstr_plural.values()))
    return _words(sources) - _words(targets) - ALLOWED


class Shown(HTMLParser):
    """Collects what a person sees or hears of a page."""

    def __init__(self):
        super().__init__()
        self.texts, self.skipped = [], 0

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in ("script", "style", "svg"):
            self.skipped += 1
        hidden = attributes.get("type") == "hidden" or tag in ("option", "button")
        for name in SHOWN_ATTRIBUTES - ({"value"} if hidden else set()):
            if attributes.get(name) and not (tag == "input" and name == "value"):
                self.texts.append(attributes[name])
        if tag == "input" and attributes.get("type") in ("submit", "button"):
            self.texts.append(attributes.get("value", ""))

    def handle_endtag(self, tag):
        if tag in ("script", "style", "svg"):
            self.skipped -= 1

    def handle_data(self, data):
        if not self.skipped:
            self.texts.append(data)


# Asked for by these very words, and a command by its name.
CONTRACT = {"reset captcha", "purge_comments"}
# What readers write is listed as they write it.
WATCHED = {"tăng like"}


def english_on(answer, english):
    page = Shown()
    page.feed(answer.content.decode())
    return {text.strip() for text in page.texts if _words([text]) & english} - CONTRACT - WATCHED


@pytest.mark.parametrize(
    "role", [Role.REPORTER, Role.SECRETARY, Role.MODERATOR, Role.ADMINISTRATOR]
)
def test_the_desk(client, english, objects, role):  # noqa: F811
    client.force_login(factories.user(role, username="nguoithu", full_name="Người thử"))
    found = {}
    for name in ROWS:
        answer = client.get(address(name, objects))
        if "html" in answer.headers.get("Content-Type", "") and answer.status_code == 200:
            found |= {name: english_on(answer, english)} if english_on(answer, english) else {}
    assert found == {}


def test_the_log_in(client, english):
    assert english_on(client.get("/admin/login/"), english) == set()
    wrong = client.post("/admin/login/", {"username": "a", "password": "b"})
    assert english_on(wrong, english) == set()
    assert english_on(client.post("/admin/login/", {}), english) == set()


def test_forms_with_mistakes(client, english):
    client.force_login(factories.user(Role.ADMINISTRATOR))
    for name in ("newsroom_user", "articles_section", "articles_cluster", "articles_author"):
        answer = client.post(
            reverse(f"admin:{name}_add"), {"members-TOTAL_FORMS": 0, "members-INITIAL_FORMS": 0}
        )
        assert english_on(answer, english) == set(), name
    answer = client.post(reverse("admin:password_change"), {"old_password": "x"})
    assert english_on(answer, english) == set()


def test_the_site(client, english):
    topic = factories.TopicFactory()
    article = factories.published(tags=[topic, factories.province("30@pre"), factories.cluster()])
    gone = factories.withdrawn()
    author = article.newest_revision.byline.get().author
    paths = ["/", "/tim-kiem/", "/tim-kiem/?q=cau", "/tim-kiem/?q=khongco", "/khong-co/"]
    things = [article, gone, article.section, author, topic, *article.tags.all()]
    paths += [thing.get_absolute_url() for thing in things]
    paths += [f"/binh-luan/{article.pk}/"]
    for path in paths:
        assert english_on(client.get(path), english) == set(), path
    mistakes = client.post(f"/binh-luan/{article.pk}/", {"name": "", "text": "", "email": "x"})
    assert english_on(mistakes, english) == set()

"""Lists cost as many queries with thirteen rows as with one: all of the admin, and the sitemap.

Those of the admin come from the registry: a new one is tried without being named here.
"""

import datetime as dt

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import photos
from articles.models import Article, ClusterMember, ClusterTerm, Photo, Province, Topic, TopicName
from comments import watching
from comments.models import ClosingRule, Comment, ConsentText, WatchedWord
from newsroom.models import SiteSettings
from newsroom.roles import Role
from tests import factories
from tests.comments import makers
from tests.comments import test_takedowns as demands

pytestmark = pytest.mark.django_db

MORE = 12
FIXED = {Province, SiteSettings}  # nobody adds to them
SITEMAP = "/sitemap.xml"
TABS = {Article: ["", "?state=all"], Comment: ["", "?state=approved"]}


def one_more(number):
    """One row more in every list, with all that its columns may look up."""
    person = factories.user(Role.REPORTER, Role.EDITOR)
    pen_name = factories.AuthorFactory(account=person)
    section = factories.SectionFactory(parent=factories.SectionFactory())
    section.editors.add(person)
    cluster = factories.cluster(owner=f"Bộ {number}")
    member = ClusterMember.objects.create(
        cluster=cluster, name="Thành viên", valid_from=dt.date(2020, 1, 1)
    )
    ClusterTerm.objects.create(cluster=cluster, year=timezone.now().year, chair=member)
    topic = factories.TopicFactory()
    TopicName.objects.create(topic=topic, name=f"Tên khác {number}")
    words = {"alt": "a", "caption": "b", "credit": "c"}
    photo = photos.add_photo(actor=person, file=factories.picture((640, 420)), **words)
    article = factories.published(
        by=person,
        section=section,
        tags=[cluster, topic],
        photo=photo,
        photo_alt="a",
        photo_credit="c",
        byline=[pen_name],
    )
    comment = makers.pending(article, email=f"nguoi{number}@example.com")
    watching.block_sender(actor=None, comment=comment, kind="email", days=9)
    watching.save_word(actor=None, word=WatchedWord(phrase=f"từ số {number}"))
    ClosingRule.objects.create(kind="age", days=number + 1, section=section)
    public = makers.in_state("approved", article)
    demands.registered(comment=public if number % 2 else None, article=article)
    ConsentText.objects.create(text="Bản thử.", valid_from=factories.tomorrow())
    factories.edited(article, by=person)


def address(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def cost(client, path):
    """Return how many rows, or links, there are and by how many queries they are shown."""
    for _time in range(2):  # what a process asks once, and what an hour logs twice
        client.get(path, follow=True)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    if path == SITEMAP:
        return answer.content.count(b"<loc>"), len(queries)
    changelist = (answer.context or {}).get("cl")
    if not changelist and "rows" in (answer.context or {}):
        return len(answer.context["rows"]), len(queries)
    return changelist.result_count if changelist else 0, len(queries)


@pytest.mark.parametrize(
    ("role", "models"),
    [
        (Role.ADMINISTRATOR, set(admin.site._registry)),
        (Role.SECRETARY, {Article, Photo, Topic, Comment}),
    ],
)
def test_many_rows_cost_what_one_costs(client, role, models):
    client.force_login(factories.user(role))
    paths = {address(model) + tab: model for model in models for tab in TABS.get(model, [""])}
    paths[SITEMAP] = None
    one_more(0)
    few = {path: cost(client, path) for path in paths}
    for number in range(1, MORE + 1):
        one_more(number)
    many = {path: cost(client, path) for path in paths}
    for path, model in paths.items():
        assert model in FIXED or many[path][0] >= few[path][0] + MORE, f"{path} shows no more"
    assert {path: queries for path, (_rows, queries) in many.items()} == {
        path: queries for path, (_rows, queries) in few.items()
    }


def test_all_provinces_cost_what_one_costs(client):
    client.force_login(factories.user(Role.ADMINISTRATOR))
    few = cost(client, address(Province) + "?q=hai+duong")
    many = cost(client, address(Province))
    assert (few[0], many[1]) == (1, few[1])
    assert many[0] > MORE

"""Every list of places, clusters, topics, pen names and people stands in Vietnamese order.

Sections keep the order of the menu wherever they are listed: readers and staff know it.
"""

import datetime as dt
import html
import re
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from articles.models import Author, Cluster, ClusterMember, ClusterTerm, Province, Topic
from newsroom import vietnamese
from newsroom.models import User
from newsroom.roles import Role
from tests import factories
from tests.articles.reader import page, part, words

pytestmark = pytest.mark.django_db

ORDER = ["An", "Ăn", "Ân", "Da", "Đa", "E", "Ê", "O", "Ô", "Ơ"]
# As rows come into a database: in no order, least of all in that of code points.
MIXED = ["Ơ", "Đa", "E", "Ân", "O", "An", "Ê", "Da", "Ăn", "Ô"]
ADMIN = "/admin/articles"


def people():
    """Accounts whose log-in and family names would sort the other way."""
    made = [factories.user(Role.EDITOR, full_name=f"Nguyễn Văn {name}") for name in MIXED]
    for number, person in enumerate(sorted(made, key=lambda one: ORDER.index(given_name(one)))):
        User.objects.filter(pk=person.pk).update(username=f"z{99 - number}")
    return made


def given_name(person):
    return person.full_name.split()[-1]


def authors(account=None):
    return [
        factories.AuthorFactory(name=name, slug=f"a{number}", account=account)
        for number, name in enumerate(MIXED)
    ]


def topics():
    return [
        factories.TopicFactory(name=name, slug=f"t{number}") for number, name in enumerate(MIXED)
    ]


def clusters():
    return [factories.cluster(number=None, number_printed="", owner=name) for name in MIXED]


def members(cluster):
    since = dt.date(2020, 1, 1)
    return [
        ClusterMember.objects.create(cluster=cluster, name=name, valid_from=since) for name in MIXED
    ]


def in_order(markup, before=r">", behind=r"\s*<"):
    """The names among ORDER that stand between two patterns, as they come on the page."""
    names = "|".join(ORDER)
    return re.findall(rf"(?:{before})({names})(?={behind})", html.unescape(markup))


@pytest.fixture
def desk(client):
    """What the administrator sees at an address."""
    client.force_login(factories.user(Role.ADMINISTRATOR, full_name="Quản Trị"))

    def look(path):
        answer = client.get(path, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    return look


@pytest.fixture
def writer(client):
    """A secretary at the desk."""
    client.force_login(factories.user(Role.SECRETARY, full_name="Thư Ký"))
    return client


# The admin


@pytest.mark.parametrize(
    ("column", "expected"), [("", ORDER), ("?o=0", ORDER), ("?o=-0", ORDER[::-1])]
)
@pytest.mark.parametrize(
    ("make", "model", "before"),
    [
        (people, User, "Nguyễn Văn "),
        (authors, Author, ">"),
        (topics, Topic, ">"),
        (clusters, Cluster, "Cụm thi đua – "),
    ],
)
def test_lists_of_the_admin(desk, make, model, before, column, expected):
    make()
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert in_order(part(desk(path + column), "<tbody", "</tbody"), before) == expected


def test_pen_names_by_their_accounts(desk):
    for person in people():
        factories.AuthorFactory(account=person)
    table = part(desk(f"{ADMIN}/author/?o=1"), "<tbody", "</tbody")
    assert in_order(table, "Nguyễn Văn ") == ORDER


def test_the_list_of_places(desk):
    rows = Province.objects.in_bulk()
    numbers = re.findall(r"/province/(\d+)/change/", desk(f"{ADMIN}/province/"))
    names = [rows[int(number)].name for number in dict.fromkeys(numbers)]
    assert len(names) == len(rows)
    assert names == sorted(names, key=vietnamese.sort_key)


def test_people_to_choose_from(desk):
    people()
    section = desk(f"{ADMIN}/section/add/")
    for box, following in (("id_editors", "id_moderators"), ("id_moderators", "submit-row")):
        chosen = part(section, f'id="{box}"', following)
        assert in_order(chosen, "Nguyễn Văn ") == ORDER
    accounts = part(desk(f"{ADMIN}/author/add/"), 'id="id_account"', "</select>")
    assert in_order(accounts, "Nguyễn Văn ") == ORDER


def test_writers_to_filter_by(desk):
    for person in people():
        factories.draft(by=person)
    chosen = part(desk(f"{ADMIN}/article/?state=all"), "Người viết", "</details>")
    assert in_order(chosen, "Nguyễn Văn ") == ORDER


def test_members_that_may_lead(desk):
    cluster = factories.cluster()
    members(cluster)
    ClusterTerm.objects.create(cluster=cluster, year=2020)
    form = desk(f"{ADMIN}/cluster/{cluster.pk}/change/")
    for office in ("chair", "deputy", "host"):
        assert in_order(part(form, f'id="id_terms-0-{office}"', "</select>")) == ORDER


@pytest.mark.parametrize("make", [topics, clusters])
def test_tags_offered_and_chosen(writer, make):
    tags = make()
    offers = "/admin/autocomplete/?app_label=articles&model_name=article&field_name=tags&page="
    pages = [writer.get(f"{offers}{number}").json()["results"] for number in range(1, 6)]
    names = [row["text"].removeprefix("Cụm thi đua – ") for rows in pages for row in rows]
    assert [name for name in names if name in ORDER] == ORDER
    article = factories.draft(tags=tags)
    form = writer.get(f"{ADMIN}/article/{article.pk}/change/").content.decode()
    chosen = part(form, 'id="id_tags"', "</select>")
    assert in_order(chosen, ">|Cụm thi đua – ") == ORDER


def test_pen_names_offered_while_typing(writer):
    account = factories.user(Role.REPORTER)
    names = authors()
    Author.objects.filter(pk__in=[author.pk for author in names[:5]]).update(account=account)
    article = factories.draft(byline=names[5:])
    form = writer.get(f"{ADMIN}/article/{article.pk}/change/").content.decode()
    offered = part(form, '<datalist id="pen-names">', "</datalist>")
    assert in_order(offered, 'value="', '"') == ORDER


def test_sections_stand_as_in_the_menu(desk, writer):
    for place, name in enumerate(MIXED):
        factories.SectionFactory(name=name, slug=f"s{place}", position=place)
    article = factories.draft()
    form = writer.get(f"{ADMIN}/article/{article.pk}/change/").content.decode()
    assert in_order(part(form, 'id="id_section"', "</select>")) == MIXED
    filters = writer.get(f"{ADMIN}/article/").content.decode()
    assert in_order(part(filters, "Chuyên mục:", "</details>")) == MIXED


# Readers' pages


def test_tags_under_an_article():
    places = [factories.province(unit) for unit in ("48@pre", "27@pre", "92@pre", "66@pre")]
    article = factories.published(tags=[*topics(), *clusters(), *places])
    tags = part(page(article.get_absolute_url()), 'class="tags"', "</section>")
    assert in_order(part(tags, 'class="topics"', "</ul>")) == ORDER
    assert in_order(tags, "Cụm thi đua – ") == ORDER
    names = [words(item) for item in part(tags, "<ul>", "</ul>").split("<li>")[1:]]
    assert [name.split(" (")[0] for name in names] == ["Bắc Ninh", "Cần Thơ", "Đà Nẵng", "Đắk Lắk"]


def test_a_clusters_members_and_the_other_clusters():
    cluster, *others = clusters()
    members(cluster)
    ClusterTerm.objects.create(cluster=cluster, year=2020)
    factories.published(tags=[cluster, *others])
    markup = page(f"{cluster.get_absolute_url()}?nam=2020")
    assert in_order(part(markup, 'class="members"', "</div>")) == ORDER
    beside = part(markup, 'id="others"', "</section>")
    expected = [name for name in ORDER if name != cluster.owner]
    assert in_order(beside, "Cụm thi đua – ") == expected[: len(in_order(beside, "Cụm thi đua – "))]
    assert len(in_order(beside, "Cụm thi đua – ")) > 4


@pytest.mark.parametrize("kind", ["topics", "authors"])
def test_pages_a_search_finds(kind):
    names = [f"Nghệ {name}" for name in MIXED]
    if kind == "topics":
        tags = [
            factories.TopicFactory(name=name, slug=f"t{place}") for place, name in enumerate(names)
        ]
        factories.published(tags=tags)
    else:
        byline = [
            factories.AuthorFactory(name=name, slug=f"a{place}") for place, name in enumerate(names)
        ]
        factories.published(byline=byline)
    beside = part(page("/tim-kiem/?q=nghệ"), 'id="matching"', "</section>")
    found = in_order(beside, "Nghệ ")
    assert len(found) > 3
    # "Nghệ An" is a province too, and comes before topics and authors.
    assert list(dict.fromkeys(found)) == ORDER[: len(set(found))]


def test_the_units_a_place_is_made_of():
    found = factories.province("37@2025-07-01")
    markup = page(found.get_absolute_url())
    former = markup[markup.index(">Hà Nam<") :]
    assert former.index(">Nam Định<") < former.index(">Ninh Bình<")


def test_rows_from_before_get_their_keys():
    account = factories.user(Role.REPORTER, full_name="Nguyễn Văn An")
    cluster = factories.cluster()
    User.objects.update(sort_key=b"")
    Cluster.objects.update(sort_key=b"old")
    migration = import_module("newsroom.migrations.0003_person_sort_key")
    migration.sort_accounts(apps, None)
    migration.sort_names_again(apps, None)
    account.refresh_from_db()
    assert bytes(account.sort_key) == vietnamese.person_sort_key("Nguyễn Văn An")
    key = Cluster.objects.get(pk=cluster.pk).sort_key
    assert bytes(key) == vietnamese.sort_key(cluster.name)

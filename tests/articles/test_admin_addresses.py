"""Addresses in the admin: made by our rules alone, free ones found, and what is typed tidied."""

import pytest
from django.urls import reverse

from articles.models import Author, Cluster, Section, Topic
from newsroom.roles import Role
from tests import factories
from tests.test_admin_rights import ROWS, address, objects  # noqa: F401

pytestmark = pytest.mark.django_db


def add(client, model, role=Role.ADMINISTRATOR, **fields):
    """Send the form of a new one; return it, or the answer that says what is wrong."""
    client.force_login(factories.user(role))
    forms = {"members-TOTAL_FORMS": 0, "members-INITIAL_FORMS": 0}
    answer = client.post(reverse(f"admin:articles_{model._meta.model_name}_add"), forms | fields)
    return model.objects.latest("pk") if answer.status_code == 302 else answer


def test_no_page_loads_djangos_addresses(client, objects):  # noqa: F811
    for role in (Role.ADMINISTRATOR, Role.SECRETARY):
        client.force_login(factories.user(role))
        for name in ROWS:
            answer = client.get(address(name, objects))
            if "html" in answer.headers["Content-Type"]:
                text = answer.content.decode()
                assert "urlify" not in text, name
                assert "prepopulate.js" not in text, name


@pytest.mark.parametrize("slug", ["", "nha-dat-can-tho"])
def test_what_the_script_filled_in_gives_way_to_one_who_was_first(client, slug):
    factories.TopicFactory(name="Đất ở Cần Thơ", slug="nha-dat-can-tho")
    made = add(client, Topic, Role.EDITOR, name="Nhà đất Cần Thơ", slug=slug)
    assert made.slug == "nha-dat-can-tho-2"


def test_a_reserved_word_gives_way_too(client):
    made = add(client, Section, name="Tìm kiếm", slug="tim-kiem", position=1)
    assert made.slug == "tim-kiem-2"


def test_a_clusters_address_gives_way_too(client):
    factories.TopicFactory()
    fields = {"form": "cụm", "number_printed": "1", "owner": "Bộ Nội vụ"}
    slug = "cum-thi-dua-so-1-bo-noi-vu"
    Cluster.objects.create(kind="cluster", name="Khác", owner="Khác", slug=slug)
    assert add(client, Cluster, **fields, slug=slug).slug == f"{slug}-2"


def test_an_address_typed_by_hand_that_is_taken_is_refused(client):
    factories.TopicFactory(slug="can-tho")
    answer = add(client, Topic, Role.EDITOR, name="Nhà đất", slug="can-tho")
    assert "can-tho" in answer.content.decode()
    assert not Topic.objects.filter(name="Nhà đất").exists()


def test_whatever_is_typed_as_an_address_becomes_one(client):
    made = add(client, Topic, Role.EDITOR, name="Nhà đất", slug="Nhà Đất_Cần Thơ")
    assert made.slug == "nha-dat-can-tho"


def test_a_pen_names_address_is_given_once(client):
    made = add(client, Author, Role.REPORTER, name="Bá Phúc", slug="ba-phuc-anh")
    assert made.slug == "ba-phuc-anh"
    assert add(client, Author, Role.REPORTER, name="Bá Phú", slug="").slug == "ba-phu"
    form = client.get(reverse("admin:articles_author_change", args=[made.pk])).content.decode()
    assert 'name="slug"' not in form
    assert "ba-phuc-anh" in form

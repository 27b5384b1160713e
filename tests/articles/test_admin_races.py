"""Somebody is faster between the checks of a form and its saving: it comes back as it was typed."""

import pytest
from django.urls import reverse

from articles import topics
from articles.admin.sections import SectionForm
from articles.admin.topics import TopicForm
from articles.models import Section, Topic
from comments.admin.words import WordForm
from comments.models import WatchedWord
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def faster(monkeypatch):
    """Have somebody do something right after the form was found good the first time."""

    def between(form, do):
        look, asked = form.full_clean, []

        def looked(one):
            if asked:  # what he did the first time went with the transaction that was refused
                do()
            look(one)
            if not asked:
                do()
            asked.append(one)

        monkeypatch.setattr(form, "full_clean", looked)

    return between


def test_a_section_whose_parent_went_under_another(client, faster):
    client.force_login(factories.user(Role.ADMINISTRATOR))
    parent, above = factories.SectionFactory(), factories.SectionFactory()
    faster(SectionForm, lambda: Section.objects.filter(pk=parent.pk).update(parent=above))
    typed = {"name": "Chuyển đổi số", "slug": "chuyen-doi-so", "parent": parent.pk, "position": 7}
    page = client.post(reverse("admin:articles_section_add"), typed)
    assert page.status_code == 200
    assert [*page.context["adminform"].form.errors] == ["parent"]
    assert 'value="Chuyển đổi số"' in page.content.decode()
    assert not Section.objects.filter(name="Chuyển đổi số").exists()


def test_a_section_whose_address_was_taken(client, faster):
    client.force_login(factories.user(Role.ADMINISTRATOR))
    taken = {"name": "Số", "slug": "so", "position": 9}
    faster(SectionForm, lambda: Section.objects.get_or_create(**taken))
    typed = {"name": "Chuyển đổi số", "slug": "so", "position": 7}
    page = client.post(reverse("admin:articles_section_add"), typed)
    assert page.status_code == 200
    assert [*page.context["adminform"].form.errors] == ["slug"]
    assert 'value="Chuyển đổi số"' in page.content.decode()


def test_a_topic_whose_other_name_was_taken(client, faster):
    client.force_login(factories.user(Role.EDITOR))
    other = factories.TopicFactory(name="Hành chính công")

    def take():
        topics.save_topic(actor=None, topic=Topic.objects.get(pk=other.pk), other_names=["HCC"])

    faster(TopicForm, take)
    typed = {"name": "Cải cách", "other_names": "CCHC\nHCC", "slug": ""}
    page = client.post(reverse("admin:articles_topic_add"), typed)
    assert page.status_code == 200
    assert "CCHC\nHCC" in page.content.decode().replace("\r", "")
    assert [*page.context["adminform"].form.errors] == ["other_names"]
    assert not Topic.objects.filter(name="Cải cách").exists()


def test_a_word_that_somebody_else_listed(client, faster):
    client.force_login(factories.user(Role.SECRETARY))
    faster(WordForm, lambda: WatchedWord.objects.get_or_create(phrase="cá độ"))
    typed = {"phrase": "cá độ", "points": 20, "is_active": "on", "note": "Nhóm kín."}
    page = client.post(reverse("admin:comments_watchedword_add"), typed)
    assert page.status_code == 200
    assert "Nhóm kín." in page.content.decode()
    assert [*page.context["adminform"].form.errors] == ["phrase"]
    assert WatchedWord.objects.filter(note="Nhóm kín.").count() == 0

"""The doors beside the main one: what a list, a picker, a label or an address lets through.

A word stands in every line of somebody else's draft; whoever may not read the draft asks for it in
every way the admin knows, and for passwords and addresses of readers through every look-up.
"""

from html import unescape
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from articles.models import Article
from comments.models import Comment
from newsroom.models import User
from newsroom.roles import Role
from tests import factories
from tests import test_admin_rights as desk

pytestmark = pytest.mark.django_db
objects = desk.objects

LIST = "/admin/articles/article/"
STRANGERS = (None, "no role", Role.REPORTER, Role.EDITOR, Role.MODERATOR)


def word(where):
    return f"zq{where}xx"


@pytest.fixture
def hidden():
    """A draft of a colleague in a section of his, with a word in every line of it."""
    owner = factories.user(Role.EDITOR, full_name="Chủ Bài", email="chu@bao.vn")
    section = factories.SectionFactory()
    section.editors.add(owner)
    lines = ("headline", "standfirst", "source_line", "photo_alt", "photo_caption", "photo_credit")
    text = {name: word(name) for name in lines}
    article = factories.draft(
        by=owner, section=section, photo=factories.photo(), body=f"<p>{word('body')}</p>", **text
    )
    Article.objects.filter(pk=article.pk).update(slug=word("slug"))
    return Article.objects.get(pk=article.pk)


def words():
    return [word(where) for where in ("headline", "standfirst", "body", "slug", "source_line")] + [
        word(f"photo_{where}") for where in ("alt", "caption", "credit")
    ]


def doors(article):
    """Yield every address that could say something of the article."""
    pk, kind = article.pk, ContentType.objects.get_for_model(Article).pk
    for page in ("change", "history", "delete", "withdraw", "version/1"):
        yield f"{LIST}{pk}/{page}/"
    yield f"{LIST}{pk}/"
    yield f"{LIST}{pk}/change/?_popup=1&_to_field=id"
    yield f"/admin/r/{kind}/{pk}/"
    yield f"{LIST}add/?article={pk}&article_id={pk}&_changelist_filters=q%3D{pk}"
    for query in asked(article):
        yield f"{LIST}?{urlencode(query)}"
    for model, field in related_fields():
        where = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
        for term in ("", "zq"):
            yield f"/admin/autocomplete/?{urlencode({**where, 'field_name': field, 'term': term})}"
    for model in admin.site._registry:
        base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield f"{base}?q=zq"
        yield f"{base}add/?article={pk}"
        yield f"{base}?_facets=True&all=&_popup=1&article={pk}"
    yield from ("/admin/", "/admin/danh-muc/", f"/admin/comments/comment/?article={pk}")


def asked(article):
    """Yield the queries of the list of articles: search, filters, look-ups, order, popups."""
    for name in ("headline", "standfirst", "body"):
        yield {"q": word(name), "state": "all"}
        yield {f"newest_revision__{name}__startswith": "zq", "state": "all"}
    yield {"q": f'"{word("headline")}"', "_facets": "True", "state": "all"}
    yield {"state": "all", "section": article.section_id, "_facets": "True"}
    yield {"state": "all", "writer": article.created_by_id, "all": ""}
    yield {"id__exact": article.pk, "state": "all", "_popup": "1", "_to_field": "id"}
    yield {"id__in": article.pk, "state": "draft", "o": "1.-2.3"}
    yield {"slug__startswith": "zq", "_source_model": "comments.takedown"}
    yield {"pk": article.pk, "state": "all", "e": "1"}


def related_fields():
    """Yield (model, name) of every relation of a model of the newsroom."""
    for model in admin.site._registry:
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete:
                yield model, field.name


def test_no_door_shows_a_word_of_a_draft(client, hidden):
    client.raise_request_exception = False
    seen = {}
    for role in STRANGERS:
        client.logout()
        if role:
            client.force_login(factories.user(*({role} & {*Role})))
        for address in doors(hidden):
            answer = client.get(address, follow=True)
            assert answer.status_code != 500, address
            if found := said(answer, address):
                seen[role, address] = found
    assert seen == {}


def said(answer, address):
    """Return the words of the draft in an answer, its headers and the way to it, but those asked.

    A search shows what was typed; what it found shows by the headline, or as a row.
    """
    text = unescape(answer.content.decode()) + str(answer.redirect_chain) + str(answer.headers)
    found = [each for each in words() if each in text and each not in address]
    shown = getattr(answer, "context", None) and answer.context.get("cl")
    listed = shown and shown.model is Article and len(shown.result_list)
    return found + (["a row"] if listed else [])


def test_for_whom_it_is_the_same_doors_show_it(client, hidden):
    client.force_login(hidden.created_by)
    pages = (f"{LIST}{hidden.pk}/change/", f"{LIST}?q={word('body')}&state=all")
    shown = [set(said(client.get(address, follow=True), address)) for address in pages]
    assert shown == [set(words()), {word("headline"), "a row"}]


def secrets():
    """Yield (model, path, value) of what no list may be narrowed by: passwords, addresses."""
    for model in admin.site._registry:
        for field in model._meta.get_fields():
            if not field.is_relation or not field.concrete:
                continue
            if field.related_model is User:
                yield model, f"{field.name}__password", "md5"
                yield model, f"{field.name}__email", "chu@"
            if field.related_model is Comment:
                yield model, f"{field.name}__email", "doc@"
                yield model, f"{field.name}__address_hash", ""
            if field.related_model is Article:
                yield model, f"{field.name}__created_by__password", "md5"
                yield model, f"{field.name}__newest_revision__headline", "zq"
    yield Comment, "email", "doc@"
    yield Comment, "address_hash", ""
    yield User, "password", "md5"


def test_no_list_answers_to_a_guess(client, objects, hidden):
    """What is asked for right and what is asked for wrong look alike."""
    client.raise_request_exception = False
    tried, told = list(secrets()), []
    for role in Role:
        client.force_login(factories.user(role))
        for model, path, value in tried:
            base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            right, wrong = (rows(client, f"{base}?{path}__startswith={at}") for at in (value, "~"))
            told += [(role, model, path)] if right != wrong else []
    assert told == []
    assert len(tried) > 15


def rows(client, address):
    """Return status and the list a query ends at; an impossible one ends at a page of its own."""
    answer = client.get(address)
    shown = getattr(answer, "context", None) and answer.context.get("cl")
    found = [row.pk for row in shown.result_list] if shown else answer.headers.get("Location")
    return answer.status_code, str(found).replace("~", "")


def test_one_cannot_even_order_by_them(client, hidden):
    """The columns that sort are those that are shown; others are not taken from the address."""
    client.force_login(factories.user(Role.SECRETARY))
    for order in ("99", "created_by__password", "-1.99.x", "1__password"):
        assert client.get(f"{LIST}?o={order}&state=all").status_code == 200

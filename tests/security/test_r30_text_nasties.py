"""R30: no text breaks a form or a search, none takes long, and the good words in it are kept."""

import html
import io
import json
import unicodedata

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.forms import CharField, FileField
from django.test import Client
from django.urls import reverse

from articles.models import Article, Revision
from comments.models import Comment
from newsroom.roles import Role
from tests import factories
from tests.comments import makers
from tests.comments.reader import address, fill
from tests.security import doors, texts

pytestmark = pytest.mark.django_db

SECONDS = 1.0
TEXTS = texts.corpus()
HUGE = texts.huge()
FEW = [*TEXTS[::9], HUGE[2]]
# Not what is typed but what a form is: the article's own form is tried by itself.
OWN_FORMS = {"articles.article"}


def fine(answer, seconds, what):
    assert answer.status_code < 500, what
    assert seconds < SECONDS, (what, seconds)


def stands_in(answer, nasty):
    """The good words are on the page, as text."""
    shown = unicodedata.normalize("NFC", html.unescape(answer.content.decode()))
    return nasty.kept in shown or nasty.kept in texts.visible(shown)


def test_there_are_enough_of_them():
    assert len({nasty.name for nasty in TEXTS}) == len(TEXTS) >= 100


def each_as_a_comment(nasties):
    article, queue = factories.published(), Client()
    queue.force_login(makers.moderator())
    for number, nasty in enumerate(nasties):
        reader = Client(REMOTE_ADDR=f"10.{number}.0.1")
        sent = fill(reader, article, name="Hồng Ngữ", text=nasty.text, email="")
        answer, seconds = doors.post(reader, address(article), sent)
        fine(answer, seconds, nasty.name)
        comment = Comment.objects.order_by("-pk").first()
        if answer.status_code == 422:
            assert stands_in(answer, nasty), nasty.name
        elif comment:
            assert nasty.kept in texts.visible(comment.text), nasty.name
            page, seconds = doors.get(
                queue, reverse("admin:comments_comment_change", args=[comment.pk])
            )
            fine(page, seconds, nasty.name)
            Comment.objects.filter(pk=comment.pk).delete()
    return Comment.objects.count()


def each_in_the_search(nasties):
    factories.published(headline="Nước sông Hồng rút dần")
    staff = Client()
    staff.force_login(factories.user(Role.SECRETARY, is_superuser=True))
    lists = [
        reverse(f"admin:{one._meta.label_lower.replace('.', '_')}_changelist")
        for one, its in admin.site._registry.items()
        if its.search_fields
    ]
    for nasty in nasties:
        text = doors.shortened(nasty.text)
        for name in ("q", "tac-gia", "tu", "chuyen-muc"):
            answer, seconds = doors.get(Client(), "/tim-kiem/", **{"q": "sông", name: text})
            fine(answer, seconds, (name, nasty.name))
        for path in lists[:: 1 if len(nasties) > 30 else 3]:
            answer, seconds = doors.get(staff, path, q=text)
            fine(answer, seconds, (path, nasty.name))
    assert (
        "Nước sông Hồng rút dần"
        in Client().get("/tim-kiem/", {"q": "ho\u0302\u0300ng"}).content.decode()
    )


def each_as_an_article(nasties, settings):
    client = Client()
    client.force_login(factories.user(Role.SECRETARY, is_superuser=True))
    names = ("headline", "standfirst", "body", "source_line", "slug", "photo_caption")
    for nasty in nasties:
        typed = dict.fromkeys(names, nasty.text) | {"verb": "save", "publish_date": nasty.text}
        typed |= {"byline-TOTAL_FORMS": 1, "byline-INITIAL_FORMS": 0, "byline-0-name": nasty.text}
        answer, seconds = doors.post(client, "/admin/articles/article/add/", typed)
        fine(answer, seconds, nasty.name)
        if answer.status_code == 400:  # More than any form may bring.
            assert len(doors.encoded(typed)) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            continue
        assert answer.status_code == 422, "an author of this name there is not"
        assert stands_in(answer, nasty), nasty.name
        short = {"headline": "Nước rút", "body": nasty.text, "byline-TOTAL_FORMS": 0}
        short |= {"verb": "save", "byline-INITIAL_FORMS": 0}
        answer, seconds = doors.post(client, "/admin/articles/article/add/", short)
        fine(answer, seconds, nasty.name)
        if answer.status_code == 302:
            stored = Revision.objects.latest("pk").body
            assert nasty.kept in texts.visible(html.unescape(stored)), nasty.name
        else:
            assert stands_in(answer, nasty), nasty.name


def each_in_the_forms_of_the_admin(nasties):
    client = Client()
    client.force_login(factories.user(Role.SECRETARY, Role.ADMINISTRATOR, is_superuser=True))
    tried = 0
    for model in admin.site._registry:
        path = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add")
        page = client.get(path)
        if model._meta.label_lower in OWN_FORMS or page.status_code != 200:
            continue
        fields = page.context["adminform"].form.fields
        for nasty in nasties:
            typed = {
                name: nasty.text if isinstance(field, CharField) else field.initial or ""
                for name, field in fields.items()
                if not isinstance(field, FileField)
            }
            answer, seconds = doors.post(client, path, typed)
            fine(answer, seconds, (path, nasty.name))
            tried += 1
    return tried


def all_in_a_file(nasties, folder):
    lines = [
        {"source_id": f"n{number}", "title": nasty.text[:290], "body_paragraphs": [nasty.text]}
        for number, nasty in enumerate(nasties)
    ]
    path = folder / "bai.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    call_command("import_articles", str(path), stdout=io.StringIO(), stderr=io.StringIO())
    for article in Article.objects.select_related("newest_revision"):
        nasty = nasties[int(article.source_id[1:])]
        shown = html.unescape(article.newest_revision.body)
        assert nasty.kept in texts.visible(shown), nasty.name
        assert Client().get(article.get_absolute_url()).status_code == 200
    return Article.objects.count()


def test_in_the_form_of_readers():
    each_as_a_comment(FEW)


def test_in_the_search():
    each_in_the_search(FEW[::2])


def test_in_an_article(settings):
    each_as_an_article(FEW, settings)


def test_in_every_form_of_the_admin():
    assert each_in_the_forms_of_the_admin(FEW[::4]) >= 20


def test_in_a_file_of_articles(tmp_path):
    assert all_in_a_file(FEW, tmp_path) > len(FEW) / 2


@pytest.mark.long
def test_all_of_them_everywhere(tmp_path, settings):
    everything = [*TEXTS, *HUGE]
    all_in_a_file(everything, tmp_path)
    each_as_a_comment(everything)
    each_in_the_search(everything)
    each_as_an_article(everything, settings)
    each_in_the_forms_of_the_admin(everything)

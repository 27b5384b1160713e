"""R30: no text breaks a form or a search, none takes long, and the good words in it are kept.

The forms are those the pages have, as a browser would send them: one that is added is tried too.
"""

import gc
import html
import io
import json
import logging
from collections import Counter
from dataclasses import replace
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.test import Client
from django.urls import resolve, reverse

from articles.models import Article
from comments import pressure, tickets
from comments.limits import Limit
from comments.models import ClosingRule, Comment
from comments.views import own_data, reports
from newsroom.roles import Role
from tests import factories
from tests import test_admin_rights as rights
from tests.comments import makers
from tests.comments.desk import url as at_desk
from tests.security import doors, texts
from tests.security.effects import taken_back
from tests.security.forms import forms_of, searches_of, typed_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_log", "own_memory")]
objects = rights.objects

SECONDS = 1.0
TEXTS = texts.corpus()
HUGE = texts.huge()
FEW = [*TEXTS[::9], HUGE[2]]
PARTS = 4  # of a quarter of an hour, tried side by side
# Nobody misses them: the digits of a picture, the field nobody sees, an address made of words.
NO_WORDS = {"answer", "nha_in", "slug"}
# Buttons that neither keep nor lose anything: the form stands in another window, or is emptied.
KEEPS_NOTHING = {"preview", "see_address", "clear"}
# What a button beside a field does not ask for.
UNASKED = {
    (f"admin:comments_comment_changelist {verb}", "note") for verb in ("approve", "mark_spam")
} | {("admin:auth_user_password_change", "username")}  # says to the browser whose it is
# Kept in small letters.
SMALL = {"phrase"}


@pytest.fixture
def no_log():
    """What is too large for a form is logged with the request: gigabytes, if all are kept."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def own_memory():
    """To look through what others left in the process for garbage takes longer than any request."""
    gc.freeze()
    yield
    gc.unfreeze()


class Tried:
    """What was tried: requests by their form, the slowest of them, and where words were stored."""

    def __init__(self):
        self.number = Counter()
        self.slowest = (0.0, "")
        self.stored: set[tuple[str, str]] = set()
        self.lost: set[tuple[str, str, str]] = set()

    def note(self, form, answer, seconds, what):
        self.number[form] += 1
        self.slowest = max(self.slowest, (seconds, f"{form}, {what}"))
        assert answer.status_code < 500, (form, what)
        assert seconds < SECONDS, (form, what, seconds)

    def look_for(self, found, *what):
        if not found:
            self.lost.add(what)

    @property
    def said(self):
        forms, requests = len(self.number), self.number.total()
        seconds, where = self.slowest
        return f"{forms} forms, {requests} requests: 0 x 5xx, slowest {seconds:.2f} s ({where})"


def marked(nasty, place):
    """The text as it is typed into one field of many, told by a word of its own."""
    return f"ô{place}ô {nasty.text}"


def is_kept(nasty, place, found):
    """Whether the field's own word and the good ones stand together in one of the texts."""
    found = (html.unescape(text) for text in found if f"ô{place}ô" in text)
    words = (texts.visible(text) for text in found)
    return any(nasty.kept in text or texts.visible(nasty.text) in text for text in words)


def send(tried, client, cookies, form, nasty, fields, settings):
    """Send a form with the text in some of its fields; whatever happens, no word may be lost."""
    name, body, at = form
    typed = body | {field: marked(nasty, place) for place, field in enumerate(fields)}
    client.cookies = SimpleCookie(cookies)
    with taken_back() as written:
        answer, seconds = doors.post(client, at.action, typed)
    tried.note(name, answer, seconds, nasty.name)
    if answer.status_code == 400:  # more than any form may bring
        assert len(doors.encoded(typed)) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE, (name, nasty.name)
        return
    is_done = answer.status_code in (302, 303)
    # What a button beside a field has no use for, the next page says.
    back = (
        [one.message for one in get_messages(answer.wsgi_request)] if is_done else typed_on(answer)
    )
    for place, field in enumerate(fields):
        if field in NO_WORDS or (name, field) in UNASKED:
            continue
        meant = nasty._replace(text=nasty.text.lower(), kept=nasty.kept.lower())
        meant = meant if field in SMALL else nasty
        if is_kept(meant, place, written):
            tried.stored.add((name, field))
        else:
            tried.look_for(is_kept(nasty, place, back), name, field, nasty.name)


def forms_at(client, paths):
    """Return (name, body, form) of every button of every form on these pages that takes text."""
    found = {}
    for path in paths:
        response = client.get(path)
        if response.status_code == 200 and "html" in response.headers["Content-Type"]:
            for form in forms_of(response):
                for body in _bodies(form):
                    pressed = {body.get(name, [""])[0] for name in ("verb", "action", "step")}
                    name = " ".join([_name_of(form), *sorted(filter(None, pressed))])
                    if form.texts and not pressed & KEEPS_NOTHING:
                        found[name, frozenset(body)] = (name, body, form)
    return list(found.values())


def _bodies(form):
    """What each button sends; at the readers' also the one that needs no name."""
    yield from replace(form, buttons=[one for one in form.buttons if one not in form.idle]).bodies()
    if form.buttons and _name_of(form).startswith("comments:"):
        yield from replace(form, buttons=[]).bodies()


def _name_of(form):
    return resolve(urlsplit(form.action).path).view_name


def pages_of_the_desk(objects):
    """Every address of the admin, and what stands there of things in another state."""
    ClosingRule.objects.update(is_active=False)
    shown, draft = makers.shown(), factories.draft()
    more = [factories.in_review(), draft, factories.returned()]
    return [
        *(rights.address(name, objects) for name in rights.ROWS),
        *(reverse("admin:articles_article_change", args=[one.pk]) for one in more),
        *(at_desk(shown, page) for page in ("change", "redact")),
        reverse("admin:articles_cluster_change", args=[_cluster().pk]),
    ]


def _cluster():
    cluster = factories.cluster(owner="Bộ Công an")
    cluster.members.create(name="Công an tỉnh", valid_from="2020-01-01")
    return cluster


def pages_of_readers(objects):
    """Where readers type: a comment, an answer, a change of mind, a report, an address."""
    ClosingRule.objects.update(is_active=False)
    shown = makers.shown(Article.objects.get(pk=objects["article"]))
    own = makers.pending(shown.article)
    return [
        f"/binh-luan/{objects['article']}/",
        f"/binh-luan/{objects['article']}/?tra-loi={shown.pk}",
        f"/binh-luan/y-kien/{shown.pk}/bao-cao/",
        tickets.url_of(own),
        "/binh-luan/du-lieu/yeu-cau/",
        "/admin/login/",
    ]


def each_in_forms(tried, client, paths, nasties, huge, settings):
    """Send each text in all fields of each form at once, and each eighth in one field alone."""
    cookies = client.cookies.output(header="", sep=";")
    forms = forms_at(client, paths)
    Comment.objects.update(claimed_by=None, claimed_until=None)
    for form in forms:
        fields = fields_of(form[2])
        body = form[1] | solved(form)
        for number, nasty in enumerate(nasties):
            sets = [fields, *([field] for field in fields if len(fields) > 1 and number % 8 == 7)]
            for some in sets:
                send(tried, client, cookies, (form[0], body, form[2]), nasty, some, settings)
        for nasty in huge:
            for field in fields[:2]:
                send(tried, client, cookies, (form[0], body, form[2]), nasty, [field], settings)
        forged = {name: nasties[0].text for name in form[1] if "token" not in name}
        for nasty in nasties[::4]:
            client.cookies = SimpleCookie(cookies)
            with taken_back():
                typed = dict.fromkeys(forged, nasty.text)
                answer, seconds = doors.post(client, form[2].action, typed)
            tried.note(form[0], answer, seconds, f"{nasty.name} everywhere")
    assert all(tried.number[name] for name, _body, _form in forms)
    return forms


def fields_of(form):
    """Where one types; the row a script makes new ones of is no field."""
    return sorted(name for name in form.texts if "__prefix__" not in name)


def solved(form):
    """The right digits, and a reason, where a form asks for one."""
    _name, body, at = form
    if "captcha_key" in body:
        return {"answer": makers.solution(body["captcha_key"][0])}
    return {"reason": "insult"} if at.action.endswith("/bao-cao/") else {}


def at_the_desk(tried, objects, nasties, huge, settings):
    person = factories.user(*Role, is_superuser=True)
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return each_in_forms(tried, client, pages_of_the_desk(objects), nasties, huge, settings)


def of_readers(tried, objects, nasties, huge, settings):
    client = Client(raise_request_exception=False)
    return each_in_forms(tried, client, pages_of_readers(objects), nasties, huge, settings)


def who_is_refused(tried, objects, nasties, settings, monkeypatch):
    """No cookie, too many from one network, closed meanwhile: the words are on the page."""
    plain = Client(raise_request_exception=False)
    forms = forms_at(plain, pages_of_readers(objects))
    own = {"origin": "http://testserver"}
    strange = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=own)
    for name, body, form in forms:
        for nasty in nasties:
            send(tried, strange, "", (name, body, form), nasty, fields_of(form), settings)
    none = Limit("none", 0, 3_600)
    monkeypatch.setattr(reports, "PER_NETWORK", none)
    monkeypatch.setattr(own_data, "REQUESTS", none)
    monkeypatch.setattr(pressure, "OPENED", none)
    for name, body, form in forms:
        fields = ["text"] if "captcha_key" in body else fields_of(form)
        for nasty in nasties:
            send(tried, plain, "", (name, body, form), nasty, fields, settings)
    monkeypatch.undo()
    ClosingRule.objects.create(kind="always")
    for name, body, form in forms:
        if "captcha_key" in body:
            for nasty in nasties:
                send(tried, plain, "", (name, body, form), nasty, ["text"], settings)


def each_in_the_searches(tried, objects, nasties):
    """Ask each search there is, by each of its fields."""
    factories.published(headline="Nước sông Hồng rút dần")
    staff = Client(raise_request_exception=False)
    staff.force_login(factories.user(*Role, is_superuser=True))
    pages = [rights.address(name, objects) for name in rights.ROWS]
    found = {}
    for path in ["/", "/tim-kiem/?q=sông", *pages]:
        response = staff.get(path)
        if response.status_code == 200 and "html" in response.headers["Content-Type"]:
            for form in searches_of(response):
                at = urlsplit(form.action).path
                found |= {(at, name): dict(form.fields) for name in form.texts if name}
    found |= {(reverse("admin:autocomplete"), "term"): SUGGESTED}
    found |= {("/tim-kiem/", name): {"q": "sông"} for name in ("tac-gia", "tu", "chuyen-muc")}
    for (path, name), fields in found.items():
        for nasty in nasties:
            asked = fields | {name: doors.shortened(nasty.text)}
            answer, seconds = doors.get(staff, path, **asked)
            tried.note(f"{path}?{name}", answer, seconds, nasty.name)
    assert (
        "Nước sông Hồng rút dần"
        in Client().get("/tim-kiem/", {"q": "ho\u0302\u0300ng"}).content.decode()
    )
    return found


SUGGESTED = {"app_label": "articles", "model_name": "article", "field_name": "tags"}


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


def test_there_are_enough_of_them():
    assert len({nasty.name for nasty in TEXTS}) == len(TEXTS) >= 100


def test_in_the_forms_of_readers(objects, settings):
    tried = Tried()
    forms = of_readers(tried, objects, FEW, [], settings)
    assert tried.lost == set()
    assert {name for name, _body, _form in forms} >= {
        *("comments:write", "comments:write mail", "comments:report", "comments:ticket edit"),
        *("comments:own_data_request", "admin:login"),
    }
    assert {field for name, field in tried.stored if name == "comments:write"} >= {"name", "text"}
    assert {"comments:report", "comments:ticket edit"} <= {name for name, _field in tried.stored}


def test_who_is_refused_keeps_his_words(objects, settings, monkeypatch):
    tried = Tried()
    who_is_refused(tried, objects, FEW[::3], settings, monkeypatch)
    assert tried.lost == set()


def test_in_the_searches(objects):
    tried = Tried()
    assert len(each_in_the_searches(tried, objects, FEW[::3])) > 15


def test_in_the_forms_of_the_desk(objects, settings):
    tried = Tried()
    forms = at_the_desk(tried, objects, FEW[3::9], [], settings)
    assert tried.lost == set()
    assert len(forms) > 40
    assert len(tried.stored) > 15


def test_in_a_file_of_articles(tmp_path):
    assert all_in_a_file(FEW, tmp_path) > len(FEW) / 2


@pytest.mark.long
def test_all_of_them_in_the_forms_of_readers(objects, settings, monkeypatch, record_property):
    tried = Tried()
    of_readers(tried, objects, TEXTS, HUGE, settings)
    assert tried.lost == set()
    who_is_refused(tried, objects, TEXTS, settings, monkeypatch)
    assert tried.lost == set()
    record_property("measured", f"{len(TEXTS + HUGE)} texts, readers: {tried.said}")


@pytest.mark.long
def test_all_of_them_in_the_searches(objects, record_property):
    tried = Tried()
    each_in_the_searches(tried, objects, [*TEXTS, *HUGE])
    record_property("measured", f"{len(TEXTS + HUGE)} texts, searches: {tried.said}")


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_all_of_them_in_the_forms_of_the_desk(objects, settings, record_property, part):
    tried = Tried()
    few, huge = TEXTS[part::PARTS], HUGE[part::PARTS]
    at_the_desk(tried, objects, few, huge, settings)
    assert tried.lost == set()
    record_property("measured", f"{len(few + huge)} texts, the desk: {tried.said}")


@pytest.mark.long
def test_all_of_them_in_a_file(tmp_path):
    all_in_a_file([*TEXTS, *HUGE], tmp_path)

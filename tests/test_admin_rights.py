"""Every address of the admin × every role: what a person gets who types it in.

The addresses come from the resolver: a new one without a row fails.
"""

import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from comments import moderation, watching
from comments.models import ClosingRule, ConsentText, WatchedWord
from newsroom import events, stamps
from newsroom.models import Event, SiteSettings
from newsroom.roles import Role
from tests import factories
from tests.comments import test_takedowns as demands

pytestmark = pytest.mark.django_db

WHO = (None, Role.REPORTER, Role.EDITOR, Role.SECRETARY, Role.MODERATOR, Role.ADMINISTRATOR)

# The answers in the order of WHO: nobody, reporter, editor, secretary, moderator, administrator.
# 302 for nobody leads to the log-in; for others to where they may be, or away from what for them
# does not exist.
DESK = (302, 200, 200, 200, 302, 302)
OPEN = (302, 200, 200, 200, 200, 200)
NEVER = (302, 403, 403, 403, 403, 403)
STAFF = (302, 200, 200, 200, 403, 200)
WRITERS = (302, 200, 200, 200, 403, 403)
ADMINISTRATOR = (302, 403, 403, 403, 403, 200)

ROWS = {
    "index": DESK,
    "login": (200, 302, 302, 302, 302, 302),
    "logout": (302, 405, 405, 405, 405, 405),
    "password_change": OPEN,
    "password_change_done": OPEN,
    "account": OPEN,
    # There is none unless SECOND_FACTOR=1.
    "second_step": (404, 404, 404, 404, 404, 404),
    # There is none unless EMAIL_URL and SITE_URL are set.
    "forgotten": (404, 404, 404, 404, 404, 404),
    "forgotten_sent": (404, 404, 404, 404, 404, 404),
    "forgotten_new": (404, 404, 404, 404, 404, 404),
    "jsi18n": OPEN,
    "catalogue": OPEN,
    "condition": ADMINISTRATOR,
    "autocomplete": STAFF,
    "photo_by_id": STAFF,
    "photo_size": STAFF,
    "app_list": (302, 200, 200, 200, 404, 200),
    # Somebody else's article in a section that is every editor's.
    "articles_article_changelist": STAFF,
    "articles_article_add": WRITERS,
    "articles_article_change": (302, 302, 200, 200, 302, 200),
    "articles_article_history": (302, 302, 200, 200, 302, 200),
    "articles_article_delete": NEVER,
    "articles_article_withdraw": (302, 302, 403, 200, 302, 403),
    "articles_article_version": (302, 302, 200, 200, 302, 200),
    "articles_author_changelist": STAFF,
    "articles_author_add": STAFF,
    "articles_author_change": STAFF,
    "articles_author_history": STAFF,
    "articles_author_delete": NEVER,
    "articles_cluster_changelist": STAFF,
    "articles_cluster_add": ADMINISTRATOR,
    "articles_cluster_change": STAFF,
    "articles_cluster_history": STAFF,
    "articles_cluster_delete": NEVER,
    "articles_cluster_year": ADMINISTRATOR,
    "articles_photo_changelist": STAFF,
    "articles_photo_add": WRITERS,
    "articles_photo_change": STAFF,
    "articles_photo_history": STAFF,
    "articles_photo_delete": NEVER,
    "articles_photo_pick": WRITERS,
    "articles_province_changelist": STAFF,
    "articles_province_add": NEVER,
    "articles_province_change": STAFF,
    "articles_province_history": STAFF,
    "articles_province_delete": NEVER,
    "articles_province_merge": ADMINISTRATOR,
    "articles_province_undo": ADMINISTRATOR,
    "articles_section_changelist": (302, 403, 200, 200, 403, 200),
    "articles_section_add": ADMINISTRATOR,
    "articles_section_change": (302, 403, 200, 200, 403, 200),
    "articles_section_history": (302, 403, 200, 200, 403, 200),
    "articles_section_delete": ADMINISTRATOR,
    "articles_tag_changelist": STAFF,
    "articles_tag_add": NEVER,
    "articles_tag_change": STAFF,
    "articles_tag_history": STAFF,
    "articles_tag_delete": NEVER,
    "articles_topic_changelist": STAFF,
    "articles_topic_add": WRITERS,
    "articles_topic_change": STAFF,
    "articles_topic_history": STAFF,
    "articles_topic_delete": NEVER,
    "articles_topic_merge": (302, 403, 200, 200, 403, 403),
    "comments_comment_changelist": (302, 403, 403, 200, 200, 200),
    "comments_comment_add": NEVER,
    "comments_comment_change": (302, 403, 403, 200, 200, 200),
    "comments_comment_history": (302, 403, 403, 200, 200, 200),
    "comments_comment_delete": NEVER,
    "comments_closingrule_changelist": (302, 403, 403, 200, 403, 200),
    "comments_closingrule_add": (302, 403, 403, 200, 403, 200),
    "comments_closingrule_change": (302, 403, 403, 200, 403, 200),
    "comments_closingrule_history": (302, 403, 403, 200, 403, 200),
    "comments_closingrule_delete": (302, 403, 403, 200, 403, 200),
    "comments_watchedword_changelist": (302, 403, 403, 200, 200, 200),
    "comments_watchedword_add": (302, 403, 403, 200, 200, 200),
    "comments_watchedword_change": (302, 403, 403, 200, 200, 200),
    "comments_watchedword_history": (302, 403, 403, 200, 200, 200),
    "comments_watchedword_delete": NEVER,
    "comments_watchedword_try": (302, 403, 403, 200, 200, 200),
    "comments_blockedsender_changelist": (302, 403, 403, 200, 200, 200),
    "comments_blockedsender_add": NEVER,
    "comments_blockedsender_change": (302, 403, 403, 200, 200, 200),
    "comments_blockedsender_history": (302, 403, 403, 200, 200, 200),
    "comments_blockedsender_delete": (302, 403, 403, 200, 200, 403),
    "comments_blockedsender_block": (302, 403, 403, 200, 200, 403),
    # A form sends there; of the two pages only those who decide see anything.
    "comments_comment_undo": (302, 403, 403, 405, 405, 403),
    "comments_comment_redact": (302, 403, 403, 200, 200, 403),
    "comments_comment_numbers": (302, 403, 403, 200, 200, 200),
    "comments_comment_hold": (302, 403, 403, 200, 403, 403),
    "comments_takedown_changelist": (302, 403, 403, 200, 403, 200),
    "comments_takedown_add": (302, 403, 403, 200, 403, 403),
    "comments_takedown_change": (302, 403, 403, 200, 403, 200),
    "comments_takedown_history": (302, 403, 403, 200, 403, 200),
    "comments_takedown_delete": NEVER,
    "comments_consenttext_changelist": ADMINISTRATOR,
    "comments_consenttext_add": ADMINISTRATOR,
    "comments_consenttext_change": ADMINISTRATOR,
    "comments_consenttext_history": ADMINISTRATOR,
    "comments_consenttext_delete": NEVER,
    "newsroom_user_changelist": ADMINISTRATOR,
    "newsroom_user_add": ADMINISTRATOR,
    "newsroom_user_change": ADMINISTRATOR,
    "newsroom_user_history": ADMINISTRATOR,
    "newsroom_user_delete": NEVER,
    # Forms send to the first two.
    "newsroom_user_end_log_ins": (302, 403, 403, 403, 403, 405),
    "newsroom_user_remove_second_step": (302, 403, 403, 403, 403, 405),
    "newsroom_user_let_go": ADMINISTRATOR,
    "auth_user_password_change": ADMINISTRATOR,
    "newsroom_sitesettings_changelist": (302, 403, 403, 403, 403, 302),
    "newsroom_sitesettings_add": NEVER,
    "newsroom_sitesettings_change": ADMINISTRATOR,
    "newsroom_sitesettings_history": ADMINISTRATOR,
    "newsroom_sitesettings_delete": NEVER,
    "newsroom_event_changelist": (302, 403, 403, 200, 403, 200),
    "newsroom_event_add": NEVER,
    "newsroom_event_change": (302, 403, 403, 200, 403, 200),
    "newsroom_event_history": (302, 403, 403, 200, 403, 200),
    "newsroom_event_delete": NEVER,
}
QUERIES = {
    "autocomplete": "?app_label=articles&model_name=article&field_name=tags&term=ha",
}


def patterns(entries, above=()):
    """Yield (name, names of its parameters) of every address below `entries`."""
    for entry in entries:
        parameters = (*above, *entry.pattern.regex.groupindex)
        if hasattr(entry, "url_patterns"):
            yield from patterns(entry.url_patterns, parameters)
        else:
            yield entry.name, parameters, entry


def named():
    return {name for name, _parameters, _entry in patterns(admin.site.get_urls()) if name}


def test_every_address_has_its_row():
    assert named() == set(ROWS)


def test_addresses_without_a_name_only_lead_on():
    unnamed = [
        entry.pattern._route
        for name, _parameters, entry in patterns(admin.site.get_urls())
        if not name and hasattr(entry.pattern, "_route")
    ]
    assert set(unnamed) == {"<path:object_id>/"}


@pytest.fixture
def objects():
    """One object a model, and what else stands in an address."""
    photo = factories.photo()
    topic = factories.TopicFactory()
    article = factories.published(by=factories.user(Role.REPORTER), tags=[topic])
    comment = moderation.submit(
        article=article, name="Bạn đọc", text="Bài hay, cảm ơn tòa soạn.", email="doc@example.com"
    )
    SiteSettings.objects.get_or_create(pk=1)
    # The article itself takes comments: else nothing could be written there, by anybody.
    closed_elsewhere = ClosingRule.objects.create(kind="always", section=factories.SectionFactory())
    return {
        "article": article.pk,
        "author": factories.AuthorFactory().pk,
        "cluster": factories.cluster().pk,
        "photo": photo.pk,
        "province": factories.province("30@pre").pk,
        "section": factories.SectionFactory().pk,
        "tag": topic.pk,
        "topic": topic.pk,
        "comment": comment.pk,
        "closingrule": closed_elsewhere.pk,
        "watchedword": WatchedWord.objects.earliest("pk").pk,
        "blockedsender": watching.block_sender(
            actor=None, comment=comment, kind="email", days=30
        ).pk,
        "takedown": demands.registered(comment=comment).pk,
        "consenttext": ConsentText.objects.get().pk,
        "user": factories.user(Role.REPORTER).pk,
        "sitesettings": 1,
        "event": Event.objects.latest("id").pk,
        "token": photo.token,
    }


def address(name, objects):
    """Return the address, with our objects in it."""
    model = name.split("_")[1] if name.count("_") >= 2 else ""
    own = objects.get(model)
    tries = [
        {},
        {"object_id": own},
        {"object_id": own, "number": 1},
        {"id": own},
        {"pk": objects["photo"]},
        {"token": objects["token"], "width": 264},
        {"app_label": "articles"},
        {"comment_id": objects["comment"]},
        {"uidb64": "MQ", "token": "x-y"},
    ]
    for parameters in tries:
        try:
            return reverse(f"admin:{name}", kwargs=parameters) + QUERIES.get(name, "")
        except NoReverseMatch:
            continue
    raise AssertionError(f"no address for {name}")


@pytest.mark.parametrize("role", WHO, ids=lambda role: role or "nobody")
def test_what_each_gets(client, objects, role):
    person = factories.user(role, full_name="Người thử") if role else None
    if person:
        client.force_login(person)
    written = Event.objects.exclude(verb="see_demand")  # reading the register is logged
    events = written.count()
    column = WHO.index(role)
    got = {name: client.get(address(name, objects)).status_code for name in ROWS}
    assert got == {name: row[column] for name, row in ROWS.items()}
    assert written.count() == events, "reading wrote something"


def test_without_a_role_an_account_opens_nothing(client, objects):
    client.force_login(factories.user())
    own = {"login", "logout", "password_change", "password_change_done", "jsi18n", "catalogue"}
    own |= {"account"}
    for name in set(ROWS) - own:
        answer = client.get(address(name, objects))
        assert answer.status_code in (302, 403, 404), name
        if answer.status_code == 302:
            assert answer.headers["Location"] in ("/admin/", "/admin/danh-muc/"), name


def links(html, base):
    """Yield what the links of a page lead to within the admin."""
    for href in re.findall(r'<a [^>]*href="([^"#]+)', html):
        to = urljoin(base, unescape(href))
        if to.startswith("/admin/"):
            yield to


@pytest.mark.parametrize("role", WHO[1:])
def test_no_link_leads_where_one_may_not_go(client, objects, role):
    factories.withdrawn()
    factories.edited(factories.in_review())
    client.force_login(factories.user(role))
    client.raise_request_exception = False
    found = dict.fromkeys(("/admin/", "/admin/danh-muc/"), "")
    seen = {kind(at) for at in found}
    waiting, wrong = list(found), {}
    while waiting:
        at = waiting.pop()
        answer = client.get(at, follow=True)
        if answer.status_code != 200:
            wrong[at] = (answer.status_code, found[at])
        # One filter or page at a time: all combinations of them have no end.
        elif "?" not in at:
            html, base = answer.content.decode(), answer.request["PATH_INFO"]
            new = {kind(to): to for to in links(html, base) if kind(to) not in seen}
            seen |= new.keys()
            found |= dict.fromkeys(new.values(), at)
            waiting += new.values()
    assert wrong == {}
    assert "/admin/password_change/" in found


def kind(address):
    """Return what all addresses of one page share: of a thousand rows one is followed."""
    path, _, query = address.partition("?")
    names = sorted(part.partition("=")[0] for part in query.split("&"))
    return re.sub(r"\d+", "0", path), tuple(names)


def test_the_log_of_every_kind_of_thing_is_read_by_the_administrator(client, objects):
    client.force_login(factories.user(Role.ADMINISTRATOR))
    for model in admin.site._registry:
        name = model._meta.model_name
        thing = model.objects.get(pk=objects[name])
        app, verbs = model._meta.app_label, ("change", "publish", "một-động-từ-đã-bỏ")
        for verb in verbs:
            events.record(
                actor=None, verb=verb, obj=thing, reason="<b>vì</b>", data={"revision": 1}
            )
        address = reverse(f"admin:{app}_{name}_history", args=[thing.pk])
        html = client.get(address).content.decode()
        assert html.count("&lt;b&gt;vì&lt;/b&gt;") >= 3, name
        for to in links(html, address):
            assert client.get(to, follow=True).status_code == 200, to


@pytest.mark.parametrize(
    "number", ["9" * 21, "x", "%00", *(pytest.param(each, marks=pytest.mark.long) for each in "0²")]
)
def test_of_what_does_not_exist_no_page_breaks(client, number):
    client.force_login(factories.user(Role.ADMINISTRATOR))
    for model in admin.site._registry:
        base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for page in ("change", "history", "delete"):
            status = client.get(f"{base}{number}/{page}/", follow=True).status_code
            assert status in (200, 403, 404), (base, page)


class TestAccounts:
    """Nobody gives himself a right."""

    def change(self, client, account, **fields):
        data = {"username": account.username, "full_name": "X", "email": "", "is_active": "on"}
        address = reverse("admin:newsroom_user_change", args=[account.pk])
        return client.post(address, data | fields)

    def test_an_administrator_gives_roles_and_takes_them(self, client):
        client.force_login(factories.user(Role.ADMINISTRATOR))
        person = factories.user(Role.REPORTER)
        self.change(client, person, roles=["editor", "moderator"])
        assert set(person.groups.values_list("name", flat=True)) == {"editor", "moderator"}

    def test_not_to_himself(self, client):
        administrator = factories.user(Role.ADMINISTRATOR)
        client.force_login(administrator)
        self.change(client, administrator, roles=["administrator", "secretary"])
        held = set(administrator.groups.values_list("name", flat=True))
        assert held == {"administrator"}

    def test_having_looked_at_himself_he_still_gives_roles_to_others(self, client):
        administrator = factories.user(Role.ADMINISTRATOR)
        client.force_login(administrator)
        client.get(reverse("admin:newsroom_user_change", args=[administrator.pk]))
        person = factories.user(Role.REPORTER)
        self.change(client, person, roles=["editor"])
        assert set(person.groups.values_list("name", flat=True)) == {"editor"}

    def test_flags_and_permissions_cannot_be_forged(self, client):
        client.force_login(factories.user(Role.ADMINISTRATOR))
        person = factories.user(Role.REPORTER)
        self.change(client, person, roles=["reporter"], is_superuser="on", user_permissions=[1])
        person.refresh_from_db()
        assert not person.is_superuser
        assert not person.user_permissions.exists()

    def test_a_superusers_account_is_out_of_reach(self, client):
        chief = factories.user(is_superuser=True)
        client.force_login(factories.user(Role.ADMINISTRATOR))
        password = chief.password
        self.change(client, chief, full_name="Đổi")
        new = {"password1": "mot-mat-khau-khac", "password2": "mot-mat-khau-khac"}
        client.post(reverse("admin:auth_user_password_change", args=[chief.pk]), new)
        chief.refresh_from_db()
        assert chief.full_name != "Đổi"
        assert chief.password == password

    def test_a_new_account_works(self, client):
        client.force_login(factories.user(Role.ADMINISTRATOR))
        data = {"username": "moi", "full_name": "Người Mới", "email": "", "roles": ["reporter"]}
        data |= {"password1": "mot-mat-khau-dai", "password2": "mot-mat-khau-dai"}
        client.post("/admin/newsroom/user/add/", data)
        client.logout()
        assert client.login(username="moi", password="mot-mat-khau-dai")
        assert client.get("/admin/").status_code == 200

    def test_a_password_set_by_the_administrator_is_logged(self, client):
        administrator = factories.user(Role.ADMINISTRATOR)
        client.force_login(administrator)
        person = factories.user(Role.REPORTER)
        new = {"password1": "mot-mat-khau-khac", "password2": "mot-mat-khau-khac"}
        client.post(reverse("admin:auth_user_password_change", args=[person.pk]), new)
        event = Event.objects.latest("id")
        assert (event.actor, event.object_id, event.data) == (
            administrator,
            person.pk,
            {"password": True},
        )
        client.logout()
        assert client.login(username=person.username, password="mot-mat-khau-khac")

    def test_settings_are_saved_and_tell_every_page(self, client):
        client.force_login(factories.user(Role.ADMINISTRATOR))
        before = stamps.versions([stamps.SITE])[stamps.SITE]
        data = {"name": "Kinh Bắc", "initials": "KB", "dateline": "(BTV)", "require_review": "on"}
        client.post(reverse("admin:newsroom_sitesettings_change", args=[1]), data)
        assert SiteSettings.load().require_review
        assert stamps.versions([stamps.SITE])[stamps.SITE] == before + 1

    def test_last_log_in_is_all_that_reading_changes(self, client):
        person = factories.user(Role.SECRETARY)
        client.post("/admin/login/", {"username": person.username, "password": factories.PASSWORD})
        person.refresh_from_db()
        assert person.last_login <= timezone.now()

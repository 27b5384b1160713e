"""Before accounts and rights the password is asked for again, and nothing typed is lost."""

import datetime as dt

import pytest
from django.utils import timezone

from articles.models import Author, Section
from newsroom.models import SiteSettings, User
from newsroom.roles import Role
from tests import factories
from tests.newsroom.test_unsent import Form

pytestmark = pytest.mark.django_db

AGAIN = "log_in-again"
LIST = "/admin/newsroom/user/"


@pytest.fixture
def chief():
    return factories.user(Role.ADMINISTRATOR)


@pytest.fixture
def later(client, chief, clock):
    """Returns a function that lets minutes pass since the administrator logged in."""
    start = clock(timezone.now())
    client.force_login(chief)
    return lambda minutes: clock(start + dt.timedelta(minutes=minutes))


def change_of(person):
    return f"{LIST}{person.pk}/change/"


def data_of(person, **changes):
    data = {"username": person.username, "full_name": "Tên Mới Gõ", "email": ""}
    return data | {"roles": ["reporter"], "is_active": "on"} | changes


def test_just_logged_in_nobody_is_asked(client, chief, later):
    person = factories.user(Role.REPORTER)
    later(14)
    assert AGAIN not in client.get(change_of(person)).content.decode()


def test_a_quarter_of_an_hour_later_the_pages_ask_and_then_open(client, chief, later):
    person = factories.user(Role.REPORTER)
    later(16)
    pages = (change_of(person), f"{LIST}add/", f"{LIST}{person.pk}/password/",
             f"{LIST}{person.pk}/cho-nghi/")  # fmt: skip
    for page in pages:
        html = client.get(page).content.decode()
        assert AGAIN in html, page
        assert person.username not in html
    form = Form(client.get(pages[0]).content.decode(), pages[0]).data()
    wrong = client.post(pages[0], form | {AGAIN: "sai"})
    assert wrong.status_code == 403
    assert "Mật khẩu chưa đúng" in wrong.content.decode()
    right = client.post(pages[0], form | {AGAIN: factories.PASSWORD})
    assert right.headers["Location"] == pages[0]
    for page in pages:
        assert AGAIN not in client.get(page).content.decode(), page


def test_a_password_typed_before_the_clock_was_set_back_is_asked_for_again(client, chief, later):
    person = factories.user(Role.REPORTER)
    later(-24 * 60)
    assert AGAIN in client.get(change_of(person)).content.decode()


def test_clocks_of_two_machines_may_lie_a_little_apart(client, chief, later):
    person = factories.user(Role.REPORTER)
    later(-0.5)
    assert AGAIN not in client.get(change_of(person)).content.decode()


def test_what_is_being_typed_is_taken_for_an_hour(client, chief, later):
    person = factories.user(Role.REPORTER)
    later(55)
    assert client.post(change_of(person), data_of(person)).status_code == 302
    assert User.objects.get(pk=person.pk).full_name == "Tên Mới Gõ"


def test_after_it_what_was_typed_is_kept_and_sent_on(client, chief, later):
    person = factories.user(Role.REPORTER)
    later(70)
    address = change_of(person)
    asked = client.post(address, data_of(person))
    assert User.objects.get(pk=person.pk).full_name != "Tên Mới Gõ"
    form = Form(asked.content.decode(), address).data()
    assert form["full_name"] == ["Tên Mới Gõ"]
    wrong = client.post(address, form | {AGAIN: "sai"}).content.decode()
    form = Form(wrong, address).data()
    assert form["full_name"] == ["Tên Mới Gõ"]
    assert client.post(address, form | {AGAIN: factories.PASSWORD}).status_code == 302
    assert User.objects.get(pk=person.pk).full_name == "Tên Mới Gõ"


def test_guessing_it_at_an_open_desk_waits_as_the_log_in_does(client, chief, later):
    later(16)
    address = f"{LIST}add/"
    for _number in range(5):
        client.post(address, {AGAIN: "sai", "log_in-opened": "1"})
    again = client.post(address, {AGAIN: factories.PASSWORD, "log_in-opened": "1"})
    assert again.status_code == 403
    assert "Sai quá nhiều lần" in again.content.decode()


def test_guessing_the_old_one_to_set_a_new_one_waits_as_the_log_in_does(client):
    person = factories.user(Role.REPORTER)
    client.force_login(person)
    new = {"new_password1": "mot-chuoi-dai-7", "new_password2": "mot-chuoi-dai-7"}
    change = "/admin/password_change/"
    for _number in range(4):
        wrong = client.post(change, {"old_password": "sai", **new}).content.decode()
        assert "Mật khẩu chưa đúng" in wrong
    client.post(change, {"old_password": "sai", **new})
    right = client.post(change, {"old_password": factories.PASSWORD, **new})
    assert "Sai quá nhiều lần" in right.content.decode()
    assert User.objects.get(pk=person.pk).check_password(factories.PASSWORD)


def test_who_may_not_is_not_asked_but_refused(client, clock):
    client.force_login(factories.user(Role.EDITOR))
    clock(timezone.now() + dt.timedelta(hours=2))
    assert client.get(f"{LIST}add/").status_code == 403


class Charge:
    """A page on which rights are decided beside other things; `held` is what the row says now."""

    def __init__(self, address, data, change, other, held):
        self.address, self.data, self.change, self.other = address, data, change, other
        self.held = held


def charges_of_sections(name):
    person = factories.user(Role.EDITOR if name == "editors" else Role.MODERATOR)
    section = factories.SectionFactory(name="Xã hội")
    return Charge(
        f"/admin/articles/section/{section.pk}/change/",
        {"name": section.name, "slug": section.slug, "position": 1},
        {name: [str(person.pk)]},
        {"name": "Đời sống"},
        lambda: list(getattr(section, name).values_list("pk", flat=True)) == [person.pk],
    )


def sub_section():
    above, section = factories.SectionFactory(), factories.SectionFactory(name="Xã hội")
    return Charge(
        f"/admin/articles/section/{section.pk}/change/",
        {"name": section.name, "slug": section.slug, "position": 1},
        {"parent": str(above.pk)},
        {"name": "Đời sống"},
        lambda: Section.objects.get(pk=section.pk).parent_id == above.pk,
    )


def new_section():
    person = factories.user(Role.EDITOR)
    return Charge(
        "/admin/articles/section/add/",
        {"name": "Mục Vừa Gõ", "slug": "", "position": 1},
        {"editors": [str(person.pk)]},
        {"name": "Đời sống"},
        lambda: Section.objects.filter(name="Mục Vừa Gõ", editors=person).exists(),
    )


def pen_name():
    person, author = factories.user(Role.REPORTER), factories.AuthorFactory()
    return Charge(
        f"/admin/articles/author/{author.pk}/change/",
        {"name": author.name, "bio": ""},
        {"account": str(person.pk)},
        {"bio": "Viết về làng nghề."},
        lambda: Author.objects.get(pk=author.pk).account_id == person.pk,
    )


def who_must_sign():
    return Charge(
        "/admin/newsroom/sitesettings/1/change/",
        {"name": "Kinh Bắc", "initials": "KB", "dateline": "(BTV)"},
        {"require_review": "on"},
        {"tagline": "Tin quê hương"},
        lambda: SiteSettings.load().require_review,
    )


CHARGES = {
    "editors of a section": lambda: charges_of_sections("editors"),
    "moderators of a section": lambda: charges_of_sections("moderators"),
    "what a section belongs to": sub_section,
    "a new section": new_section,
    "whose a pen name is": pen_name,
    "who must sign": who_must_sign,
}


@pytest.fixture(params=CHARGES.values(), ids=CHARGES)
def charge(request):
    return request.param()


def test_rights_among_other_things_are_changed_with_the_password_alone(client, later, charge):
    later(16)
    assert AGAIN not in client.get(charge.address).content.decode(), "looking asks nothing"
    sent = charge.data | charge.change
    html = client.post(charge.address, sent).content.decode()
    assert AGAIN in html
    assert not charge.held()
    form = Form(html, charge.address).data()
    kept = {name: values for name, values in form.items() if name in sent}
    typed = {
        name: value if isinstance(value, list) else [str(value)] for name, value in sent.items()
    }
    assert kept == typed
    wrong = client.post(charge.address, form | {AGAIN: "sai"})
    assert wrong.status_code == 403
    assert not charge.held()
    form = Form(wrong.content.decode(), charge.address).data()
    assert client.post(charge.address, form | {AGAIN: factories.PASSWORD}).status_code == 302
    assert charge.held()


def test_within_a_quarter_of_an_hour_rights_ask_nothing_again(client, later, charge):
    later(16)
    empty = {name: [] if isinstance(value, list) else "" for name, value in charge.change.items()}
    sent = charge.data | charge.change | {AGAIN: factories.PASSWORD}
    assert client.post(charge.address, sent).status_code == 302
    if charge.address.endswith("/add/"):
        return
    later(30)
    assert client.post(charge.address, charge.data | empty).status_code == 302
    assert not charge.held()
    later(32)
    assert AGAIN in client.post(charge.address, charge.data | charge.change).content.decode()
    assert not charge.held()


def test_just_logged_in_rights_ask_nothing(client, later, charge):
    later(14)
    assert client.post(charge.address, charge.data | charge.change).status_code == 302
    assert charge.held()


def test_all_else_on_such_a_page_asks_nothing(client, later, charge):
    later(300)
    assert client.post(charge.address, charge.data | charge.other).status_code == 302
    assert not charge.held()


def test_what_cannot_be_saved_says_so_before_it_asks(client, later, charge):
    later(16)
    html = client.post(charge.address, charge.data | charge.change | {"name": ""}).content.decode()
    assert AGAIN not in html
    assert "errorlist" in html or "desk-error" in html
    assert not charge.held()

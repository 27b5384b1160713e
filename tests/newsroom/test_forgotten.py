"""A new password by letter, where there are letters at all."""

import re
import threading

import pytest
from django.core import mail

from newsroom import sessions
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

ASK = "/admin/quen-mat-khau/"
NEW = "mot-mat-khau-khac"


@pytest.fixture(autouse=True)
def _mail(settings):
    settings.PASSWORD_BY_MAIL = True
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://bao.example.vn", ["*"]
    settings.HTTPS = True


def ask(client, email, **headers):
    answer = client.post(ASK, {"email": email}, headers=headers)
    for thread in threading.enumerate():
        if thread.name == "forgotten":
            thread.join()
    return answer


def test_the_letter_names_the_set_address_and_its_link_gives_a_new_password(client):
    person = factories.user(Role.REPORTER, email="lanchi@example.com")
    client.force_login(person)
    client.logout()
    ask(client, "LanChi@example.com", host="evil.example")
    (letter,) = mail.outbox
    assert "evil" not in letter.subject + letter.body
    (link,) = re.findall(r"https://bao\.example\.vn(/admin/mat-khau-moi/\S+)", letter.body)
    page = client.get(link, follow=True)
    data = {"new_password1": NEW, "new_password2": NEW}
    done = client.post(page.redirect_chain[-1][0], data)
    assert done.headers["Location"] == "/admin/login/"
    assert not client.login(username=person.username, password=factories.PASSWORD)
    assert client.login(username=person.username, password=NEW)
    assert Event.objects.get(verb="change").data == {"password": True}
    assert "quá cũ" in client.get(link, follow=True).content.decode()


def test_all_log_ins_end_with_it(client):
    person = factories.user(Role.REPORTER, email="lanchi@example.com")
    client.force_login(person)
    ask(client, "lanchi@example.com")
    (link,) = re.findall(r"vn(/admin/mat-khau-moi/\S+)", mail.outbox[0].body)
    other = type(client)()
    page = other.get(link, follow=True)
    other.post(page.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})
    assert sessions.of(person).count() == 0
    assert client.get("/admin/tai-khoan/").status_code == 302


def test_whether_an_address_is_known_is_not_told(client):
    factories.user(Role.REPORTER, email="lanchi@example.com")
    factories.user(Role.REPORTER, email="nghi@example.com", is_active=False)
    answers = {}
    for email in ("lanchi@example.com", "khong-ai@example.com", "nghi@example.com"):
        sent = ask(client, email)
        page = client.get(sent.headers["Location"])
        answers[email] = (sent.status_code, sent.headers["Location"], page.content)
    assert len(set(answers.values())) == 1
    assert [letter.to for letter in mail.outbox] == [["lanchi@example.com"]]


def test_one_address_gets_three_letters_at_most(client):
    factories.user(Role.REPORTER, email="lanchi@example.com")
    for number in range(6):
        client.defaults["REMOTE_ADDR"] = f"203.0.{number}.1"
        ask(client, "lanchi@example.com")
    assert len(mail.outbox) == 3


def test_without_a_mail_server_there_is_no_such_page(client, settings):
    settings.PASSWORD_BY_MAIL = False
    for path in (ASK, f"{ASK}da-gui/", "/admin/mat-khau-moi/MQ/x-y/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"email": "lanchi@example.com"}).status_code == 404
    assert ASK not in client.get("/admin/login/").content.decode()
    assert mail.outbox == []

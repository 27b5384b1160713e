"""Cookies (R26): secure, out of reach of scripts, of this host alone; none on readers' pages."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from newsroom.roles import Role
from newsroom.sessions import MessageCookie
from tests import factories

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = """
    SESSION_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_NAME CSRF_COOKIE_SECURE
    MESSAGE_COOKIE_NAME BROWSER_COOKIE_NAME HTTPS
""".split()
# The settings are read when a process starts, so one of its own says what they are under HTTPS.
SAY = (
    "import json; from newsroom import settings;"
    f"print(json.dumps({{name: getattr(settings, name) for name in {NAMES}}}))"
)


@pytest.fixture
def https(settings, monkeypatch):
    """The cookies' settings as under an address that begins with https."""
    environment = os.environ | {"SITE_URL": "https://bao.example.vn"}
    said = subprocess.check_output([sys.executable, "-c", SAY], cwd=ROOT, env=environment)
    for name, value in json.loads(said).items():
        setattr(settings, name, value)
    monkeypatch.setattr(MessageCookie, "cookie_name", settings.MESSAGE_COOKIE_NAME)


@pytest.mark.django_db
def test_under_https_they_are_of_this_host_alone_and_out_of_reach(https):
    client, person = Client(enforce_csrf_checks=True), factories.user(Role.REPORTER)
    page = client.get("/admin/login/", secure=True)
    data = {"username": person.username, "password": factories.PASSWORD}
    data["csrfmiddlewaretoken"] = str(page.context["csrf_token"])
    headers = {"referer": "https://testserver/admin/login/"}
    assert client.post("/admin/login/", data, secure=True, headers=headers).status_code == 302
    page = client.get("/admin/tai-khoan/", secure=True)
    data = {"verb": "end_others", "csrfmiddlewaretoken": str(page.context["csrf_token"])}
    headers = {"referer": "https://testserver/admin/tai-khoan/"}
    client.post("/admin/tai-khoan/", data, secure=True, headers=headers)
    names = {"__Host-sessionid", "__Host-csrftoken", "__Host-messages", "__Host-browser"}
    assert set(client.cookies) == names
    for name, cookie in client.cookies.items():
        kind = {key: cookie[key] for key in ("secure", "httponly", "samesite", "domain", "path")}
        assert kind == {
            "secure": True,
            "httponly": True,
            "samesite": "Lax",
            "domain": "",
            "path": "/",
        }, name


@pytest.mark.django_db
def test_without_https_they_work_and_are_out_of_reach_too():
    client, person = Client(), factories.user(Role.REPORTER)
    client.get("/admin/login/")
    client.post("/admin/login/", {"username": person.username, "password": factories.PASSWORD})
    assert set(client.cookies) == {"sessionid", "csrftoken", "browser"}
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")


@pytest.mark.django_db
def test_readers_pages_set_none():
    article, client = factories.published(), Client()
    paths = ["/", article.get_absolute_url(), "/tim-kiem/?q=cau", "/khong-co-trang-nay/"]
    for path in paths:
        assert not client.get(path).cookies, path
    # The form of a comment, which is never kept, sets the token it is sent with and no more.
    assert set(client.get(f"/binh-luan/{article.pk}/").cookies) <= {"csrftoken"}

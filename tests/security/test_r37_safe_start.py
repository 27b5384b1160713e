"""Nobody runs an unsafe site by accident, and no error tells what is secret."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from newsroom.safe_start import refuse_what_is_unsafe
from tests.page_cache import servers

ROOT = Path(__file__).resolve().parents[2]
KEY = "khoa-bi-mat-cua-toa-soan-" + "0123456789" * 3
SAFE = {"debug": False, "host": "0.0.0.0", "allowed_hosts": ["bao.vn"], "key": KEY, "files": []}


def refused(**changed) -> str:
    """What is said of a safe set-up with these changes; "" where nothing is."""
    try:
        refuse_what_is_unsafe(**SAFE | changed)
    except ImproperlyConfigured as error:
        return str(error)
    return ""


def test_what_is_safe_starts_and_what_is_not_is_named():
    assert refused() == ""
    here = {"debug": True, "host": "127.0.0.1", "allowed_hosts": ["localhost", "[::1]"]}
    assert refused(**here, key="ngan") == ""
    assert "HOST" in refused(**here | {"host": "0.0.0.0"})
    assert "bao.vn" in refused(**here | {"allowed_hosts": ["localhost", "bao.vn"]})
    for hosts in (["*"], ["bao.vn", "*"], [".*"], ["."]):
        assert "ALLOWED_HOSTS" in refused(allowed_hosts=hosts)
    for key in ("ngan", "x" * 80, KEY[:49]):
        assert "SECRET_KEY" in refused(key=key)
        assert key not in refused(key=key)


def test_a_file_of_secrets_is_nobody_elses(tmp_path):
    secret, plain = tmp_path / ".env", tmp_path / "env"
    secret.write_text(f"# chọn lấy\nSECRET_KEY={KEY}\n")
    plain.write_text("#SECRET_KEY=\nPORT=8000\n")
    for path in (secret, plain):
        path.chmod(0o644)
    assert "chmod 600" in refused(files=[secret, plain, tmp_path / "khong-co"])
    assert KEY not in refused(files=[secret])
    assert refused(files=[plain]) == ""
    secret.chmod(0o640)
    assert refused(files=[secret]) == ""


def started(*command: str, **told: str) -> subprocess.CompletedProcess:
    """Start the site's own way, with these in the environment."""
    url = f"sqlite:///{os.environ['NEWSROOM_TEST_DIR']}/start.sqlite3"
    surroundings = servers.environment(1, url) | {"DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=surroundings | told,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_server_itself_does_not_start():
    """Captcha test mode is refused by a check that `serve` runs: tests/comments/test_sound.py."""
    for told, named in (
        ({"DEBUG": "1", "ALLOWED_HOSTS": "localhost", "HOST": "0.0.0.0"}, "DEBUG=1"),
        ({"SECRET_KEY": "ngan"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        # A file of settings has no comments behind a value: they would be part of it.
        ({"SITE_URL": "https://bao.example.vn  # our address"}, "SITE_URL"),
    ):
        ran = started("-m", "newsroom.wsgi", **told)
        assert ran.returncode != 0
        assert named in ran.stderr.splitlines()[-1]


def test_check_deploy_has_nothing_to_say():
    """As under HTTPS with a proxy and a mail server, which settings.py makes of SITE_URL."""
    told = {
        "SITE_URL": "https://bao.example.vn",
        "ALLOWED_HOSTS": "bao.example.vn",
        "TRUSTED_PROXIES": "10.0.0.1",
        "EMAIL_URL": "smtp+tls://u:p@mail.example.vn:587",
    }
    ran = started("manage.py", "check", "--deploy", "--fail-level=INFO", **told)
    assert ran.returncode == 0, ran.stderr + ran.stdout


@pytest.mark.django_db
def test_no_error_page_and_no_log_tells_what_is_secret(monkeypatch, settings, caplog):
    secrets = {settings.SECRET_KEY, "mat-khau-go-nham", "mat-khau-cua-database"}

    def fail(*args, **kwargs):
        password = "mat-khau-cua-database"  # as a driver has it among its variables
        raise RuntimeError(f"no connection for {len(password)} reasons")

    monkeypatch.setattr("newsroom.signing_in.forms.LoginForm.clean", fail)
    monkeypatch.setattr("articles.views.frame.Frame.load", fail)
    caplog.set_level(logging.DEBUG)
    shown = ""
    visitor = Client(raise_request_exception=False)
    sent = {"username": "lan", "password": "mat-khau-go-nham"}
    for answer in (visitor.get("/"), visitor.post("/admin/login/", sent)):
        assert answer.status_code in (403, 500)
        shown += answer.content.decode()
    formatter = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    said = "".join(map(formatter.format, caplog.records))
    assert "Traceback" in said
    assert not any(secret in shown + said for secret in secrets)
    assert "RuntimeError" not in shown

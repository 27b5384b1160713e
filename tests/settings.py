"""The real settings, away from the developer's own .env, database and media."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.postgres import test_url

# One folder for this run; the workers of pytest-xdist inherit its name.
if "NEWSROOM_TEST_DIR" not in os.environ:
    os.environ["NEWSROOM_TEST_DIR"] = tempfile.mkdtemp(prefix="newsroom-test-")
    atexit.register(shutil.rmtree, os.environ["NEWSROOM_TEST_DIR"], ignore_errors=True)
SCRATCH = Path(os.environ["NEWSROOM_TEST_DIR"])
TEST_DB = os.environ.get("TEST_DB", "sqlite")

# The environment wins over .env and var/env, so nothing of them reaches a test.
os.environ |= {
    "DEBUG": "0",
    "SECRET_KEY": "only-for-tests-" + "0123456789" * 4,
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "SITE_URL": "http://testserver",
    "HSTS_SUBDOMAINS": "0",
    "HOST": "127.0.0.1",
    "PORT": "8000",
    "WORKERS": "1",
    "DATABASE_URL": test_url() if TEST_DB == "postgres" else f"sqlite:///{SCRATCH}/db.sqlite3",
    "MEDIA_ROOT": str(SCRATCH / "media"),
    "DEMO": "0",
    "DEMO_PASSWORD": "mat-khau-mau",
    "EMAIL_URL": "",
    "DEFAULT_FROM_EMAIL": "toa-soan@bao.example.vn",
    "SEND_LETTERS_AT_ONCE": "0",
    "BACKUP_DIR": str(SCRATCH / "backups"),
    "SPARE_MB": "0",
    "SECURITY_CONTACT": "",
    "LOG_REQUESTS": "1",
}

from newsroom.settings import *  # noqa: E402, F403
from newsroom.settings import DATABASES, STORAGES  # noqa: E402

if TEST_DB == "postgres":
    # A test database cannot be dropped while a thread of the live server keeps its connection.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
else:
    # A file, because threads and processes cannot share a database in memory as they do in life.
    DATABASES["default"]["TEST"] = {"NAME": SCRATCH / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += ";PRAGMA synchronous=OFF"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# What an earlier "make run" collected here is not what is tested.
STATIC_ROOT = SCRATCH / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
LOGGING = None

"""Settings: one file, read from the environment, then .env, then var/env (see .env.example)."""

import ipaddress
import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from .safe_start import refuse_no_address, refuse_what_is_unsafe

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
_files = (BASE_DIR / ".env", VAR_DIR / "env")
for _file in _files:
    if _file.is_file():
        environ.Env.read_env(_file)


def _names(variable: str) -> list[str]:
    """Return a comma-separated list without the spaces that env.list() would keep."""
    return [name.strip() for name in os.environ.get(variable, "").split(",") if name.strip()]


def _network(name: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """Return a network of TRUSTED_PROXIES; a typing mistake must not trust, or lose, a proxy."""
    try:
        return ipaddress.ip_network(name)
    except ValueError as error:
        raise ImproperlyConfigured(
            "TRUSTED_PROXIES must be addresses or networks separated by commas, such as "
            f"127.0.0.1,10.0.0.0/8. This is none: {error}."
        ) from error


# What an installation decides. Secrets are read as they stand: env() takes a leading "$" for the
# name of another variable.
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = os.environ.get("SECRET_KEY", "")
ALLOWED_HOSTS = _names("ALLOWED_HOSTS")
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
WORKERS = env.int("WORKERS", default=2)
# In each: threads that work; those that wait for the work or for what is being sent; and how many
# of the latter may take in a body.
THREADS, WAITING_THREADS, PLACES_FOR_BODIES = 4, 96, 64
TRUSTED_PROXIES = [_network(name) for name in _names("TRUSTED_PROXIES")]
SITE_URL = env.str("SITE_URL", default=f"http://{HOST}:{PORT}").rstrip("/")
CAPTCHA_VOICES = os.environ.get("CAPTCHA_VOICES", "")  # "": the newsroom's own
DEMO = env.bool("DEMO", default=None)  # None: only into SQLite
DEMO_PASSWORD = os.environ.get("DEMO_PASSWORD", "")

if DEBUG:
    SECRET_KEY = SECRET_KEY or "only-for-development-" + "x" * 40
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]"]
_missing = [name for name in ("SECRET_KEY", "ALLOWED_HOSTS") if not globals()[name]]
if _missing:
    raise ImproperlyConfigured(
        f"{' and '.join(_missing)} must be set, in the environment or in .env, unless DEBUG=1."
    )
refuse_what_is_unsafe(
    debug=DEBUG, host=HOST, allowed_hosts=ALLOWED_HOSTS, key=SECRET_KEY, files=_files
)
refuse_no_address(SITE_URL)

# What the site is made of.
INSTALLED_APPS = [
    "newsroom.apps.NewsroomConfig",
    "articles.apps.ArticlesConfig",
    "comments.apps.CommentsConfig",
    "newsroom.apps.DeskConfig",
    "newsroom.apps.TrimmedStaticFilesConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "captcha",
    "ckeditor",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
]

# No LocaleMiddleware: a page must not depend on who asks for it.
MIDDLEWARE = [
    "newsroom.logs.requests.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "newsroom.policies.PolicyMiddleware",
    "newsroom.gate.answers.RefusalMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.sessions.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newsroom.whence.Whence",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The database: one file to begin with, PostgreSQL to grow.
_SQLITE = "django.db.backends.sqlite3"
_POSTGRESQL = "django.db.backends.postgresql"
if os.environ.get("DATABASE_URL"):
    DATABASES = {"default": env.db("DATABASE_URL")}
else:
    DATABASES = {"default": {"ENGINE": _SQLITE, "NAME": VAR_DIR / "db.sqlite3"}}
if DATABASES["default"].get("ENGINE") == _SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes its lock at once and waits for it, instead of failing half way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL",
    }
    # To open the file and teach SQLite Django's functions costs more than to ask it.
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
elif DATABASES["default"].get("ENGINE") == _POSTGRESQL:
    DATABASES["default"]["ENGINE"] = "newsroom.postgresql"  # the same, but it gives up in time
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
    # Without these a request waits minutes for a server that has gone from the network.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3,
        "tcp_user_timeout": 5_000,  # milliseconds
        "keepalives_idle": 10,
        **DATABASES["default"].get("OPTIONS", {}),
    }
    # The server keeps the plan of what is asked so often; 0 where a pool hands out connections by
    # the transaction and cannot keep statements apart.
    _threshold = env.int("PREPARE_THRESHOLD", default=3)
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = _threshold or None
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")

# Where processes listen for what was bumped: needed where DATABASE_URL leads to a pool that hands
# out connections by the transaction.
LISTEN_DATABASE = env.db("LISTEN_DATABASE_URL") if os.environ.get("LISTEN_DATABASE_URL") else {}

# Finished pages in front of Django: how much memory they may take in each process of the server, 0
# for none. PAGE_MAX_AGE is how many seconds caches in front may give them out without asking.
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", default=0 if DEBUG else 64)
PAGE_MAX_AGE = env.int("PAGE_MAX_AGE", default=0)
if not 0 <= PAGE_MAX_AGE <= 10:
    raise ImproperlyConfigured(
        "PAGE_MAX_AGE must be 0 to 10 seconds: so long may readers see what was taken down."
    )

# Staff accounts; readers have none.
AUTH_USER_MODEL = "newsroom.User"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Signing in: who guesses waits (lockout.py is all that knows axes), who must brings a code of his
# telephone (second_factor.py is all that knows otp), who is idle logs in again.
AUTHENTICATION_BACKENDS = ["newsroom.lockout.Backend"]
AXES_HANDLER = "newsroom.lockout.Handler"
AXES_CLIENT_IP_CALLABLE = "newsroom.lockout.network"
AXES_COOLOFF_TIME = "newsroom.lockout.wait_of"  # grows with each try
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=False)
OTP_TOTP_ISSUER = urlsplit(SITE_URL).hostname
SESSION_ENGINE = "newsroom.sessions"
SESSION_IDLE_HOURS = env.float("SESSION_IDLE_HOURS", default=12)
if not 0 < SESSION_IDLE_HOURS <= 24 * 14:
    raise ImproperlyConfigured("SESSION_IDLE_HOURS must be more than 0 and at most 336 hours.")
SESSION_COOKIE_AGE = int(SESSION_IDLE_HOURS * 3600)
MESSAGE_STORAGE = "newsroom.sessions.Messages"

# Language, time and the way dates are typed: day first.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "newsroom" / "locale"]
FORMAT_MODULE_PATH = ["newsroom.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

# Files. The editor asks for its parts by their plain names, so the unhashed files stay.
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
CKEDITOR_BASEPATH = f"{STATIC_URL}ckeditor/ckeditor/"
# Originals are private and have no address; a view hands out the sizes a reader may see.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# What a request may bring, uploaded files aside: a longest article fits, 3 MB do not.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# HTTPS follows the public address. The server itself speaks HTTP to the proxy in front of it.
HTTPS = SITE_URL.startswith("https://")
if HTTPS and HOST in ("127.0.0.1", "localhost", "::1"):
    # Nobody else can reach us here but the proxy on this machine.
    TRUSTED_PROXIES = TRUSTED_PROXIES or [_network("127.0.0.1"), _network("::1")]
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
# Not the Host of the request: what somebody sends must not come back as an address.
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env.bool("HSTS_SUBDOMAINS", default=False)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
# A browser takes a cookie of such a name over HTTPS only, from this host alone, for all of it.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
MESSAGE_COOKIE_NAME = "__Host-messages" if HTTPS else "messages"
BROWSER_COOKIE_NAME = "__Host-browser" if HTTPS else "browser"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
CSRF_FAILURE_VIEW = "newsroom.unsent.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# What a page may load, and where its forms may go: our own host, nothing inline. policies.py names
# the two exceptions. "data:" is for pictures drawn on the spot.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **dict.fromkeys(["default-src", "object-src", "base-uri", "frame-ancestors"], [NONE]),
        **dict.fromkeys(["script-src", "style-src", "font-src"], [SELF]),
        **dict.fromkeys(["connect-src", "media-src", "form-action"], [SELF]),
        "img-src": [SELF, "data:"],
    }
}
SILENCED_SYSTEM_CHECKS = [
    # The editor's own warning that CKEditor 4 is old: rich_text/ sanitises whatever it sends.
    "ckeditor.W001",
    # HSTS is for this host only unless HSTS_SUBDOMAINS=1: other services of the newsroom may live
    # on sister hosts without HTTPS.
    "security.W005",
    # Preloading cannot be taken back for months; whoever wants it sets it at the proxy.
    "security.W021",
    # Axes' middleware would stand in the way of every reader; the log-in itself says who waits.
    "axes.W002",
]

# Letters to readers. Without EMAIL_URL they are written to files, so that the whole way can be
# seen; a system check says so.
if os.environ.get("EMAIL_URL"):
    vars().update(environ.Env.email_url_config(os.environ["EMAIL_URL"]))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 10
# Staff get a new password by letter only where letters leave the house and know its address.
PASSWORD_BY_MAIL = bool(os.environ.get("EMAIL_URL") and os.environ.get("SITE_URL"))
PASSWORD_RESET_TIMEOUT = 3_600
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"toa-soan@{urlsplit(SITE_URL).hostname}"
)
SEND_LETTERS_AT_ONCE = env.bool("SEND_LETTERS_AT_ONCE", default=True)

# How long what readers leave is kept; purge_comments drops it. The consent text names these.
KEEP_COMMENTS_DAYS = {
    "rejected": env.int("KEEP_REJECTED_DAYS", default=90),
    "removed": env.int("KEEP_REMOVED_DAYS", default=90),
    "spam": env.int("KEEP_SPAM_DAYS", default=30),
    "withdrawn": env.int("KEEP_WITHDRAWN_DAYS", default=7),
    "unconfirmed": env.int("KEEP_UNCONFIRMED_DAYS", default=2),
}
KEEP_SENDERS_DAYS = env.int("KEEP_SENDERS_DAYS", default=90)
KEEP_EMAILS_DAYS = env.int("KEEP_EMAILS_DAYS", default=365)

# Whom to tell of a flaw: mailto:… or https://…, named in /.well-known/security.txt.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")

# How large the file is that can be deleted when the disk is full, in MiB; 0 for none.
SPARE_MB = env.int("SPARE_MB", default=64)

# Backups that "make backup" keeps a row of, and how many of them stay.
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(VAR_DIR / "backups")))
BACKUP_KEEP = {
    "daily": env.int("BACKUP_KEEP_DAILY", default=7),
    "weekly": env.int("BACKUP_KEEP_WEEKLY", default=5),
    "monthly": env.int("BACKUP_KEEP_MONTHLY", default=12),
}

# The log: JSON, one line each. LOG_REQUESTS=0 leaves only what goes wrong.
LOG_REQUESTS = env.bool("LOG_REQUESTS", default=not DEBUG)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "newsroom.logs.lines.Json"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain" if DEBUG else "json"}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own handlers would mail to nobody; what it logs goes to the console like the rest.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # A line for each request is written by ours; Django's would name paths.
        "django.request": {"level": "ERROR"},
        "newsroom.requests": {"level": "INFO" if LOG_REQUESTS else "WARNING"},
        # It names accounts and addresses; what it does stands in the audit log.
        "axes": {"level": "CRITICAL"},
    },
}

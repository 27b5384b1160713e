"""Log-ins of the staff: kept in the database, listed to their owner, ended when they must end.

The engine is Django's own on a table with a column for the person, so that ending all of somebody's
log-ins is one DELETE. A session that is not used for SESSION_IDLE_HOURS is over; using it writes
its row once in ten minutes, not with each page.
"""

import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends import db
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from . import clients
from .models import LogIn, User

WRITTEN_EVERY = dt.timedelta(minutes=10)
# For how long after a password was typed its owner may open the pages of accounts and rights, and
# for how long what was typed there meanwhile is taken.
PROOF_TO_LOOK = dt.timedelta(minutes=15)
PROOF_TO_SEND = dt.timedelta(hours=1)
# How far the clocks of two servers may lie apart.
SKEW = dt.timedelta(seconds=60)

_FACTS = "log_in"
_PROVED = "password_at"
_SEEN = "seen_at"
# Browsers call themselves by each other's names: the first that fits is meant.
_BROWSERS = (
    ("Edge", "Edg"),
    ("Opera", "OPR/"),
    ("Cốc Cốc", "coc_coc"),
    ("Samsung Internet", "SamsungBrowser"),
    ("Firefox", "Firefox/|FxiOS"),
    ("Chrome", "Chrome/|CriOS"),
    ("Safari", "Safari/"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X"),
    ("Linux", "Linux"),
)


class Sessions(SessionMiddleware):
    """Django's, but for sessions that end while a request is under way."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep the session if it is still there; what has been done and answered stands anyway.

        Django would answer 400, to somebody whose words are stored already.
        """
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            return response


class SessionStore(db.SessionStore):
    """Django's database sessions, in rows that know whose they are."""

    @classmethod
    def get_model_class(cls) -> type[LogIn]:
        """The table."""
        return LogIn

    def create_model_instance(self, data: dict[str, Any]) -> LogIn:
        """Return the row of a session, its columns filled from what the session holds."""
        row = super().create_model_instance(data)
        facts = data.get(_FACTS, {})
        row.person_id = data.get("_auth_user_id")
        row.begun_at = _moment(facts.get("begun_at"))
        row.network = facts.get("network", "")
        row.browser = facts.get("browser", "")
        return row


class MessageCookie(CookieStorage):
    """The desk's messages in a cookie: a moderator's three hundred decisions write no session."""

    cookie_name = settings.MESSAGE_COOKIE_NAME


class Messages(FallbackStorage):
    """In the cookie, and in the session what is too long for it."""

    storage_classes = (MessageCookie, SessionStorage)


def begin(sender: Any, request: HttpRequest, user: User, **signal: Any) -> None:
    """Note in the session when and from where it began; connected to Django's own log-in signal.

    What has ended by itself of the same person goes, so that the table stays small.
    """
    now = timezone.now().timestamp()
    user.log_ins.filter(expire_date__lte=timezone.now()).delete()
    if _FACTS in request.session:  # logged in once more: Django keeps the key of the same person
        request.session.cycle_key()
    address = clients.address_of(request)
    request.session[_FACTS] = {
        "begun_at": now,
        "network": clients.network_of(address) if address else "",
        "browser": browser_of(request.META.get("HTTP_USER_AGENT", "")),
    }
    request.session[_PROVED] = request.session[_SEEN] = now


def keep(request: HttpRequest) -> None:
    """Put off the end of the session: it is being used. Writes at most once in ten minutes."""
    seen = _moment(request.session.get(_SEEN))
    now = timezone.now()
    if seen is None or not dt.timedelta(0) <= now - seen < WRITTEN_EVERY:
        request.session[_SEEN] = now.timestamp()


def prove(request: HttpRequest) -> None:
    """Note that the password has been typed again just now."""
    request.session[_PROVED] = timezone.now().timestamp()


def is_proved(request: HttpRequest, within: dt.timedelta | None = None) -> bool:
    """Whether the password was typed lately enough for what is asked: to look, or to send.

    `within` is how lately, where the method of the request does not say it. What is to come proves
    nothing: the clock has been set back since.
    """
    proved = _moment(request.session.get(_PROVED))
    allowed = within or (PROOF_TO_SEND if request.method == "POST" else PROOF_TO_LOOK)
    return proved is not None and -SKEW < timezone.now() - proved < allowed


def of(person: User) -> QuerySet[LogIn]:
    """Return the log-ins of a person that still work, the latest used first."""
    return person.log_ins.filter(expire_date__gt=timezone.now()).order_by("-expire_date")


def seen_at(log_in: LogIn) -> dt.datetime:
    """Return when a log-in was last used, to ten minutes."""
    return log_in.expire_date - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)


def mark(session_key: str) -> str:
    """Return what a page may call a session by: nobody can use it as one."""
    return salted_hmac("newsroom.sessions", session_key).hexdigest()[:20]


def end(person: User, *, but: str | None = None, only: str | None = None) -> int:
    """End the log-ins of a person and return how many; `but` is a session key, `only` a mark.

    Whoever uses one of them meets the log-in at his next request.
    """
    rows = person.log_ins.exclude(session_key=but) if but else person.log_ins.all()
    if only is not None:
        keys = rows.values_list("session_key", flat=True)
        rows = rows.filter(session_key__in=[key for key in keys if mark(key) == only])
    return rows.delete()[0]


def browser_of(agent: str) -> str:
    """Return the family of a browser and its system: "Firefox, Windows"; of others nothing."""
    names = (_first(_BROWSERS, agent), _first(_SYSTEMS, agent))
    return ", ".join(name for name in names if name)


def _first(table: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, sign in table if re.search(sign, agent)), "")


def _moment(timestamp: float | None) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(timestamp, dt.UTC) if timestamp else None

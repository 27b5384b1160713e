"""Guessing passwords is slow: who was wrong often waits, by name and network, longer each time.

A try is counted before its password is looked at, so that many at once are no more than one after
the other. What is kept of it is a keyed hash of the name, the network and the time: a password
typed into the wrong field is stored nowhere. A browser somebody has come in with is known by a
signed cookie and counted by itself: whoever tries a colleague's name from the same network, or a
hundred names, keeps nobody out at his own desk. It is known until the password is another one:
whoever knew it may have come in with any number of browsers. Only this module knows django-axes,
which lends its table, its gate in front of Django's backend and its signals.
"""

import datetime as dt
import ipaddress
import secrets
from dataclasses import dataclass
from typing import Any

from axes.backends import AxesBackend
from axes.handlers.base import AxesHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from . import clients

# What a guesser usually has for himself. Readers' budgets take a /56 of IPv6; a whole site is
# given a /48, and nobody at the newsroom minds sharing one with his own house.
PREFIXES = {4: 24, 6: 48}
# Where there is no network: a socket of this machine, or what is counted wherever it comes from.
NOWHERE = ipaddress.IPv4Address("0.0.0.0")
SHORTEST = dt.timedelta(minutes=1)
KNOWN = dt.timedelta(days=90)  # how long a browser is, since its owner came in

_signer = Signer(salt="newsroom.lockout")


@dataclass(frozen=True)
class Patience:
    """How many tries are free, how long the longest wait is, and when a quiet row is forgotten."""

    free: int
    longest: dt.timedelta
    forget: dt.timedelta

    def wait(self, tries: int) -> dt.timedelta:
        """Return how long nobody may try after so many tries: none, 1 min, 2, 4, 8 …"""
        if tries < self.free:
            return dt.timedelta(0)
        return min(SHORTEST * 2 ** min(tries - self.free, 20), self.longest)


# A name from a network; and a network, whatever the names: else one could try one password on each
# name, fill the table with names nobody has, and keep the processors busy hashing.
NAME = Patience(5, longest=dt.timedelta(hours=1), forget=dt.timedelta(days=1))
NETWORK = Patience(100, longest=dt.timedelta(minutes=15), forget=dt.timedelta(hours=1))


@dataclass(frozen=True)
class _Whose:
    """Under what tries are counted: a name from a network, or from a browser that is known."""

    name: str
    place: str
    browser: str = ""

    @classmethod
    def of(cls, request: HttpRequest, username: str) -> "_Whose":
        name, browser = _key(username), _browser(request, username)
        return cls(name, str(NOWHERE) if browser else request.axes_ip_address, browser)

    @property
    def rows(self) -> QuerySet[AccessAttempt]:
        return AccessAttempt.objects.filter(
            username=self.name, ip_address=self.place, user_agent=self.browser
        )


def network(request: HttpRequest) -> str:
    """Return the first address of the network a request comes from, for axes."""
    address = clients.address_of(request) or NOWHERE
    prefix = PREFIXES[address.version]
    return str(ipaddress.ip_network((address, prefix), strict=False).network_address)


def wait_of(request: HttpRequest | None) -> dt.timedelta:
    """Return how long whoever sent the request has to wait now; axes' cool-off."""
    until = waits_until(request)
    return max(until - timezone.now(), dt.timedelta(0)) if until else dt.timedelta(0)


def waits_until(request: HttpRequest | None) -> dt.datetime | None:
    """Return from when on the name in the request may be tried again; None: at once."""
    return getattr(request, "lockout_until", None)


def admit(request: HttpRequest, what: str, patience: Patience) -> bool:
    """Count one more of anything else that is asked for without a log-in; False: too often."""
    now, place = timezone.now(), network(request)
    letter = _Whose(_key(what), str(NOWHERE))
    return not (_count(letter, patience, now) or _count(_Whose("", place), NETWORK, now))


def lift(username: str) -> None:
    """Let a name be tried from anywhere at once: the administrator has set a new password."""
    AccessAttempt.objects.filter(username=_key(username)).delete()


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser be known with which somebody has just come in."""
    whose, stamp = _known_as(request.user), int(timezone.now().timestamp())
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        _signer.sign(f"{whose}.{secrets.token_hex(16)}.{stamp}"),
        max_age=KNOWN,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


class Handler(AxesHandler):
    """Decides whether a password is looked at: each try is counted before it is made."""

    def is_allowed(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        """Count one more try of this name from this network, unless one of the two has to wait."""
        now = timezone.now()
        whose = _Whose.of(request, str((credentials or {}).get("username", "")))
        request.lockout_whose = whose
        # Who waits is turned away first: he must not make his whole network wait.
        until = _waits(whose, now)
        if not (until or whose.browser):
            together = _Whose("", whose.place)
            # Counting begins a wait of the network, which a right password takes back.
            request.lockout_before = together.rows.values_list("attempt_time", flat=True).first()
            until = _count(together, NETWORK, now)
        until = until or _count(whose, NAME, now)
        request.lockout_until = until
        return until is None

    def user_login_failed(
        self, sender: Any, credentials: dict, request: HttpRequest | None = None, **signal: Any
    ) -> None:
        """Let the page say from when on the next try is worth while."""
        if request is not None and not waits_until(request):
            whose = _Whose.of(request, str(credentials.get("username", "")))
            request.lockout_until = _waits(whose, timezone.now())

    def post_save_access_attempt(self, instance: AccessAttempt, **signal: Any) -> None:
        """Nothing follows; axes tells its handler of each row."""

    def post_delete_access_attempt(self, instance: AccessAttempt, **signal: Any) -> None:
        """Nothing follows."""


class Backend(AxesBackend):
    """Django's backend behind the gate. Without a request (a command) nothing is counted."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> AbstractBaseUser | None:
        """Return the account. Raises PermissionDenied, which ends the log-in, for who must wait."""
        if request is None or username is None or password is None:
            return ModelBackend.authenticate(self, request, username, password, **more)
        super().authenticate(request, username, password, **more)
        account = ModelBackend.authenticate(self, request, username, password, **more)
        if account:
            _right(request)
        return account


def _browser(request: HttpRequest, username: str) -> str:
    """Return what a browser is known by from which this very account has come in, else ""."""
    cookie = request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")
    try:
        name, password, browser, stamp = _signer.unsign(cookie).split(".")
    except (BadSignature, ValueError):
        return ""
    is_old = timezone.now().timestamp() - int(stamp) > KNOWN.total_seconds()
    if is_old or not constant_time_compare(name, _key(username)):
        return ""
    account = get_user_model().objects.filter(username=username).first()
    is_same = account and constant_time_compare(_known_as(account), f"{name}.{password}")
    return browser if is_same else ""


def _known_as(account: AbstractBaseUser) -> str:
    """Return what stands for a name and its password in the cookie."""
    return f"{_key(account.get_username())}.{_key(account.password)}"


def _waits(whose: _Whose, now: dt.datetime) -> dt.datetime | None:
    """Return until when a name has to wait."""
    row = whose.rows.first()
    return _until(row, NAME, now) if row else None


@transaction.atomic
def _count(whose: _Whose, patience: Patience, now: dt.datetime) -> dt.datetime | None:
    """Count a try and return None; or return until when none may be made."""
    rows = AccessAttempt.objects.select_for_update()
    row, is_new = rows.get_or_create(
        username=whose.name,
        ip_address=whose.place,
        user_agent=whose.browser,
        defaults={"failures_since_start": 0},
    )
    if is_new:
        _forget(now)
    if row.attempt_time + patience.forget <= now:
        row.failures_since_start = 0
    if until := _until(row, patience, now):
        return until
    row.failures_since_start += 1
    row.attempt_time = now
    row.save(update_fields=["failures_since_start", "attempt_time"])
    return None


def _until(row: AccessAttempt, patience: Patience, now: dt.datetime) -> dt.datetime | None:
    """Return when the wait after the tries of a row ends; a clock set back makes none longer."""
    wait = patience.wait(row.failures_since_start)
    return min(row.attempt_time, now) + wait if wait and row.attempt_time + wait > now else None


def _right(request: HttpRequest) -> None:
    """Take the try back, and the wait it began: the password was right."""
    request.lockout_until = None
    whose = request.lockout_whose
    whose.rows.delete()
    if not whose.browser:
        _Whose("", whose.place).rows.filter(failures_since_start__gt=0).update(
            failures_since_start=F("failures_since_start") - 1,
            attempt_time=getattr(request, "lockout_before", None) or F("attempt_time"),
        )


def _forget(now: dt.datetime) -> None:
    AccessAttempt.objects.filter(attempt_time__lte=now - NAME.forget).delete()


def _key(typed: str) -> str:
    """Return what stands for a name in the table, whatever was typed, however long."""
    return salted_hmac("newsroom.lockout", typed, algorithm="sha256").hexdigest()

"""Who logs in, tries to and logs out goes into the log, by Django's own signals.

Whoever guesses passwords must not fill the log: of one network FEW failures are kept in ten
minutes, of all together MANY. Locking out is not done here.
"""

import datetime as dt
from typing import Any

from django.contrib.auth import signals
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from . import events, whence
from .models import Event, User

WINDOW = dt.timedelta(minutes=10)
FEW, MANY = 20, 200
SHOWN_OF_A_NAME = 3
FAILED = "sign_in_failed"


@receiver(signals.user_logged_in)
def logged_in(user: User, **signal: Any) -> None:
    """Write that somebody came in."""
    events.record(actor=user, verb="sign_in", obj=user)


@receiver(signals.user_logged_out)
def logged_out(user: User | None, **signal: Any) -> None:
    """Write that somebody went; a session that had ended by itself leaves nobody to name."""
    if user is not None:
        events.record(actor=user, verb="sign_out", obj=user)


@receiver(signals.user_login_failed)
def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **signal: Any) -> None:
    """Write under which name it was tried, unless this network has done so often enough."""
    if not _is_flood(whence.network(), timezone.now()):
        name = str(credentials.get(User.USERNAME_FIELD) or "")
        events.record(actor=None, verb=FAILED, obj=_account(name))


def _account(name: str) -> User:
    """Return the account of a name, or one that is not there.

    Of a name nobody has only the beginning is kept: people type their password into its place.
    """
    found = User.objects.filter(username=name).first()
    return found or User(username=f"{name[:SHOWN_OF_A_NAME]}…")


def _is_flood(network: str, now: dt.datetime) -> bool:
    rows = Event.objects.filter(verb=FAILED, at__gte=now - WINDOW).order_by("-at", "-id")
    networks = list(rows.values_list("network", flat=True)[:MANY])
    return len(networks) >= MANY or networks.count(network) >= FEW

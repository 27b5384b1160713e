"""Who logs in, tries to and logs out goes into the log, by Django's own signals.

Whoever guesses passwords must not fill the log: of one network FEW failures are kept in ten
minutes, of all together MANY, and one row more says that others were left out. Locking out is not
done here.
"""

import datetime as dt
from typing import Any

from django.contrib.auth import signals
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from . import events, whence
from .models import Event, User

WINDOW = dt.timedelta(minutes=10)
FEW, MANY = 20, 200
SHOWN_OF_A_NAME = 3
FAILED = "sign_in_failed"
OF_THE_NETWORK, OF_ALL = "network", "all"  # what was left out, as the row that says so has it


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
    """Write under which name it was tried; of a flood, once, that the rest is not written."""
    network = whence.network()
    recent = Event.objects.filter(verb=FAILED, at__gte=timezone.now() - WINDOW)
    flood = _flood(recent, network)
    if not flood:
        name = str(credentials.get(User.USERNAME_FIELD) or "")
        events.record(actor=None, verb=FAILED, obj=_account(name))
    elif not _is_said(recent, network, flood):
        events.record(actor=None, verb=FAILED, obj=_account(""), data={events.LEFT_OUT: flood})


def _account(name: str) -> User:
    """Return the account of a name, or one that is not there.

    Of a name nobody has only the beginning is kept: people type their password into its place.
    """
    found = User.objects.filter(username=name).first()
    return found or User(username=f"{name[:SHOWN_OF_A_NAME]}…")


def _flood(recent: QuerySet[Event], network: str) -> str:
    """Return of whom there are enough rows already, "" where there are not."""
    written = recent.exclude(data__has_key=events.LEFT_OUT).order_by("-at", "-id")
    networks = list(written.values_list("network", flat=True)[:MANY])
    if networks.count(network) >= FEW:
        return OF_THE_NETWORK
    return OF_ALL if len(networks) >= MANY else ""


def _is_said(recent: QuerySet[Event], network: str, flood: str) -> bool:
    said = recent.filter(**{f"data__{events.LEFT_OUT}": flood})
    return (said.filter(network=network) if flood == OF_THE_NETWORK else said).exists()

"""The second step of a log-in: a code from a telephone, or one of ten recovery codes on paper.

Nothing of it shows unless SECOND_FACTOR=1. Only this module knows django-otp and segno. Recovery
codes are kept as keyed hashes: the table shows nobody a code that works.
"""

import base64
import datetime as dt
import secrets
from dataclasses import dataclass

import segno
from django.conf import settings
from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import events, sessions
from .models import User
from .roles import Role

MUST = frozenset({Role.EDITOR, Role.SECRETARY, Role.ADMINISTRATOR})
RECOVERY_CODES = 10
_DIGITS = 6
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_LENGTH = 10
_STATE = "second_step"
_TAKEN = "taken"
_NOT_ASKED = "not asked"


@dataclass(frozen=True)
class Key:
    """What a telephone needs to show codes: a picture to scan, or the key to type."""

    picture: str  # the address of a picture that holds itself
    text: str


@dataclass(frozen=True)
class Answer:
    """Whether a code was taken; where it was not even looked at, from when on the next will be."""

    is_right: bool
    wait_until: dt.datetime | None = None


def must(person: User) -> bool:
    """Whether the person's roles ask for a second step."""
    return settings.SECOND_FACTOR and bool(person.roles & MUST)


def has_telephone(person: User) -> bool:
    """Whether a telephone of the person shows codes."""
    return TOTPDevice.objects.filter(user=person, confirmed=True).exists()


def is_owed(request: HttpRequest) -> bool:
    """Whether this log-in still has its second step before it.

    Asked at each page of the desk: after the first time the session itself knows.
    """
    if not settings.SECOND_FACTOR or not request.user.is_authenticated:
        return False
    state = request.session.get(_STATE)
    if state is None and not (must(request.user) or has_telephone(request.user)):
        state = request.session[_STATE] = _NOT_ASKED
    return state is None


def take(request: HttpRequest) -> None:
    """Note that the second step of this log-in is done; the session gets a new key."""
    request.session.cycle_key()
    request.session[_STATE] = _TAKEN


def new_key(person: User) -> Key:
    """Return the key of the telephone somebody is about to add; the same until it is confirmed."""
    device, _is_new = TOTPDevice.objects.get_or_create(
        user=person, confirmed=False, defaults={"name": "totp"}
    )
    text = base64.b32encode(device.bin_key).decode()
    picture = segno.make(device.config_url, error="m").png_data_uri(scale=5, border=4)
    return Key(picture, " ".join(text[at : at + 4] for at in range(0, len(text), 4)))


@transaction.atomic
def add_telephone(person: User, code: str) -> tuple[Answer, list[str]]:
    """Confirm the new telephone by a code it shows; return ten recovery codes, shown only now.

    It takes the place of the one before, and so do the recovery codes. Logged.
    """
    device = TOTPDevice.objects.select_for_update().filter(user=person, confirmed=False).first()
    answer = _verify(device, code) if device else Answer(is_right=False)
    if device is None or not answer.is_right:
        return answer, []
    TOTPDevice.objects.filter(user=person).exclude(pk=device.pk).delete()
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    events.record(actor=person, verb="add_second_step", obj=person)
    return answer, _new_recovery_codes(person)


@transaction.atomic
def renew_recovery_codes(person: User) -> list[str]:
    """Return ten new recovery codes, shown only now; the old ones are worth nothing. Logged."""
    events.record(actor=person, verb="renew_recovery_codes", obj=person)
    return _new_recovery_codes(person)


def recovery_codes_left(person: User) -> int:
    """Return how many recovery codes have not been used."""
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=person))


@transaction.atomic
def verify(person: User, code: str) -> Answer:
    """Look at a code of the telephone or a recovery code; each is taken once.

    A wrong one makes the next wait: a second, two, four …, for codes and recovery codes apart.
    """
    code = _plain(code)
    devices = TOTPDevice.objects.filter(user=person, confirmed=True)
    if not (len(code) == _DIGITS and code.isdecimal()):
        devices, code = StaticDevice.objects.filter(user=person), _kept(code)
    device = devices.select_for_update().first()
    return _verify(device, code) if device else Answer(is_right=False)


@transaction.atomic
def remove(*, actor: User | None, person: User) -> None:
    """Take telephone and recovery codes away and end all log-ins of the person. Logged.

    The caller has checked the right.
    """
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=person).delete()
    sessions.end(person)
    events.record(actor=actor, verb="remove_second_step", obj=person)


def hide_from(site: AdminSite) -> None:
    """Take django-otp's own tables off the admin: keys and codes are nobody's to see."""
    # Their modules register them when first loaded, which must not come later.
    from django_otp.plugins.otp_static import admin as _static  # noqa: F401
    from django_otp.plugins.otp_totp import admin as _totp  # noqa: F401

    site.unregister([TOTPDevice, StaticDevice])


def _verify(device: TOTPDevice | StaticDevice, code: str) -> Answer:
    may, why = device.verify_is_allowed()
    if not may:
        return Answer(is_right=False, wait_until=why["locked_until"])
    return Answer(is_right=device.verify_token(_plain(code)))


def _new_recovery_codes(person: User) -> list[str]:
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice.objects.create(user=person, name="recovery")
    codes = [_random() for _number in range(RECOVERY_CODES)]
    for code in codes:
        device.token_set.create(token=_kept(_plain(code)))
    return codes


def _random() -> str:
    code = "".join(secrets.choice(_LETTERS) for _place in range(_LENGTH))
    return f"{code[: _LENGTH // 2]}-{code[_LENGTH // 2 :]}"


def _plain(code: str) -> str:
    """Return a code without what people type between its parts."""
    return "".join(letter for letter in code.lower() if letter.isalnum())


def _kept(code: str) -> str:
    return salted_hmac("newsroom.second_factor", code, algorithm="sha256").hexdigest()[:16]

"""Who asks with a cookie: readers at the comment form, the secretary at the desk."""

import html
import random
import re
from collections.abc import Iterable

from captcha.models import CaptchaStore
from django.conf import settings
from django.test import Client

from newsroom.models import User

from . import texts
from .answers import Answer
from .asking import Address, Ask, form

_CARRIED = re.compile(r'name="(captcha_key|token|csrfmiddlewaretoken)" value="([^"]*)"')
RECEIVED = 303  # and on to the ticket


def cookie_of(username: str) -> str:
    """Log an account in and return its cookie."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def filled_forms(address: Address, paths: Iterable[str], chance: random.Random) -> list[Ask]:
    """Open each form as a reader does and return what sends it, the code read off the database."""
    return [_filled(address, path, chance) for path in paths]


def _filled(address: Address, path: str, chance: random.Random) -> Ask:
    page = Answer.to(address, Ask(path))
    fields = {name: html.unescape(value) for name, value in _CARRIED.findall(page.body.decode())}
    fields |= {
        "answer": CaptchaStore.objects.get(hashkey=fields["captcha_key"]).response,
        "name": chance.choice(texts.NAMES),
        "text": " ".join(texts.sentence(chance, 6, 18) for _ in range(chance.randint(1, 4))),
    }
    cookie = page.header("Set-Cookie").partition(";")[0]
    return form(path, fields, cookie, RECEIVED)

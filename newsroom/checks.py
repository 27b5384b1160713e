"""System checks: mistakes in the set-up that Django itself does not know of."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def captcha_answers_are_real(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a deployment in which the word "passed" solves every captcha."""
    if not getattr(settings, "CAPTCHA_TEST_MODE", False):
        return []
    return [Error("CAPTCHA_TEST_MODE is on: anybody passes the captcha.", id="newsroom.E001")]

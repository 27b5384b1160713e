"""System checks: ways to set the captcha up so that it keeps nobody out, or speaks to nobody."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.urls import NoReverseMatch, reverse

from . import sound

OURS = ("CAPTCHA_VOICES",)


@register(Tags.security)
def captcha_answers_are_real(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse the mode in which the word "passed" solves every captcha of the package."""
    if not getattr(settings, "CAPTCHA_TEST_MODE", False):
        return []
    return [Error("CAPTCHA_TEST_MODE is on: it is for tests only.", id="comments.E001")]


@register(Tags.security)
def captcha_settings_mean_something(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse settings of the package: captcha.py decides, so they would promise in vain."""
    names = [name for name in dir(settings) if name.startswith("CAPTCHA_") and name not in OURS]
    return [
        Error(f"{name} has no effect: comments/captcha.py decides.", id="comments.E002")
        for name in names
        if name != "CAPTCHA_TEST_MODE"
    ]


@register(Tags.urls)
def captcha_views_are_ours(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse the package's own addresses: they have no limit and give their pictures away."""
    try:
        address = reverse("captcha-image", args=["0" * 40])
    except NoReverseMatch:
        return []
    return [Error(f"captcha.urls is mounted ({address}): take it out.", id="comments.E003")]


@register()
def every_digit_can_be_heard(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a folder of voices that lacks a digit or cannot be read."""
    try:
        sound.load(sound.folder())
    except sound.Unusable as unusable:
        return [Error(f"CAPTCHA_VOICES: {unusable}", id="comments.E004")]
    return []

"""System checks: mistakes in the set-up that Django itself does not know of."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from . import database_rules


@register(Tags.database)
def database_keeps_its_rules(
    app_configs: Any, databases: list[str] | None = None, **kwargs: Any
) -> list[Error]:
    """Say which trigger or constraint a database has lost; `migrate` makes it again."""
    return [
        Error(
            f"The database rule {name} is missing.",
            hint="Run migrate: it makes lost rules again.",
            id="newsroom.E002",
        )
        for using in databases or ()
        for name in database_rules.missing(using)
    ]


@register("mail", deploy=True)
def letters_leave_the_house(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """Say that letters to readers are only written to files."""
    if not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        return []
    text = f"EMAIL_URL is not set: letters to readers stay in {settings.EMAIL_FILE_PATH}."
    return [Warning(text, hint="See .env.example.", id="newsroom.W001")]


@register(Tags.security, deploy=True)
def readers_can_be_told_apart(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """Say that a proxy stands in front, as HTTPS needs one, whose word is not taken."""
    if settings.TRUSTED_PROXIES or not settings.HTTPS:
        return []
    text = (
        "TRUSTED_PROXIES is not set: nobody is believed that a request came by HTTPS, so each is "
        "led there for ever; all readers would count as one network and share its limits, and "
        "whoever guesses a password locks out its owner."
    )
    return [Warning(text, hint="See .env.example.", id="newsroom.W002")]

"""System checks: mistakes in the set-up that Django itself does not know of."""

from typing import Any

from django.core.checks import Error, Tags, register

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

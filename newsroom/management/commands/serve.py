"""Bring the site up to date, say where it is, and become the application server."""

import os
import sys
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

THREADS_PER_WORKER = 4
DEMO_ACCOUNTS = ("phongvien", "bientap", "thuky", "kiemduyet", "quantri")
FIRST_ACCOUNT = ".venv/bin/python -m newsroom.start createsuperuser"


class Command(BaseCommand):
    """Migrate, collect static files, fill an empty database, print the log-ins, serve."""

    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Never returns: the process becomes the server."""
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if demo_is_wanted() and site_is_empty():
            self.stdout.write(_("Loading the demo newsroom …"))
            load_demo()
        self.stdout.write(greeting())
        self.stdout.flush()
        connection.close()
        os.execv(sys.executable, server_command())


def demo_is_wanted() -> bool:
    """Say whether an empty database gets the demo: on SQLite unless DEMO=0, else with DEMO=1."""
    return connection.vendor == "sqlite" if settings.DEMO is None else settings.DEMO


def site_is_empty() -> bool:
    """Say whether nobody has an account and nothing was written yet."""
    written = (get_user_model(), apps.get_model("articles", "Article"))
    return not any(model.objects.exists() for model in written)


def load_demo() -> None:
    """Load the demo newsroom, whole or not at all."""
    with transaction.atomic():
        call_command("load_demo", verbosity=0)


def greeting() -> str:
    """Return the addresses and, where there are demo accounts, how to log in as whom."""
    desk = settings.SITE_URL + reverse("admin:index")
    lines = ["", f"  {_('Readers')}: {settings.SITE_URL}/", f"  {_('Desk')}: {desk}", ""]
    lines += demo_logins() or [f"  {_('First account')}: {FIRST_ACCOUNT}"]
    return "\n".join([*lines, "", f"  {_('Ctrl-C ends the server.')}", ""])


def demo_logins() -> list[str]:
    """Return one line for the password and one for each demo account that exists."""
    users = get_user_model().objects.filter(username__in=DEMO_ACCOUNTS, is_active=True)
    present = {user.get_username(): user for user in users}
    if not present:
        return []
    password = settings.DEMO_PASSWORD or "?"
    lines = [f"  {_('Demo log-ins, password %(password)s') % {'password': password}}"]
    names = (name for name in DEMO_ACCOUNTS if name in present)
    return lines + [f"    {name:<10}  {present[name].get_full_name()}" for name in names]


def server_command() -> list[str]:
    """Return the command line of the application server."""
    return [
        *(sys.executable, "-m", "granian", "newsroom.wsgi:application", "--interface=wsgi"),
        *(f"--host={settings.HOST}", f"--port={settings.PORT}"),
        *(f"--workers={settings.WORKERS}", f"--blocking-threads={THREADS_PER_WORKER}"),
        # Without the first of these one dead worker ends the whole server.
        *("--respawn-failed-workers", "--no-ws", "--log-level=warning"),
    ]

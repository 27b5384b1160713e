"""Bring the site up to date, say where it is, and become the application server."""

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.demo import loading
from newsroom import spare, static_files

DEMO_ACCOUNTS = ("phongvien", "bientap", "thuky", "kiemduyet", "quantri")
# For all threads of the server, to which the C library would give sixteen: what one leaves free in
# its own no other can use, and a page is made by one, compressed by another, dropped by a third.
ONE_HEAP = {"MALLOC_ARENA_MAX": "1"}
FIRST_ACCOUNT = ".venv/bin/python -m newsroom.start createsuperuser"


class Command(BaseCommand):
    """Migrate, collect static files, fill an empty database, print the log-ins, serve."""

    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Never returns: the process becomes the server.

        Raises CommandError for a busy port, a database that does not answer or a mistake in the
        set-up that a system check finds.
        """
        check_port(settings.HOST, settings.PORT)
        check_database()
        call_command("migrate", verbosity=0)
        self.check(display_num_errors=True)
        static_files.collect()
        spare.keep()
        if demo_is_wanted() and loading.is_empty():
            self.stdout.write(_("Loading the demo newsroom …"))
            self.stdout.flush()
            call_command("load_demo", verbosity=0)
        self.stdout.write(greeting())
        self.stdout.flush()
        connection.close()
        os.execve(sys.executable, server_command(), ONE_HEAP | os.environ)


def check_port(host: str, port: int) -> None:
    """Raise CommandError unless we may listen there: the server itself would share a busy port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = _("Cannot listen on %(host)s:%(port)s: %(reason)s. Set PORT to a free one.")
            values = {"host": host, "port": port, "reason": error.strerror}
            raise CommandError(message % values) from error


def check_stopped() -> None:
    """Raise CommandError where the site runs.

    What is written between an upgrade's backup and its failure would be lost, and a restore is
    told to no page that is kept.
    """
    try:
        check_port(settings.HOST, settings.PORT)
    except CommandError as error:
        message = _("Stop the site first: something listens on %(host)s:%(port)s.")
        values = {"host": settings.HOST, "port": settings.PORT}
        raise CommandError(message % values) from error


def check_database() -> None:
    """Raise CommandError unless the database answers and holds every letter."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        message = _("The database cannot be reached: %(reason)s")
        raise CommandError(message % {"reason": str(error).strip().splitlines()[0]}) from error
    # What PostgreSQL makes on a machine without a locale takes Vietnamese for single bytes.
    if connection.vendor == "postgresql" and (encoding := _encoding()) != "UTF8":
        message = _("The database is in %(encoding)s; make it anew: createdb %(options)s …")
        options = "-E UTF8 --locale C.UTF-8 -T template0"
        raise CommandError(message % {"encoding": encoding, "options": options})


def _encoding() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        return cursor.fetchone()[0]


def demo_is_wanted() -> bool:
    """Say whether an empty database gets the demo: on SQLite unless DEMO=0, else with DEMO=1."""
    return connection.vendor == "sqlite" if settings.DEMO is None else settings.DEMO


def greeting() -> str:
    """Return the addresses and, where there are demo accounts, how to log in as whom."""
    desk = settings.SITE_URL + reverse("admin:index")
    lines = ["", f"  {_('Readers')}: {settings.SITE_URL}/", f"  {_('Desk')}: {desk}", ""]
    lines += demo_logins()
    if not get_user_model().objects.filter(is_active=True).exists():
        lines.append(f"  {_('First account')}: {FIRST_ACCOUNT}")
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
        *(sys.executable, "-m", "newsroom.server", "newsroom.wsgi:application"),
        *(f"--host={settings.HOST}", f"--port={settings.PORT}"),
        *(f"--workers={settings.WORKERS}", f"--threads={settings.WAITING_THREADS}"),
    ]

"""Where the measured site lives: its settings, given by the environment as on any server."""

import os
import secrets
import socket
from pathlib import Path

from .asking import Address


def prepare(database_url: str, media: Path, workers: int) -> Address:
    """Point the settings to that database; return the address the site will have."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host, port = probe.getsockname()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": host,
        "SITE_URL": f"http://{host}:{port}",
        "HOST": host,
        "PORT": str(port),
        "WORKERS": str(workers),
        "DATABASE_URL": database_url,
        "LISTEN_DATABASE_URL": "",
        "DEMO": "0",
        "MEDIA_ROOT": str(media),
    }
    return host, port

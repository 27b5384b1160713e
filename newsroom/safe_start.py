"""What no installation may start with, whoever starts it: said before anything runs."""

import ipaddress
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

MIN_KEY, MIN_KEY_LETTERS = 50, 5  # what Django itself calls a weak key
SECRETS = ("SECRET_KEY=", "DATABASE_URL=", "LISTEN_DATABASE_URL=", "EMAIL_URL=", "DEMO_PASSWORD=")


def refuse_what_is_unsafe(
    *, debug: bool, host: str, allowed_hosts: list[str], key: str, files: Iterable[Path]
) -> None:
    """Raise ImproperlyConfigured with all that is wrong."""
    wrong = [
        *_with_debug(debug, host, allowed_hosts),
        *_with_hosts(allowed_hosts),
        *([] if debug else _with_key(key)),
        *([] if debug else _with_files(files)),
    ]
    if wrong:
        raise ImproperlyConfigured(" ".join(wrong))


def refuse_no_address(site_url: str) -> None:
    """Raise ImproperlyConfigured unless links can begin with it."""
    address = urlsplit(site_url)
    if address.scheme not in ("http", "https") or not address.hostname or " " in site_url:
        raise ImproperlyConfigured(
            f"SITE_URL must be an address such as https://bao.example.vn, not {site_url!r}."
        )


def _with_debug(debug: bool, host: str, allowed_hosts: list[str]) -> Iterator[str]:
    beyond = [name for name in (host, *allowed_hosts) if not _is_loopback(name)]
    if debug and beyond:
        yield (
            "DEBUG=1 shows source and settings to whoever meets an error, so it is for this "
            f"machine alone: not with HOST or ALLOWED_HOSTS {', '.join(beyond)}."
        )


def _with_hosts(allowed_hosts: list[str]) -> Iterator[str]:
    if any(name.strip(".") in ("", "*") for name in allowed_hosts):
        yield "ALLOWED_HOSTS must name the hosts of the site; * lets anybody name it."


def _with_key(key: str) -> Iterator[str]:
    if len(key) < MIN_KEY or len(set(key)) < MIN_KEY_LETTERS:
        yield f"SECRET_KEY must be at least {MIN_KEY} random characters: who guesses it is anybody."


def _with_files(files: Iterable[Path]) -> Iterator[str]:
    for path in files:
        if path.is_file() and path.stat().st_mode & stat.S_IROTH and _holds_secrets(path):
            yield f"Everybody on this machine can read the secrets in {path}: chmod 600 {path}."


def _holds_secrets(path: Path) -> bool:
    lines = path.read_text(errors="replace").splitlines()
    return any(line.strip().removeprefix("export ").startswith(SECRETS) for line in lines)


def _is_loopback(name: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    return name == "localhost" or name.endswith(".localhost")

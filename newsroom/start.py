"""What `make run` starts: the secrets and hosts that the settings ask for, then a command.

python -m newsroom.start              serve the site
python -m newsroom.start COMMAND …    any command of manage.py, with the server's own settings
"""

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ

import manage

BASE_DIR = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> None:
    """Prepare the environment and run one command; without arguments, serve."""
    os.chdir(BASE_DIR)
    prepare_environment(BASE_DIR / ".env", BASE_DIR / "var" / "env")
    sys.argv[1:] = arguments or ["serve"]
    manage.main()


def prepare_environment(chosen: Path, kept: Path) -> None:
    """Read the file `chosen`, write missing secrets to `kept`, fill in the hosts of a first start.

    Hosts are 127.0.0.1, localhost, HOST and the host of SITE_URL unless ALLOWED_HOSTS says more.
    """
    if chosen.is_file():
        environ.Env.read_env(chosen)
    keep_secrets(kept)
    hosts = ["127.0.0.1", "localhost", os.environ.get("HOST", "")]
    hosts.append(urlsplit(os.environ.get("SITE_URL", "")).hostname or "")
    os.environ.setdefault("ALLOWED_HOSTS", ",".join(dict.fromkeys(filter(None, hosts))))


def keep_secrets(path: Path) -> None:
    """Add a SECRET_KEY and a DEMO_PASSWORD to `path` where they are missing; mode 0600.

    The folder becomes ours alone: database, photos and letters lie in it too.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    path.touch(mode=0o600)
    path.chmod(0o600)
    text = path.read_text()
    known = {line.partition("=")[0].strip() for line in text.splitlines()}
    fresh = {"SECRET_KEY": secrets.token_urlsafe(50), "DEMO_PASSWORD": secrets.token_hex(5)}
    with path.open("a") as file:
        file.write("\n" if text and not text.endswith("\n") else "")
        file.writelines(f"{name}={value}\n" for name, value in fresh.items() if name not in known)


if __name__ == "__main__":
    main(sys.argv[1:])

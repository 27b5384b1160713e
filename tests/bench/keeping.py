"""Archives kept between runs, in var/bench/<engine>-<articles>/, as long as they would be made
just so again: the same seed, migrations and generator."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from . import ROOT
from .databases import Database

HOME = ROOT / "var" / "bench"
HOME_OF_ROOT = Path("/var/lib/newsroom-bench")
MANIFEST = "made.json"
GENERATOR = ("texts.py", "rows.py", "discussing.py", "furnishing.py", "filling.py")
FILL = "import django; django.setup(); from tests.bench import filling; filling.main({}, {})"


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


def ensure(database: Database, folder: Path, articles: int, seed: int) -> None:
    """Fill what is kept, the database of the environment, unless it is just as it would be made.

    Raises RuntimeError.
    """
    manifest, wanted = folder / MANIFEST, _fingerprint(articles, seed)
    if manifest.exists() and json.loads(manifest.read_text()) == wanted:
        return
    manifest.unlink(missing_ok=True)
    print(f"Making {articles:,} articles in {folder} …", flush=True)
    database.empty()
    filled = subprocess.run(
        [sys.executable, "-c", FILL.format(articles, seed)],
        cwd=ROOT,
        check=False,
    )
    if filled.returncode:
        raise RuntimeError("the archive could not be made")
    manifest.write_text(json.dumps(wanted))


def _fingerprint(articles: int, seed: int) -> dict[str, int | str]:
    migrations = sorted(path.stem for path in ROOT.glob("*/migrations/0*.py"))
    sources = [(Path(__file__).parent / name).read_bytes() for name in GENERATOR]
    made_by = hashlib.sha256(b"\0".join([*map(str.encode, migrations), *sources])).hexdigest()
    return {"articles": articles, "seed": seed, "made_by": made_by}

"""The row of backups in one folder: the next one, and which of the old ones stay.

They are named by the time they were taken; whatever else lies in the folder is left alone.
"""

import datetime as dt
import fcntl
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from . import files, terms
from .taking import take
from .terms import BackupError, Manifest

NAME = "%Y-%m-%d_%H%M%S"
_OURS = re.compile(r"\d{4}-\d\d-\d\d_\d{6}")
KEPT_ALL = dt.timedelta(days=1)  # whatever is younger stays: one taken before an upgrade too
# What two backups of the same day, week or month have in common.
_PERIODS = {"daily": "%Y-%m-%d", "weekly": "%G-%V", "monthly": "%Y-%m"}


def take_next(root: Path, keep: Mapping[str, int]) -> tuple[Path, Manifest]:
    """Take a backup into a new folder of `root` and drop those that need not stay.

    `keep` says how many days, weeks and months are kept, by the names of _PERIODS. Raises
    BackupError, also where another one is being taken; old ones are dropped only after success.
    What could not be taken whole is removed: on a full disk it would keep that full.
    """
    with _alone_in(root):
        _remove(path for path in _folders(root) if not (path / terms.MANIFEST).exists())
        folder = root / timezone.localtime().strftime(NAME)
        is_ours = not folder.exists()
        try:
            manifest = take(folder)
        except BaseException:
            if is_ours:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        moments = {_moment(path): path for path in _folders(root)}
        # By a clock that was set back the one just taken may be older than all others.
        old = {moments[moment] for moment in outdated(moments, keep)} - {folder}
        _remove(old)
    return folder, manifest


def outdated(moments: Iterable[dt.datetime], keep: Mapping[str, int]) -> list[dt.datetime]:
    """Return which of the backups taken at these moments need not stay.

    The last one of each of the latest days, weeks and months that have any stays, and all that
    were taken within a day of the newest.
    """
    latest_first = sorted(moments, reverse=True)
    staying = {moment for moment in latest_first if latest_first[0] - moment < KEPT_ALL}
    for period, number in keep.items():
        last = {}
        for moment in latest_first:
            last.setdefault(moment.strftime(_PERIODS[period]), moment)
        staying |= set(list(last.values())[:number])
    return [moment for moment in latest_first if moment not in staying]


def _folders(root: Path) -> list[Path]:
    return [path for path in root.iterdir() if _OURS.fullmatch(path.name) and path.is_dir()]


def _moment(folder: Path) -> dt.datetime:
    return dt.datetime.strptime(folder.name, NAME)


def _remove(folders: Iterable[Path]) -> None:
    """Remove backups, the manifest first: what is left of one half removed is none."""
    for folder in folders:
        (folder / terms.MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(folder)


@contextmanager
def _alone_in(root: Path) -> Iterator[None]:
    files.make_folder(root)
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(_("Another backup is being taken.")) from error
        yield

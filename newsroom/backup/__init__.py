"""Backups: a folder that holds one state of the site, and the way back from it.

The database is copied first and the media after it: originals are never overwritten, so every row
in the copy has its file. The manifest is written last; a folder without one is no backup.
"""

from .restoring import restore
from .taking import take
from .terms import BackupError

__all__ = ["BackupError", "restore", "take"]

"""Backups: a folder that holds one state of the site, and the way back from it.

The database is copied first and the media after it: originals are never overwritten, so every row
in the copy has its file. The manifest is written last; a folder without one is no backup.
`take_next` keeps a row of them and drops old ones.
"""

from .keeping import take_next
from .restoring import load_database, restore
from .taking import newest, take
from .terms import BackupError, Facts, Manifest
from .terms import read as manifest_of

__all__ = [
    "BackupError",
    "Facts",
    "Manifest",
    "load_database",
    "manifest_of",
    "newest",
    "restore",
    "take",
    "take_next",
]

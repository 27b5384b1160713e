"""Provincial units that are merged or renamed: planned, shown before, carried out, undone."""

from . import preview
from .change import Change, NewUnit
from .merging import merge_units
from .plan import Plan
from .undoing import Undoing, undo_merger

__all__ = ["Change", "NewUnit", "Plan", "Undoing", "merge_units", "preview", "undo_merger"]

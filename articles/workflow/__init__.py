"""The verbs of the newsroom: the only code that changes what an article is or what readers see.

Each function takes the actor, checks the right, changes by a conditional UPDATE, writes an event
and bumps stamps, all in one transaction; each raises a `newsroom.refusals.Refused` when it does
not. Admin, commands and tests call nothing else.
"""

from .handing_over import hand_over
from .placing import MAX_SLUG_CHARS, Placement, current_placement, place
from .publishing import Backdate, publish, unschedule, withdraw
from .readiness import problems
from .recleaning import Recleaned, reclean
from .review import approve, return_, submit
from .saving import Credit, Text, check_base, create_article, save_revision

__all__ = [
    "MAX_SLUG_CHARS",
    "Backdate",
    "Credit",
    "Placement",
    "Recleaned",
    "Text",
    "approve",
    "check_base",
    "create_article",
    "current_placement",
    "hand_over",
    "place",
    "problems",
    "publish",
    "reclean",
    "return_",
    "save_revision",
    "submit",
    "unschedule",
    "withdraw",
]

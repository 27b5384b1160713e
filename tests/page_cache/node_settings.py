"""The product's own settings for a node of a test; only static files need not be collected.

A node that is told of a file goes by the clock that stands there.
"""

import os
from pathlib import Path

from newsroom.settings import *  # noqa: F403
from newsroom.settings import STORAGES
from tests.page_cache import clocks

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

if clocks.FILE in os.environ:
    clocks.Clock(Path(os.environ[clocks.FILE])).rule()

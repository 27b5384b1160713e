"""The product's own settings for a node of a test; only static files need not be collected."""

from newsroom.settings import *  # noqa: F403
from newsroom.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

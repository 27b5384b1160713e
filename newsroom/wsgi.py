"""The door for the application server."""

import os

from django.core.wsgi import get_wsgi_application

from .charsets import only_ours

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = only_ours(get_wsgi_application())

"""The door for the application server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

django = get_wsgi_application()  # first: what follows reads the settings

from . import page_cache  # noqa: E402
from .charsets import only_ours  # noqa: E402
from .logs import hits  # noqa: E402

application = hits.counted(page_cache.in_front_of, only_ours(django))

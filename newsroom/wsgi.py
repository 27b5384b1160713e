"""The door for the application server."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

django = get_wsgi_application()  # first: what follows reads the settings

from . import clients, page_cache  # noqa: E402
from .charsets import only_ours  # noqa: E402
from .gate import Gate  # noqa: E402
from .gate.few import few_at_work  # noqa: E402
from .gate.handing import handed_over_whole  # noqa: E402
from .logs import hits  # noqa: E402
from .postgresql import serve_impatiently  # noqa: E402

serve_impatiently()

# From the inside out; whoever asks for a page that is kept gets no further than the last two.
application = handed_over_whole(only_ours(django))
application = few_at_work(application, settings.THREADS)
application = Gate(application, settings.PLACES_FOR_BODIES)
application = page_cache.in_front_of(application, hits.counter())
application = clients.scheme_by_known_proxies(application)

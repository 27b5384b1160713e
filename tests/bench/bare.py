"""The least Django can do: one view, no middleware, the bytes of BENCH_ANSWER."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

from tests.bench.answers import Answer

PAGE = Answer.read(os.environ["BENCH_ANSWER"]).body


def view(request, rest):
    """Answer every request alike."""
    return HttpResponse(PAGE, headers={"Content-Length": str(len(PAGE))})


urlpatterns = [path("<path:rest>", view)]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[])
application = get_wsgi_application()

"""Whom to tell of a flaw, as RFC 9116 wants it: /.well-known/security.txt"""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

# Ever a while ahead, and the same for a month: who asks twice sees no difference.
VALID_DAYS = 180


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Answer with the contact of SECURITY_CONTACT; raises Http404 where there is none."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = [
        "# We answer within 48 hours.",
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {(month + dt.timedelta(days=VALID_DAYS)).isoformat()}",
        "Preferred-Languages: vi, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

"""What browsers are told of every answer: what it may load, who may frame it, who learns of it.

The policy itself stands in settings (CONTENT_SECURITY_POLICY): nothing from another host, nothing
inline. Only the page with the editor, and files that were uploaded, have one of their own.
"""

from typing import Any

from csp.constants import HEADER, NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_replace
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in ("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics")
)

# The editor of 2013 writes onclick attributes and an inline script into its own frame. A nonce
# cannot help it, and one in the header would switch 'unsafe-inline' off.
with_editor = csp_replace({"script-src": [SELF, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]})
# A file somebody uploaded is looked at, nothing more, whatever it may hold.
as_file = csp({"default-src": [NONE], "sandbox": True})


class PolicyMiddleware(CSPMiddleware):
    """Django-csp for the pages with a policy of their own; all others get theirs ready made."""

    def __init__(self, get_response: Any):
        super().__init__(get_response)
        # In one order, whatever the process: the library's changes from start to start.
        self._policy = "; ".join(sorted(build_policy().split("; ")))

    def process_request(self, request: HttpRequest) -> None:
        """Make no nonce: no page of ours has one."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add the headers that the view has not set itself."""
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.DEBUG or hasattr(response, "_csp_config") or hasattr(response, "_csp_replace"):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._policy)
        return response

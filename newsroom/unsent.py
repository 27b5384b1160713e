"""What somebody typed at the desk and could not be taken: kept in the page that says why not."""

from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from . import origins, rich_text

# The names of the log-in's own fields when it stands around somebody's unsent form.
LOG_IN = "log_in"
_FILES = f"{LOG_IN}-file"
_TOKEN = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class Unsent:
    """The fields of a form, the names of files that go lost with it, and whether passwords do."""

    fields: list[tuple[str, str]]
    files: list[str]
    passwords: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> "Unsent":
        """Return what the request brought; passwords, tokens and the log-in's fields stay out."""
        sent = [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name != _TOKEN and not name.startswith(LOG_IN)
        ]
        chosen = [file.name for _name, files in request.FILES.lists() for file in files]
        return cls(
            fields=[(name, value) for name, value in sent if "password" not in name],
            files=[*request.POST.getlist(_FILES), *chosen],
            passwords=any("password" in name for name, _value in sent),
        )

    @property
    def readable(self) -> list[str]:
        """The texts among the fields, as words: what a person would miss.

        Of each no more is read than any field takes.
        """
        values = (value[: rich_text.MAX_BODY_CHARS] for _name, value in self.fields)
        texts = map(rich_text.plain_text, values)
        return [text for text in texts if " " in text]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form whose token is wrong; one of our own pages' gets a way to go on.

    The log-in in another tab changes the token, and what was typed meanwhile must not be lost.
    """
    if request.method == "POST" and _is_of_the_desk(request):
        return _send_again(request)
    return HttpResponseForbidden(render_to_string("403_csrf.html"))


def _is_of_the_desk(request: HttpRequest) -> bool:
    """Whether a page of ours sent it to the desk.

    A stranger's page must never get its form back ready to be sent: one click of a person who is
    logged in would do what the stranger typed.
    """
    if not request.path.startswith(reverse("admin:index")):
        return False
    return origins.is_ours(request)


def _send_again(request: HttpRequest) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Not sent yet"),
        "unsent": Unsent.of(request),
        "address": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/unsent.html", context, status=403)

"""What the newsroom asks of those who comment, and what they may ask of it."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.views.frame import Frame, answer, public_page
from newsroom import vietnamese

from ..models import MAX_TEXT


@public_page
def rules(request: HttpRequest, at: dt.datetime) -> HttpResponse:
    """Show the house rules, the same for everybody."""
    page = Frame.load(at).page(path=request.path, title=_("House rules for comments"))
    return answer("comments/rules.html", page, max_text=vietnamese.grouped(MAX_TEXT))

"""Pages about comments that are no model's own: the site of the desk asks for them."""

from django.contrib.admin import AdminSite
from django.urls import path

from .legal_hold import legal_hold
from .numbers_page import numbers_page


def urls(site: AdminSite) -> list:
    """Return the addresses, each behind the site's own guard."""
    return [
        path(
            "comments/comment/so-lieu/",
            site.admin_view(numbers_page),
            {"site": site},
            name="comments_comment_numbers",
        ),
        path(
            "comments/comment/<int:object_id>/giu-ho-so/",
            site.admin_view(legal_hold),
            {"site": site},
            name="comments_comment_hold",
        ),
    ]

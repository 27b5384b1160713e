"""The desk: the one admin site of the newsroom."""

from django.contrib.admin import AdminSite


class NewsroomAdminSite(AdminSite):
    """Django's admin site under the newsroom's name."""

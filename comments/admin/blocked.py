"""Blocked senders in the admin: made from a comment, ended here."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from articles.permissions import Verb, can
from newsroom.fields import LineFormField, row_number
from newsroom.refusals import NotReady
from newsroom.role_admin import RoleAdmin

from .. import spam, watching
from ..models import MAX_NOTE, BlockedSender, Comment

USUAL_DAYS = 30


class BlockForm(forms.Form):
    """By what the sender is known, how long, and why."""

    kind = forms.ChoiceField(label=_("Block by"), widget=forms.RadioSelect)
    days = forms.IntegerField(
        label=_("For how many days"),
        min_value=1,
        max_value=watching.MAX_DAYS,
        initial=USUAL_DAYS,
        help_text=_("At most 90: addresses are kept no longer."),
    )
    note = LineFormField(label=_("Note"), max_length=MAX_NOTE, required=False)

    def __init__(self, *args: Any, comment: Comment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = spam.sender_hashes(comment)
        choices = [(kind, label) for kind, label in BlockedSender.Kind.choices if kind in known]
        self.fields["kind"].choices = choices
        self.fields["kind"].initial = choices[0][0] if choices else None


@admin.register(BlockedSender)
class BlockedSenderAdmin(RoleAdmin):
    """Nobody sees an address: a sender is known by a comment of his. Deleting ends a block."""

    viewers = watching.KEEPERS
    deleters = watching.BLOCKERS
    list_display = ["kind", "until", "points", "of_comment", "note"]
    fields = list_display
    list_select_related = ["comment"]
    list_filter = ["kind"]
    ordering = ["-until", "-pk"]
    sortable_by = ()

    @admin.display(description=_("comment"))
    def of_comment(self, sender: BlockedSender) -> str | SafeString:
        """The comment it was blocked for."""
        if sender.comment_id is None:
            return "–"
        url = reverse("admin:comments_comment_change", args=[sender.comment_id])
        return format_html('<a href="{}">{}</a>', url, sender.comment)

    def get_urls(self) -> list:
        """The page that blocks comes first: Django's own catches everything."""
        view = self.admin_site.admin_view(self.block_view)
        block = path("chan/<int:comment_id>/", view, name="comments_blockedsender_block")
        return [block, *super().get_urls()]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Ask whether the block is to end."""
        title = {"title": _now("End the block")}
        return super().delete_view(request, object_id, title | (extra_context or {}))

    def delete_model(self, request: HttpRequest, obj: BlockedSender) -> None:
        """End the block."""
        watching.unblock(actor=request.user, sender=obj)

    def response_delete(
        self, request: HttpRequest, obj_display: str, obj_id: int
    ) -> HttpResponseRedirect:
        """Say so over the list."""
        messages.success(request, _now("The sender is not blocked any more."))
        return HttpResponseRedirect(reverse("admin:comments_blockedsender_changelist"))

    def block_view(self, request: HttpRequest, comment_id: int) -> HttpResponse:
        """Ask how the sender of a comment is to be blocked, and do it."""
        comment = _comment(comment_id)
        if not can(request.user, Verb.MODERATE, comment.article):
            raise PermissionDenied
        form = BlockForm(request.POST or None, comment=comment)
        if form.is_valid() and self._block(request, comment, form):
            return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[comment.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Block the sender"),
            "subtitle": None,
            "opts": self.opts,
            "comment": comment,
            "form": form,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        template = "admin/comments/blockedsender/block.html"
        return TemplateResponse(request, template, context, status=status)

    def _block(self, request: HttpRequest, comment: Comment, form: BlockForm) -> bool:
        try:
            watching.block_sender(actor=request.user, comment=comment, **form.cleaned_data)
        except NotReady as refused:
            for field, problem in refused.problems.items():
                form.add_error(field, problem)
            return False
        messages.success(request, _now("What comes from this sender is suspect from now on."))
        return True


def _comment(number: int) -> Comment:
    rows = Comment.objects.select_related("article").filter(pk=row_number(number))
    if comment := rows.first():
        return comment
    raise Http404

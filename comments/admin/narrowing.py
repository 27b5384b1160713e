"""What a tab is narrowed to: a section, an article, a sender, a text, a rule.

Sender and text are named by the number of a comment: an address of a reader can be tried out by
nobody.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from newsroom.fields import row_number

from ..models import Comment

_RULE = re.compile(r"[a-z_]{1,30}", re.ASCII)
NUMBERS = ("section", "article", "text_of", "sender_of")


@dataclass(frozen=True)
class Narrowing:
    """The part of a tab somebody looks at; every part keeps the order of the tab."""

    asked: Mapping[str, int | str]

    @classmethod
    def of(cls, address: Mapping[str, str]) -> "Narrowing":
        """Read an address; what is no number or no rule's name is passed over."""
        numbers = {name: row_number(address.get(name)) for name in NUMBERS}
        asked = {name: number for name, number in numbers.items() if number is not None}
        rule = address.get("rule", "")
        return cls(asked | ({"rule": rule} if _RULE.fullmatch(rule) else {}))

    def __bool__(self):
        return bool(self.asked)

    def within(self, rows: QuerySet[Comment]) -> QuerySet[Comment]:
        """Keep the part of `rows`; sender and text only of a comment that is among all of them."""
        everything = rows
        for name, value in self.asked.items():
            rows = getattr(self, f"_{name}")(rows, everything, value)
        return rows

    @property
    def labels(self) -> dict[str, str]:
        """Return what is said of each part, by its name in the address."""
        words = {
            "article": _("One article"),
            "text_of": _("Same text as comment no. %(number)s"),
            "sender_of": _("Same sender as comment no. %(number)s"),
            "rule": _("Noticed: %(number)s"),
        }
        said = {name: value for name, value in self.asked.items() if name in words}
        return {name: words[name] % {"number": value} for name, value in said.items()}

    def _section(self, rows: QuerySet, everything: QuerySet, pk: int) -> QuerySet:
        return rows.filter(Q(article__section=pk) | Q(article__section__parent=pk))

    def _article(self, rows: QuerySet, everything: QuerySet, pk: int) -> QuerySet:
        return rows.filter(article=pk)

    def _text_of(self, rows: QuerySet, everything: QuerySet, pk: int) -> QuerySet:
        known = everything.filter(pk=pk).values_list("text_hash", flat=True).first()
        return rows.filter(text_hash=known) if known else rows.none()

    def _sender_of(self, rows: QuerySet, everything: QuerySet, pk: int) -> QuerySet:
        known = everything.filter(pk=pk).first()
        return rows.filter(same_sender(known)) if known else rows.none()

    def _rule(self, rows: QuerySet, everything: QuerySet, rule: str) -> QuerySet:
        # Both databases write JSON with a space behind the colon, as Python does.
        written = json.dumps({"rule": rule})[1:-1]
        said = rows.annotate(noticed=Cast("hits", TextField()))
        return said.filter(noticed__contains=written)


def same_sender(comment: Comment) -> Q:
    """Return the condition that somebody with this address or this e-mail wrote; maybe himself."""
    same = Q(pk=comment.pk)
    if comment.address_hash:
        same |= Q(address_hash=comment.address_hash)
    if comment.email:
        same |= Q(email=comment.email)
    return same

"""When readers may comment: the switches of article and site, and the rules of the newsroom.

Comments that were published stay whatever is closed. Hours are those of Vietnam.
"""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from newsroom import freshness, parts, stamps
from newsroom.models import SiteSettings
from newsroom.prepared import prepared
from newsroom.vietnamese import ZONE

from .models import ClosingRule

Kind = ClosingRule.Kind
# Where several rules close, readers are told the one that lasts longest.
_LONGEST_FIRST = (Kind.ALWAYS, Kind.AGE, Kind.NIGHT)


def reason(article: Article, site: SiteSettings, at: dt.datetime) -> str | None:
    """Return the sentence that tells readers why they cannot comment, None where they can.

    A page that shows it ends when a rule changes it. One query, none where a switch has closed.
    """
    if sentence := _switched_off(article, site):
        return sentence
    rules = _rules(article, at)
    freshness.until(_change(rules, article, at))
    return _told(rules, article, at)


def _change(rules: Sequence[ClosingRule], article: Article, at: dt.datetime) -> dt.datetime | None:
    """Return the next moment after `at` at which a rule changes what is told, None where none."""
    told = _told(rules, article, at)
    moments = sorted(moment for rule in rules for moment in _moments(rule, article, at))
    return next((moment for moment in moments if _told(rules, article, moment) != told), None)


def _switched_off(article: Article, site: SiteSettings) -> str | None:
    if not article.comments_open:
        return _("Comments on this article are closed.")
    if not site.comments_open:
        return _("The newsroom is taking no comments at the moment.")
    return None


def _rules(article: Article, at: dt.datetime) -> list[ClosingRule]:
    """Return the rules that hold for the article, the longest lasting first."""
    section = article.section
    within = (section.pk, section.parent_id) if section else (None, None)
    return parts.shared(("closing", *within), at, lambda: _rules_in_order(*within))


def _rules_in_order(*within: int | None) -> list[ClosingRule]:
    freshness.shows(stamps.SITE)
    return sorted(_rules_of(*within), key=lambda rule: (_LONGEST_FIRST.index(rule.kind), rule.pk))


@prepared
def _rules_of(section: int | None, parent: int | None) -> QuerySet[ClosingRule]:
    within = Q(section=None) | Q(section=section) | Q(section=parent)
    return ClosingRule.objects.filter(within, is_active=True)


def _told(rules: Sequence[ClosingRule], article: Article, at: dt.datetime) -> str | None:
    closed = (rule for rule in rules if _closes(rule, article, at))
    rule = next(closed, None)
    return rule and (rule.sentence or _sentence(rule))


def _closes(rule: ClosingRule, article: Article, at: dt.datetime) -> bool:
    match rule.kind:
        case Kind.AGE:
            end = _end(rule, article)
            return end is not None and end <= at
        case Kind.NIGHT:
            return _is_within(at.astimezone(ZONE).time(), rule.closes_at, rule.opens_at)
    return True


def _is_within(time: dt.time, start: dt.time, end: dt.time) -> bool:
    """Whether a time of day lies in [start, end), also where that goes over midnight."""
    if start <= end:
        return start <= time < end
    return time >= start or time < end


def _end(rule: ClosingRule, article: Article) -> dt.datetime | None:
    """Return when the article is too old for comments; None for one that is not out yet."""
    began = article.first_public_at
    try:
        return began and began + dt.timedelta(days=rule.days)
    except OverflowError:
        return None


def _sentence(rule: ClosingRule) -> str:
    match rule.kind:
        case Kind.AGE:
            return ngettext(
                "This article is older than %(days)s day and takes no comments any more.",
                "This article is older than %(days)s days and takes no comments any more.",
                rule.days,
            ) % {"days": rule.days}
        case Kind.NIGHT:
            opens = f"{rule.opens_at.hour}:{rule.opens_at:%M}"
            return _("Comments open again at %(time)s.") % {"time": opens}
    if rule.section_id is None:
        return _("The newsroom takes no comments.")
    return _("The newsroom takes no comments in this section.")


def _moments(rule: ClosingRule, article: Article, at: dt.datetime) -> list[dt.datetime]:
    """Return the moments after `at` at which the rule begins or ends to close; of hours, the
    next of each."""
    if rule.kind == Kind.AGE:
        end = _end(rule, article)
        return [end] if end and end > at else []
    if rule.kind == Kind.NIGHT:
        return [_next(time, at) for time in (rule.closes_at, rule.opens_at)]
    return []


def _next(time: dt.time, at: dt.datetime) -> dt.datetime:
    """Return the next moment after `at` at which clocks in Vietnam show `time`."""
    today = dt.datetime.combine(at.astimezone(ZONE).date(), time, ZONE)
    return today if today > at else today + dt.timedelta(days=1)

"""Which verbs the article page offers to whom, as which buttons, and what they say when done."""

import datetime as dt
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from newsroom import events, vietnamese
from newsroom.models import User
from newsroom.refusals import NotReady

from .. import workflow
from ..models import Article, Revision
from ..permissions import Rights, Verb

State = Revision.State
UNSIGNED = (State.DRAFT, State.RETURNED)
GO, MOVE, PLAIN = "go", "move", "plain"


@dataclass(frozen=True)
class Button:
    """One button of the bar. `colour` says who will see what it does: readers, the house, me."""

    verb: str
    label: str
    colour: str = PLAIN
    filled: bool = False


def offered(rights: Rights, article: Article | None) -> set[str]:
    """Return the verbs that can be done now by this person; `article` comes with its state."""
    if article is None:
        wanted = {Verb.SAVE, Verb.SUBMIT, Verb.PUBLISH, Verb.SCHEDULE}
    else:
        wanted = _possible(article)
    return {verb for verb in wanted if rights.may(verb, article)}


def _possible(article: Article) -> set[str]:
    """Return the verbs the article's state allows; every one of them saves the form first."""
    state = article.newest_revision.state
    verbs = {Verb.SAVE, Verb.SUBMIT, Verb.PUBLISH, Verb.SCHEDULE}
    if article.has_open_work:
        verbs |= {Verb.APPROVE} if state in (State.DRAFT, State.IN_REVIEW) else set()
        verbs |= {Verb.RETURN} if state in (State.IN_REVIEW, State.APPROVED) else set()
    if article.is_waiting:
        verbs |= {Verb.UNSCHEDULE}
    if article.is_public:
        verbs |= {Verb.WITHDRAW}
    if article.first_public_at is not None:
        verbs |= {Verb.PLACE}
    return verbs


def bar(rights: Rights, article: Article | None, verbs: set[str]) -> list[Button]:
    """Return the buttons of the bar, the one filled button last."""
    filled = _filled(rights, article, verbs)
    labels = _labels(article)
    if Verb.PUBLISH in verbs and article and article.newest_revision.state not in UNSIGNED:
        verbs = verbs - {Verb.SUBMIT}  # Signed by now, or to be signed by this very person.
    order = [Verb.SAVE, Verb.UNSCHEDULE, Verb.SUBMIT, Verb.APPROVE, Verb.SCHEDULE, Verb.PUBLISH]
    shown = [verb for verb in order if verb in verbs and verb in labels]
    shown.sort(key=lambda verb: verb == filled)
    colours = {Verb.PUBLISH: GO, Verb.SCHEDULE: GO, Verb.SUBMIT: MOVE, Verb.APPROVE: MOVE}
    return [Button(verb, labels[verb], colours.get(verb, PLAIN), verb == filled) for verb in shown]


def _filled(rights: Rights, article: Article | None, verbs: set[str]) -> str:
    """Return the next step this person is expected to take."""
    state = article.newest_revision.state if article else State.DRAFT
    if article is not None and article.is_public and not article.has_open_work:
        return Verb.SAVE  # Readers see just this: there is nothing to publish yet.
    mine = rights.owns(article) and not rights.review_required
    if Verb.PUBLISH in verbs and (mine or state == State.APPROVED):
        return Verb.PUBLISH
    if state == State.IN_REVIEW and Verb.APPROVE in verbs:
        return Verb.APPROVE
    return Verb.SUBMIT if Verb.SUBMIT in verbs else Verb.SAVE


def _labels(article: Article | None) -> dict[str, str]:
    state = article.newest_revision.state if article else State.DRAFT
    live = article is not None and article.is_public
    # The hour is changed of the text that waits; another one over it is scheduled instead.
    waiting = article is not None and article.is_waiting and not article.has_open_work
    again = state in (State.RETURNED, State.IN_REVIEW)
    return {
        Verb.SAVE: _("Save draft"),
        Verb.UNSCHEDULE: _("Cancel the schedule"),
        Verb.SUBMIT: _("Submit again") if again else _("Submit for review"),
        Verb.APPROVE: _("Approve"),
        Verb.SCHEDULE: _("Change the hour") if waiting else _("Schedule for the chosen hour"),
        Verb.PUBLISH: _("Publish the edit") if live else _("Publish now"),
    }


def run(
    verb: str,
    *,
    actor: User,
    revision: Revision,
    at: dt.datetime | None,
    placement: workflow.Placement,
    place_base: str,
) -> None:
    """Do a verb that needs nothing but the saved form; raises what the verb raises."""
    match verb:
        case Verb.SUBMIT:
            workflow.submit(actor=actor, revision=revision)
        case Verb.APPROVE:
            workflow.approve(actor=actor, revision=revision)
        case Verb.PUBLISH:
            workflow.publish(actor=actor, revision=revision)
        case Verb.SCHEDULE:
            if at is None:
                raise NotReady({"publish_time": _("Choose the hour and the day first.")})
            workflow.publish(actor=actor, revision=revision, at=at)
        case Verb.UNSCHEDULE:
            workflow.unschedule(actor=actor, article=revision.article)
        case Verb.PLACE:
            workflow.place(
                actor=actor, article=revision.article, placement=placement, base=place_base
            )


def done(verb: str, article: Article, now: dt.datetime, at: dt.datetime | None) -> SafeString:
    """Return the sentence that says what has happened."""
    clock = events.clock(now)
    sentences = {
        Verb.SUBMIT: _("Submitted at %(time)s."),
        Verb.APPROVE: _("Approved at %(time)s."),
        Verb.RETURN: _("Returned at %(time)s."),
        Verb.UNSCHEDULE: _("The schedule was cancelled at %(time)s."),
        Verb.PLACE: _("Moved at %(time)s."),
        Verb.WITHDRAW: _("Withdrawn at %(time)s. The address now says so."),
    }
    if verb == Verb.PUBLISH:
        link = format_html('<a href="{}">{}</a>', article.get_absolute_url(), _("See it"))
        return format_html("{} {}", _("Published at %(time)s.") % {"time": clock}, link)
    if verb == Verb.SCHEDULE and at:
        day = vietnamese.long_date(at, vietnamese.DAY)
        moment = f"{at:%H:%M}, {day[:1].lower()}{day[1:]}"
        return format_html(_("Scheduled: it goes out at {} (Vietnam time)."), moment)
    sentence = sentences.get(verb, _("Saved at %(time)s."))
    return format_html("{}", sentence % {"time": clock})

"""Every verb in every state of a text or comment × everybody: what it did to the database.

The matrix beside this has one public text and one waiting comment. Here each verb is sent in each
state, so that it meets those in which it can act, by everybody with the very form of who may; and
verbs that nobody offers.
"""

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from comments import moderation
from comments.models import Comment, Like
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories
from tests.comments import makers
from tests.comments.desk import QUEUE, UNDO, form, reported, url
from tests.comments.test_admin_many import BUTTONS, standing_in
from tests.security.effects import Effects
from tests.security.forms import forms_of

pytestmark = pytest.mark.django_db

NOBODY, NO_ROLE, WRITER, ELSEWHERE = "nobody", "no role", "its writer", "moderator elsewhere"
R, E, S, M, A = Role.REPORTER, Role.EDITOR, Role.SECRETARY, Role.MODERATOR, Role.ADMINISTRATOR

# The verbs that lead on from each state of a text; all others do nothing there, whoever sends them.
# A secretary moves a text also where no button offers it.
LEADS = {
    "draft": {"save", "submit", "approve", "publish", "schedule", "place"},
    "in_review": {"save", "return", "approve", "publish", "schedule", "place"},
    "returned": {"save", "submit", "publish", "schedule", "place"},
    "approved": {"save", "return", "publish", "schedule", "place"},
    "scheduled": {"save", "publish", "schedule", "unschedule", "place"},
    "published": {"save", "place", "withdraw"},
    "edited": {"save", "submit", "approve", "publish", "schedule", "place", "withdraw"},
    "withdrawn": {"save", "publish", "schedule", "place"},
}
FORGED = ("", "read", "moderate", "delete", "save_over", "delete_selected")
VERBS = (*sorted(set().union(*LEADS.values())), *FORGED)
SIGNING = {"publish", "schedule", "unschedule", "withdraw"}
EVERYDAY = ("in_review", "scheduled")


def may(review):
    """Return who may do what with a text of the writer, in a section that is every editor's."""
    own = {"save", "submit"} | (set() if review else SIGNING)
    return {
        WRITER: own,
        E: {"save", "return", "approve"},
        S: {"save", "submit", "return", "approve", "place"} | SIGNING,
    }


@pytest.mark.parametrize(
    ("state", "writers_role", "review"),
    [
        pytest.param(
            *(state, role, review),
            marks=[] if state in EVERYDAY and (role, review) == (R, True) else pytest.mark.long,
        )
        for state in LEADS
        for role in (R, E)
        for review in (True, False)
    ],
)
def test_each_verb_of_a_text(client, state, writers_role, review, record_property):
    writer = factories.user(writers_role)
    article = text_in(state, writer)
    factories.require_review(review)
    people = {WRITER: writer, **everybody()}
    client.force_login(people[S])
    bodies = {verb: sent_for(client, article, verb) for verb in VERBS}
    wrong = {}
    for who, person in people.items():
        attempts = Attempts(client, person)
        for verb, (address, body) in bodies.items():
            allowed = LEADS[state] & may(review).get(who, set())
            done, tables = attempts.send(address, body)
            expected = {verb} & allowed
            if done != expected or (tables and not expected):
                wrong[who, verb] = (done, tables)
    assert wrong == {}
    tried = f"{len(people)} people x {len(bodies)} verbs ({len(FORGED)} of them forged)"
    record_property("measured", f"text {state}: {tried}, 0 holes")


def text_in(state, writer):
    made = factories.published if state == "edited" else getattr(factories, state)
    article = made(by=writer)
    return factories.edited(article) if state == "edited" else article


def everybody():
    roles = {role: factories.user(role) for role in Role}
    return {NOBODY: None, NO_ROLE: factories.user(), **roles}


def sent_for(client, article, verb):
    """Return where a verb is sent, with the text as it is stored; only "save" changes it."""
    address = reverse("admin:articles_article_change", args=[article.pk])
    if verb == "withdraw":
        return reverse("admin:articles_article_withdraw", args=[article.pk]), {"reason": "Sai."}
    shown = forms_of(client.get(address))
    (fields,) = [one.fields for one in shown if one.action == address and "headline" in one.offered]
    body = {}
    for name, value in fields:
        body.setdefault(name, []).append(value)
    body |= {"verb": verb, "reason": "Thiếu nguồn."}
    if verb == "save":
        body["headline"] = "Tít đã sửa"
    if verb == "schedule":
        body |= {"publish_time": "06:00", "publish_date": "10/7/2090"}
    if verb == "place" and article.first_public_at:  # else saving moves it
        body["section"] = factories.SectionFactory().pk
    return address, body


class Attempts:
    """What one person sends, each time to the same database; all of it is taken back."""

    def __init__(self, client, person):
        self.client = client
        client.logout()
        if person:
            client.force_login(person)
        self.newest = Event.objects.order_by("id").values_list("id", flat=True).last() or 0
        self.effects = Effects()

    def send(self, address, body):
        """Return the verbs that were logged, and the tables in which a row is another now."""
        done: set[str] = set()

        def ask():
            self.client.post(address, body)
            logged = Event.objects.filter(pk__gt=self.newest)
            done.update(logged.values_list("verb", flat=True))

        return done, self.effects.of(ask)


# The same of a comment. What a button is called is the verb it sends, but for rejecting and
# removing, which are sent by a reason.
ALWAYS, FREEZING = {"see_address"}, {"release_likes", "drop_likes"}
OF_COMMENTS = {
    "unconfirmed": ALWAYS,
    "pending": {"approve", "reject", "mark_spam", "hold", "redact", *ALWAYS},
    "held": {"approve", "reject", "mark_spam", "hold", "reopen", "redact", *ALWAYS},
    "approved": {"remove", "reopen", "redact", "pick", "answer_as_desk", *ALWAYS},
    "reported": {"remove", "reopen", "redact", "pick", "answer_as_desk", "close_reports", *ALWAYS},
    "picked": {"remove", "reopen", "redact", "unpick", "answer_as_desk", *ALWAYS},
    "frozen": {"remove", "reopen", "redact", "pick", "answer_as_desk", *FREEZING, *ALWAYS},
    "rejected": {"reopen", *ALWAYS},
    "spam": {"reopen", *ALWAYS},
    "removed": {"reopen", *ALWAYS},
    "withdrawn": ALWAYS,
    "purged": ALWAYS,
}
LOGGED_AS = {"answer_as_desk": "answer"}
FORGED_OF_COMMENTS = ("", "edit", "purge", "publish", "confirm", "withdraw", "undo", "delete")
VERBS_OF_COMMENTS = (*sorted(set().union(*OF_COMMENTS.values())), *FORGED_OF_COMMENTS)
EVERY_DAY = ("pending", "reported")


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(state, marks=[] if state in EVERY_DAY else pytest.mark.long)
        for state in OF_COMMENTS
    ],
)
def test_each_verb_of_a_comment(client, state, record_property):
    comment, people = comment_in(state), everybody()
    comment.article.section.moderators.add(people[M])
    people[ELSEWHERE] = factories.user(M)
    wrong = {}
    for who, person in people.items():
        attempts = Attempts(client, person)
        for verb in VERBS_OF_COMMENTS:
            done, tables = attempts.send(*sent_for_comment(comment, verb))
            acts = who in (S, M) and verb in OF_COMMENTS[state]
            expected = {LOGGED_AS.get(verb, verb)} if acts else set()
            if done != expected or (tables and who not in (S, M)):
                wrong[who, verb] = (done, tables)
    assert wrong == {}
    number = len(VERBS_OF_COMMENTS)
    tried = f"{len(people)} people x {number} verbs ({len(FORGED_OF_COMMENTS)} of them forged)"
    record_property("measured", f"comment {state}: {tried}, 0 holes")


def comment_in(state):
    plain = "approved" if state in ("reported", "picked", "frozen") else state
    comment = makers.in_state(plain)
    if state == "reported":
        reported(comment)
    if state == "frozen":
        Comment.objects.filter(pk=comment.pk).update(likes_frozen=True)
        Like.objects.create(comment=comment, at=timezone.now(), device_hash="d", counted=False)
    if state == "picked":
        moderation.pick(actor=makers.moderator(), comment=comment)
    return Comment.objects.get(pk=comment.pk)


def sent_for_comment(comment, verb):
    """Return where a verb is sent, and what with it."""
    if verb == "redact":
        return url(comment, "redact"), form(comment, "redact", word=["0"])
    if verb in ("reject", "remove"):
        decided = comment.state in ("approved", "held", "pending")
        right = (verb == "remove") == (comment.state == "approved")
        why = {"reason": "insult"} if decided and right else {}
        return url(comment), form(comment, "" if why else verb, **why)
    more = {"answer_as_desk": {"text": "Cảm ơn bạn.", "desk": "Ban Bạn đọc"}}.get(verb, {})
    return url(comment), form(comment, verb, note="Vì thế.", **more)


def test_each_button_over_every_list_of_comments(client, record_property):
    """Ticked in the tab they stand in, by everybody; only the tab's own verbs are sent there."""
    people, article = everybody(), factories.published()
    comments = {tab: standing_in(tab, article, people[M]) for tab, _verb in BUTTONS}
    article.section.moderators.add(people[M])
    people[ELSEWHERE] = factories.user(M)
    wrong, tried = {}, 0
    for who, person in people.items():
        attempts = Attempts(client, person)
        for tab, verb in BUTTONS:
            for address in {QUEUE, f"{QUEUE}?state={tab}"}:
                ticked = {"_selected_action": [comments[tab].pk], "action": verb}
                done, tables = attempts.send(address, ticked | {"reason": "insult"})
                stands = address != QUEUE or comments[tab].state == "pending"
                may_act = who in (S, M) and stands
                tried += 1
                if may_act and done != {verb} or not may_act and who in (S, M) and done:
                    wrong[who, tab, verb, address] = done
                if who not in (S, M) and tables:
                    wrong[who, tab, verb, address] = tables
    assert wrong == {}
    record_property("measured", f"buttons over lists of comments: {tried} sent, 0 holes")


def test_what_one_press_did_is_taken_back_by_who_pressed_alone(client):
    people = everybody()
    comments = [makers.pending(name=name) for name in ("Một", "Hai")]
    batch = "c0ffee" * 5
    moderation.decide_many(actor=people[M], comments=comments, verb="approve", batch=batch)
    people[ELSEWHERE] = factories.user(M)
    did = {}
    for who, person in people.items():
        done, tables = Attempts(client, person).send(UNDO, {"batch": batch})
        did[who] = done
        assert bool(tables) == (who == M), who
    assert did == {who: {"undo"} if who == M else set() for who in people}


def test_keeping_a_comment_for_the_law_is_the_secretarys(client):
    people, comment = everybody(), makers.in_state("approved")
    did = {}
    for who, person in people.items():
        sent = {"reason": "Công an hỏi."}
        did[who] = Attempts(client, person).send(url(comment, "hold"), sent)[0]
    assert did == {who: {"legal_hold"} if who == S else set() for who in people}


def test_an_older_text_is_published_again_by_who_may_publish(client):
    writer = factories.user(R)
    article = factories.edited(factories.published(by=writer), headline="Bản hai")
    factories.require_review()
    workflow.publish(actor=None, revision=article.newest_revision)
    people, did = {WRITER: writer, **everybody()}, {}
    address = reverse("admin:articles_article_version", args=[article.pk, 1])
    for who, person in people.items():
        did[who] = Attempts(client, person).send(address, {})[0]
    assert did == {who: {"publish"} if who == S else set() for who in people}

"""Every address there is × every role × every method: what it did to the database.

The addresses come from the resolver: one without a row fails. What is posted in the admin are the
forms of those who have the right, as a browser would send them: somebody without it sends exactly
the same. What each address answers with stands in tests/test_admin_rights.py.
"""

import io
from functools import partial
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from django.urls import NoReverseMatch, get_resolver, resolve, reverse

from articles.models import Article
from comments import tickets
from comments.models import Comment
from newsroom.roles import Role
from tests import factories
from tests import test_admin_rights as desk
from tests.comments import makers
from tests.security.effects import CLAIMS, Effects
from tests.security.forms import forms_of
from tests.test_admin_rights import ROWS, address, patterns

pytestmark = pytest.mark.django_db
objects = desk.objects

NOBODY, NO_ROLE = None, "no role"
WHO = (NOBODY, NO_ROLE, *Role)
R, E, S, M, A = Role.REPORTER, Role.EDITOR, Role.SECRETARY, Role.MODERATOR, Role.ADMINISTRATOR
WRITERS, DECIDERS, ADMINISTRATORS = {R, E, S}, {S, M}, {A}

# Who changes anything by sending the form of an address; all others change nothing. The article is
# somebody else's, public, in a section that is every editor's.
WRITES = {
    "password_change": {NO_ROLE, *Role},
    "articles_article_add save": WRITERS,
    "articles_article_add submit": WRITERS,
    "articles_article_add schedule": WRITERS,
    "articles_article_add publish": WRITERS,
    "articles_article_change save": {E, S},
    "articles_article_change place": {E, S},  # these verbs save first; see PUBLISHES
    "articles_article_change publish": {E, S},
    "articles_article_change schedule": {E, S},
    "articles_article_withdraw": {S},
    "articles_author_add": WRITERS | {A},
    "articles_author_change": {S, A},
    "articles_cluster_add": ADMINISTRATORS,
    "articles_cluster_change": ADMINISTRATORS,
    "articles_cluster_year": ADMINISTRATORS,
    "newsroom_user_let_go": ADMINISTRATORS,
    "articles_photo_add": WRITERS,
    "articles_photo_change": {S},
    "articles_photo_pick": WRITERS,
    "articles_section_add": ADMINISTRATORS,
    "articles_section_change": ADMINISTRATORS,
    "articles_section_delete": ADMINISTRATORS,
    "articles_topic_add": WRITERS,
    "articles_topic_change": {E, S},
    "comments_comment_change": DECIDERS,  # rejecting
    "comments_comment_change approve": DECIDERS,
    "comments_comment_change hold": DECIDERS,
    "comments_comment_change mark_spam": DECIDERS,
    "comments_comment_change see_address": DECIDERS,
    "comments_comment_change claim": DECIDERS,
    "comments_comment_redact claim": DECIDERS,
    "comments_comment_redact preview": DECIDERS,  # kept, as by opening it
    "comments_comment_redact redact": DECIDERS,  # the same: no word is chosen
    "comments_comment_redact redact_and_publish": DECIDERS,
    "comments_comment_changelist approve": DECIDERS,
    "comments_comment_changelist hold": DECIDERS,
    "comments_comment_changelist mark_spam": DECIDERS,
    "comments_comment_changelist reject": DECIDERS,
    "comments_comment_hold lift": {S},
    "comments_blockedsender_block": DECIDERS,
    "comments_blockedsender_delete": DECIDERS,
    "comments_closingrule_add": {S, A},
    "comments_closingrule_change": {S, A},
    "comments_closingrule_delete": {S, A},
    "comments_consenttext_add": ADMINISTRATORS,
    "comments_takedown_add": {S},
    "comments_takedown_change": {S},
    "comments_takedown_changelist": {S, A},  # who read it is logged
    "comments_watchedword_add": {S, M, A},
    "comments_watchedword_change": {S, M, A},
    "auth_user_password_change": ADMINISTRATORS,
    "newsroom_sitesettings_change": ADMINISTRATORS,
    "newsroom_user_add": ADMINISTRATORS,
    "newsroom_user_change": ADMINISTRATORS,
}
# Which of them change what readers see of articles.
PUBLISHES = {"articles_article_change publish": {S}, "articles_article_withdraw": {S}}
# Forms with a second step before anything is done; who may take it is said elsewhere.
LATER = {
    "articles_province_merge": "tests/articles/test_admin_merge.py",
    "articles_province_undo": "tests/articles/test_admin_merge.py",
    "comments_comment_redact": "tests/comments/test_redacting.py",
    "comments_watchedword_try": "writes nothing",
}
# Where a form that was made up is what the button sends: a reason, "yes, delete", nothing at all.
MADE_UP = {
    "post logout": {NO_ROLE, *Role},  # one row of the log
    "post articles_article_withdraw": {S},
    "post articles_cluster_year": ADMINISTRATORS,
    "post articles_section_delete": ADMINISTRATORS,
    "post comments_blockedsender_delete": DECIDERS,
    "post comments_closingrule_delete": {S, A},
    "post newsroom_user_end_log_ins": ADMINISTRATORS,
    "post newsroom_user_let_go": ADMINISTRATORS,
    "post newsroom_user_remove_second_step": ADMINISTRATORS,
}
# Where looking itself writes: a comment that is opened is kept for who opened it, by these columns
# alone; who read the register of take-down demands is logged.
KEPT = {"comments_comment_change", "comments_comment_redact"}
NOTED = dict.fromkeys(KEPT, DECIDERS) | dict.fromkeys(
    ("comments_takedown_changelist", "comments_takedown_change"), {S, A}
)
NOTED_OTHERWISE = {
    "post comments_comment_change": set(),  # of another version: refused, and nothing is shown
    "post comments_takedown_change": {S},
}
# Whatever a form that was made up could hold.
FORGED = {
    "post": "yes",
    "_save": "1",
    "_publish": "1",
    "verb": "publish",
    "action": "delete_selected",
    "_selected_action": "1",
    "state": "approved",
    "reason": "x",
}
PICTURE = factories.picture((320, 240)).getvalue()


@pytest.fixture
def people():
    return {who: factories.user(*({who} & {*Role})) for who in WHO if who}


@pytest.mark.parametrize(
    "shown_to", [(S, A), pytest.param((S, A, M, E, R), marks=pytest.mark.long)]
)
def test_a_form_does_what_it_does_for_those_with_the_right_alone(
    client, objects, people, shown_to, record_property
):
    sent = harvested(client, objects, people, shown_to)
    did = {name: set() for name, _body, _form in sent}
    shown = {}
    for who in WHO:
        cookies = log_in(client, people.get(who))
        effects = Effects()
        for name, body, form in sent:
            client.cookies = SimpleCookie(cookies)
            changed = effects.of(lambda: client.post(form.action, with_picture(name, body)))  # noqa: B023
            did[name] |= {who} if changed else set()
            if "articles_publication" in changed:
                shown.setdefault(name, set()).add(who)
    assert {name: who for name, who in did.items() if who} == WRITES
    assert shown == PUBLISHES
    assert {name.partition(" ")[0] for name in did} >= {name.partition(" ")[0] for name in LATER}
    record_property("measured", f"{len(sent)} forms and buttons x {len(WHO)} roles: 0 holes")


@pytest.mark.parametrize(
    "methods",
    [("get", "post"), pytest.param(("put", "delete", "patch"), marks=pytest.mark.long)],
    ids="-".join,
)
def test_looking_and_what_nobody_offers_change_nothing(
    client, objects, people, methods, record_property
):
    at = {name: address(name, objects) for name in ROWS if name != "comments_watchedword_try"}
    did, touched = {}, {}
    for who in WHO:
        cookies = log_in(client, people.get(who))
        effects, claims_aside = Effects(), Effects(without=CLAIMS)
        for name, to in at.items():
            for method in methods:
                client.cookies = SimpleCookie(cookies)
                asking = partial(getattr(client, method), to, FORGED if method == "post" else None)
                if changed := effects.of(asking):
                    did.setdefault(f"{method} {name}", set()).add(who)
                    touched.setdefault(f"{method} {name}", set()).update(changed)
                if name in KEPT:
                    assert claims_aside.of(asking) == set(), (method, who)
    noted = {f"{method} {name}": who for method in methods for name, who in NOTED.items()}
    noted |= {name: who for name, who in NOTED_OTHERWISE.items() if name in noted}
    expected = noted | (MADE_UP if "post" in methods else {})
    assert did == {name: who for name, who in expected.items() if who}
    for name in noted.keys() & did.keys():
        kept = name.partition(" ")[2] in KEPT
        assert touched[name] == {"comments_comment" if kept else "newsroom_event"}, name
    number = len(at) * len(WHO) * len(methods)
    told = f"{len(at)} addresses x {len(WHO)} roles x {' '.join(methods)}"
    record_property("measured", f"{told}: {number} requests, 0 holes")


def harvested(client, objects, people, roles=(S, A)):
    """Return (name, body, form) of every button of every form the admin shows to the roles."""
    found = {}
    for role in roles:
        client.force_login(people[role])
        for name in ROWS:
            response = client.get(address(name, objects))
            if response.status_code == 200 and "html" in response.headers["Content-Type"]:
                for form in forms_of(response):
                    found |= {entry(form, body): (body, form) for body in form.bodies()}
        # Opening them has kept them from whoever looks next.
        Comment.objects.update(claimed_by=None, claimed_until=None)
    return [(name, body, form) for (name, _action, _fields), (body, form) in found.items()]


def entry(form, body):
    """Return what tells one form from another: its address, what is pressed, its fields."""
    pressed = [body[key][0] for key in ("verb", "action") if body.get(key, [""])[0]]
    name = " ".join([resolve(urlsplit(form.action).path).url_name, *pressed])
    return name, form.action, frozenset(body)


def with_picture(name, body):
    """Return the body with a file, where the form is one for photos."""
    file = io.BytesIO(PICTURE)
    file.name = "a.jpg"
    return {**body, "file": file} if name.startswith("articles_photo_") else dict(body)


def log_in(client, person):
    """Let this person go on, or nobody; return the cookies he comes with."""
    client.logout()
    if person:
        client.force_login(person)
    return client.cookies.output(header="", sep=";")


OURS = {"Origin": "http://testserver"}  # as a page of ours sends it
# What is changed at readers' addresses, for everybody the same: it is counted, or logged; a form
# that is shown makes a code; a reader likes what readers see.
COUNTED = {
    "get comments:write": {"captcha_captchastore", "comments_budget", "comments_captchatally"},
    "post comments:write": {"captcha_captchastore", "comments_budget", "comments_captchatally"},
    "post comments:like": {"comments_budget", "comments_comment", "comments_like"},
    "post comments:own_data_request": {"comments_budget"},
    "get comments:export": {"newsroom_event"},
}


def test_at_readers_addresses_staff_has_no_more_effect_than_anybody(
    client, objects, people, record_property
):
    at = public_addresses(objects)
    assert at.keys() == public_names(), "an address without a row here"
    did = {}
    for who in WHO:
        cookies = log_in(client, people.get(who))
        effects = Effects()
        for name, to in at.items():
            for method in ("get", "post", "put", "delete"):
                client.cookies = SimpleCookie(cookies)
                data = FORGED if method == "post" else None
                asking = partial(getattr(client, method), to, data, headers=OURS)
                changed = effects.of(asking)
                if changed:
                    did.setdefault(f"{method} {name}", {})[who] = changed
    assert did == {name: dict.fromkeys(WHO, tables) for name, tables in COUNTED.items()}
    told = f"{len(at)} readers' addresses x {len(WHO)} roles x 4 methods"
    record_property("measured", f"{told}: the same effects for all")


def test_a_comment_of_the_staff_waits_like_any(client, objects, people):
    """Sent by the form readers have, with its code: nobody publishes by writing."""
    newest = Comment.objects.latest("pk").pk
    to, sent = reverse("comments:write", args=[objects["article"]]), {}
    for who in WHO:
        cookies = log_in(client, people.get(who))

        def write():
            html = client.get(to).content.decode()
            client.post(to, makers.sent_by(html))
            (made,) = Comment.objects.filter(pk__gt=newest)
            sent[who] = (made.state, made.decided_by, made.is_shown, made.text)  # noqa: B023

        client.cookies = SimpleCookie(cookies)
        changed = Effects().of(write)
        assert "comments_comment" in changed
        assert "newsroom_event" in changed
    assert sent == dict.fromkeys(WHO, ("pending", None, False, "Đúng thứ cần thấy."))


def public_names():
    """Return the names of all addresses but the admin's, as they are reversed."""
    found = set()
    for entry in get_resolver().url_patterns:
        space = f"{entry.app_name}:" if getattr(entry, "app_name", "") else ""
        if space != "admin:":
            found |= {space + name for name, _given, _pattern in patterns([entry])}
    return found


def public_addresses(objects):
    """Return one address a name, with things in it that are there."""
    article = Article.objects.select_related("section").get(pk=objects["article"])
    comment, shown = Comment.objects.get(pk=objects["comment"]), makers.shown(article)
    token = tickets.token_of(comment)
    known = {
        "article": [article.section.slug, article.slug, article.pk],
        "photo": [objects["token"], 264],
        "comments:list": [article.pk],
        "comments:write": [article.pk],
        **{f"comments:{page}": [shown.pk] for page in ("thread", "like", "report")},
        "comments:captcha": ["ma"],
        "comments:captcha-audio": ["ma"],
    }
    slugs = {
        "province": "ha-noi",
        "cluster": "cum",
        "topic": "chu-de",
        "author": "tac-gia",
        "section": article.section.slug,
    }
    known |= {f"{name}{feed}": [slug] for name, slug in slugs.items() for feed in ("", "-feed")}
    return {
        name: reverse(name, args=known.get(name) or tried(name, comment, token))
        for name in public_names()
    }


def tried(name, comment, token):
    """Return the arguments of an address that takes nothing, a comment or a signed link."""
    for arguments in ([], [token], [comment.pk]):
        try:
            reverse(name, args=arguments)
        except NoReverseMatch:
            continue
        return arguments
    raise AssertionError(f"no address for {name}")

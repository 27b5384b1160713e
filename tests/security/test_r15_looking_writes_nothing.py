"""Whoever walks through all of the admin by its links leaves everything as it was.

Each address by itself is looked at in test_r11_rights_matrix.py; this follows the links with the
queries they bring: tabs, filters, orders, pages. Two pages write, and say so: opening a comment in
the queue keeps it for who opened it, and reading the register of take-down demands is logged.
"""

from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from newsroom.models import Event
from newsroom.roles import Role
from tests import factories
from tests import test_admin_rights as desk
from tests.comments import makers
from tests.security.effects import CLAIMS, Effects

pytestmark = pytest.mark.django_db
objects = desk.objects

NOBODY, NO_ROLE = "nobody", "no role"
BEGIN = ("/admin/", "/admin/danh-muc/")
FEW = 20  # addresses each walks through in the short version; in the long one there is no end to it
OPENS = {"comments_comment_change", "comments_comment_redact"}
REGISTER = {"comments_takedown_changelist", "comments_takedown_change"}


@pytest.fixture
def newsroom(objects):
    """Texts and comments in every state, so that every list and every tab has something in it."""
    factories.withdrawn()
    factories.scheduled()
    factories.edited(factories.in_review())
    for state in makers.WAYS:
        makers.in_state(state)


@pytest.mark.parametrize("most", [FEW, pytest.param(None, marks=pytest.mark.long)])
@pytest.mark.parametrize("role", Role)
def test_a_walk_through_the_admin(client, newsroom, role, most, record_property):
    client.force_login(factories.user(role))
    looking = Looking(client)
    walked = walk(looking, most)
    assert looking.wrong == {}
    assert len(walked) > 15
    assert not most or len(walked) <= most
    record_property("measured", f"{role}: {looking.asked} addresses, 0 changes")


@pytest.mark.parametrize("most", [FEW, pytest.param(None, marks=pytest.mark.long)])
@pytest.mark.parametrize("who", [NOBODY, NO_ROLE])
def test_where_others_walk_strangers_change_nothing_either(
    client, newsroom, who, most, record_property
):
    """All that the staff finds, asked for by who may see none of it."""
    known = set()
    for role in Role if most is None else (Role.SECRETARY, Role.ADMINISTRATOR):
        client.force_login(factories.user(role))
        known |= walk(Looking(client), most)
    client.logout()
    if who == NO_ROLE:
        client.force_login(factories.user())
    looking = Looking(client)
    for at in sorted(known):
        looking.at(at)
    assert looking.wrong == {}
    assert looking.kept == looking.noted == set()
    record_property("measured", f"{who}: {looking.asked} addresses, 0 changes")


def test_opening_a_comment_keeps_it_and_reading_the_register_is_noted(client, objects):
    """The two exceptions are what they are said to be; else the walks would prove nothing."""
    client.force_login(factories.user(Role.SECRETARY))
    looking = Looking(client)
    for name in OPENS | REGISTER:
        looking.at(desk.address(name, objects))
    assert looking.wrong == {}
    assert looking.kept == OPENS
    assert looking.noted == REGISTER


class Looking:
    """Asks for addresses and judges what each request left behind; all of it is taken back."""

    def __init__(self, client):
        self.client = client
        self.strict, self.lenient = Effects(), Effects(without=CLAIMS)
        self.newest = Event.objects.latest("id").pk
        self.asked = 0
        self.wrong, self.kept, self.noted = {}, set(), set()

    def at(self, address):
        """Return the answer; note in `wrong` what changed and may not."""
        self.asked += 1
        answers, verbs = [], set()

        def ask():
            answers.append(self.client.get(address, follow=True))
            verbs.update(Event.objects.filter(pk__gt=self.newest).values_list("verb", flat=True))

        changed, name = self.strict.of(ask), name_of(address)
        if changed == {"comments_comment"} and name in OPENS:
            self.kept.add(name)
            changed = self.lenient.of(ask)
        if changed == {"newsroom_event"} and name in REGISTER and verbs == {"see_demand"}:
            self.noted.add(name)
            changed = set()
        if changed:
            self.wrong[address] = changed
        return answers[0]


def name_of(address):
    try:
        return resolve(urlsplit(address).path).url_name
    except Resolver404:
        return ""


def walk(looking, most):
    """Follow the links from the desk on, one address of each kind; return where it led."""
    known = {desk.kind(at): at for at in BEGIN}
    waiting = list(known.values())
    while waiting:
        at = waiting.pop(0)
        answer = looking.at(at)
        if answer.streaming:
            continue
        html, base = answer.content.decode(errors="replace"), answer.request["PATH_INFO"]
        for to in desk.links(html, base):
            if desk.kind(to) not in known and (most is None or len(known) < most):
                known[desk.kind(to)] = to
                waiting.append(to)
    return set(known.values())

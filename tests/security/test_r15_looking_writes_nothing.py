"""Whoever walks through all of the admin by its links leaves everything as it was.

Each address by itself is looked at in test_r11_rights_matrix.py; this follows the links with the
queries they bring: tabs, filters, orders, pages.
"""

import pytest

from newsroom.roles import Role
from tests import factories
from tests import test_admin_rights as desk
from tests.security.effects import dump

pytestmark = [pytest.mark.django_db, pytest.mark.long]
objects = desk.objects

MOST = 400  # addresses each role walks through


@pytest.mark.parametrize("role", Role)
def test_a_walk_through_the_admin(client, objects, role):
    factories.withdrawn()
    factories.edited(factories.in_review())
    client.force_login(factories.user(role))
    before = dump()
    seen, waiting = set(), ["/admin/", "/admin/danh-muc/"]
    while waiting and len(seen) < MOST:
        at = waiting.pop(0)
        answer = client.get(at, follow=True)
        html, base = answer.content.decode(), answer.request["PATH_INFO"]
        found = {desk.kind(to): to for to in desk.links(html, base)}
        new = {kind: to for kind, to in found.items() if kind not in seen}
        seen |= new.keys()
        waiting += new.values()
    assert len(seen) > 15
    after = dump()
    assert {table for table in after if after[table] != before.get(table)} == set()

"""Nobody promotes himself (R14): users and groups are the administrator's, and not his own rights.

What the administrator may and may not do with accounts: tests/test_admin_rights.py, TestAccounts.
"""

import threading
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client

from newsroom import administration
from newsroom.models import User
from newsroom.refusals import NotAllowed
from newsroom.roles import Role
from tests import factories

OTHERS = (None, Role.REPORTER, Role.EDITOR, Role.SECRETARY, Role.MODERATOR)
FORGED = {
    "username": "doi-ten",
    "full_name": "Đổi Tên",
    "email": "doi@example.com",
    "roles": [Role.ADMINISTRATOR],
    "groups": ["1", "2", "3", "4", "5"],
    "user_permissions": ["1"],
    "is_superuser": "on",
    "is_staff": "on",
    "is_active": "on",
    "password1": "mot-mat-khau-khac",
    "password2": "mot-mat-khau-khac",
    "new_password1": "mot-mat-khau-khac",
    "new_password2": "mot-mat-khau-khac",
    "heir": "1",
    "verb": "end_others",
    "name": "administrator",
    "permissions": ["1"],
}


def state():
    """All that gives rights, and who may log in with what."""
    users = User.objects.order_by("pk").values_list(
        "pk", "username", "full_name", "email", "password", "is_active", "is_staff", "is_superuser",
        "groups__name", "user_permissions",
    )  # fmt: skip
    groups = Group.objects.order_by("pk").values_list("pk", "name", "permissions")
    return list(users.order_by("pk", "groups__name")), list(groups)


def addresses(own, other):
    """Where somebody might try: accounts, groups, permissions, his own pages."""
    for person in (own, other):
        for page in ("change", "password", "history", "delete", "cho-nghi", "ket-thuc-phien"):
            yield f"/admin/newsroom/user/{person.pk}/{page}/"
        yield f"/admin/newsroom/user/{person.pk}/xoa-dien-thoai/"
        yield f"/admin/newsroom/user/{person.pk}/"
    yield from ("/admin/newsroom/user/", "/admin/newsroom/user/add/", "/admin/tai-khoan/")
    yield from ("/admin/auth/group/", "/admin/auth/group/add/", "/admin/auth/group/1/change/")
    yield from ("/admin/auth/permission/add/", "/admin/auth/user/add/", "/admin/password_change/")
    yield from ("/admin/buoc-hai/", "/admin/newsroom/user/?_changelist=1", "/admin/danh-muc/")


@pytest.mark.django_db
@pytest.mark.parametrize("role", OTHERS, ids=lambda role: role or "none")
def test_no_role_but_the_administrator_changes_any_account(client, role):
    person = factories.user(*([role] if role else []))
    factories.user(Role.ADMINISTRATOR)
    other = factories.user(Role.REPORTER)
    client.force_login(person)
    User.objects.filter(pk=person.pk).update(last_login=None)
    before = state()
    for address in addresses(person, other):
        for method in (client.get, client.post):
            assert method(address, FORGED).status_code in (200, 302, 403, 404, 405), address
            assert state() == before, address


@pytest.mark.django_db
def test_the_administrator_does_not_change_his_own_rights_by_any_of_them(client):
    person, other = factories.user(Role.ADMINISTRATOR), factories.user(Role.ADMINISTRATOR)
    client.force_login(person)
    own = [address for address in addresses(person, other) if f"/{other.pk}/" not in address]
    for address in own:
        client.post(address, FORGED | {"roles": [Role.ADMINISTRATOR, Role.SECRETARY]})
        client.force_login(person)
    person = User.objects.get(pk=person.pk)
    assert (person.is_active, person.is_superuser, person.roles) == (
        True,
        False,
        frozenset({Role.ADMINISTRATOR}),
    )
    assert not person.user_permissions.exists()


@pytest.mark.django_db
def test_who_lost_the_role_meanwhile_gives_none():
    actor, other = factories.user(Role.ADMINISTRATOR), factories.user(Role.REPORTER)
    assert actor.roles == {Role.ADMINISTRATOR}, "as a request under way still believes"
    actor.groups.clear()
    with pytest.raises(NotAllowed):
        administration.save_account(actor=actor, account=other, roles=[Role.ADMINISTRATOR])
    assert User.objects.get(pk=other.pk).roles == {Role.REPORTER}


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["role", "switch", "leaves"])
def test_the_last_administrator_stays(how):
    last = factories.user(Role.ADMINISTRATOR)
    last.is_active = how != "switch"
    change = {
        "leaves": partial(administration.let_go, heir=None),
        "switch": partial(administration.save_account, roles=[Role.ADMINISTRATOR]),
        "role": partial(administration.save_account, roles=[]),
    }[how]
    with pytest.raises(NotAllowed, match="quản trị cuối cùng"):
        change(actor=None, account=last)
    assert User.objects.get(pk=last.pk).roles == {Role.ADMINISTRATOR}


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_leave_one():
    pair = [factories.user(Role.ADMINISTRATOR) for _each in range(2)]
    browsers = [Client() for _each in pair]
    for browser, person in zip(browsers, pair, strict=True):
        browser.force_login(person)
    start = threading.Barrier(2)

    def remove(browser, other):
        try:
            data = {"username": other.username, "full_name": "", "email": "", "is_active": "on"}
            start.wait()
            browser.post(f"/admin/newsroom/user/{other.pk}/change/", data)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=remove, args=(browser, other))
        for browser, other in zip(browsers, reversed(pair), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = [person for person in pair if User.objects.get(pk=person.pk).roles]
    assert len(left) == 1

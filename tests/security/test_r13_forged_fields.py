"""What a form does not offer it does not take: with it, what is stored is the same as without.

Every form of the admin is sent twice by somebody with the right to it, once as it is and once with
every other column of the model, inlines that are not on the page, and whatever else a page may be
hoped to read; both are taken back, and what each stored is compared.
"""

import datetime as dt
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import resolve
from django.utils import timezone

from newsroom.roles import Role
from tests import factories
from tests import test_admin_rights as desk
from tests.security import test_r11_rights_matrix as matrix
from tests.security.effects import dump

pytestmark = pytest.mark.django_db
objects = desk.objects
people = matrix.people

NOON = dt.datetime(2026, 11, 26, 5, tzinfo=dt.UTC)
# Made up anew each time: tokens, salts, names of batches; a moment no clock here stops.
RANDOM = {"token", "password", "batch", "original", "date_joined"}
EVERYWHERE = {
    "pk": "1",
    "state": "approved",
    "status": "published",
    "author": "1",
    "actor": "1",
    "version": "99",
    "number": "99",
    "_publish": "1",
    "_approve": "1",
    "is_superuser": "on",
    "is_staff": "on",
    "groups": ["1", "2", "3", "4", "5"],
    "user_permissions": ["1"],
    "select_across": "1",
}


def test_what_was_not_on_the_form_changes_nothing(client, objects, people, clock):
    clock(NOON)
    differ, tried = {}, 0
    for role in (Role.SECRETARY, Role.ADMINISTRATOR):
        sent = matrix.harvested(client, objects, people, [role])
        cookies, offered = matrix.log_in(client, people[role]), offered_at(sent)
        for name, body, form in sent:
            if role in matrix.WRITES.get(name, ()) and not name.startswith("password"):
                answers = []
                for more in ({}, forged(form, offered)):
                    client.cookies = SimpleCookie(cookies)
                    answers.append(
                        stored(client, form.action, matrix.with_picture(name, more | body))
                    )
                tried += 1
                if answers[0] != answers[1]:
                    differ[name] = difference(*answers)
    assert differ == {}
    assert tried > 40


def stored(client, action, body):
    """Return all rows there are once the form was sent; then take it back."""
    restart_numbers()
    with transaction.atomic():
        client.post(action, body)
        rows = dump(without=RANDOM)
        transaction.set_rollback(True)
    return rows


def restart_numbers():
    """Let new rows get the same numbers each time; PostgreSQL does not take them back."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1000000) "
                "FROM pg_sequences WHERE schemaname = current_schema()"
            )


def offered_at(sent):
    """Return what is offered of each model, on any of its pages: several forms share one."""
    found = {}
    for _name, _body, form in sent:
        found.setdefault(model_at(form.action), set()).update(form.offered)
    return found


def forged(form, offered):
    """Return everything a form could be hoped to take, but no page of its model offers."""
    model = model_at(form.action)
    fields = model._meta.get_fields() if model else []
    more = {**EVERYWHERE}
    for field in fields:
        if field.concrete:
            more |= dict.fromkeys((field.name, f"{field.name}_id"), value_for(field))
        else:
            more |= inline(field)
    known = offered[model] | {name.removesuffix("_0") for name in offered[model]}
    return {key: value for key, value in more.items() if key not in known}


def model_at(action):
    """Return the model whose form stands at an address, None for a page of our own."""
    parts = (resolve(urlsplit(action).path).url_name or "").split("_")
    return apps.get_model(*parts[:2]) if len(parts) == 3 and parts[0] != "auth" else None


def value_for(field):
    kind = field.get_internal_type()
    if kind in ("DateTimeField", "DateField"):
        return "2001-01-01"
    if kind == "BooleanField":
        return "on"
    return "1"


def inline(relation):
    """Return one row of an inline the page does not have."""
    name = relation.get_accessor_name()
    rows = {f"{name}-TOTAL_FORMS": "1", f"{name}-INITIAL_FORMS": "0"}
    own = [field.name for field in relation.related_model._meta.concrete_fields]
    return rows | {f"{name}-0-{each}": "1" for each in own if each != "id"}


def difference(one, other):
    """Return the rows that only one of the two has, by table."""
    return {
        table: sorted({*rows} ^ {*other[table]})[:4]
        for table, rows in one.items()
        if rows != other[table]
    }


def test_the_check_can_fail(client):
    """A field the form does offer makes a difference, whatever its name."""
    person = factories.user(Role.REPORTER)
    client.force_login(factories.user(Role.ADMINISTRATOR))
    address = f"/admin/newsroom/user/{person.pk}/change/"
    body = {"username": person.username, "full_name": "X", "email": "", "roles": ["reporter"]}
    one, other = (stored(client, address, body | more) for more in ({}, {"is_active": "on"}))
    assert "newsroom_user" in difference(one, other)
    assert timezone.now() > NOON
